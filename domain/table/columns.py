"""The columns every product has, whatever its places. A tag is a column's identity."""

from enum import StrEnum

from domain.fact import fact
from domain.table.words import Words


class Holds(StrEnum):
    """What stands in a column's cells."""

    TEXT = "text"
    KEY = "key"
    PIECES = "pieces"
    DAYS = "days"
    """Turnover, kept in whole tenths of a day."""
    PROSE = "prose"
    """A sentence: text that is read to its end."""
    NUMBER = "number"
    """A number that may be below zero or have decimals: never pasted, for a minus could be read as
    a formula."""
    ITEM = "item"
    """An nmID where it is no key."""
    MOMENT = "moment"
    """One and the same in all rows, so that one request writes it."""


@fact
class Column:
    """One column of ours. `tag` follows it wherever she moves it; `width` is in pixels."""

    tag: str
    caption: Words
    holds: Holds
    width: int
    note: Words | None = None


@fact
class Group:
    """Neighbouring columns under one merged title."""

    title: Words
    columns: tuple[Column, ...]
    note: Words | None = None

    @property
    def tags(self) -> tuple[str, ...]:
        """Of its columns, from left to right."""
        return tuple(column.tag for column in self.columns)


KEY = "nm"
TEXTS = ("brand", "subject", "sku")

PRODUCT = Group(
    title=Words(ru="Основная информация", en="Product"),
    columns=(
        Column(
            tag="brand",
            caption=Words(ru="Бренд", en="Brand"),
            holds=Holds.TEXT,
            width=150,
        ),
        Column(
            tag="subject",
            caption=Words(ru="Предмет", en="Category"),
            holds=Holds.TEXT,
            width=200,
        ),
        Column(
            tag="sku",
            caption=Words(ru="Артикул продавца", en="Seller SKU"),
            holds=Holds.TEXT,
            width=180,
        ),
        Column(
            tag=KEY,
            caption=Words(ru="Артикул товара (nmid)", en="WB item (nmid)"),
            holds=Holds.KEY,
            width=150,
            note=Words(
                ru="Ключ строки. Сортируйте и переставляйте строки как удобно: "
                "числа пойдут за артикулом.",
                en="The row's key. Sort and move rows as you like: the numbers follow the item.",
            ),
        ),
    ),
)

TOTALS = Group(
    title=Words(ru="Общие метрики", en="Totals"),
    columns=(
        Column(
            tag="to_client",
            caption=Words(ru="В пути до покупателя", en="In transit to buyer"),
            holds=Holds.PIECES,
            width=120,
            note=Words(
                ru="Отгружено покупателям и ещё не получено, шт.",
                en="Shipped to buyers and not yet received, pcs.",
            ),
        ),
        Column(
            tag="returns",
            caption=Words(ru="В пути возвраты", en="Returns in transit"),
            holds=Holds.PIECES,
            width=120,
            note=Words(
                ru="Возвращается от покупателей на склад WB, шт. В остатки не входит.",
                en="On the way back from buyers to a WB warehouse, pcs. Not part of stock.",
            ),
        ),
        Column(
            tag="orders",
            caption=Words(ru="Заказы (всего)", en="Orders (total)"),
            holds=Holds.PIECES,
            width=120,
            note=Words(
                ru="Оформленные и не отменённые заказы за период из примечания A1. "
                "Один srid = одна штука.",
                en="Orders placed and not cancelled in the period of A1's note. "
                "One srid = one piece.",
            ),
        ),
        Column(
            tag="stock",
            caption=Words(ru="Остатки (всего)", en="Stock (total)"),
            holds=Holds.PIECES,
            width=120,
            note=Words(
                ru="Склад WB + все ваши склады. Без товаров в пути.",
                en="WB warehouses + all of yours. Without goods in transit.",
            ),
        ),
        Column(
            tag="cover",
            caption=Words(ru="Оборачиваемость (дни)", en="Turnover (days)"),
            holds=Holds.DAYS,
            width=120,
            note=Words(
                ru="Остатки × дни периода ÷ заказы. Нет заказов: пусто.",
                en="Stock × days of the period ÷ orders. No orders: blank.",
            ),
        ),
    ),
)

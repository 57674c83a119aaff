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
    SHARE = "share"
    """Per cent or days in a plain number, kept in whole tenths."""
    RATE = "rate"
    """Pieces a day, two decimals."""
    DATE = "date"
    """A day, as a serial number."""


TENTHS = (Holds.DAYS, Holds.SHARE)
"""What is kept in whole tenths."""


@fact
class Column:
    """One column that we make. `tag` follows it wherever she moves it; `width` is in pixels. What
    stands in it is a value of ours, a `formula` that everybody sees (a pattern, in which names in
    braces are cells), or `hers`: yellow, and never written."""

    tag: str
    caption: Words
    holds: Holds
    width: int
    note: Words | None = None
    formula: str | None = None
    hers: bool = False
    bold: bool = False


@fact
class Group:
    """Neighbouring columns under one merged title; `spread`: over how many of them it stands, if
    not over all. `place`: those of one place, which comes and goes."""

    title: Words
    columns: tuple[Column, ...]
    note: Words | None = None
    spread: int | None = None
    place: bool = False

    @property
    def tags(self) -> tuple[str, ...]:
        """Of its columns, from left to right."""
        return tuple(column.tag for column in self.columns)

    @property
    def titled(self) -> tuple[str, ...]:
        """Those under its title."""
        return self.tags[: self.spread]


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

"""The tab «Пополнение»: what to ship, how much, until when, as formulas over terms of her own.

Stock, orders and what moves are values; what follows from them she can read in the cell, change the
yellow terms above the header, and see the answer at once.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from domain.fact import fact
from domain.replenishment import USUAL, Known, Terms, a_day, lost, runs_out, ship, ship_by
from domain.snapshot import MOSCOW, Gap, Moving, Snapshot
from domain.table.columns import KEY, Column, Group, Holds
from domain.table.keyed import Term, columns_of
from domain.table.listing import Columns
from domain.table.numbers import Value
from domain.table.terms import begun
from domain.table.text import clean
from domain.table.words import Words

TITLE = Words(ru="Пополнение", en="Replenishment")
DAY_ZERO = date(1899, 12, 30)
"""Of a spreadsheet (Sheets API, DateTime serial numbers)."""
UNTOLD = Words(
    ru="Впишите, сколько уже едет: у токена нет права «Поставки»",
    en="Type what is on the way: the token lacks Supplies",
)
"""On the column that is hers while nobody else can know it."""
_VAGUE = Words(
    ru="Товаров, у которых больше 10 % этих заказов ещё не завершены: {n}. Их число может "
    "измениться.",
    en="Products of whose orders more than 10% are still open: {n}. Their figure may change.",
)
_NARROW = 95
_NAME = re.compile(r"{(\w+)}")
_SPARE = ("coming", "own_pack")
"""Columns without which a formula still holds: a blank cell says the same."""


def _column(  # noqa: PLR0913 - of one column
    tag: str,
    ru: str,
    en: str,
    holds: Holds,
    *,
    width: int = _NARROW,
    note: Words | None = None,
    formula: str | None = None,
    hers: bool = False,
    bold: bool = False,
) -> Column:
    return Column(
        tag=tag,
        caption=Words(ru=ru, en=en),
        holds=holds,
        width=width,
        note=note,
        formula=formula,
        hers=hers,
        bold=bold,
    )


_COMING = _column(
    "coming",
    "В пути на склад WB, шт",
    "On the way to WB",
    Holds.PIECES,
    note=Words(
        ru="По поставкам, которые уже отгружены и ещё не в продаже.",
        en="Of supplies that are shipped and not on sale yet.",
    ),
)
GROUP = Group(
    title=TITLE,
    spread=6,
    columns=(
        _column(KEY, "Артикул товара (nmid)", "WB item (nmid)", Holds.KEY, width=150),
        _column("sku", "Артикул продавца", "Seller SKU", Holds.TEXT, width=180),
        _column("subject", "Предмет", "Category", Holds.TEXT, width=160),
        _column("stock", "Остатки, шт", "Stock", Holds.PIECES),
        _COMING,
        _column("orders", "Заказы за период", "Orders in period", Holds.PIECES),
        _column("on_sale", "Дней в продаже", "Days on sale", Holds.PIECES),
        _column(
            "pace",
            "Заказов в день",
            "Orders per day",
            Holds.RATE,
            formula='=IF(OR(NOT(ISNUMBER({orders}));N({on_sale})=0);"";{orders}/{on_sale})',
        ),
        _column(
            "cover",
            "Хватит на, дней",
            "Days of cover",
            Holds.SHARE,
            formula='=IF(OR(NOT(ISNUMBER({stock}));N({pace})=0);"";ROUND({stock}/{pace};1))',
        ),
        _column(
            "runs_out",
            "Закончится",
            "Runs out",
            Holds.DATE,
            formula='=IF(ISNUMBER({cover});{as_of}+INT(ROUND({stock}/{pace};6));"")',
        ),
        _column(
            "lead_demand",
            "Нужно на срок поставки",
            "Lead-time demand",
            Holds.SHARE,
            formula='=IF(ISNUMBER({pace});{pace}*{lead};"")',
        ),
        _column(
            "safety",
            "Страховой запас, шт",
            "Safety stock",
            Holds.PIECES,
            formula='=IF(ISNUMBER({pace});ROUNDUP(ROUND({pace}*{safety_days};6);0);"")',
        ),
        _column(
            "own_pack",
            "Кратность товара",
            "Pack of this product",
            Holds.PIECES,
            note=Words(
                ru="Впишите, если у товара своя кратность; пусто: общая.",
                en="Type it if this product has a pack of its own; blank: the common one.",
            ),
            hers=True,
        ),
        _column(
            "ship",
            "Отгрузить, шт",
            "Ship, pcs",
            Holds.PIECES,
            formula="=IF(AND(ISNUMBER({pace});ISNUMBER({stock}));CEILING(ROUND(MAX(0;{pace}*({lead}"
            "+{cover_days})+{safety}-{stock}-N({coming}));6);MAX(1;IF(N({own_pack})>0;{own_pack};"
            '{pack})));"")',
            bold=True,
        ),
        _column(
            "ship_by",
            "Отгрузить до",
            "Ship by",
            Holds.DATE,
            formula="=IF(AND(ISNUMBER({runs_out});N({ship})>0);"
            'MAX({as_of};{runs_out}-INT({lead}+{safety_days}));"")',
        ),
        _column("buyout", "Выкуп, %", "Buyout, %", Holds.SHARE),
        _column("lost", "Упущено, шт (оценка)", "Lost sales, pcs (estimate)", Holds.PIECES),
        _column("idle", "Без движения, дней", "Days without orders", Holds.PIECES),
    ),
)
_AS_OF = Term(
    name="as_of",
    tag="orders",
    caption=Words(ru="Данные на", en="Data of"),
    value=0,
    hers=False,
)


class ShownReplenishment:
    """A `domain.table.keyed.Shown`."""

    def __init__(self, snapshot: Snapshot, terms: Terms) -> None:
        moving = snapshot.moving or _nothing(len(snapshot.nm_ids))
        hers = any(gap.columns == ("coming",) and gap.cause == "no_scope" for gap in moving.gaps)
        day = snapshot.taken_at.astimezone(MOSCOW).date()
        self.groups = (_group(moving, hers=hers),)
        self.terms = (*begun(terms), replace(_AS_OF, value=(day - DAY_ZERO).days))
        self.gaps: Sequence[Gap] = (
            *(gap for gap in snapshot.gaps if not self._told.isdisjoint(gap.columns)),
            *(gap for gap in moving.gaps if not hers or gap.columns != ("coming",)),
        )
        self._known = _known(snapshot, moving, day)
        self._by = terms
        self.figures = _figures(snapshot, moving, self._known)

    _told = frozenset(GROUP.tags)

    def first_order(self, nm_ids: Iterable[int]) -> tuple[int, ...]:
        """What has to be shipped first; then by nmID."""
        index, known = self.figures.index, self._known
        return tuple(sorted(nm_ids, key=lambda nm: (_until(known[index[nm]], self._by), nm)))


@fact
class Replenishing:
    """A `domain.table.keyed.KeyedTab`. `terms`: those that a new tab begins with, and which hold
    where a cell of hers says none."""

    title: str
    terms: Terms = USUAL
    tab: str = "replenishment"

    def cells(self, snapshot: Snapshot) -> int:
        """Of all products."""
        return len(snapshot.nm_ids) * len(GROUP.columns)

    def shown(self, snapshot: Snapshot) -> ShownReplenishment:
        """What moves is part of the snapshot."""
        return ShownReplenishment(snapshot, self.terms)


def formula(pattern: str, cells: Mapping[str, str]) -> str | None:
    """A column's formula with the cells of a row in it. None: a cell that it needs is gone."""
    named = {name: cells.get(name, '""' if name in _SPARE else "") for name in names(pattern)}
    return pattern.format_map(named) if all(named.values()) else None


def names(pattern: str) -> Iterable[str]:
    """The cells that a formula names."""
    return _NAME.findall(pattern)


def _group(moving: Moving, *, hers: bool) -> Group:
    columns = dict(columns_of([GROUP]))
    if hers:
        columns["coming"] = replace(_COMING, note=UNTOLD, hers=True)
    if moving.vague:
        n = str(moving.vague)
        note = Words(ru=_VAGUE.ru.format(n=n), en=_VAGUE.en.format(n=n))
        columns["buyout"] = replace(columns["buyout"], note=note)
    return replace(GROUP, columns=tuple(columns.values()))


def _known(snapshot: Snapshot, moving: Moving, day: date) -> Sequence[Known]:
    return [
        Known(
            day=day,
            days=snapshot.period.days,
            stock=stock,
            orders=orders,
            on_sale=on_sale,
            coming=coming,
        )
        for stock, orders, on_sale, coming in zip(
            snapshot.stock, snapshot.orders, moving.on_sale, moving.coming, strict=True
        )
    ]


def _figures(snapshot: Snapshot, moving: Moving, known: Sequence[Known]) -> Columns:
    columns: dict[str, Sequence[Value]] = {
        KEY: snapshot.nm_ids,
        "sku": [clean(each) or None for each in snapshot.skus],
        "subject": [clean(each) or None for each in snapshot.subjects],
        "stock": snapshot.stock,
        "coming": moving.coming,
        "orders": snapshot.orders,
        "on_sale": moving.on_sale,
        "buyout": moving.buyout,
        "lost": [lost(each, a_day(each.orders, each.on_sale)) for each in known],
        "idle": moving.idle,
    }
    return Columns(snapshot.nm_ids, columns, {each.tag: each.holds for each in GROUP.columns})


def _until(known: Known, terms: Terms) -> date:
    """The last day to ship; blank ones come last."""
    pace = a_day(known.orders, known.on_sale)
    last = ship_by(known.day, runs_out(known.day, known.stock, pace), terms)
    return (last if ship(known.stock, known.coming, pace, terms) else None) or date.max


def _nothing(products: int) -> Moving:
    blank = (None,) * products
    return Moving(on_sale=blank, coming=blank, buyout=blank, idle=blank)

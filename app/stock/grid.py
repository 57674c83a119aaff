"""Products as a table shows them: every cell with its number, or with why it is blank."""

from collections.abc import Mapping, Sequence
from datetime import date

from app.stock.freshness import Fresh
from app.stock.products import At, Cover, ProductRow, cover
from domain.fact import fact
from domain.place import Kind, Place
from domain.snapshot import Gap
from domain.stock import Unread
from domain.table.gaps import explained
from domain.table.place_columns import in_order, place_name
from domain.turnover import tenths

COLUMNS = 3
"""Places beside each other; all of them stand on a product's own page."""
WIDE, HIGH = 90, 24
"""The drawing of a line."""


@fact
class Cell:
    """Pieces; `why` they are blank, where they are."""

    pieces: int | None
    why: str


@fact
class Days:
    """Tenths of a day. Blank without orders, or because a part is not known: then `why` says so."""

    tenths: int | None
    cover: Cover | None
    why: str


@fact
class There:
    """A product at one place."""

    stock: Cell
    orders: Cell
    days: Days


@fact
class Spark:
    """A line of stock: the path of an SVG, and the numbers at its ends."""

    path: str
    first: int
    last: int


@fact
class Line:
    """One product. `places` stand as the columns do; None where it never was."""

    row: ProductRow
    stock: Cell
    orders: Cell
    days: Days
    to_client: Cell
    returns: Cell
    places: Sequence[There | None]
    spark: Spark | None


@fact
class Named:
    """A place as its column is called. `part`: it is inside «Склад WB»."""

    name: str
    part: bool


@fact
class Grid:
    """`places` name the columns; `more` is how many have none. `blanks`: (reason, cure) of all
    that was not read."""

    places: Sequence[Named]
    more: int
    lines: Sequence[Line]
    blanks: Sequence[tuple[str, str]]

    @property
    def drawn(self) -> bool:
        """Is there a line to show at all? Not in the first days."""
        return any(line.spark for line in self.lines)


class Reasons:
    """Why a number is not known, in one language."""

    def __init__(self, gaps: Sequence[Gap], language: str) -> None:
        self._gaps, self._language = {gap.source: gap for gap in gaps}, language

    def of(self, source: str) -> str:
        """Of this source; of one that nothing is known about too."""
        return self.explained(source)[0]

    def explained(self, source: str) -> tuple[str, str]:
        """(reason, cure)"""
        gap = self._gaps.get(source, Gap(source=source, columns=(), cause=""))
        return explained(gap, self._language)

    def of_stock(self) -> str:
        """Of the total: a part of it was not read."""
        return self.of(next((one for one in (Unread.WB, Unread.SELLER) if one in self._gaps), ""))

    def all(self, *more: str) -> list[tuple[str, str]]:
        """Of what was not read, and of `more`; each once."""
        return list(dict.fromkeys(self.explained(source) for source in (*self._gaps, *more)))

    def of_orders(self, kind: str) -> str:
        """At a place of this kind."""
        named = kind == Kind.WB_NAMED and Unread.ORDERS not in self._gaps
        return self.of(Unread.ORDERS_BY_PLACE if named else Unread.ORDERS)


def grid(
    rows: Sequence[ProductRow],
    fresh: Fresh | None,
    language: str,
    history: Mapping[int, Sequence[tuple[date, int]]] | None = None,
    most: int = COLUMNS,
) -> Grid:
    """Of one shop's products; with `history`, each with its line."""
    known = places_of(rows)
    shown = known[:most]
    reasons = Reasons(fresh.gaps if fresh else (), language)
    days = fresh.period.days if fresh else 0
    lines = history or {}
    return Grid(
        places=[_named(place, language) for place in shown],
        more=len(known) - len(shown),
        lines=[_line(row, shown, reasons, days, spark(lines.get(row.nm_id, ()))) for row in rows],
        blanks=reasons.all(*_hidden(rows, shown)),
    )


def places_of(rows: Sequence[ProductRow]) -> Sequence[Place]:
    """All that these products have, in the order of the sheet."""
    known = {at.number: at for row in rows for at in row.places}
    return in_order(
        Place(key="", kind=Kind(at.kind), name=at.name, number=at.number) for at in known.values()
    )


def spark(days: Sequence[tuple[date, int]]) -> Spark | None:
    """None for fewer than two days. A day that is missing is bridged."""
    if len(days) < 2:  # noqa: PLR2004 - a line has two ends
        return None
    (begin, first), (end, last) = days[0], days[-1]
    low, high = min(n for _, n in days), max(n for _, n in days)
    wide, tall = (WIDE - 4) / max((end - begin).days, 1), (HIGH - 6) / max(high - low, 1)
    points = [
        (2 + (day - begin).days * wide, HIGH - 3 - (stock - low) * tall) for day, stock in days
    ]
    path = "L".join(f"{x:.0f} {y:.0f}" for x, y in points)
    return Spark(path=f"M{path}", first=first, last=last)


def source_of(kind: str) -> str:
    """Which source a place's stock is read from."""
    sources = {Kind.WB_TOTAL: Unread.WB, Kind.WB_NAMED: Unread.WB_NAMED}
    return sources.get(Kind(kind), Unread.SELLER)


def _named(place: Place, language: str) -> Named:
    return Named(name=place_name(place).say(language), part=place.kind is Kind.WB_NAMED)


def _line(
    row: ProductRow, places: Sequence[Place], reasons: Reasons, days: int, drawn: Spark | None
) -> Line:
    here = {at.number: at for at in row.places}
    stock = Cell(pieces=row.stock, why=reasons.of_stock())
    orders = Cell(pieces=row.orders, why=reasons.of(Unread.ORDERS))
    way = reasons.of(Unread.WB)
    return Line(
        row=row,
        stock=stock,
        orders=orders,
        days=_days(stock, orders, row.turnover_tenths),
        to_client=Cell(pieces=row.to_client, why=way),
        returns=Cell(pieces=row.returns, why=way),
        places=[_there(here.get(place.number), reasons, days) for place in places],
        spark=drawn,
    )


def _hidden(rows: Sequence[ProductRow], shown: Sequence[Place]) -> Sequence[str]:
    """What Wildberries tells nobody of its single warehouses: no gap, but a blank all the same."""
    named = {place.number for place in shown if place.kind is Kind.WB_NAMED}
    there = [at for row in rows for at in row.places if at.number in named]
    stock, orders = None in {at.stock for at in there}, None in {at.orders for at in there}
    return [Unread.WB_NAMED] * stock + [Unread.ORDERS_BY_PLACE] * orders


def _there(at: At | None, reasons: Reasons, days: int) -> There | None:
    if at is None:
        return None
    stock = Cell(pieces=at.stock, why=reasons.of(source_of(at.kind)))
    orders = Cell(pieces=at.orders, why=reasons.of_orders(at.kind))
    lasts = tenths(at.stock, days, at.orders) if days else None
    return There(stock=stock, orders=orders, days=_days(stock, orders, lasts))


def _days(stock: Cell, orders: Cell, lasts: int | None) -> Days:
    unknown = orders if orders.pieces is None else stock if stock.pieces is None else None
    return Days(
        tenths=lasts,
        cover=cover(stock.pieces, lasts, orders.pieces),
        why=unknown.why if unknown and orders.pieces != 0 else "",
    )

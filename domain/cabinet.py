"""What the seller's own cabinet shows of each product, and when a figure of ours is the same.

Its report of the period, `stocks-report/products/products`, refreshes once an hour.
"""

from collections.abc import Iterator
from enum import StrEnum

from domain.fact import fact
from domain.snapshot import Period, Snapshot
from domain.turnover import tenths

INFINITE, ZERO = -1, -2
"""Of a duration: nothing was ordered; nothing is there. Below them: it was not worked out."""
DAY = 24
Number = int | float | None
"""Of a figure, as a person reads it: pieces, orders a day, days. None: unknown, or not defined."""


def number(kept: float | None) -> Number:
    """As it was before it was kept: pieces are whole."""
    return int(kept) if kept is not None and kept.is_integer() else kept


class Figure(StrEnum):
    """What is checked, in the order it is told."""

    STOCK = "stock"
    TO_CLIENT = "to_client"
    RETURNS = "returns"
    ORDERS = "orders"
    AVERAGE = "average"
    TURNOVER = "turnover"


COUNTED = (Figure.STOCK, Figure.TO_CLIENT, Figure.RETURNS, Figure.ORDERS)
"""Pieces; the others follow from them."""


class Where(StrEnum):
    """Whose warehouses a report is of; the marketplace's own words."""

    ALL = ""
    WB = "wb"


@fact
class Shown:
    """One product as the cabinet shows it: pieces, orders a day, and turnover in whole hours, or
    one of the words for it. `deleted`: its card is; `computed`: the cabinet could reckon."""

    nm_id: int
    sku: str
    stock: int
    to_client: int
    returns: int
    orders: int
    average: float
    hours: int
    deleted: bool = False
    computed: bool = True

    def of(self, figure: Figure) -> Number:
        """As a person reads it: days of turnover, nothing where it is none."""
        match figure:
            case Figure.AVERAGE:
                return round(self.average, 2)
            case Figure.TURNOVER:
                return 0 if self.hours == ZERO else in_days(self.hours)
            case _:
                counted: int = getattr(self, figure)
                return counted


@fact
class Asked:
    """Which report: of these days, `after` so many products, of `only` these articles, if any."""

    days: Period
    after: int = 0
    only: tuple[int, ...] = ()
    where: Where = Where.ALL


@fact
class CabinetPage:
    """Some products. With the `last` page all have been told."""

    shown: tuple[Shown, ...]
    last: bool


@fact
class Ours:
    """The same product in a snapshot; None is not known, never 0."""

    stock: int | None
    to_client: int | None
    returns: int | None
    orders: int | None
    days: int

    @property
    def turnover(self) -> int | None:
        """Tenths of a day."""
        return tenths(self.stock, self.days, self.orders)

    def of(self, figure: Figure) -> Number:
        """As a person reads it."""
        match figure:
            case Figure.AVERAGE:
                return None if self.orders is None else average(self.orders, self.days)
            case Figure.TURNOVER:
                return None if (turnover := self.turnover) is None else turnover / 10
            case _:
                counted: int | None = getattr(self, figure)
                return counted


NOTHING = Ours(stock=0, to_client=0, returns=0, orders=0, days=1)
"""A product that is in no table of ours."""


def ours(snapshot: Snapshot) -> Iterator[Ours]:
    """Of each product, in the snapshot's order."""
    days = snapshot.period.days
    columns = (snapshot.stock, snapshot.to_client, snapshot.returns, snapshot.orders)
    for stock, to_client, returns, orders in zip(*columns, strict=True):
        yield Ours(stock=stock, to_client=to_client, returns=returns, orders=orders, days=days)


def agrees(figure: Figure, mine: Ours, theirs: Shown) -> bool | None:
    """Is it the same; None where one of both is not known, so that nothing can be compared."""
    match figure:
        case Figure.AVERAGE:
            return None if mine.orders is None else average_is(mine.orders, mine.days, theirs)
        case Figure.TURNOVER:
            return turnover_is(mine.stock, mine.days, mine.orders, theirs)
        case _:
            counted: int | None = getattr(mine, figure)
            return None if counted is None else counted == getattr(theirs, figure)


def average(orders: int, days: int) -> float:
    """Orders a day, two decimals, half up."""
    return (200 * orders + days) // (2 * days) / 100


def average_is(orders: int, days: int, theirs: Shown) -> bool:
    """Within a hundredth."""
    return abs(average(orders, days) - theirs.average) <= _HUNDREDTH


def turnover_is(stock: int | None, days: int, orders: int | None, theirs: Shown) -> bool | None:
    """Within a tenth of a day, or one per cent. Without orders ours is blank: the cabinet calls it
    endless, and nothing where nothing is there."""
    hours = theirs.hours
    if stock is None or orders is None or hours < ZERO:
        return None
    mine = tenths(stock, days, orders)
    if mine is None:
        return hours == INFINITE or (hours == ZERO and stock == 0)
    if hours == INFINITE:
        return False
    return apart(mine, max(hours, 0)) * 100 <= max(_TENTH * 100, 5 * hours)


def apart(mine: int, hours: int) -> int:
    """Between tenths of a day and hours, in 120ths of a day: both are whole numbers of them."""
    return abs(12 * mine - 5 * hours)


def in_days(hours: int) -> float | None:
    """Days, two decimals; None for what is none."""
    return None if hours < 0 else round(hours / DAY, 2)


_TENTH = 12
_HUNDREDTH = 0.01 + 1e-6
"""With what a binary float is beside the number that it means."""

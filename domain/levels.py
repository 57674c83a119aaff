"""Products that begin to run out, or are out: noticed once, when they get there.

The days are those of turnover, by which the sheet colours its cells: stock × days of the period ÷
orders. A product is low below the lead time, and stays so until it lasts for the safety days too:
one that lies on the edge is not noticed every day.
"""

from collections.abc import Iterator, Mapping, Sequence
from enum import IntEnum
from uuid import UUID

from domain.fact import fact
from domain.replenishment import USUAL, Terms
from domain.snapshot import Snapshot
from domain.turnover import tenths

MOST = 20
"""Articles that are named of each kind: a shop of a hundred thousand is no sentence."""


class Level(IntEnum):
    """How near to nothing. A product that is neither has none."""

    LOW = 1
    OUT = 2


@fact
class Fell:
    """Products that got there with one snapshot: how many, and the first of them."""

    low: int = 0
    out: int = 0
    low_products: tuple[int, ...] = ()
    out_products: tuple[int, ...] = ()


@fact
class StockFell:
    """Products came below the lead time, or to nothing, since the sync before: how many, and some
    of their articles. One fact of a sync, however many there are; none of those that stay there."""

    shop_id: UUID
    low: int
    out: int
    low_products: tuple[int, ...]
    out_products: tuple[int, ...]


@fact
class ReportFall:
    shop_id: UUID
    fell: Fell


def decide(command: ReportFall) -> Iterator[StockFell]:
    """Nothing, if nothing fell."""
    fell = command.fell
    if fell.low or fell.out:
        yield StockFell(
            shop_id=command.shop_id,
            low=fell.low,
            out=fell.out,
            low_products=fell.low_products,
            out_products=fell.out_products,
        )


def compared(
    known: Mapping[int, Level], before: Snapshot | None, now: Snapshot, terms: Terms = USUAL
) -> tuple[Mapping[int, Level], Fell]:
    """The levels after `now`, and who fell. What is not known leaves a product where it was; one
    that the snapshot `before` did not have has not fallen, it came so."""
    levels = dict(_levels(known, now, terms))
    there = set(before.nm_ids) if before else set[int]()
    fallen: dict[Level, list[int]] = {level: [] for level in Level}
    for nm_id, level in levels.items():
        if nm_id in there and level > known.get(nm_id, 0):
            fallen[level].append(nm_id)
    return levels, _told(fallen[Level.LOW], fallen[Level.OUT])


def _levels(known: Mapping[int, Level], now: Snapshot, terms: Terms) -> Iterator[tuple[int, Level]]:
    days, safe = now.period.days, 10 * (terms.lead + terms.safety)
    for nm_id, stock, orders in zip(now.nm_ids, now.stock, now.orders, strict=True):
        if stock is None or (stock and orders is None):
            if nm_id in known:
                yield nm_id, known[nm_id]
        elif stock == 0:
            yield nm_id, Level.OUT
        elif (lasts := tenths(stock, days, orders)) is not None and (
            lasts < 10 * terms.lead or (nm_id in known and lasts < safe)
        ):
            yield nm_id, Level.LOW


def _told(low: Sequence[int], out: Sequence[int]) -> Fell:
    return Fell(
        low=len(low),
        out=len(out),
        low_products=tuple(low[:MOST]),
        out_products=tuple(out[:MOST]),
    )

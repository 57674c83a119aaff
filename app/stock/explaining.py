"""The source rows of a product's figures: its places, the orders of the period, its supplies."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from app.read_models import Database
from app.stock.moving import Movements, edges
from app.stock.products import At, ProductRow
from domain.access import TenantScope
from domain.counting import left_from
from domain.explain import (
    Cell,
    Explanation,
    Held,
    Product,
    Tally,
    of_movement,
    of_place,
    of_product,
)
from domain.fact import fact
from domain.place import Kind, Place
from domain.replenishment import Terms
from domain.snapshot import MOSCOW, Period, period

Left = tuple[bool, str]
"""Whose warehouse an order left, and what it calls it."""

_TALLIES = text("""
SELECT by_seller, warehouse, count(*) AS made, count(*) FILTER (WHERE cancelled) AS cancelled
FROM orders
WHERE shop_id = :shop AND nm_id = :nm_id AND ordered_at >= :first AND ordered_at < :until
GROUP BY by_seller, warehouse
""")
_ORDERS = text("""
SELECT srid, ordered_at, changed_at, cancelled, by_seller, warehouse FROM orders
WHERE shop_id = :shop AND nm_id = :nm_id AND ordered_at >= :first AND ordered_at < :until
  AND (CAST(:whose AS boolean[]) IS NULL OR (by_seller, warehouse) IN (
    SELECT * FROM unnest(CAST(:whose AS boolean[]), CAST(:names AS text[]))))
  AND (ordered_at, srid) > (:after, :srid)
ORDER BY ordered_at, srid LIMIT :limit
""")
_SUPPLIES = text("""
SELECT s.supply_id, g.coming
FROM supply_goods g JOIN supplies s USING (tenant_id, shop_id, supply_id)
WHERE g.shop_id = :shop AND g.nm_id = :nm_id AND g.coming > 0
  AND (s.counts_until IS NULL OR s.counts_until >= :day)
ORDER BY s.supply_id
""")
_TAKEN = text("""
SELECT taken_at FROM snapshots WHERE shop_id = :shop ORDER BY snapshot_id DESC LIMIT 1
""")


@fact
class OrderLine:
    """One order of the period by its number, the srid: however often it was told, it is one piece,
    as of its latest change."""

    srid: str
    ordered_at: datetime
    changed_at: datetime
    cancelled: bool
    by_seller: bool
    warehouse: str


@fact
class Source:
    """A product with what its figures are made of. `left`: which orders count at each place."""

    row: ProductRow
    taken_at: datetime
    period: Period
    whole: Tally
    tallies: Mapping[int, Tally]
    left: Mapping[int, Sequence[Left]]

    def total(self, cell: Cell) -> Explanation:
        """One of the five that the table has of a product."""
        return next(each for each in self.totals() if each.cell is cell)

    def totals(self) -> Sequence[Explanation]:
        """All five."""
        return list(of_product(self._product(), self.whole))

    def there(self, number: int) -> Sequence[Explanation]:
        """The three of a place; none of one where the product never was."""
        at = next((each for each in self.row.places if each.number == number), None)
        if at is None:
            return ()
        tally = self.tallies.get(number, Tally())
        return list(of_place(_held(at), tally, self.period.days))

    def _product(self) -> Product:
        return Product(
            stock=self.row.stock,
            orders=self.row.orders,
            to_client=self.row.to_client,
            returns=self.row.returns,
            days=self.period.days,
            places=tuple(map(_held, self.row.places)),
        )


async def source(
    database: Database, scope: TenantScope, row: ProductRow, taken_at: datetime
) -> Source:
    """Of figures that were taken then."""
    days = period(taken_at)
    told = {"shop": row.shop_id, "nm_id": row.nm_id, **edges(days)}
    async with database.reading(scope) as connection:
        found = (await connection.execute(_TALLIES, told)).all()
    places = {at.number: _place(at) for at in row.places}
    left = _left(places, [(each.by_seller, each.warehouse) for each in found], taken_at)
    tallies = {(each.by_seller, each.warehouse): (each.made, each.cancelled) for each in found}
    return Source(
        row=row,
        taken_at=taken_at,
        period=days,
        whole=_sum(tallies.values()),
        tallies={number: _sum(tallies[each] for each in names) for number, names in left.items()},
        left=left,
    )


async def newest(database: Database, scope: TenantScope, shop_id: UUID) -> datetime | None:
    """When the figures of today were taken; None before the first sync."""
    async with database.reading(scope) as connection:
        found: datetime | None = (await connection.execute(_TAKEN, {"shop": shop_id})).scalar()
    return found


async def orders(
    database: Database,
    scope: TenantScope,
    found: Source,
    place: int | None,
    page: tuple[tuple[datetime, str] | None, int],
) -> Sequence[OrderLine]:
    """Of the period, oldest first; of a place, if one is named. `page`: after which, how many."""
    after, limit = page
    begin = edges(found.period)["first"], ""
    names = None if place is None else found.left.get(place, ())
    told = {
        "shop": found.row.shop_id,
        "nm_id": found.row.nm_id,
        **edges(found.period),
        "whose": None if names is None else [whose for whose, _ in names],
        "names": None if names is None else [name for _, name in names],
        "after": (after or begin)[0],
        "srid": (after or begin)[1],
        "limit": limit,
    }
    async with database.reading(scope) as connection:
        rows = (await connection.execute(_ORDERS, told)).mappings()
        return [OrderLine(**row) for row in rows]


async def moved(
    database: Database, scope: TenantScope, found: Movements, row: ProductRow, terms: Terms
) -> Sequence[Explanation]:
    """What to ship of it; nothing of a product that has left meanwhile."""
    one = found.of.get(row.nm_id)
    if one is None:
        return ()
    supplies = await _supplies(database, scope, row, found.day)
    return list(of_movement(one.known, terms, one.settled, supplies))


async def _supplies(
    database: Database, scope: TenantScope, row: ProductRow, day: date
) -> Sequence[tuple[int, int]]:
    told = {"shop": row.shop_id, "nm_id": row.nm_id, "day": day}
    async with database.reading(scope) as connection:
        rows = await connection.execute(_SUPPLIES, told)
        return [(each.supply_id, each.coming) for each in rows]


def _left(
    places: Mapping[int, Place], names: Sequence[Left], taken_at: datetime
) -> Mapping[int, Sequence[Left]]:
    """As a snapshot counts them, among the places that it has."""
    sellers = [place for place in places.values() if place.kind is Kind.SELLER]
    day = taken_at.astimezone(MOSCOW).date()
    known = {(place.kind, _called(place)): number for number, place in places.items()}
    found = defaultdict[int, list[Left]](list)
    for name in names:
        for place in left_from(*name, sellers, day):
            number = known.get((place.kind, _called(place)))
            if number is not None:
                found[number].append(name)
    return found


def _called(place: Place) -> str:
    """What tells it from others of its kind; the collective ones are one each."""
    return place.name if place.kind in (Kind.WB_NAMED, Kind.SELLER) else ""


def _sum(tallies: Any) -> Tally:  # noqa: ANN401 - pairs, however they are held
    pairs = list(tallies)
    return Tally(made=sum(made for made, _ in pairs), cancelled=sum(gone for _, gone in pairs))


def _held(at: At) -> Held:
    return Held(place=_place(at), stock=at.stock, orders=at.orders)


def _place(at: At) -> Place:
    return Place(key="", kind=Kind(at.kind), name=at.name, number=at.number)

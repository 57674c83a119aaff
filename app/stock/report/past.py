"""Products as a kept snapshot has them: the rows of the table of today, of another day."""

from bisect import bisect_right
from collections.abc import Sequence
from uuid import UUID

from app.stock.products import At, ProductRow
from domain.snapshot import Snapshot
from domain.turnover import tenths


def rows_of(snapshot: Snapshot, shop_id: UUID, after: int, limit: int) -> Sequence[ProductRow]:
    """Up to `limit` whose article is above `after`, by article."""
    first = bisect_right(snapshot.nm_ids, after)
    last = min(first + limit, len(snapshot.nm_ids))
    return [_row(snapshot, shop_id, i) for i in range(first, last)]


def _row(snapshot: Snapshot, shop_id: UUID, i: int) -> ProductRow:
    stock, orders = snapshot.stock[i], snapshot.orders[i]
    places = (
        At(
            number=each.place.number,
            name=each.place.name,
            kind=each.place.kind,
            stock=each.stock[i],
            orders=each.orders[i],
        )
        for each in snapshot.places
    )
    return ProductRow(
        shop_id=shop_id,
        nm_id=snapshot.nm_ids[i],
        brand=snapshot.brands[i],
        subject=snapshot.subjects[i],
        sku=snapshot.skus[i],
        to_client=snapshot.to_client[i],
        returns=snapshot.returns[i],
        orders=orders,
        stock=stock,
        turnover_tenths=tenths(stock, snapshot.period.days, orders),
        places=tuple(sorted(places, key=lambda at: at.number)),
        key=snapshot.nm_ids[i],
    )

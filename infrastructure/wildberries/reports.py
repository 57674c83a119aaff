"""The two reports of current stock: one row per size and warehouse, 250,000 rows a page.

POST /api/analytics/v1/stocks-report/wb-warehouses and …/seller-warehouses (11-analytics.yaml).
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from typing import TypeVar

from domain.both import Both
from domain.place import WB_TOTAL, Kind, Place, Pseudo, Source, place_of
from domain.stock import Unread
from infrastructure.wildberries import answers, limits
from infrastructure.wildberries.answers import SellerRow, WbRow
from infrastructure.wildberries.gateway import Request, Visit
from infrastructure.wildberries.limits import Call
from infrastructure.wildberries.shelves import Shelf, Shelves, shelf
from infrastructure.wildberries.verdict import malformed

Row = TypeVar("Row", WbRow, SellerRow)

PAGE = 250_000


async def wb_warehouses(visit: Visit, day: date) -> Shelves:
    """Everything at WB, and each warehouse that has a name of its own."""
    at = visit.time.now()

    async def page(offset: int) -> list[WbRow]:
        return (await visit.call(limits.WB_WAREHOUSES, answers.WB_PAGE, _from(offset))).data.items

    rows = await _whole(limits.WB_WAREHOUSES, page)
    total, named = shelf(WB_TOTAL), _named(rows, Source.WB_WAREHOUSES, day)
    to_client, returns = defaultdict[int, int](int), defaultdict[int, int](int)
    for row in rows:
        total.pieces[row.nm_id] += row.quantity
        to_client[row.nm_id] += row.in_way_to_client
        returns[row.nm_id] += row.in_way_from_client
    hidden = [(Unread.WB_NAMED, "hidden_place")] if rows and not named else []
    return Shelves(
        at=at, shelves=[total, *named], to_client=to_client, returns=returns, gaps=[*hidden]
    )


async def seller_warehouses(visit: Visit, day: date) -> list[Shelf]:
    """Each warehouse of the seller's own that holds anything."""

    async def page(offset: int) -> list[SellerRow]:
        answer = await visit.call(limits.SELLER_WAREHOUSES, answers.SELLER_PAGE, _from(offset))
        return answer.data.items

    rows = await _whole(limits.SELLER_WAREHOUSES, page)
    return _named(rows, Source.SELLER_WAREHOUSES, day)


def _from(offset: int) -> Request:
    return Request(body={"limit": PAGE, "offset": offset})


async def _whole(call: Call, page: Callable[[int], Awaitable[list[Row]]]) -> list[Row]:
    """All pages. A row on two of them means that the report moved while it was read."""
    rows = last = await page(0)
    while len(last) >= PAGE:
        last = await page(len(rows))
        rows += last
        if len({(row.chrt_id, row.warehouse_id) for row in rows}) < len(rows):
            raise malformed(call, Both(ru="страницы отчёта перекрываются", en="its pages overlap"))
    return rows


def _named(rows: Sequence[Row], source: Source, day: date) -> list[Shelf]:
    """The rows of places that stand for themselves, by place."""
    shelves: dict[str, Shelf] = {}
    resolved: dict[tuple[int, str], Shelf | None] = {}
    for row in rows:
        warehouse = (row.warehouse_id, row.warehouse_name)
        if warehouse not in resolved:
            resolved[warehouse] = _own(place_of(source, *warehouse, day), shelves)
        if place := resolved[warehouse]:
            place.pieces[row.nm_id] += row.quantity
    return list(shelves.values())


def _own(place: Place | Pseudo, shelves: dict[str, Shelf]) -> Shelf | None:
    if isinstance(place, Pseudo) or place.kind is Kind.WB_TOTAL:
        return None
    return shelves.setdefault(place.key, shelf(place))

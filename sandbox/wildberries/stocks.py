"""stocks-report/wb-warehouses and /seller-warehouses: current stock by size and warehouse.

Contract: 11-analytics InventoryRequest and InventoryWbResponse; the seller report has the same
rows without the two inWay fields (limits table of 2026-10-24).
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Annotated, TypeAlias

import msgspec

from sandbox.sellers import Seller
from sandbox.sellers.catalogue import Card, Size
from sandbox.sellers.places import HIDDEN_ID, HIDDEN_NAME
from sandbox.wildberries import problems
from sandbox.wildberries.answer import Answer, ok
from sandbox.wildberries.call import Call

PAGE = 250_000


class Query(msgspec.Struct, rename="camel", frozen=True):
    """The body of both reports."""

    nm_ids: Annotated[list[int], msgspec.Meta(max_length=1000)] = []
    chrt_ids: list[int] = []
    limit: Annotated[int, msgspec.Meta(ge=1, le=PAGE)] = PAGE
    offset: Annotated[int, msgspec.Meta(ge=0)] = 0


class SellerRow(msgspec.Struct, rename="camel", gc=False):
    """One size in one warehouse of hers."""

    nm_id: int
    chrt_id: int
    warehouse_id: int
    warehouse_name: str
    region_name: str
    quantity: int


class WbRow(SellerRow, rename="camel", gc=False):
    """One size in one WB warehouse; what is on the way stands on the first row of a size."""

    in_way_to_client: int = 0
    in_way_from_client: int = 0


Rows: TypeAlias = Sequence[SellerRow]


def wb_warehouses(call: Call) -> Answer:
    return _page(call, "wb_warehouses", lambda: list(_wb_rows(call.seller)))


def seller_warehouses(call: Call) -> Answer:
    return _page(call, "seller_warehouses", lambda: list(_seller_rows(call.seller)))


def _page(call: Call, name: str, rows: Callable[[], Rows]) -> Answer:
    query = _query(call.body)
    market, seller = call.market, call.seller
    if query == Query():
        body = market.prepared(seller, (name, "page"), lambda: _encoded(rows()[:PAGE]))
        return Answer(200, body)
    found = market.prepared(seller, (name, "rows"), rows)
    if query.nm_ids:
        wanted, sizes = set(query.nm_ids), set(query.chrt_ids)
        found = [row for row in found if row.nm_id in wanted]
        # chrtIds narrow the named nmIds only ("Используется только для указанных … артикулов").
        found = [row for row in found if not sizes or row.chrt_id in sizes]
    return ok({"data": {"items": found[query.offset : query.offset + query.limit]}})


def _query(body: bytes) -> Query:
    try:
        return msgspec.json.decode(body, type=Query)
    except msgspec.MsgspecError as wrong:
        raise problems.analytics(f"code=400, message=invalid: {wrong}") from None


def _encoded(rows: Rows) -> bytes:
    return msgspec.json.encode({"data": {"items": rows}})


def _wb_rows(seller: Seller) -> Iterator[WbRow]:
    named = {
        index: place
        for index, place in enumerate(seller.places)
        if place.kind == "named" and not place.gone and seller.named_in_analytics
    }
    own = seller.warehouses().keys()
    for card, size in _sizes(seller):
        shown = [(named[i], pieces) for i, pieces in size.stock.items() if i in named and pieces]
        hidden = sum(p for i, p in size.stock.items() if i not in named and i not in own)
        if hidden or size.to_client or size.from_client:
            yield WbRow(
                card.nm,
                size.chrt,
                HIDDEN_ID,
                HIDDEN_NAME,
                HIDDEN_NAME,
                hidden,
                size.to_client,
                size.from_client,
            )
        for place, pieces in shown:
            yield WbRow(card.nm, size.chrt, place.id, place.name, place.region, pieces)


def _seller_rows(seller: Seller) -> Iterator[SellerRow]:
    own = seller.warehouses()
    for card, size in _sizes(seller):
        for index, pieces in size.stock.items():
            if pieces and (place := own.get(index)):
                yield SellerRow(card.nm, size.chrt, place.id, place.name, place.region, pieces)


def _sizes(seller: Seller) -> Iterator[tuple[Card, Size]]:
    for card in seller.cards.values():
        for size in card.sizes:
            yield card, size

"""order-feed: what became of each order, by time of its status, newest first (11-analytics).

One page belongs to a snapshot: the first answer names its time, and the next pages are asked for
with it, so that what happens meanwhile neither shifts nor doubles a row.
"""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated

import msgspec

from sandbox.sellers import Seller
from sandbox.sellers.orders import Order
from sandbox.sellers.places import HIDDEN_NAME, Place
from sandbox.sellers.spec import DAY_S, KEPT_DAYS, moscow_day
from sandbox.sellers.vocabulary import DISTRICTS
from sandbox.wildberries import problems
from sandbox.wildberries.answer import Answer, ok
from sandbox.wildberries.call import Call
from sandbox.wildberries.info import MOSCOW

MOST = 10_000
REACH_S = 31 * DAY_S
BOUGHT, RETURNED = 80, 92
"""Per cent of the orders that stand: those that are kept, and the good ones among the others."""
OKRUG = " федеральный округ"


class Period(msgspec.Struct):
    """By the time of the status."""

    start: datetime
    end: datetime | None = None


class Paging(msgspec.Struct, rename="camel"):
    """Where to go on, and in which snapshot."""

    snapshot_time: datetime | None = None
    offset: Annotated[int, msgspec.Meta(ge=0)] = 0
    limit: Annotated[int, msgspec.Meta(ge=1, le=MOST)] = 50


class Query(msgspec.Struct, rename="camel"):
    """The body; empty lists are all."""

    selected_period: Period
    nm_ids: Annotated[list[int], msgspec.Meta(max_length=1000)] = []
    subject_ids: Annotated[list[int], msgspec.Meta(max_length=50)] = []
    brand_names: Annotated[list[str], msgspec.Meta(max_length=50)] = []
    tag_ids: Annotated[list[int], msgspec.Meta(max_length=50)] = []
    pagination: Paging = msgspec.field(default_factory=Paging)

    def wants(self, order: Order) -> bool:
        card = order.card
        return (
            (not self.nm_ids or card.nm in self.nm_ids)
            and (not self.subject_ids or card.subject_id in self.subject_ids)
            and (not self.brand_names or card.brand in self.brand_names)
            and not self.tag_ids
        )


class Row(msgspec.Struct, rename="camel", omit_defaults=True, kw_only=True, gc=False):
    """Order of the contract."""

    nm_id: int
    chrt_id: int
    srid: str
    created_at: str
    updated_at: str
    status: str
    cancel_type: str | None = None
    warehouse_name: str
    warehouse_region: str
    is_mp: bool
    destination_city: str
    destination_district: str
    seller_price: float
    is_b2b: bool = msgspec.field(name="isB2b")


def order_feed(call: Call) -> Answer:
    """One page of the states of a period."""
    query = _query(call.body)
    paging = query.pagination
    if paging.offset and paging.snapshot_time is None:
        raise problems.analytics("pagination.snapshotTime is required when offset is not 0")
    at = int(paging.snapshot_time.timestamp() if paging.snapshot_time else call.now)
    start = query.selected_period.start.timestamp()
    end = query.selected_period.end
    until = min(at, end.timestamp()) if end else at
    if start < call.now - REACH_S or start > until:
        raise problems.analytics(
            "selectedPeriod.start: not earlier than 31 days ago, nor after end"
        )
    found = call.market.prepared(call.seller, ("feed", at), lambda: list(states(call.seller, at)))
    rows = [row for moment, order, row in found if start <= moment <= until and query.wants(order)]
    page = rows[paging.offset : paging.offset + paging.limit]
    told = datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return ok({"data": {"snapshotTime": told, "currency": "RUB", "orders": page}})


def states(seller: Seller, at: int) -> Iterator[tuple[int, Order, Row]]:
    """What had become of every kept order, the latest change first."""
    day = moscow_day(at)
    known = seller.book.current(day - KEPT_DAYS + 1, day, at).values()
    told = [(*_became(order, at), order) for order in known]
    told.sort(key=lambda each: (-each[0], each[3].srid))
    for moment, status, kind, order in told:
        yield moment, order, _row(order, seller.places[order.place], moment, status, kind)


def _became(order: Order, at: int) -> tuple[int, str, str | None]:
    """When, what, and how it was cancelled. What is not told follows from the order itself: most
    are bought within nine days, some come back."""
    if order.cancelled:
        return order.cancelled, "cancel", order.cancel_type
    if order.ends:
        return order.changed, order.ends, None
    fate = int.from_bytes(hashlib.sha256(order.srid.encode()).digest()[:4], "big")
    arrives = order.at + (3 + fate % 6) * DAY_S
    if at < arrives:
        return order.changed, "created", None
    share = fate // 6 % 100
    by_chance = "buyout" if share < BOUGHT else "return" if share < RETURNED else "returnDefective"
    return max(arrives, order.changed), by_chance, None  # not before anybody knew of it


def _row(order: Order, place: Place, moment: int, status: str, kind: str | None) -> Row:
    country, okrug, region = DISTRICTS[order.district]
    mine = place.kind == "seller"
    named = mine and not order.unnamed
    return Row(
        nm_id=order.card.nm,
        chrt_id=order.size.chrt,
        srid=order.srid,
        created_at=_moscow(order.at),
        updated_at=_moscow(moment),
        status=status,
        cancel_type=kind if status == "cancel" else None,
        warehouse_name=place.name if named else HIDDEN_NAME,
        warehouse_region="",
        is_mp=mine,
        destination_city=region,
        destination_district=okrug.removesuffix(OKRUG) or country,
        seller_price=round(order.card.price * 0.82),
        is_b2b=False,
    )


def _query(body: bytes) -> Query:
    try:
        return msgspec.json.decode(body, type=Query)
    except msgspec.MsgspecError as wrong:
        raise problems.analytics(f"code=400, message=invalid: {wrong}") from None


def _moscow(moment: int) -> str:
    return datetime.fromtimestamp(moment, MOSCOW).isoformat()

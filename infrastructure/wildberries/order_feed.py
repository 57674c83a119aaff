"""What became of orders: the feed, by time of status, 10,000 a page within one snapshot of theirs.

POST /api/analytics/v1/order-feed (11-analytics.yaml). It reaches 31 days back. Pages of one reading
are asked for with the `snapshotTime` of its first answer: where a read has to wait for the budget,
or its worker is killed, the next one goes on in that snapshot and asks for no page twice.

Wildberries names it the successor of supplier/orders. Where that is closed it tells of orders too,
also of unpaid ones, which it does not mark.
"""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import msgspec

from domain.flow import Became, FeedPage, OrderState
from domain.place import WB_TOTAL, exactly
from domain.stock import Order, OrderPage
from infrastructure.wildberries import answers, limits
from infrastructure.wildberries.answers import FeedRow
from infrastructure.wildberries.gateway import Request, Visit
from infrastructure.wildberries.novel import new_value

PAGE = 10_000
REACH = timedelta(days=30)
"""A day less than what is allowed: a read that waits between its pages must not fall out of it."""
OVERLAP = timedelta(hours=6)
"""The feed is filled asynchronously: what came late is asked for again."""
KEPT = timedelta(hours=20)
"""A snapshot begun longer ago is given up; how long Wildberries keeps one is not documented."""


class Bookmark(msgspec.Struct, frozen=True, kw_only=True):
    """All from `since` to `until` is known; with `snapshot`, `offset` rows of it are."""

    since: datetime
    until: datetime
    snapshot: str | None = None
    offset: int = 0

    def text(self) -> str:
        """As kept between reads."""
        return msgspec.json.encode(self).decode()


STATUS = "data.orders[].status"
_STATES = frozenset(each.value for each in Became)
"""A row in a state of another word tells nothing that can be counted: what was known of the order
stands."""
_DECODER = msgspec.json.Decoder(Bookmark)


async def read_feed(visit: Visit, cursor: str | None) -> AsyncIterator[FeedPage]:
    """Pages to the end, from the cursor or as far back as can be; known rows may come again."""
    async for _, page in _read(visit, cursor):
        yield page


async def read_orders_fed(visit: Visit, cursor: str | None) -> AsyncIterator[OrderPage]:
    """The same pages, as orders too."""
    async for rows, page in _read(visit, cursor):
        orders = tuple(map(_order, rows))
        yield OrderPage(orders=orders, cursor=page.cursor, last=page.last, fed=page)


async def _read(visit: Visit, cursor: str | None) -> AsyncIterator[tuple[list[FeedRow], FeedPage]]:
    mark = _begun(visit, cursor)
    while True:
        answer = (await visit.call(limits.FEED, answers.FEED, _asked(mark))).data
        last = len(answer.orders) < PAGE
        following = Bookmark(
            since=mark.since,
            until=mark.until,
            snapshot=None if last else mark.snapshot or answer.snapshot_time,
            offset=0 if last else mark.offset + len(answer.orders),
        )
        known = [row for row in answer.orders if row.status in _STATES]
        strange = {row.status for row in answer.orders} - _STATES
        await visit.note(*(new_value(limits.FEED, STATUS, each) for each in strange))
        page = FeedPage(
            states=tuple(map(_state, known)),
            cursor=following.text(),
            since=mark.since,
            until=mark.until,
            last=last,
        )
        yield answer.orders, page
        if last:
            return
        mark = following


def _begun(visit: Visit, cursor: str | None) -> Bookmark:
    """Where to go on: in a snapshot that is not too old, else where the last whole read ended."""
    now = visit.time.now()
    before = _DECODER.decode(cursor) if cursor else None
    if before is None:
        return Bookmark(since=now - REACH, until=now)
    if before.snapshot is None:
        return Bookmark(since=max(before.until - OVERLAP, now - REACH), until=now)
    if now - before.until < KEPT:
        return before
    return Bookmark(since=max(before.since, now - REACH), until=now)


def _asked(mark: Bookmark) -> Request:
    paging: dict[str, object] = {"limit": PAGE, "offset": mark.offset}
    if mark.snapshot:
        paging["snapshotTime"] = mark.snapshot
    period = {"start": mark.since.isoformat(), "end": mark.until.isoformat()}
    return Request(body={"selectedPeriod": period, "pagination": paging})


def _state(row: FeedRow) -> OrderState:
    return OrderState(
        srid=row.srid,
        nm_id=row.nm_id,
        created_at=row.created_at,
        updated_at=row.updated_at,
        became=Became(row.status),
        how=row.cancel_type,
        district=row.destination_district.strip(),
        by_seller=row.is_mp,
    )


def _order(row: FeedRow) -> Order:
    """Made, and perhaps cancelled: nothing else that becomes of it changes what is counted."""
    cancelled = row.status == Became.CANCELLED
    return Order(
        srid=row.srid,
        nm_id=row.nm_id,
        ordered_at=row.created_at,
        changed_at=row.updated_at if cancelled else row.created_at,
        cancelled=cancelled,
        by_seller=row.is_mp,
        warehouse=exactly(row.warehouse_name) or WB_TOTAL.name,
    )

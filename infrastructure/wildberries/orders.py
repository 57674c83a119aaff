"""Orders by time of change, to the end: deltas that neither skip nor turn in a circle.

GET /api/v1/supplier/orders (12-reports.yaml). `flag=0` answers with rows changed at or after
`dateFrom`, about 80,000 of them and no mark of the end; a night's job gives thousands of rows
one and the same time. When a full page holds nothing newer, `flag=1` reads whole days instead.
Times have no offset and are Moscow's.
"""

from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta

from domain.fact import fact
from domain.place import exactly
from domain.snapshot import MOSCOW
from domain.stock import Order, OrderPage
from infrastructure.wildberries import answers, limits
from infrastructure.wildberries.answers import OrderRow, moscow
from infrastructure.wildberries.documented import ORDER_TYPES
from infrastructure.wildberries.gateway import Request, Visit
from infrastructure.wildberries.novel import new_value

_OVERLAP = timedelta(seconds=1)
_STEP = timedelta(milliseconds=1)
_DAY = timedelta(days=1)
_KEPT = timedelta(days=90)
_BY_SELLER = "Склад продавца"


@fact
class Bookmark:
    """All changes up to `moment` are known; `day`, if any, is the next to be read whole."""

    moment: datetime
    day: date | None = None

    @classmethod
    def parse(cls, cursor: str) -> "Bookmark":
        """As written by `text`."""
        moment, _, day = cursor.partition("#")
        return cls(
            moment=datetime.fromisoformat(moment), day=date.fromisoformat(day) if day else None
        )

    def text(self) -> str:
        """As kept between reads."""
        return self.moment.isoformat() + (f"#{self.day.isoformat()}" if self.day else "")


async def read_orders(
    visit: Visit, cursor: str | None, since: datetime
) -> AsyncIterator[OrderPage]:
    """Pages to the end, from the cursor or from `since`; known rows may come again."""
    start = since.astimezone(MOSCOW)
    mark = Bookmark.parse(cursor) if cursor else Bookmark(moment=start)
    while True:
        orders = await _page(visit, mark)
        following = _next(visit, mark, orders, start)
        last = mark.day is None and len(orders) < visit.time.pace.full_page
        yield OrderPage(orders=orders, cursor=following.text(), last=last)
        if last:
            return
        mark = following


def _next(visit: Visit, mark: Bookmark, orders: tuple[Order, ...], start: datetime) -> Bookmark:
    """Where to go on. After whole days, just behind the moment that would not move."""
    now = visit.time.now().astimezone(MOSCOW)
    if mark.day is not None:
        following = mark.day + _DAY
        if following <= now.date():
            return Bookmark(moment=mark.moment, day=following)
        return Bookmark(moment=mark.moment + _OVERLAP + _STEP)
    newest = max((order.changed_at for order in orders), default=mark.moment)
    if len(orders) >= visit.time.pace.full_page and newest <= mark.moment:
        return Bookmark(moment=mark.moment, day=max(start, now - _KEPT).date())
    return Bookmark(moment=max(newest, mark.moment))


async def _page(visit: Visit, mark: Bookmark) -> tuple[Order, ...]:
    if mark.day is not None:
        query = {"dateFrom": mark.day.isoformat(), "flag": "1"}
    else:
        # Times may be cut to the second on their way: rows of the last one are asked for again.
        since = (mark.moment - _OVERLAP).replace(tzinfo=None)
        query = {"dateFrom": since.isoformat(timespec="milliseconds"), "flag": "0"}
    rows = await visit.call(limits.ORDERS, answers.ORDERS, Request(query=query))
    types = {row.warehouse_type for row in rows if row.warehouse_type} - ORDER_TYPES
    await visit.note(*(new_value(limits.ORDERS, "[].warehouseType", each) for each in types))
    rows.sort(key=lambda row: moscow(row.last_change_date))
    return tuple(map(_order, rows))


def _order(row: OrderRow) -> Order:
    return Order(
        srid=row.srid,
        nm_id=row.nm_id,
        ordered_at=moscow(row.date),
        changed_at=moscow(row.last_change_date),
        cancelled=row.is_cancel,
        by_seller=exactly(row.warehouse_type) == _BY_SELLER,
        warehouse=exactly(row.warehouse_name),
    )

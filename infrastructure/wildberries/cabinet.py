"""What the seller's own cabinet shows of each product, 1,000 a page.

POST /api/v2/stocks-report/products/products (11-analytics.yaml). It refreshes once an hour, so
pages are sorted by what moves least: orders of days that are over.
"""

from collections.abc import AsyncIterator
from typing import Annotated

import msgspec
from msgspec import Meta, Struct, field

from domain.cabinet import DAY, Asked, CabinetPage, Shown
from infrastructure.wildberries import limits
from infrastructure.wildberries.answers import Id, Pieces
from infrastructure.wildberries.gateway import Request, Visit

PAGE = 1_000
_NOT_COMPUTED = "invalidData"
_EVERY = ("deficient", "actual", "balanced", "nonActual", "nonLiquid", _NOT_COMPUTED)


class _Duration(Struct, gc=False):
    """Days and hours; hours below zero are words of their own."""

    days: Annotated[int, Meta(ge=0, le=10**6)]
    hours: Annotated[int, Meta(ge=-9, le=10**6)]


class _Metrics(Struct, rename="camel", gc=False):
    """What the cabinet makes of a product."""

    orders_count: Pieces
    avg_orders: Annotated[float, Meta(ge=0, le=10**9)]
    stock_count: Pieces
    sale_rate: _Duration
    to_client_count: Pieces
    from_client_count: Pieces
    availability: Annotated[str, Meta(max_length=50)] = ""


class _Row(Struct, rename="camel", gc=False):
    """One product of the cabinet's own report."""

    is_deleted: bool
    metrics: _Metrics
    nm_id: Id = field(name="nmID")
    vendor_code: str = ""


class _Items(Struct, gc=False):
    items: list[_Row]


class _Answer(Struct, gc=False):
    """POST /api/v2/stocks-report/products/products, which may be null as a whole."""

    data: _Items


_ANSWER = msgspec.json.Decoder(_Answer | None)


async def read_cabinet(visit: Visit, asked: Asked) -> AsyncIterator[CabinetPage]:
    """Pages to the end, from where it is asked for."""
    after = asked.after
    while True:
        request = Request(body=_body(asked, after))
        answer = await visit.call(limits.CABINET, _ANSWER, request)
        rows = answer.data.items if answer else []
        after += len(rows)
        last = len(rows) < PAGE
        yield CabinetPage(shown=tuple(map(_shown, rows)), last=last)
        if last:
            return


def _body(asked: Asked, after: int) -> dict[str, object]:
    return {
        "nmIDs": asked.only,
        "currentPeriod": {
            "start": asked.days.first.isoformat(),
            "end": asked.days.last.isoformat(),
        },
        "stockType": asked.where,
        "skipDeletedNm": False,
        "orderBy": {"field": "ordersCount", "mode": "asc"},
        "availabilityFilters": _EVERY,
        "limit": PAGE,
        "offset": after,
    }


def _shown(row: _Row) -> Shown:
    found, rate = row.metrics, row.metrics.sale_rate
    return Shown(
        nm_id=row.nm_id,
        sku=row.vendor_code,
        stock=found.stock_count,
        to_client=found.to_client_count,
        returns=found.from_client_count,
        orders=found.orders_count,
        average=found.avg_orders,
        hours=rate.hours if rate.hours < 0 else rate.days * DAY + rate.hours,
        deleted=row.is_deleted,
        computed=found.availability != _NOT_COMPUTED,
    )

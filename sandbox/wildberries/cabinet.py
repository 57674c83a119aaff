"""stocks-report/products/products: what the cabinet shows of each product, a page at a time.

Contract: 11-analytics postV2StocksReportProductsProducts. Turnover is stock by the average of the
period, in whole hours; −1 is endless, −2 nothing, −3 not worked out.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Annotated, Any, Literal

import msgspec

from sandbox.sellers import Seller
from sandbox.sellers.catalogue import Card
from sandbox.sellers.orders import Order
from sandbox.sellers.spec import midnight, moscow_day
from sandbox.wildberries import problems
from sandbox.wildberries.answer import Answer, ok
from sandbox.wildberries.call import Call

PAGE, USUAL_PAGE = 1_000, 100
REACH_DAYS = 92
MOSCOW_SHIFT_S = 3 * 3600
ENDLESS, NOTHING = -1, -2
EPOCH = date(1970, 1, 1)
SOLD_FAST, SOLD_SLOWLY, IDLE = 7 * 24, 90 * 24, 180 * 24


class Period(msgspec.Struct):
    """Whole days, both included."""

    start: date
    end: date


class OrderBy(msgspec.Struct):
    """By one figure; equal ones by article."""

    field: Literal[
        "ordersCount",
        "ordersSum",
        "avgOrders",
        "buyoutCount",
        "buyoutSum",
        "buyoutPercent",
        "stockCount",
        "stockSum",
        "saleRate",
        "avgStockTurnover",
        "toClientCount",
        "fromClientCount",
        "minPrice",
        "maxPrice",
        "officeMissingTime",
        "lostOrdersCount",
        "lostOrdersSum",
        "lostBuyoutsCount",
        "lostBuyoutsSum",
    ]
    mode: Literal["asc", "desc"]


Availability = Literal["deficient", "actual", "balanced", "nonActual", "nonLiquid", "invalidData"]


class Query(msgspec.Struct, rename="camel"):
    """The body."""

    current_period: Period
    stock_type: Literal["", "wb", "mp"]
    skip_deleted_nm: bool
    order_by: OrderBy
    availability_filters: list[Availability]
    offset: Annotated[int, msgspec.Meta(ge=0)]
    limit: Annotated[int, msgspec.Meta(ge=1, le=PAGE)] = USUAL_PAGE
    nm_ids: list[int] = msgspec.field(name="nmIDs", default_factory=list)
    subject_id: int | None = msgspec.field(name="subjectID", default=None)
    brand_name: str | None = None
    tag_id: int | None = msgspec.field(name="tagID", default=None)


def products(call: Call) -> Answer:
    """One page."""
    query = _query(call.body)
    _ensure_period(query.current_period, call.now)
    period, seller = query.current_period, call.seller
    at = int(call.now) if seller.book.lively else moscow_day(call.now)
    key = ("cabinet", period.start, period.end, query.stock_type, at)
    rows = call.market.prepared(seller, key, lambda: list(_rows(seller, query, call.now)))
    wanted = [row for row in rows if _wants(query, row)]
    wanted.sort(key=lambda row: row["nmID"])
    wanted.sort(
        key=lambda row: _sortable(row["metrics"].get(query.order_by.field, 0)),
        reverse=query.order_by.mode == "desc",
    )
    page = wanted[query.offset : query.offset + query.limit]
    return ok({"data": {"items": page, "currency": "RUB"}})


def _query(body: bytes) -> Query:
    try:
        return msgspec.json.decode(body, type=Query)
    except msgspec.MsgspecError as wrong:
        raise problems.analytics(f"code=400, message=invalid: {wrong}") from None


def _ensure_period(period: Period, now: float) -> None:
    oldest = EPOCH + timedelta(days=moscow_day(now) - REACH_DAYS)
    if not oldest <= period.start <= period.end:
        raise problems.analytics("currentPeriod: start not after end, nor 3 months ago")


def _wants(query: Query, row: dict[str, Any]) -> bool:
    named = not query.nm_ids or row["nmID"] in query.nm_ids
    branded = query.brand_name is None or row["brandName"] == query.brand_name
    available = row["metrics"]["availability"] in query.availability_filters
    kept = not (query.skip_deleted_nm and row["isDeleted"])
    untagged = query.tag_id is None
    return named and branded and available and kept and untagged


def _rows(seller: Seller, query: Query, now: float) -> Iterator[dict[str, Any]]:
    """Live cards, and deleted ones that were ordered in the period."""
    period = query.current_period
    ordered = _ordered(seller, period, now)
    gone = {o.card.nm: o.card for each in ordered.values() for o in each}
    shown = {nm: card for nm, card in gone.items() if nm in seller.book.closed}
    shown |= {nm: seller.drawn_card(nm) for nm in seller.cabinet.shows}
    for nm, card in sorted((shown | seller.cards).items()):
        told = seller.cabinet.shows.get(nm, {})
        if query.subject_id in (None, card.subject_id) and not told.get("missing"):
            yield _row(seller, card, query, len(ordered.get(nm, ())), told)


def _ordered(seller: Seller, period: Period, now: float) -> dict[int, list[Order]]:
    """By product; what is not paid yet stands in the cabinet already."""
    begin = midnight((period.start - EPOCH).days)
    end = midnight((period.end - EPOCH).days + 1)
    shift = MOSCOW_SHIFT_S if seller.cabinet.utc_days else 0
    known = seller.book.current(moscow_day(begin), moscow_day(end + shift), now).values()
    found: dict[int, list[Order]] = {}
    for order in known:
        within = begin + shift <= order.at < end + shift
        if within and (seller.cabinet.cancelled or not order.cancelled):
            found.setdefault(order.card.nm, []).append(order)
    return found


def _row(
    seller: Seller, card: Card, query: Query, ordered: int, told: dict[str, Any]
) -> dict[str, Any]:
    days = (query.current_period.end - query.current_period.start).days + 1
    stock = _told(told, "stock", _stock(seller, card, ""))
    if query.stock_type:
        at_wb = _told(told, "at_wb", _stock(seller, card, "wb"))
        stock = at_wb if query.stock_type == "wb" else stock - at_wb
    orders = _told(told, "orders", ordered)
    hours = _told(told, "hours", _hours(stock, orders, days))
    live = card.nm in seller.cards
    return {
        "nmID": card.nm,
        "isDeleted": not live,
        "subjectName": card.subject,
        "name": card.title,
        "vendorCode": card.vendor_code,
        "brandName": card.brand,
        "mainPhoto": "",
        "hasSizes": len(card.sizes) > 1,
        "metrics": {
            "ordersCount": orders,
            "ordersSum": orders * card.price,
            "avgOrders": orders / days,
            "avgOrdersByMonth": [],
            "buyoutCount": 0,
            "buyoutSum": 0,
            "buyoutPercent": 0,
            "stockCount": stock,
            "stockSum": stock * card.price,
            "saleRate": _duration(hours),
            "avgStockTurnover": _duration(hours),
            "toClientCount": _told(told, "to_client", _sum(card, "to_client") * live),
            "fromClientCount": _told(told, "from_client", _sum(card, "from_client") * live),
            "officeMissingTime": _duration(NOTHING),
            "lostOrdersCount": -2.0,
            "lostOrdersSum": -2.0,
            "lostBuyoutsCount": -2.0,
            "lostBuyoutsSum": -2.0,
            "currentPrice": {"minPrice": card.price, "maxPrice": card.price},
            "availability": _availability(hours) if told.get("computed", True) else "invalidData",
        },
    }


def _told(told: dict[str, Any], name: str, truth: int) -> int:
    found: int | None = told.get(name)
    return truth if found is None else found


def _stock(seller: Seller, card: Card, whose: str) -> int:
    if card.nm not in seller.cards:
        return 0
    own = seller.warehouses().keys()
    return sum(
        pieces
        for size in card.sizes
        for place, pieces in size.stock.items()
        if not whose or place not in own
    )


def _sum(card: Card, what: str) -> int:
    return sum(getattr(size, what) for size in card.sizes)


def _hours(stock: int, orders: int, days: int) -> int:
    if not stock:
        return NOTHING
    return stock * days * 24 // orders if orders else ENDLESS


def _duration(hours: int) -> dict[str, int]:
    return {"days": max(hours, 0) // 24, "hours": hours if hours < 0 else hours % 24}


def _availability(hours: int) -> Availability:
    if hours == NOTHING or 0 <= hours < SOLD_FAST:
        return "deficient"
    if hours == ENDLESS or hours > IDLE:
        return "nonLiquid"
    return "actual" if hours <= SOLD_SLOWLY else "nonActual"


def _sortable(figure: Any) -> float:  # noqa: ANN401 -- a metric of the contract
    if isinstance(figure, dict):
        return float(figure["days"] * 24 + figure["hours"])
    return float(figure)

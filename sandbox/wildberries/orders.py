"""statistics supplier/orders: order states by lastChangeDate, Moscow time without an offset.

Contract: 12-reports getV1SupplierOrders. ``flag=0`` gives states changed at or after dateFrom, a
page of about 80,000 and no mark of its end; several may share one lastChangeDate, also across a
page's edge. ``flag=1`` gives the orders of one Moscow day, each once.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import islice

import msgspec

from sandbox.sellers.orders import Order
from sandbox.sellers.places import HIDDEN_NAME, RUSSIA, Place
from sandbox.sellers.spec import moscow_day
from sandbox.sellers.vocabulary import DISTRICTS
from sandbox.wildberries import problems
from sandbox.wildberries.answer import Answer
from sandbox.wildberries.call import Call
from sandbox.wildberries.info import MOSCOW

NEVER = "0001-01-01T00:00:00"
SELLER_TYPE = "Склад продавца"
MOSCOW_SHIFT = timedelta(hours=3)
SPP = 26


class OrderRow(msgspec.Struct, rename="camel", gc=False, kw_only=True):
    """OrdersItem of the contract."""

    date: str
    last_change_date: str
    warehouse_name: str
    warehouse_type: str
    country_name: str
    oblast_okrug_name: str
    region_name: str
    supplier_article: str
    nm_id: int
    barcode: str
    category: str
    subject: str
    brand: str
    tech_size: str
    income_id: int = msgspec.field(name="incomeID", default=0)
    is_supply: bool = False
    is_realization: bool = True
    total_price: float
    discount_percent: int = 18
    spp: float = SPP
    finished_price: float
    price_with_disc: float
    is_cancel: bool
    cancel_date: str
    sticker: str = ""
    g_number: str
    srid: str


def supplier_orders(call: Call) -> Answer:
    """Changed states, or one day's orders."""
    since, by_day = _query(call)
    market, book = call.market, call.seller.book
    horizon = call.now if book.lively else call.seller.spec.start

    def page() -> bytes:
        known: Iterable[Order]
        if by_day:
            day = moscow_day(since)
            known = book.current(day, day, call.now).values()
        else:
            known = book.changed_since(since, call.now)
        paid = (order for order in known if not order.unpaid)
        chosen = list(paid if by_day else islice(paid, market.settings.orders_page))
        return msgspec.json.encode([_row(order, call.seller.places) for order in chosen])

    key = ("orders", since, by_day, int(max(horizon, 0)), moscow_day(call.now))
    return Answer(200, market.prepared(call.seller, key, page))


def _query(call: Call) -> tuple[float, bool]:
    text = call.query.get("dateFrom")
    if text is None:
        raise problems.statistics(["dateFrom: field required"])
    flag = call.query.get("flag", "0")
    if flag not in {"0", "1"}:
        raise problems.statistics("flag: Value not validated")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise problems.statistics("dateFrom: Value not validated") from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=MOSCOW)
    return moment.timestamp(), flag == "1"


def _row(order: Order, places: list[Place]) -> OrderRow:
    card, place = order.card, places[order.place]
    country, okrug, region = DISTRICTS[order.district]
    mine = place.kind == "seller"
    untold = order.unnamed or (place.gone and not mine)
    price = card.price
    with_disc = round(price * 0.82)
    return OrderRow(
        date=_moscow(order.at),
        last_change_date=_moscow(order.changed),
        warehouse_name=places[RUSSIA].name if untold else place.name,
        warehouse_type=SELLER_TYPE if mine else HIDDEN_NAME,
        country_name=country,
        oblast_okrug_name=okrug,
        region_name=region,
        supplier_article=card.vendor_code,
        nm_id=card.nm,
        barcode=order.size.barcodes[-1],
        category=card.category,
        subject=card.subject,
        brand=card.brand,
        tech_size=order.size.tech,
        total_price=price,
        finished_price=round(with_disc * (1 - SPP / 100)),
        price_with_disc=with_disc,
        is_cancel=bool(order.cancelled),
        cancel_date=_moscow(order.cancelled) if order.cancelled else NEVER,
        g_number=str(order.at),
        srid=order.srid,
    )


def _moscow(moment: int) -> str:
    return (datetime.fromtimestamp(moment, UTC) + MOSCOW_SHIFT).strftime("%Y-%m-%dT%H:%M:%S")

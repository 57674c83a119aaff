"""supplies-api /api/v1/supplies, …/{ID} and …/{ID}/goods: what is on its way to Wildberries.

Contract: 07-orders-fbw.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

import msgspec

from sandbox.sellers import supplies as of
from sandbox.sellers.supplies import Load, Supply
from sandbox.wildberries import problems
from sandbox.wildberries.answer import Answer, ok
from sandbox.wildberries.call import Call
from sandbox.wildberries.info import MOSCOW

MOST = 1_000
GOODS_DEFAULT = 100
PHONE = "+7 900 *** 00 00"
STATUSES = range(1, 7)
Kind = Literal["factDate", "createDate", "supplyDate", "updatedDate"]
_FIELDS: Mapping[Kind, str] = {
    "factDate": "shipped",
    "createDate": "created",
    "supplyDate": "planned",
    "updatedDate": "changed",
}


class Dates(msgspec.Struct, rename={"since": "from"}):
    """One filter by date; days are Moscow's, both included."""

    type: Kind
    since: str = ""
    till: str = ""


class Query(msgspec.Struct):
    """The body of the list; ``null`` is as good as nothing."""

    dates: list[Dates] | None = None
    status_ids: list[int] | None = msgspec.field(name="statusIDs", default=None)


def supplies(call: Call) -> Answer:
    """A page of supplies, the newest first."""
    query = _query(call.body)
    limit, offset = _page(call, MOST)
    found = [
        each
        for each in everything(call)
        if (not query.status_ids or each.status in query.status_ids)
        and all(_within(each, dates) for dates in query.dates or ())
    ]
    return ok([_row(each) for each in found[offset : offset + limit]])


def details(call: Call) -> Answer:
    """One supply whole."""
    number = _number(call)
    found = _found(call, number)
    if found is None:
        raise problems.supplies(404, "not found", f"поставка {number} не найдена")
    number, name = found.warehouse
    arrived = found.shipped > 0
    return ok(
        {
            **_row(found, listed=False),
            "warehouseID": number,
            "warehouseName": name,
            "actualWarehouseID": number if arrived else None,
            "actualWarehouseName": name if arrived else "",
            "transitWarehouseID": None,
            "transitWarehouseName": "",
            "acceptanceCost": None,
            "paidAcceptanceCoefficient": None,
            "rejectReason": None,
            "supplierAssignName": call.seller.name,
            "storageCoef": "100",
            "deliveryCoef": "100",
            "quantity": sum(load.quantity for load in found.loads),
            "readyForSaleQuantity": sum(load.on_sale for load in found.loads),
            "acceptedQuantity": sum(load.accepted for load in found.loads),
            "unloadingQuantity": sum(load.accepted - load.on_sale for load in found.loads),
            "depersonalizedQuantity": 0,
        }
    )


def goods(call: Call) -> Answer:
    """A page of what is in a supply, size by size."""
    limit, offset = _page(call, GOODS_DEFAULT)
    found = _found(call, _number(call))
    if found is None:
        detail = (
            "fail to get box barcodes info: fail to get barcodes info: internal error: get supply "
            "by id: Поставка не найдена"
        )
        raise problems.supplies(400, "bad request", detail)
    return ok([_good(load, found.status) for load in found.loads[offset : offset + limit]])


def everything(call: Call) -> list[Supply]:
    """All supplies of the seller at the moment of the call."""
    seller = call.seller
    known = [*seller.shipped, *of.drawn(seller.spec, seller.drawn, call.now)]
    return sorted(known, key=lambda each: (-each.created, -each.id))


def _found(call: Call, number: int) -> Supply | None:
    by_order = call.query.get("isPreorderID", "false").lower() == "true"
    for each in everything(call):
        if number == (each.preorder if by_order else each.id):
            return each
    return None


def _query(body: bytes) -> Query:
    try:
        query = msgspec.json.decode(body, type=Query)
    except msgspec.MsgspecError as wrong:
        raise problems.supplies(400, "bad request", str(wrong)) from None
    for n, status in enumerate(query.status_ids or ()):
        if status not in STATUSES:
            detail = f"Выберите значение параметра 'StatusIDs[{n}]' из списка: '1 2 3 4 5 6'"
            raise problems.supplies(400, "bad request", detail)
    return query


def _within(supply: Supply, dates: Dates) -> bool:
    moment: int = getattr(supply, _FIELDS[dates.type])
    if not moment:
        return False
    day = datetime.fromtimestamp(moment, MOSCOW).date()
    return (not dates.since or _day(dates.since) <= day) and (
        not dates.till or day <= _day(dates.till)
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        detail = (
            f'ошибка при считывании даты "{text}". Дата должна быть в формате ISO Date: 2006-01-02'
        )
        raise problems.supplies(400, "bad request", detail) from None


def _page(call: Call, default: int) -> tuple[int, int]:
    found = []
    for name, usual, least, most in (("limit", default, 1, MOST), ("offset", 0, 0, 10**9)):
        text = call.query.get(name, str(usual))
        if not text.isdecimal() or not least <= int(text) <= most:
            raise problems.supplies(400, "bad request", f"Неверный формат {name}")
        found.append(int(text))
    return found[0], found[1]


def _number(call: Call) -> int:
    text = call.path["supply_id"]
    if not text.isdecimal():
        raise problems.supplies(400, "bad request", "неверный формат id (должен быть int64)")
    return int(text)


def _row(supply: Supply, *, listed: bool = True) -> dict[str, Any]:
    row: dict[str, Any] = {
        "phone": PHONE,
        "createDate": _moment(supply.created),
        "supplyDate": _moment(supply.planned),
        "factDate": _moment(supply.shipped),
        "updatedDate": _moment(supply.changed),
        "statusID": supply.status,
        "boxTypeID": 2,
        "isBoxOnPallet": False,
    }
    return row | {"supplyID": supply.id, "preorderID": supply.preorder} if listed else row


def _good(load: Load, status: int) -> dict[str, Any]:
    counted = status in {of.ACCEPTING, of.ACCEPTED}
    return {
        "barcode": load.size.barcodes[0],
        "vendorCode": load.card.vendor_code,
        "nmID": load.card.nm,
        "needKiz": False,
        "tnved": None,
        "techSize": load.size.tech,
        "color": None,
        "supplierBoxAmount": load.quantity,
        "quantity": load.quantity,
        "readyForSaleQuantity": load.on_sale if counted else None,
        "acceptedQuantity": load.accepted if counted else None,
        "unloadingQuantity": load.accepted - load.on_sale if counted else None,
    }


def _moment(seconds: int) -> str | None:
    if not seconds:
        return None
    moment = datetime.fromtimestamp(seconds, UTC).astimezone(MOSCOW)
    return (moment - timedelta(microseconds=moment.microsecond)).isoformat()

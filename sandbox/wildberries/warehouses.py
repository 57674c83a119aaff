"""marketplace /api/v3/warehouses and /api/v3/stocks/{id}: her own warehouses, live (02-items)."""

import msgspec

from sandbox.wildberries import problems
from sandbox.wildberries.answer import Answer, ok
from sandbox.wildberries.call import Call


class Query(msgspec.Struct, rename="camel"):
    """Sizes asked for; barcodes are gone since 2026-02-09."""

    chrt_ids: list[int]


MOST = 1_000


def warehouses(call: Call) -> Answer:
    return ok(
        [
            {
                "id": place.id,
                "name": place.name,
                "officeId": 15 + index,
                "cargoType": 1,
                "deliveryType": 1,
                "isDeleting": False,
                "isProcessing": False,
            }
            for index, place in call.seller.warehouses().items()
        ]
    )


def stocks(call: Call) -> Answer:
    """Amounts of the sizes asked for that have a record in this warehouse; others are left out."""
    index = _warehouse(call)
    try:
        query = msgspec.json.decode(call.body, type=Query)
    except msgspec.MsgspecError:
        raise problems.marketplace(400, "IncorrectRequestBody", "Incorrect required body") from None
    if len(query.chrt_ids) > MOST:
        raise problems.marketplace(400, "IncorrectParameter", "IncorrectParameter")
    records = call.market.prepared(call.seller, ("stocks", index), lambda: _records(call, index))
    wanted = dict.fromkeys(query.chrt_ids)
    return ok(
        {
            "stocks": [
                {"chrtId": chrt, "amount": records[chrt]} for chrt in wanted if chrt in records
            ]
        }
    )


def _warehouse(call: Call) -> int:
    text = call.path["warehouse_id"]
    if not text.isdecimal():
        raise problems.marketplace(400, "IncorrectParameter", "IncorrectParameter")
    for index, place in call.seller.warehouses().items():
        if place.id == int(text):
            return index
    raise problems.marketplace(404, "NotFound")


def _records(call: Call, index: int) -> dict[int, int]:
    return {
        size.chrt: size.stock[index]
        for card in call.seller.cards.values()
        for size in card.sizes
        if index in size.stock
    }

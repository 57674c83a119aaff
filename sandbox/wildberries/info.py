"""/ping and seller-info: does the token work, and whose is it (01-general)."""

from datetime import datetime, timedelta, timezone

from sandbox.wildberries.answer import Answer, ok
from sandbox.wildberries.call import Call

MOSCOW = timezone(timedelta(hours=3))


def ping(call: Call) -> Answer:
    moment = datetime.fromtimestamp(int(call.now), MOSCOW)
    return ok({"TS": moment.isoformat(), "Status": "OK"})


def seller_info(call: Call) -> Answer:
    seller = call.seller
    return ok(
        {
            "name": seller.name,
            "sid": seller.id,
            "tin": seller.tin,
            "tradeMark": seller.trade_mark,
        }
    )

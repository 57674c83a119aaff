"""A check against the cabinet as the daily run leaves it, for what shows it."""

from datetime import timedelta
from uuid import uuid4

from domain.cabinet import Figure
from domain.reconciliation import Discrepancy, Reason, Reconciliation
from domain.stock import ShopKey
from infrastructure.postgres.checks import PostgresChecks

CANCELLED = Discrepancy(
    nm_id=11,
    sku="LN-1",
    figure=Figure.ORDERS,
    ours=11,
    cabinet=13,
    reasons=(Reason.CANCELLED,),
)
FOLLOWS = Discrepancy(
    nm_id=11,
    sku="LN-1",
    figure=Figure.TURNOVER,
    ours=61.1,
    cabinet=51.71,
    reasons=(Reason.FOLLOWS,),
)
GONE = Discrepancy(
    nm_id=99,
    sku="old",
    figure=Figure.STOCK,
    ours=None,
    cabinet=3,
    reasons=(Reason.DELETED_CARD,),
)
UNKNOWN = Discrepancy(nm_id=12, sku="=1+1", figure=Figure.STOCK, ours=20, cabinet=27)


async def keep_check(database, key, at, *lines):
    """Of a shop; the lines are all that differs of 60 figures."""
    found = Reconciliation(
        id=uuid4(),
        at=at,
        taken_at=at - timedelta(minutes=20),
        products=10,
        compared=60,
        equal=60 - len(lines),
        discrepancies=lines,
    )
    tenant, shop = key
    await PostgresChecks(database).keep(ShopKey(tenant=tenant, shop=shop), found)
    return found

"""The subscriptions table, and what a plan gives of the workers."""

from datetime import datetime

from sqlalchemy import DateTime, Integer, Text, column, select, table

from app.read_models import Database, Projected, Projection, Written
from domain import subscription
from domain.access import TenantScope
from domain.events import Recorded
from domain.fact import fact
from domain.plan import SHARES, Kept, Plan

SUBSCRIPTIONS = Projected(name="subscriptions", key=("tenant_id",))

START = SUBSCRIPTIONS.put("plan", "since")
KEEP = SUBSCRIPTIONS.change("kept_products", "kept_interval")

# The lane is looked at again: it may have been waiting at its former cap.
SHARE = """
INSERT INTO lanes AS l (tenant_id, weight, cap) VALUES ($1, $2, $3)
ON CONFLICT (tenant_id) DO UPDATE SET weight = $2, cap = $3, ready = true, vtime = CASE
  WHEN l.ready THEN l.vtime ELSE greatest(l.vtime, (SELECT last_value FROM lane_clock)) END
"""


def project(recorded: Recorded) -> Written:
    match recorded.event:
        case subscription.Started(plan=plan):
            yield START, (recorded.tenant, plan, recorded.at)
        case subscription.LimitsKept(products=products, interval=interval):
            yield KEEP, (recorded.tenant, products, interval)


def share(recorded: Recorded) -> Written:
    """What the company's lane gets of the workers: apart, for a lane is more than its facts."""
    match recorded.event:
        case subscription.Started(plan=plan):
            yield SHARE, (recorded.tenant, SHARES[plan].weight, SHARES[plan].cap)


PROJECTION = Projection(
    project=project,
    tables=(SUBSCRIPTIONS,),
    reads=frozenset({subscription.Started, subscription.LimitsKept}),
)


@fact
class SubscriptionRow:
    """What the company may use, since when."""

    plan: Plan
    since: datetime
    kept: Kept | None


_subscriptions = table(
    "subscriptions",
    column("plan", Text),
    column("since", DateTime(timezone=True)),
    column("kept_products", Integer),
    column("kept_interval", Integer),
)


async def subscription_of(database: Database, scope: TenantScope) -> SubscriptionRow | None:
    """The company's own."""
    async with database.reading(scope) as connection:
        row = (await connection.execute(select(_subscriptions))).mappings().first()
    return _row(**row) if row else None


def _row(
    plan: str, since: datetime, kept_products: int | None, kept_interval: int | None
) -> SubscriptionRow:
    kept = None
    if kept_products is not None and kept_interval is not None:
        kept = Kept(products=kept_products, interval=kept_interval)
    return SubscriptionRow(plan=Plan(plan), since=since, kept=kept)

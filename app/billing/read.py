"""The subscriptions table."""

from datetime import datetime

from sqlalchemy import DateTime, Text, column, select, table

from app.read_models import Database, Projected, Projection, Written
from domain import subscription
from domain.access import TenantScope
from domain.events import Recorded
from domain.fact import fact
from domain.plan import Plan

SUBSCRIPTIONS = Projected(name="subscriptions", key=("tenant_id",))

START = SUBSCRIPTIONS.put("plan", "since")


def project(recorded: Recorded) -> Written:
    match recorded.event:
        case subscription.Started(plan=plan):
            yield START, (recorded.tenant, plan, recorded.at)


PROJECTION = Projection(
    project=project, tables=(SUBSCRIPTIONS,), reads=frozenset({subscription.Started})
)


@fact
class SubscriptionRow:
    """What the company may use, since when."""

    plan: Plan
    since: datetime


_subscriptions = table(
    "subscriptions", column("plan", Text), column("since", DateTime(timezone=True))
)


async def subscription_of(database: Database, scope: TenantScope) -> SubscriptionRow | None:
    """The company's own."""
    async with database.reading(scope) as connection:
        row = (await connection.execute(select(_subscriptions))).mappings().first()
    return SubscriptionRow(plan=Plan(row["plan"]), since=row["since"]) if row else None

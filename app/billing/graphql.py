"""What the company may use, and since when."""

from datetime import datetime

import strawberry

from app.billing.past import subscription_then
from app.billing.read import subscription_of
from app.graphql.context import Info
from app.graphql.fields import query, said
from app.graphql.moment import AsOf, moment_of
from domain.access import Role
from domain.events import NOW
from domain.plan import Plan, limits

strawberry.enum(Plan, name="Plan", description="From the free one upwards.")


@strawberry.type(description="What a plan allows. A limit slows or pauses, it never cuts a sheet.")
class PlanLimits:
    products: int = said("Products.")
    interval_minutes: int = said("Shortest time between two syncs of a shop, in minutes.")
    shops: int = said("Shops.")
    seats: int = said("People.")
    history_days: int = said("Days that history is kept.")
    webhooks: int = said("Webhook endpoints.")


@strawberry.type(name="CompanySubscription", description="The company's plan.")
class Subscription:
    plan: Plan = said("Which plan.")
    since: datetime = said("Since when.")
    limits: PlanLimits = said("What it allows; never less than what the company came with.")


@strawberry.type
class Query:
    @query(
        Role.VIEWER,
        "The company's plan and what it allows; as of a moment before it had one: null. "
        "What a plan allows is as of today.",
    )
    async def subscription(self, info: Info, as_of: AsOf | None = None) -> Subscription | None:
        until = moment_of(as_of, info.context.ports.clock())
        if until == NOW:
            row = await subscription_of(info.context.ports.database, info.context.scope)
        else:
            row = await subscription_then(info.context, until)
        if row is None:
            return None
        may = limits(row.plan, row.kept)
        allowed = PlanLimits(
            products=may.products,
            interval_minutes=may.interval,
            shops=may.shops,
            seats=may.seats,
            history_days=may.history,
            webhooks=may.webhooks,
        )
        return Subscription(plan=row.plan, since=row.since, limits=allowed)

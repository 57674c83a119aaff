"""What the company may use, why and until when; what plans there are; what it paid."""

from datetime import datetime
from typing import Annotated

import strawberry

from app.billing.desk import BillingOff, Desk
from app.billing.offers import NO_PRICES
from app.billing.past import subscription_then
from app.billing.read import InvoiceRow, SubscriptionRow, invoices_of, subscription_of
from app.billing.reading import Reading
from app.graphql.connection import page_size
from app.graphql.context import Context, Info
from app.graphql.fields import query, resolved, said
from app.graphql.moment import AsOf, instant, moment_of
from domain.access import Role
from domain.billed import Billed, Status
from domain.entitlement import Because, access
from domain.errors import Outside, Unavailable
from domain.events import NOW
from domain.payments_port import Payments, Preview
from domain.plan import LIMITS, Limits, Plan, limits

DEAR = 1_000
"""What the provider computes for us: as a change that it makes."""

strawberry.enum(Plan, name="Plan", description="From the free one upwards.")
strawberry.enum(Because, name="PlanReason", description="Why a plan is in force.")
strawberry.enum(
    Status, name="SubscriptionStatus", description="As Stripe calls them; OTHER is a new word."
)


@strawberry.type(description="What a plan allows. A limit slows or pauses, it never cuts a sheet.")
class PlanLimits:
    products: int = said("Products.")
    interval_minutes: int = said("Shortest time between two syncs of a shop, in minutes.")
    shops: int = said("Shops.")
    seats: int = said("People.")
    history_days: int = said("Days that history is kept.")
    webhooks: int = said("Webhook endpoints.")


@strawberry.type(description="A sum of money.")
class Money:
    amount: int = said("In the currency's minor units: kopecks, cents.")
    currency: str = said("ISO 4217, in small letters.")


@strawberry.type(name="PlanOffer", description="A plan and what it costs.")
class Offer:
    plan: Plan = said("Which plan.")
    limits: PlanLimits = said("What it allows.")
    payments: strawberry.Private[Payments]

    @resolved(
        "Its price; null: free, or not sold here. While the payment provider does not tell it: "
        "null, and an error that says so."
    )
    async def monthly(self) -> Money | None:
        return None if self.plan is Plan.FREE else await _price(self.payments, self.plan)


@strawberry.type(description="A subscription at the payment provider, as it was read last.")
class PaidSubscription:
    id: str = said("The provider's.")
    status: Status = said("How it stands.")
    plan: Plan | None = said("Which plan it pays for; null: none of ours.")
    paid_until: datetime = said("The end of what is paid, or of its trial.")
    cancel_at: datetime | None = said("When it ends, if somebody cancelled it.")
    next_plan: Plan | None = said("What its plan becomes, if a change is agreed.")
    next_at: datetime | None = said("When; null: as soon as that is paid.")
    collecting: bool = said("Is it charged for.")


@strawberry.type(name="CompanySubscription", description="The company's plan.")
class Subscription:
    plan: Plan = said("The plan in force.")
    because: Because = said("Why it is.")
    until: datetime | None = said("When that ends unless something is paid; null: never.")
    since: datetime = said("Since when the company has a plan at all.")
    limits: PlanLimits | None = said(
        "What it allows, never less than what the company came with; null: no limits here."
    )
    trial_until: datetime | None = said("The end of its trial; null: it has not tried yet.")
    granted_until: datetime | None = said("Until when our staff grants a plan.")
    grace_until: datetime | None = said("A payment failed; until then nothing changes.")
    paid: PaidSubscription | None = said("What it pays for; null: nothing, ever.")


@strawberry.type(description="A paid invoice.")
class Invoice:
    id: str = said("The provider's.")
    paid_at: datetime = said("When we learnt that it is paid.")
    total: Money = said("What was paid.")
    tax: Money = said("The tax in it.")


@strawberry.type(description="What a change of plan costs; computed by the payment provider.")
class PlanChangePreview:
    now: Money = said("Charged at once; below 0 it is credited.")
    monthly: Money = said("Then, each month.")
    monthly_from: datetime = said("From when on.")


@strawberry.type
class Query:
    @query(
        Role.VIEWER,
        "The company's plan and what it allows; as of a moment before it had one: null. "
        "What a plan allows is as of today.",
    )
    async def subscription(self, info: Info, as_of: AsOf | None = None) -> Subscription | None:
        now = info.context.ports.clock()
        until = moment_of(as_of, now)
        if until == NOW:
            row = await subscription_of(info.context.ports.database, info.context.scope)
        else:
            row = await subscription_then(info.context, until)
        return shown(info.context, row, until.at or now) if row else None

    @query(
        Role.VIEWER,
        "All plans, from the free one upwards. Without billing there is none.",
        waits=True,
    )
    async def plans(self, info: Info) -> list[Offer]:
        payments = info.context.ports.payments
        if payments is None:
            return []
        return [Offer(plan=plan, limits=allowed(LIMITS[plan]), payments=payments) for plan in Plan]

    @query(Role.ADMIN, "Invoices that were paid, newest first.")
    async def invoices(
        self,
        info: Info,
        first: Annotated[int, strawberry.argument(description="How many, up to 100.")] = 20,
        before: Annotated[
            datetime | None, strawberry.argument(description="Only those paid before.")
        ] = None,
    ) -> list[Invoice]:
        size, context = page_size(first), info.context
        until = instant(before, "before") if before else None
        rows = await invoices_of(context.ports.database, context.scope, size, until)
        return [invoice(row) for row in rows]

    @query(Role.ADMIN, "What a change to this plan would cost.", DEAR, waits=True)
    async def plan_change_preview(
        self,
        info: Info,
        plan: Annotated[Plan, strawberry.argument(description="Which plan to have then.")],
    ) -> PlanChangePreview:
        return preview(await desk_of(info.context).preview(info.context.who, plan))


def desk_of(context: Context) -> Desk:
    """Raises BillingOff."""
    ports = context.ports
    if ports.payments is None:
        raise BillingOff
    reading = Reading(
        database=ports.database, payments=ports.payments, handle=ports.handle, clock=ports.clock
    )
    return Desk(reading=reading, base=ports.base)


def shown(context: Context, row: SubscriptionRow, at: datetime) -> Subscription:
    """As it was or is at a moment."""
    held, paid = row.held, row.held.standing.billed
    force = access(held, at)
    return Subscription(
        plan=force.plan,
        because=force.because,
        until=force.until,
        since=row.since,
        limits=allowed(limits(force.plan, row.kept)) if context.ports.payments else None,
        trial_until=held.trial.until if held.trial else None,
        granted_until=held.grant.until if held.grant else None,
        grace_until=held.standing.grace_until,
        paid=paid_of(paid) if paid else None,
    )


def paid_of(billed: Billed) -> PaidSubscription:
    """As callers know it."""
    return PaidSubscription(
        id=billed.subscription,
        status=billed.status,
        plan=billed.plan,
        paid_until=billed.paid_until,
        cancel_at=billed.cancel_at,
        next_plan=billed.ahead.plan if billed.ahead else None,
        next_at=billed.ahead.at if billed.ahead else None,
        collecting=billed.collecting,
    )


def allowed(may: Limits) -> PlanLimits:
    """As callers know them."""
    return PlanLimits(
        products=may.products,
        interval_minutes=may.interval,
        shops=may.shops,
        seats=may.seats,
        history_days=may.history,
        webhooks=may.webhooks,
    )


async def _price(payments: Payments, plan: Plan) -> Money | None:
    try:
        prices = await payments.prices()
    except Outside as no:
        raise Unavailable(NO_PRICES, cause=no.cause) from no
    found = (
        Money(amount=each.amount, currency=each.currency) for each in prices if each.plan is plan
    )
    return next(found, None)


def invoice(row: InvoiceRow) -> Invoice:
    """As callers know it."""
    return Invoice(
        id=row.invoice,
        paid_at=row.paid_at,
        total=Money(amount=row.amount, currency=row.currency),
        tax=Money(amount=row.tax, currency=row.currency),
    )


def preview(told: Preview) -> PlanChangePreview:
    """As callers know it."""
    return PlanChangePreview(
        now=Money(amount=told.now, currency=told.currency),
        monthly=Money(amount=told.then, currency=told.currency),
        monthly_from=told.at,
    )

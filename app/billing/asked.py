"""What a company, or our staff for it, changes of its plan."""

from datetime import datetime
from uuid import UUID

import strawberry

from app.asker import Asker
from app.billing.graphql import Subscription, desk_of, shown
from app.graphql.context import Info, acting, asker_of
from app.graphql.errors import UserError, refusals
from app.graphql.fields import mutation, said
from app.graphql.moment import instant
from app.staff import reason_of
from domain.access import Role
from domain.plan import Plan


@strawberry.input(description="Which plan to buy.")
class StartCheckoutInput:
    plan: Plan = said("Which plan.")


@strawberry.input(description="Which plan to have.")
class ChangePlanInput:
    plan: Plan = said("Which plan; the present one drops a change that is ahead.")


@strawberry.input(description="A plan without a payment through the provider, by our staff.")
class GrantAccessInput:
    tenant_id: UUID = said("Which company.")
    plan: Plan = said("Which plan.")
    until: datetime = said("When it ends.")
    reason: str = said("What it is paid by: an invoice's number, never a name. Stays on record.")


@strawberry.input(description="End what our staff granted.")
class WithdrawAccessInput:
    tenant_id: UUID = said("Which company.")
    reason: str = said("Why; stays on record.")


@strawberry.type(description="Where to go on.")
class BillingPagePayload:
    url: str | None = strawberry.field(default=None, description="A page of the provider's.")
    user_errors: list[UserError] = refusals()


@strawberry.type(description="What came of a change of plan.")
class SubscriptionPayload:
    subscription: Subscription | None = strawberry.field(
        default=None, description="How the company's plan is now."
    )
    user_errors: list[UserError] = refusals()


@strawberry.type
class Mutation:
    @mutation(Role.OWNER, "Try the larger plan, once, without a card.")
    async def start_trial(self, info: Info) -> SubscriptionPayload:
        await desk_of(info.context).try_out(info.context.who)
        return await _now(info)

    @mutation(Role.OWNER, "A page where a plan is bought. Asked again, it is the same page.")
    async def start_checkout(
        self,
        info: Info,
        input: StartCheckoutInput,  # noqa: A002 - its name in the API
    ) -> BillingPagePayload:
        desk = desk_of(info.context)
        who = asker_of(info, input)
        return BillingPagePayload(url=await desk.checkout(who, input.plan, info.context.language))

    @mutation(Role.OWNER, "A page where cards, invoices and addresses are looked after.")
    async def open_billing_portal(self, info: Info) -> BillingPagePayload:
        desk = desk_of(info.context)
        return BillingPagePayload(url=await desk.portal(info.context.who, info.context.language))

    @mutation(
        Role.OWNER,
        "To a higher plan at once, in force when it is paid; to a lower one at the end of what is "
        "paid. `planChangePreview` tells what it costs.",
    )
    async def change_plan(
        self,
        info: Info,
        input: ChangePlanInput,  # noqa: A002 - its name in the API
    ) -> SubscriptionPayload:
        await desk_of(info.context).change(asker_of(info, input), input.plan)
        return await _now(info)

    @mutation(Role.OWNER, "Cancel the subscription; the plan stays to the end of what is paid.")
    async def cancel_subscription(self, info: Info) -> SubscriptionPayload:
        await desk_of(info.context).cancel(info.context.who)
        return await _now(info)

    @mutation(Role.OWNER, "Take a cancellation back, or go on after a pause.")
    async def resume_subscription(self, info: Info) -> SubscriptionPayload:
        await desk_of(info.context).resume(info.context.who)
        return await _now(info)

    @mutation(Role.VIEWER, "For our staff: a plan that is paid by an invoice or a bank transfer.")
    async def grant_access(
        self,
        info: Info,
        input: GrantAccessInput,  # noqa: A002 - its name in the API
    ) -> SubscriptionPayload:
        desk, reason = desk_of(info.context), reason_of(input.reason, "reason")
        until = instant(input.until, "until")
        there = await acting(info, input, input.tenant_id, reason)
        await desk.grant(there, input.plan, until, reason)
        return await _now(info, there)

    @mutation(Role.VIEWER, "For our staff: end what was granted.")
    async def withdraw_access(
        self,
        info: Info,
        input: WithdrawAccessInput,  # noqa: A002 - its name in the API
    ) -> SubscriptionPayload:
        desk, reason = desk_of(info.context), reason_of(input.reason, "reason")
        there = await acting(info, input, input.tenant_id, reason)
        await desk.withdraw(there, reason)
        return await _now(info, there)


async def _now(info: Info, there: Asker | None = None) -> SubscriptionPayload:
    """How the caller's own company, or that of `there`, stands after the change."""
    desk = desk_of(info.context)
    row = await desk.row(there or info.context.who)
    return SubscriptionPayload(subscription=shown(info.context, row, desk.reading.clock()))

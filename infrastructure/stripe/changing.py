"""Changes of one subscription at Stripe. Each may be broken off anywhere, and asked for again with
the same key: what is done already is seen, or answered from what Stripe remembers of the key.

A schedule forbids other changes of its subscription (Subscription schedules, Managing), so one
that is there goes first. A change that waits for its payment goes with its invoice (Pending
updates, Cancel or change).
"""

from collections.abc import Sequence

from stripe.params import (
    SubscriptionScheduleUpdateParams,
    SubscriptionScheduleUpdateParamsPhase,
    SubscriptionScheduleUpdateParamsPhaseItem,
    SubscriptionUpdateParams,
)

from domain.billed import HELD, Billed, Status
from domain.errors import Rejected
from domain.payments_port import MISSING, AlreadyCancelled, OnHold
from domain.plan import Plan
from infrastructure.stripe.catalogue import Catalogue, is_higher
from infrastructure.stripe.client import Client
from infrastructure.stripe.faults import CARD
from infrastructure.stripe.reading import item_of, status_of, waiting_for
from infrastructure.stripe.shapes import Item, Schedule, Subscription


class Changing:
    """`key`: of the whole change; its calls have keys made of it."""

    def __init__(self, client: Client, catalogue: Catalogue) -> None:
        self._client, self._catalogue = client, catalogue
        self._v1 = client.v1

    async def present(self, billed: Billed) -> Subscription:
        """As it is now."""
        asked = self._v1.subscriptions.retrieve_async(
            billed.subscription, {"expand": ["latest_invoice", "schedule"]}
        )
        return await self._client.got(asked, Subscription)

    async def change(self, billed: Billed, plan: Plan, key: str) -> None:
        """See the port."""
        price, seen = self._catalogue.price_of(plan), await self.present(billed)
        if plan is billed.plan:
            await self._stay(seen, key)
            return
        must_go_on(seen)
        if is_higher(plan, billed):
            await self._raise(seen, price, key)
        else:
            await self._drop_pending(seen, key)
            await self._lower(seen, price, key)

    async def cancel(self, billed: Billed, key: str, *, at_once: bool) -> None:
        """See the port."""
        if at_once:
            await self._end(billed.subscription)
            return
        seen = await self.present(billed)
        await self._release(seen, key)
        await self._update(seen, {"cancel_at_period_end": True}, key)

    async def resume(self, billed: Billed, key: str) -> None:
        """See the port."""
        seen = await self.present(billed)
        if status_of(seen) is Status.PAUSED:
            asked = self._v1.subscriptions.resume_async(seen.id, {}, {"idempotency_key": key})
            await self._client.done(asked)
        elif wanted := _unstopped(seen):
            if _ends(seen):  # a schedule beside it, made at Stripe itself, would forbid that
                await self._release(seen, key)
            await self._update(seen, wanted, key)

    async def _raise(self, seen: Subscription, price: str, key: str) -> None:
        await self._release(seen, key)
        if price in waiting_for(seen):
            await self._pay(seen, key)
            return
        await self._drop_pending(seen, key)
        wanted: SubscriptionUpdateParams = {
            "items": [{"id": item_of(seen, self._catalogue.plans).id, "price": price}],
            "proration_behavior": "always_invoice",
            "payment_behavior": "pending_if_incomplete",
        }
        await self._update(seen, wanted, key)

    async def _lower(self, seen: Subscription, price: str, key: str) -> None:
        """A schedule that is there is written anew and not made anew: made again with the same key,
        Stripe would answer with the one that was released."""
        schedule = seen.schedule or await self._scheduled(seen, key)
        asked = self._v1.subscription_schedules.update_async(
            schedule.id,
            _phases(seen, schedule, item_of(seen, self._catalogue.plans), price),
            {"idempotency_key": f"{key}:phases"},
        )
        await self._client.done(asked)

    async def _scheduled(self, seen: Subscription, key: str) -> Schedule:
        asked = self._v1.subscription_schedules.create_async(
            {"from_subscription": seen.id}, {"idempotency_key": f"{key}:schedule"}
        )
        return await self._client.got(asked, Schedule)

    async def _stay(self, seen: Subscription, key: str) -> None:
        await self._release(seen, key)
        await self._drop_pending(seen, key)

    async def _release(self, seen: Subscription, key: str) -> None:
        if seen.schedule is None:
            return
        asked = self._v1.subscription_schedules.release_async(
            seen.schedule.id, {}, {"idempotency_key": f"{key}:release"}
        )
        await self._client.done(asked)

    async def _drop_pending(self, seen: Subscription, key: str) -> None:
        if seen.pending_update is None or seen.latest_invoice is None:
            return
        asked = self._v1.invoices.void_invoice_async(
            seen.latest_invoice.id, {}, {"idempotency_key": f"{key}:void"}
        )
        await self._client.done(asked)

    async def _pay(self, seen: Subscription, key: str) -> None:
        """What waits for its payment is tried once more; that it waits on is no error."""
        if seen.latest_invoice is None:
            return
        asked = self._v1.invoices.pay_async(
            seen.latest_invoice.id, {}, {"idempotency_key": f"{key}:pay"}
        )
        try:
            await self._client.done(asked)
        except Rejected as no:
            if no.cause != CARD:
                raise

    async def _update(self, seen: Subscription, wanted: SubscriptionUpdateParams, key: str) -> None:
        asked = self._v1.subscriptions.update_async(seen.id, wanted, {"idempotency_key": key})
        await self._client.done(asked)

    async def _end(self, subscription: str) -> None:
        """Once more is no error: Stripe does not know what has ended as one that could end."""
        try:
            await self._client.done(self._v1.subscriptions.cancel_async(subscription))
        except Rejected as no:
            if no.cause != MISSING:
                raise


def must_go_on(seen: Subscription) -> None:
    """Raises OnHold, AlreadyCancelled: a schedule would outlive the end that she asked for."""
    if status_of(seen) in HELD:
        raise OnHold(field="plan")
    if _ends(seen):
        raise AlreadyCancelled(field="plan")


def _ends(seen: Subscription) -> bool:
    return seen.cancel_at_period_end or seen.cancel_at is not None


def _unstopped(seen: Subscription) -> SubscriptionUpdateParams:
    """Nothing, if nothing stops it. Another day for its end, or a pause of collecting, is chosen at
    Stripe itself."""
    wanted: SubscriptionUpdateParams = {}
    if seen.cancel_at_period_end:
        wanted["cancel_at_period_end"] = False
    elif seen.cancel_at is not None:
        wanted["cancel_at"] = ""
    if seen.pause_collection is not None:
        wanted["pause_collection"] = ""
    return wanted


def _phases(
    seen: Subscription, schedule: Schedule, item: Item, price: str
) -> SubscriptionScheduleUpdateParams:
    """What she has until the end of the period, then a month of the other price, then a
    subscription to it like any other."""
    current = schedule.current_phase
    present: SubscriptionScheduleUpdateParamsPhase = {
        "start_date": current.start_date if current else item.current_period_start,
        "end_date": item.current_period_end,
        "items": _same(seen.items.data),
        "proration_behavior": "none",
    }
    if status_of(seen) is Status.TRIALING:
        present["trial_end"] = item.current_period_end
    following: SubscriptionScheduleUpdateParamsPhase = {
        "items": [{"price": price, "quantity": 1}],
        "duration": {"interval": "month", "interval_count": 1},
        "proration_behavior": "none",
    }
    return {
        "end_behavior": "release",
        "proration_behavior": "none",
        "phases": [present, following],
    }


def _same(items: Sequence[Item]) -> list[SubscriptionScheduleUpdateParamsPhaseItem]:
    return [{"price": each.price.id, "quantity": each.quantity or 1} for each in items]

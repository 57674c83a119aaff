"""A year in which everything that a subscription can live through happens to somebody."""

from sandbox.stripe import Settings, price_list
from tests.sandbox.stripe_visit import DAY

LISTENED = {
    "charge.dispute.closed",
    "charge.dispute.created",
    "charge.refunded",
    "checkout.session.async_payment_failed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.completed",
    "checkout.session.expired",
    "customer.deleted",
    "customer.subscription.created",
    "customer.subscription.deleted",
    "customer.subscription.paused",
    "customer.subscription.pending_update_applied",
    "customer.subscription.pending_update_expired",
    "customer.subscription.resumed",
    "customer.subscription.trial_will_end",
    "customer.subscription.updated",
    "customer.updated",
    "entitlements.active_entitlement_summary.updated",
    "invoice.finalization_failed",
    "invoice.marked_uncollectible",
    "invoice.overdue",
    "invoice.paid",
    "invoice.payment_action_required",
    "invoice.payment_failed",
    "invoice.upcoming",
    "invoice.voided",
    "refund.failed",
    "refund.updated",
    "subscription_schedule.aborted",
    "subscription_schedule.canceled",
    "subscription_schedule.completed",
    "subscription_schedule.released",
    "subscription_schedule.updated",
}
"""All that changes a subscription of ours, or somebody has to be told of."""


async def everything(visit):
    """All events of LISTENED, by the SDK where Stripe has a call for it."""
    for happens in (_checkouts, _trials, _plans, _schedules, _money, _failures):
        await happens(visit)


async def _checkouts(visit):
    price = price_list(visit.book)["pro"][0]
    wish = {"mode": "subscription", "line_items": [{"price": price}], "success_url": "http://x/"}
    for card in ("ok", "delayed", "delayed_decline", None):
        session = await visit.v1.checkout.sessions.create_async(wish)
        if card:
            visit.book.complete(session.id, card)
    visit.book.advance(4 * DAY)


async def _trials(visit):
    pauses = {"end_behavior": {"missing_payment_method": "pause"}}
    made = await visit.subscribed(card=None, trial_period_days=7, trial_settings=pauses)
    visit.book.advance(8 * DAY)
    visit.book.card(made.customer, "ok")
    await visit.v1.subscriptions.resume_async(made.id)
    await visit.v1.billing_portal.sessions.create_async({"customer": made.customer})
    await visit.control("entitle", customer=made.customer, features=["api"])
    await visit.v1.customers.delete_async(made.customer)


async def _plans(visit):
    dear = await visit.price(3_000)
    more = {"proration_behavior": "always_invoice", "payment_behavior": "pending_if_incomplete"}
    for pays in (True, False):
        made = await visit.subscribed()
        visit.book.card(made.customer, "needs_action")
        items = [{"id": made["items"].data[0].id, "price": dear.id}]
        waiting = await visit.v1.subscriptions.update_async(made.id, {"items": items, **more})
        if pays:
            visit.book.card(made.customer, "ok")
            await visit.v1.invoices.pay_async(waiting.latest_invoice)
        visit.book.advance(DAY)


async def _schedules(visit):
    schedules = visit.v1.subscription_schedules
    made = [await visit.subscribed() for _ in range(4)]
    held = [await schedules.create_async({"from_subscription": each.id}) for each in made]
    await schedules.release_async(held[0].id)
    await schedules.cancel_async(held[1].id)
    await schedules.update_async(held[2].id, {"end_behavior": "cancel"})
    now = held[3].phases[0]
    items = [{"price": now["items"][0].price}]
    phases = [{"items": items, "end_date": now.end_date}]
    phases += [{"items": items, "duration": {"interval": "year"}}]
    await schedules.update_async(held[3].id, {"phases": phases})
    visit.book.card(made[3].customer, "decline")
    visit.book.advance(60 * DAY)


async def _money(visit):
    await visit.subscribed()
    charge = (await visit.v1.charges.list_async()).data[0]
    refund = await visit.v1.refunds.create_async({"charge": charge.id, "amount": 100})
    visit.book.bounce(refund.id)
    visit.book.decide(visit.book.dispute(charge.id)["id"], won=True)


async def _failures(visit):
    for end in ("void_invoice_async", "mark_uncollectible_async"):
        made = await visit.subscribed(card="decline")
        await getattr(visit.v1.invoices, end)(made.latest_invoice)
    made = await visit.subscribed()
    visit.book.card(made.customer, "decline")
    for trouble in (Settings(overdue_days=1), Settings(finalization_fails=True)):
        visit.book.settings = trouble
        visit.book.advance(33 * DAY)

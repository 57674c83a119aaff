"""Which messages of Stripe's are worked on: those that say that a company's plan may have changed,
or its money moved. Register the endpoint for these; whatever else comes is kept and left alone."""

OBJECTS = {
    "checkout.session": "completed async_payment_succeeded async_payment_failed expired",
    "customer.subscription": "created updated deleted paused resumed trial_will_end "
    "pending_update_applied pending_update_expired",
    "subscription_schedule": "updated released canceled aborted completed",
    "invoice": "paid payment_failed payment_action_required finalization_failed voided "
    "marked_uncollectible overdue upcoming",
    "charge": "refunded dispute.created dispute.closed",
    "refund": "updated failed",
    "customer": "updated deleted",
    "entitlements.active_entitlement_summary": "updated",
}
SNAPSHOTS = frozenset(f"{name}.{what}" for name, words in OBJECTS.items() for what in words.split())
"""`invoice.paid` covers what is paid outside of Stripe; `invoice.payment_succeeded` does not."""
THIN = frozenset(f"v1.{each}" for each in SNAPSHOTS)
"""The same without the object, as an event destination may send them."""
TYPES = SNAPSHOTS | THIN

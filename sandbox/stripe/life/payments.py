"""One try to take the money of an invoice, and what its card says."""

from typing import Literal, TypeAlias

from sandbox.stripe.errors import Json
from sandbox.stripe.life.cards import paying
from sandbox.stripe.life.invoices import payment_of, settled
from sandbox.stripe.shapes.money import charge, payment_intent
from sandbox.stripe.shapes.person import card_of
from sandbox.stripe.store import DAY, Store, new_id

Outcome: TypeAlias = Literal["paid", "declined", "needs_action", "processing"]


def attempt(store: Store, of: Json, again_at: int | None, *, present: bool = False) -> Outcome:
    """`present`: its owner is here, and confirms what the card asks. `again_at` is told of a
    failure; None: it will not be tried again."""
    if of["amount_due"] == 0:
        settled(store, of)
        return "paid"
    method = paying(store, of)
    of["attempted"] = True
    if method is None:
        return _failed(store, of, again_at)
    intent = _intent(store, of, method)
    card = card_of(method)
    if card == "decline":
        return _declined(store, of, intent, method, again_at)
    if card == "needs_action" and not present:
        return _asked(store, of, intent, again_at)
    if card.startswith("delayed"):
        of["next_payment_attempt"] = None
        store.change(intent, "payment_intent.processing", status="processing")
        store.at(store.now + store.settings.debit_days * DAY, "debit", of["id"])
        return "processing"
    return succeeded(store, of)


def succeeded(store: Store, of: Json) -> Outcome:
    """The money is there."""
    paid = payment_of(store, of)
    intent = store.find("payment_intent", paid["payment"]["payment_intent"])
    method = store.find("payment_method", intent["payment_method"])
    made = store.put(charge(new_id("ch"), store.now, intent, method))
    store.emit("charge.succeeded", made)
    amount = of["amount_due"]
    got = {"status": "succeeded", "latest_charge": made["id"], "amount_received": amount}
    store.change(intent, "payment_intent.succeeded", **got, next_action=None)
    done = {"status": "paid", "amount_paid": amount}
    moments = {**paid["status_transitions"], "paid_at": store.now}
    store.change(paid, "invoice_payment.paid", **done, status_transitions=moments)
    settled(store, of)
    return "paid"


def bounced(store: Store, of: Json, again_at: int | None) -> Outcome:
    """A bank debit came back."""
    intent = store.find("payment_intent", payment_of(store, of)["payment"]["payment_intent"])
    method = store.find("payment_method", intent["payment_method"])
    return _declined(store, of, intent, method, again_at)


def _intent(store: Store, of: Json, method: Json) -> Json:
    """One for all tries of an invoice."""
    payment = payment_of(store, of)["payment"]
    if payment["payment_intent"] is None:
        made = store.put(payment_intent(new_id("pi"), store.now, of, method["id"]))
        payment["payment_intent"] = made["id"]
        store.emit("payment_intent.created", made)
    intent = store.find("payment_intent", payment["payment_intent"])
    intent.update(payment_method=method["id"], last_payment_error=None)
    return intent


def _declined(store: Store, of: Json, intent: Json, method: Json, again_at: int | None) -> Outcome:
    made = charge(new_id("ch"), store.now, intent, method)
    refusal = {"code": "card_declined", "message": "Your card was declined."}
    made.update(
        status="failed",
        paid=False,
        captured=False,
        amount_captured=0,
        failure_code=refusal["code"],
        failure_message=refusal["message"],
        outcome={**made["outcome"], "type": "issuer_declined", "reason": "generic_decline"},
    )
    store.emit("charge.failed", store.put(made))
    error = {**refusal, "type": "card_error", "decline_code": "generic_decline"}
    failed = {"status": "requires_payment_method", "latest_charge": made["id"]}
    store.change(intent, "payment_intent.payment_failed", **failed, last_payment_error=error)
    return _failed(store, of, again_at)


def _asked(store: Store, of: Json, intent: Json, again_at: int | None) -> Outcome:
    redirect = {"url": f"{store.url}/invoice/{of['id']}", "return_url": None}
    action = {"type": "redirect_to_url", "redirect_to_url": redirect}
    asked = {"status": "requires_action", "next_action": action}
    store.change(intent, "payment_intent.requires_action", **asked)
    _failed(store, of, again_at)
    store.emit("invoice.payment_action_required", of)
    return "needs_action"


def _failed(store: Store, of: Json, again_at: int | None) -> Outcome:
    of["next_payment_attempt"] = again_at
    store.emit("invoice.payment_failed", of)
    return "declined"

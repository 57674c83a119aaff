"""Money that goes back: refunds, and disputes that a bank opens and decides."""

from sandbox.stripe.errors import Json, Problem, needed, wrong
from sandbox.stripe.form import Form
from sandbox.stripe.shapes.money import dispute, refund
from sandbox.stripe.store import Store, new_id

REASONS = ("duplicate", "fraudulent", "requested_by_customer")


def refunded(store: Store, form: Form) -> Json:
    """All that is left of a charge, or a part of it."""
    charge = _charge(store, form)
    left = charge["amount"] - charge["amount_refunded"]
    given = form.whole("amount")
    amount = left if given is None else given
    if charge["status"] != "succeeded" or left == 0:
        raise Problem(
            f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded"
        )
    if not 0 < amount <= left:
        raise wrong("amount", f"Refund amount must be positive and at most {left}.")
    made = store.put(refund(new_id("re"), store.now, charge, amount))
    made.update(reason=form.choice("reason", REASONS), metadata=form.metadata({}))
    store.emit("refund.created", made)
    _moved(charge, made, amount)
    store.emit("charge.refunded", charge)
    made["destination_details"]["card"]["reference_status"] = "available"
    store.emit("refund.updated", made)
    return made


def bounced(store: Store, ident: str) -> Json:
    """The bank does not take the money: it is ours again."""
    found = store.find("refund", ident)
    if found["status"] != "succeeded":
        raise Problem(f"This refund is {found['status']}.")
    charge = store.find("charge", found["charge"])
    found.update(status="failed", failure_reason="lost_or_stolen_card")
    _moved(charge, found, -found["amount"])
    store.emit("refund.updated", found)
    store.emit("refund.failed", found)
    return found


def disputed(store: Store, charge: Json, amount: int | None, reason: str) -> Json:
    """Her bank takes the money back, and asks us why it should not."""
    if charge["disputed"] or charge["status"] != "succeeded":
        raise Problem("Only a charge that succeeded can be disputed, and once.")
    made = dispute(new_id("dp"), store.now, charge, amount or charge["amount"], reason)
    charge["disputed"] = True
    store.emit("charge.dispute.created", store.put(made))
    store.emit("charge.dispute.funds_withdrawn", made)
    return made


def decided(store: Store, ident: str, *, won: bool) -> Json:
    """The bank's last word."""
    found = store.find("dispute", ident)
    if found["status"] in ("won", "lost"):
        raise Problem(f"This dispute is {found['status']}.")
    found["status"] = "won" if won else "lost"
    if won:
        store.emit("charge.dispute.funds_reinstated", found)
    store.emit("charge.dispute.closed", found)
    return found


def _moved(charge: Json, held: Json, amount: int) -> None:
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    others = [each for each in charge["refunds"]["data"] if each["id"] != held["id"]]
    charge["refunds"]["data"] = [held, *others]


def _charge(store: Store, form: Form) -> Json:
    if ident := form.text("charge"):
        return store.find("charge", ident, "charge")
    if not (ident := form.text("payment_intent")):
        raise needed("charge")
    intent = store.find("payment_intent", ident, "payment_intent")
    return store.find("charge", intent["latest_charge"] or "", "payment_intent")

"""A subscription begins: with a trial, or with its first payment."""

from typing import Any

from sandbox.stripe.errors import Json, Problem, declined, unauthenticated, wrong
from sandbox.stripe.form import Form
from sandbox.stripe.life import cards, items
from sandbox.stripe.life.ending import FIRST_PAYMENT_SECONDS
from sandbox.stripe.life.invoices import drafted, free_line, whole_line
from sandbox.stripe.life.periods import end_after, period_of, watch, with_items, within
from sandbox.stripe.life.standing import charged, opened
from sandbox.stripe.shapes.person import card_of
from sandbox.stripe.shapes.subscription import subscription
from sandbox.stripe.store import DAY, Store, new_id

BEHAVIOURS = ("allow_incomplete", "default_incomplete", "error_if_incomplete")


def start(store: Store, form: Form, *, present: bool = False) -> Json:
    """As the form wants it; `present`: the customer sits before the page."""
    customer = store.find("customer", form.needs("customer"), "customer")
    ident = new_id("sub")
    wanted = items.wanted(store, form.parts("items"), ident)
    made = subscription(ident, store.now, customer["id"], wanted[0]["price"]["currency"])
    trial_end = trial_of(store, form)
    made.update(_chosen(store, form, made, customer), **_trial(store, trial_end))
    anchor = trial_end or store.now
    end = trial_end or end_after(wanted, anchor, store.now)
    made["items"] = with_items(made, within(wanted, store.now, end))
    made["billing_cycle_anchor"] = anchor
    behaviour = form.choice("payment_behavior", BEHAVIOURS) or "allow_incomplete"
    if not trial_end:
        _must_be_payable(store, made, customer, behaviour)
    if form.flag("cancel_at_period_end"):
        made.update(cancel_at_period_end=True, cancel_at=end, canceled_at=store.now)
    store.put(made)
    _begun(store, made, behaviour, present=present)
    return made


def trial_of(store: Store, form: Form) -> int | None:
    """When its trial ends; None without one."""
    if form.text("trial_end") == "now":
        return None
    days = form.whole("trial_period_days", 730)
    end = store.now + days * DAY if days else form.whole("trial_end")
    if end is not None and end <= store.now:
        raise wrong(form.named("trial_end"), "Invalid timestamp: must be in the future.")
    return end


def trial_settings(form: Form) -> Json:
    """What happens at its end without a card."""
    part = form.part("trial_settings").part("end_behavior")
    words = ("create_invoice", "pause", "cancel")
    word = part.choice("missing_payment_method", words) or words[0]
    return {"end_behavior": {"missing_payment_method": word}}


def _trial(store: Store, end: int | None) -> Json:
    if end is None:
        return {}
    return {"trial_start": store.now, "trial_end": end, "status": "trialing"}


def taxed(held: Json, form: Form) -> Json:
    """Whether Stripe reckons taxes; here they are always nothing."""
    enabled = form.part("automatic_tax").only(("enabled",)).flag("enabled")
    before: Json = held["automatic_tax"]
    return before if enabled is None else {**before, "enabled": enabled}


def _chosen(store: Store, form: Form, made: Json, customer: Json) -> Json:
    chosen: dict[str, Any] = {
        "metadata": form.metadata({}),
        "description": form.text("description"),
        "trial_settings": trial_settings(form),
        "automatic_tax": taxed(made, form),
    }
    if method := form.text("default_payment_method"):
        named = cards.named(store, customer, method, "default_payment_method")
        chosen["default_payment_method"] = named["id"]
    return chosen


def _must_be_payable(store: Store, made: Json, customer: Json, behaviour: str) -> None:
    usual = customer["invoice_settings"]["default_payment_method"]
    chosen = made["default_payment_method"] or usual
    if behaviour == "default_incomplete":
        return
    if chosen is None:
        raise Problem(
            "This customer has no attached payment source or default payment method.",
            code="resource_missing",
        )
    card = card_of(store.find("payment_method", chosen))
    if behaviour == "error_if_incomplete" and card in ("decline", "needs_action"):
        raise declined() if card == "decline" else unauthenticated()


def _begun(store: Store, made: Json, behaviour: str, *, present: bool) -> None:
    of_item = free_line if made["status"] == "trialing" else whole_line
    lines = [of_item(each, *period_of(made)) for each in made["items"]["data"]]
    draft = drafted(store, made, "subscription_create", lines)
    made["latest_invoice"] = draft["id"]
    store.emit("customer.subscription.created", made)
    if behaviour == "default_incomplete":
        opened(store, draft)
    else:
        charged(store, draft, present=present)
    if made["status"] == "incomplete":
        store.at(store.now + FIRST_PAYMENT_SECONDS, "expire", made["id"])
    watch(store, made)

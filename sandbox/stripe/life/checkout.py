"""Checkout: what is offered, and what becomes of it when she pays, or goes."""

from typing import Final

from sandbox.stripe.errors import Json, Problem, needed, wrong
from sandbox.stripe.form import MOST_PIECES, Form
from sandbox.stripe.life import cards, starting
from sandbox.stripe.life.people import customer_named
from sandbox.stripe.shapes.person import Card
from sandbox.stripe.shapes.session import checkout, customer_details
from sandbox.stripe.store import Store, new_id

_DATA: Final = ("metadata", "trial_period_days", "trial_end", "trial_settings", "description")
_LINE: Final = ("price", "quantity")


def opened(store: Store, form: Form) -> Json:
    """A visit that has not begun."""
    if form.needs("mode") != "subscription":
        raise wrong("mode", "The sandbox sells subscriptions only.")
    lines = [_line(store, each.only(_LINE)) for each in form.parts("line_items")]
    if not lines:
        raise needed("line_items")
    if customer := form.text("customer"):
        store.find("customer", customer, "customer")
    data = form.part("subscription_data").only(_DATA)
    trial = starting.trial_of(store, data)
    ident = new_id("cs_test")
    made = checkout(ident, store.now, f"{store.url}/checkout/{ident}")
    total = 0 if trial else sum(store.find("price", p)["unit_amount"] * n for p, n in lines)
    made.update(
        amount_subtotal=total,
        amount_total=total,
        automatic_tax=starting.taxed(made, form),
        cancel_url=form.text("cancel_url"),
        client_reference_id=form.text("client_reference_id"),
        currency=store.find("price", lines[0][0])["currency"],
        customer=customer,
        customer_email=form.text("customer_email"),
        expires_at=form.whole("expires_at") or made["expires_at"],
        locale=form.text("locale"),
        metadata=form.metadata({}),
        payment_method_collection=form.text("payment_method_collection") or "always",
        success_url=form.needs("success_url"),
    )
    store.put(made)
    tax = {"automatic_tax": {"enabled": "true"}} if made["automatic_tax"]["enabled"] else {}
    store.offers[ident] = {"items": lines, "data": {**data.values, **tax}}
    store.at(made["expires_at"], "checkout", ident)
    return made


def completed(store: Store, session: Json, card: Card | None, email: str | None = None) -> Json:
    """She paid: there is a subscription now. A declined card leaves the session open."""
    must_be_open(session)
    if card == "decline":
        raise Problem("Your card was declined.", status=402, code="card_declined")
    offer = store.offers[session["id"]]
    trial = starting.trial_of(store, Form(offer["data"]))
    if card is None and not (trial and session["payment_method_collection"] == "if_required"):
        raise Problem("A card is needed.", status=402, code="payment_method_required")
    customer = _customer(store, session, email)
    items = [{"price": p, "quantity": str(n)} for p, n in offer["items"]]
    wish = {**offer["data"], "customer": customer["id"], "items": items}
    if card:
        # Stripe keeps a card from Checkout at the subscription, not at the customer.
        wish["default_payment_method"] = cards.attach(store, customer, card)["id"]
    made = starting.start(store, Form(wish), present=True)
    _closed(store, session, customer, made)
    return made


def expired(store: Store, ident: str, _when: int) -> None:
    """Nobody paid for a day."""
    session = store.find("checkout.session", ident)
    if session["status"] == "open":
        expire(store, session)


def expire(store: Store, session: Json) -> None:
    """It cannot be paid any more."""
    must_be_open(session)
    session.update(status="expired", url=None)
    store.emit("checkout.session.expired", session)


def address_of(store: Store, session: Json) -> str | None:
    """What is known of her before she says it: her own cannot be changed here."""
    customer = session["customer"]
    email = store.find("customer", customer)["email"] if customer else session["customer_email"]
    return str(email) if email else None


def must_be_open(session: Json) -> None:
    if session["status"] != "open":
        raise Problem(f"This Checkout Session is {session['status']}; only an open one can change.")


def landing(session: Json) -> str:
    """Where she goes when she has paid."""
    address: str = session["success_url"]
    return address.replace("{CHECKOUT_SESSION_ID}", session["id"])


def _customer(store: Store, session: Json, email: str | None) -> Json:
    if session["customer"]:
        known = store.find("customer", session["customer"], "customer")
        if email and not known["email"]:
            store.change(known, "customer.updated", email=email)
        return known
    address = email or session["customer_email"] or "customer@example.com"
    return customer_named(store, address)


def _closed(store: Store, session: Json, customer: Json, made: Json) -> None:
    invoice = store.find("invoice", made["latest_invoice"])
    paid = "paid" if invoice["status"] == "paid" else "unpaid"
    session.update(
        customer=customer["id"],
        customer_details=customer_details(customer["email"]),
        invoice=invoice["id"],
        payment_status="no_payment_required" if made["trial_end"] else paid,
        status="complete",
        subscription=made["id"],
        url=None,
    )
    store.emit("checkout.session.completed", session)


def _line(store: Store, form: Form) -> tuple[str, int]:
    price = store.find("price", form.needs("price"), form.named("price"))
    return price["id"], form.whole("quantity", MOST_PIECES) or 1

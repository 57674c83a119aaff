"""The card that a customer pays with."""

from sandbox.stripe.errors import Json, missing
from sandbox.stripe.shapes.person import TOKENS, Card, card_of, payment_method
from sandbox.stripe.store import Store, new_id


def give(store: Store, customer: Json, card: Card) -> Json:
    """Another card, which pays from now on, also where a subscription had one of its own."""
    method = attach(store, customer, card)
    prefer(store, customer, method["id"])
    for each in store.all("subscription"):
        if each["customer"] == customer["id"] and each["default_payment_method"]:
            fields = {"default_payment_method": method["id"]}
            store.change(each, "customer.subscription.updated", **fields)
    return method


def attach(store: Store, customer: Json, card: Card) -> Json:
    method = store.put(payment_method(new_id("pm"), store.now, customer["id"], card))
    store.emit("payment_method.attached", method)
    return method


def prefer(store: Store, customer: Json, method_id: str | None) -> None:
    settings = {**customer["invoice_settings"], "default_payment_method": method_id}
    store.change(customer, "customer.updated", invoice_settings=settings)


def take_away(store: Store, customer: Json) -> None:
    """No card is left."""
    prefer(store, customer, None)
    for subscription in store.all("subscription"):
        if subscription["customer"] == customer["id"]:
            gone = {"default_payment_method": None}
            store.change(subscription, "customer.subscription.updated", **gone)
    for method in store.all("payment_method"):
        if method["customer"] == customer["id"]:
            store.change(method, "payment_method.detached", customer=None)


def named(store: Store, customer: Json, wanted: str, param: str) -> Json:
    """By id, or by one of Stripe's test tokens, of which a card is made."""
    if wanted in TOKENS:
        return attach(store, customer, TOKENS[wanted])
    method = store.find("payment_method", wanted, param)
    if method["customer"] != customer["id"]:
        raise missing("payment_method", wanted, param)
    return method


def paying(store: Store, invoice: Json) -> Json | None:
    """The subscription's own card, else the customer's; None: nothing to pay with."""
    own = subscription_of(store, invoice)
    customer = store.kinds["customer"].get(invoice["customer"])
    usual = customer and customer["invoice_settings"]["default_payment_method"]
    chosen = (own and own["default_payment_method"]) or usual
    return store.find("payment_method", chosen) if chosen else None


def card_behind(store: Store, invoice: Json) -> Card | None:
    """How the card behaves that would pay this."""
    method = paying(store, invoice)
    return card_of(method) if method else None


def subscription_of(store: Store, invoice: Json) -> Json | None:
    """The subscription that an invoice belongs to."""
    parent = invoice["parent"]
    ident = parent and parent["subscription_details"]["subscription"]
    return store.kinds.get("subscription", {}).get(ident) if ident else None

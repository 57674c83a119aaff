"""Calls about who buys what: customers, prices, Checkout, the Portal."""

from collections.abc import Callable, Iterable

from sandbox.stripe.errors import Json, needed
from sandbox.stripe.form import Form
from sandbox.stripe.http.listing import page
from sandbox.stripe.life import checkout, people
from sandbox.stripe.life.months import INTERVALS
from sandbox.stripe.shapes import catalogue
from sandbox.stripe.store import Store, new_id

_MOST = 99_999_999
_RECURRING = ("interval", "interval_count", "usage_type")


def get(kind: str) -> Callable[[Store, Form, str], Json]:
    """The call that answers one object of this kind."""

    def work(store: Store, _form: Form, ident: str) -> Json:
        return store.find(kind, ident)

    return work


def make_customer(store: Store, form: Form, _ident: str) -> Json:
    return people.created(store, form)


def customer(store: Store, _form: Form, ident: str) -> Json:
    return store.gone.get(ident) or store.find("customer", ident)


def customers(store: Store, form: Form, _ident: str) -> Json:
    return page(_like(store.all("customer"), form, "email"), form, "/v1/customers")


def change_customer(store: Store, form: Form, ident: str) -> Json:
    found = store.find("customer", ident)
    people.updated(store, found, form)
    return found


def delete_customer(store: Store, _form: Form, ident: str) -> Json:
    return people.deleted(store, store.find("customer", ident))


def make_product(store: Store, form: Form, _ident: str) -> Json:
    made = catalogue.product(new_id("prod"), store.now, form.needs("name"))
    made.update(description=form.text("description"), metadata=form.metadata({}))
    made["active"] = form.flag("active") is not False
    store.emit("product.created", store.put(made))
    return made


def products(store: Store, form: Form, _ident: str) -> Json:
    return page(_active(store.all("product"), form), form, "/v1/products")


def make_price(store: Store, form: Form, _ident: str) -> Json:
    product = store.find("product", form.needs("product"), "product")
    amount = form.whole("unit_amount", _MOST)
    if amount is None:
        raise needed("unit_amount")
    recurring = form.part("recurring").only(_RECURRING)
    currency = form.needs("currency").lower()
    made = catalogue.price(new_id("price"), store.now, product["id"], currency, amount)
    interval = recurring.choice("interval", INTERVALS)
    made["recurring"]["interval"] = interval or recurring.needs("interval")
    made["recurring"]["interval_count"] = recurring.whole("interval_count", 60, 1) or 1
    made.update(lookup_key=form.text("lookup_key"), metadata=form.metadata({}))
    made.update(nickname=form.text("nickname"), active=form.flag("active") is not False)
    store.emit("price.created", store.put(made))
    return made


def prices(store: Store, form: Form, _ident: str) -> Json:
    keys = form.texts("lookup_keys")
    rows = _like(_active(store.all("price"), form), form, "product", "currency", "type")
    chosen = (each for each in rows if not keys or each["lookup_key"] in keys)
    return page(chosen, form, "/v1/prices")


def open_checkout(store: Store, form: Form, _ident: str) -> Json:
    return checkout.opened(store, form)


def checkouts(store: Store, form: Form, _ident: str) -> Json:
    rows = _like(store.all("checkout.session"), form, "customer", "status", "subscription")
    return page(rows, form, "/v1/checkout/sessions")


def expire_checkout(store: Store, _form: Form, ident: str) -> Json:
    found = store.find("checkout.session", ident)
    checkout.expire(store, found)
    return found


def open_portal(store: Store, form: Form, _ident: str) -> Json:
    named = store.find("customer", form.needs("customer"), "customer")
    return people.portal_for(store, named, form.text("return_url"), form.text("locale"))


def _like(rows: Iterable[Json], form: Form, *names: str) -> Iterable[Json]:
    wanted = {name: form.text(name) for name in names if form.text(name)}
    return (each for each in rows if all(each[name] == wanted[name] for name in wanted))


def _active(rows: Iterable[Json], form: Form) -> Iterable[Json]:
    active = form.flag("active")
    return (each for each in rows if active is None or each["active"] == active)

"""Which items a form asks for, of a new subscription or of one that has some."""

from sandbox.stripe.errors import Json, Problem, needed
from sandbox.stripe.form import MOST_PIECES, Form
from sandbox.stripe.shapes.catalogue import plan
from sandbox.stripe.shapes.subscription import item
from sandbox.stripe.store import Store, new_id

_KNOWN = ("id", "price", "quantity", "deleted", "metadata")


def wanted(store: Store, forms: list[Form], subscription_id: str) -> list[Json]:
    """Items of a subscription that has none."""
    if not forms:
        raise needed("items")
    made = [_new(store, each.only(_KNOWN), subscription_id) for each in forms]
    _must_agree(made)
    return made


def changed(store: Store, forms: list[Form], found: Json) -> list[Json]:
    """All its items after a change; those that were not named stay."""
    items = {each["id"]: each for each in found["items"]["data"]}
    start_end = next(iter(items.values()))
    for form in forms:
        ident = form.only(_KNOWN).text("id")
        if ident is None:
            made = _new(store, form, found["id"])
            period = ("current_period_start", "current_period_end")
            items[made["id"]] = {**made, **{name: start_end[name] for name in period}}
        elif ident not in items:
            raise Problem(f"No such subscription_item: '{ident}'", code="resource_missing")
        elif form.flag("deleted"):
            del items[ident]
        else:
            items[ident] = _changed(store, form, items[ident])
    _must_agree([*items.values()])
    return [*items.values()]


def _new(store: Store, form: Form, subscription_id: str) -> Json:
    price = _price(store, form)
    quantity = form.whole("quantity", MOST_PIECES)
    count = 1 if quantity is None else quantity
    made = item(new_id("si"), store.now, subscription_id, price, count)
    return {**made, "metadata": form.metadata({})}


def _changed(store: Store, form: Form, held: Json) -> Json:
    price = _price(store, form) if "price" in form else held["price"]
    quantity = form.whole("quantity", MOST_PIECES)
    count = held["quantity"] if quantity is None else quantity
    metadata = form.metadata(held["metadata"])
    return {**held, "price": price, "plan": plan(price), "quantity": count, "metadata": metadata}


def _price(store: Store, form: Form) -> Json:
    found = store.find("price", form.needs("price"), form.named("price"))
    if not found["active"]:
        raise Problem("The price specified is inactive.", param=form.named("price"))
    return found


def _must_agree(items: list[Json]) -> None:
    if not items:
        raise Problem("A subscription must have at least one active item.")
    recurring = ({"i": e["price"]["recurring"], "c": e["price"]["currency"]} for e in items)
    kinds = {(e["c"], e["i"]["interval"], e["i"]["interval_count"]) for e in recurring}
    if len(kinds) > 1:
        raise Problem("All prices of a subscription must have the same currency and interval.")

"""Schedules: what a subscription will have, phase after phase."""

from sandbox.stripe.errors import Json, Problem, needed, wrong
from sandbox.stripe.form import MOST_PIECES, Form
from sandbox.stripe.life import prorations
from sandbox.stripe.life.ending import cancelled
from sandbox.stripe.life.months import INTERVALS, later
from sandbox.stripe.life.periods import ENDED, RUNNING, UPDATED, period_of, with_items
from sandbox.stripe.shapes.catalogue import plan
from sandbox.stripe.shapes.schedule import phase, phase_item, schedule
from sandbox.stripe.shapes.subscription import item
from sandbox.stripe.store import Store, new_id

_PHASE = ("items", "start_date", "end_date", "duration", "proration_behavior", "metadata")
_ITEM = ("price", "quantity", "metadata")
CHANGED = "subscription_schedule.updated"


def made_from(store: Store, found: Json) -> Json:
    """One of what the subscription has now, until its period ends."""
    if found["schedule"]:
        raise Problem(
            "You cannot migrate a subscription that is already attached to a schedule: "
            f"{found['schedule']}.",
            param="from_subscription",
        )
    if found["status"] in ENDED:
        raise Problem(f"The subscription is {found['status']}.", param="from_subscription")
    made = store.put(schedule(new_id("sub_sched"), store.now, found))
    start, end = period_of(found)
    made["phases"] = [phase(start, end, found["currency"], _as_phase(found["items"]["data"]))]
    made["current_phase"] = {"start_date": start, "end_date": end}
    store.emit("subscription_schedule.created", made)
    store.change(found, UPDATED, schedule=made["id"])
    store.at(end, "phase", made["id"])
    return made


def updated(store: Store, held: Json, form: Form) -> None:
    """Other phases, or another end; the phase that runs keeps its items."""
    must_run(held)
    fields: Json = {}
    if "phases" in form:
        fields["phases"] = _phases(store, held, form.parts("phases"))
        fields["current_phase"] = {
            name: fields["phases"][0][name] for name in ("start_date", "end_date")
        }
    if behaviour := form.choice("end_behavior", ("release", "cancel")):
        fields["end_behavior"] = behaviour
    if "metadata" in form:
        fields["metadata"] = form.metadata(held["metadata"])
    store.change(held, CHANGED, **fields)
    for each in fields.get("phases", []):
        store.at(each["end_date"], "phase", held["id"])


def released(store: Store, held: Json) -> None:
    """It lets its subscription go on as it is."""
    must_run(held)
    found = store.find("subscription", held["subscription"])
    held.update(
        status="released",
        released_at=store.now,
        released_subscription=found["id"],
        subscription=None,
        current_phase=None,
    )
    store.change(found, UPDATED, schedule=None)
    store.emit("subscription_schedule.released", held)


def crossed(store: Store, found: Json, when: int) -> list[Json] | None:
    """The items from this moment on; None if its schedule ended the subscription."""
    items: list[Json] = found["items"]["data"]
    held = store.find("subscription_schedule", found["schedule"]) if found["schedule"] else None
    if held is None or held["current_phase"]["end_date"] > when:
        return items
    following = next((each for each in held["phases"] if each["start_date"] >= when), None)
    if following:
        dates = {name: following[name] for name in ("start_date", "end_date")}
        store.change(held, CHANGED, current_phase=dates)
        return _as_items(store, following, found)
    if held["end_behavior"] == "release":
        released(store, held)
        return items
    held.update(status="completed", completed_at=when, current_phase=None)
    found["schedule"] = None
    store.emit("subscription_schedule.completed", held)
    cancelled(store, found, None)
    return None


def phase_due(store: Store, ident: str, when: int) -> None:
    """A phase that ends within a period. At a period's end its turn does it."""
    held = store.find("subscription_schedule", ident)
    if held["status"] != "active" or held["current_phase"]["end_date"] != when:
        return
    found = store.find("subscription", held["subscription"])
    if found["status"] in RUNNING and period_of(found)[1] == when:
        return
    old = found["items"]["data"]
    items = crossed(store, found, when)
    if items is None or items == old:
        return
    lines = prorations.between(old, items, when)
    store.waiting.setdefault(found["id"], []).extend(lines)
    store.change(found, UPDATED, items=with_items(found, items))


def followed(store: Store, found: Json) -> None:
    """The subscription itself was changed: so is the phase that runs."""
    if not found["schedule"]:
        return
    held = store.find("subscription_schedule", found["schedule"])
    start = held["current_phase"]["start_date"]
    items = _as_phase(found["items"]["data"])
    phases = [
        {**each, "items": items} if each["start_date"] == start else each for each in held["phases"]
    ]
    store.change(held, CHANGED, phases=phases)


def must_run(held: Json) -> None:
    if held["status"] != "active":
        raise Problem(f"You cannot change a schedule that is {held['status']}.")


def _phases(store: Store, held: Json, forms: list[Form]) -> list[Json]:
    if not forms:
        raise needed("phases")
    start, made = held["current_phase"]["start_date"], []
    for form in forms:
        made.append(_phase(store, form.only(_PHASE), start))
        start = made[-1]["end_date"]
    found = store.find("subscription", held["subscription"])
    now = [(each["price"], each["quantity"]) for each in _as_phase(found["items"]["data"])]
    if [(each["price"], each["quantity"]) for each in made[0]["items"]] != now:
        raise wrong(
            "phases[0][items]",
            "The sandbox changes the items of the current phase by the subscription itself.",
        )
    if made[0]["end_date"] <= store.now:
        raise wrong("phases[0][end_date]", "The current phase must end in the future.")
    return made


def _phase(store: Store, form: Form, start: int) -> Json:
    given = form.whole("start_date")
    if given is not None and given != start:
        raise wrong(form.named("start_date"), f"This phase must start at {start}.")
    items = [_phase_item(store, each.only(_ITEM)) for each in form.parts("items")]
    if not items:
        raise needed(form.named("items"))
    price = store.find("price", items[0]["price"])
    length = form.part("duration").only(("interval", "interval_count"))
    recurring = {
        "interval": length.choice("interval", INTERVALS) or price["recurring"]["interval"],
        "interval_count": length.whole("interval_count", 60, 1) or 1,
    }
    end = form.whole("end_date") or later(start, 1, recurring)
    made = phase(start, end, price["currency"], items)
    words = ("create_prorations", "always_invoice", "none")
    behaviour = form.choice("proration_behavior", words) or words[0]
    return {**made, "proration_behavior": behaviour, "metadata": form.metadata({})}


def _phase_item(store: Store, form: Form) -> Json:
    price = store.find("price", form.needs("price"), form.named("price"))
    return phase_item(price, form.whole("quantity", MOST_PIECES) or 1, plan(price))


def _as_phase(items: list[Json]) -> list[Json]:
    return [phase_item(each["price"], each["quantity"], each["plan"]) for each in items]


def _as_items(store: Store, of: Json, found: Json) -> list[Json]:
    held = [*found["items"]["data"]]
    made = []
    for each in of["items"]:
        price = store.find("price", each["price"])
        fresh = item(new_id("si"), store.now, found["id"], price, each["quantity"])
        same = held.pop(0) if held else {**fresh, **_period(found)}
        changes = {name: fresh[name] for name in ("price", "plan", "quantity")}
        made.append({**same, **changes})
    return made


def _period(found: Json) -> Json:
    start, end = period_of(found)
    return {"current_period_start": start, "current_period_end": end}

"""A subscription is changed: its plan or quantity now, its trial, its end, how it is paid."""

from sandbox.stripe.errors import Json, Problem, declined, unauthenticated, wrong
from sandbox.stripe.form import Form
from sandbox.stripe.life import cards, items, pending, prorations, renewal, schedules, starting
from sandbox.stripe.life.invoices import drafted, finalized, whole_line
from sandbox.stripe.life.periods import (
    ENDED,
    UPDATED,
    end_after,
    period_of,
    watch,
    with_items,
    within,
)
from sandbox.stripe.life.standing import charged, collect
from sandbox.stripe.shapes.person import card_of
from sandbox.stripe.store import Store

PRORATING = ("create_prorations", "always_invoice", "none")
PAYING = ("allow_incomplete", "pending_if_incomplete", "error_if_incomplete", "default_incomplete")
_PENDING_KNOWS = ("items", "proration_behavior", "payment_behavior", "trial_end", "expand")


def updated(store: Store, found: Json, form: Form) -> None:
    """All that the form wants, as one event; what must be paid for has its invoice."""
    _may_change(found, form)
    fields = {**_plain(store, found, form), **_ending(store, found, form)}
    wanted = items.changed(store, form.parts("items"), found) if "items" in form else None
    if form.text("trial_end"):
        _trial_moved(store, found, form, fields)
    elif wanted is not None and wanted != found["items"]["data"]:
        _items_changed(store, found, form, wanted, fields)
    else:
        store.change(found, UPDATED, **fields)


def quoted(store: Store, found: Json, form: Form) -> tuple[list[Json], list[Json]]:
    """The items after a change, and the lines that it would cost now."""
    wanted = items.changed(store, form.parts("items"), found) if "items" in form else None
    after = wanted or found["items"]["data"]
    if form.choice("proration_behavior", PRORATING) == "none" or found["status"] == "trialing":
        return after, []
    moment = form.whole("proration_date") or store.now
    return after, _cost(found, after, moment)[1]


def _may_change(found: Json, form: Form) -> None:
    if found["status"] in ENDED:
        raise Problem(
            "A canceled subscription can only update its cancellation_details and metadata."
        )
    ends = [name for name in ("cancel_at_period_end", "cancel_at") if name in form]
    if found["schedule"] and ends:
        raise Problem(
            f"The subscription is managed by the subscription schedule `{found['schedule']}`, and "
            "updating any cancelation behavior directly is not allowed. Please update the "
            "schedule instead.",
            param=ends[0],
        )
    if form.choice("payment_behavior", PAYING) == "pending_if_incomplete":
        strange = next((name for name in form.values if name not in _PENDING_KNOWS), None)
        if strange:
            raise wrong(
                strange,
                f"You cannot pass {strange} when payment_behavior=pending_if_incomplete.",
            )


def _plain(store: Store, found: Json, form: Form) -> Json:
    fields: Json = {}
    if "metadata" in form:
        fields["metadata"] = form.metadata(found["metadata"])
    if "description" in form:
        fields["description"] = form.text("description") or None
    if "automatic_tax" in form:
        fields["automatic_tax"] = starting.taxed(found, form)
    if "trial_settings" in form:
        fields["trial_settings"] = starting.trial_settings(form)
    if "default_payment_method" in form:
        customer = store.find("customer", found["customer"])
        named = form.text("default_payment_method")
        param = "default_payment_method"
        method = cards.named(store, customer, named, param)["id"] if named else None
        fields["default_payment_method"] = method
    if "pause_collection" in form:
        fields["pause_collection"] = _paused(store, found, form)
    return fields


def _paused(store: Store, found: Json, form: Form) -> Json | None:
    part = form.part("pause_collection").only(("behavior", "resumes_at"))
    if not part.values:
        return None
    words = ("keep_as_draft", "mark_uncollectible", "void")
    behaviour = part.choice("behavior", words) or part.needs("behavior")
    resumes_at = part.whole("resumes_at")
    if resumes_at:
        store.at(resumes_at, "collection", found["id"])
    return {"behavior": behaviour, "resumes_at": resumes_at}


def _ending(store: Store, found: Json, form: Form) -> Json:
    at_end, moment = form.flag("cancel_at_period_end"), form.text("cancel_at")
    if at_end is None and moment is None:
        return _said(found, form)
    if at_end or moment in ("min_period_end", "max_period_end"):
        end = period_of(found)[1]
    else:
        end = form.whole("cancel_at") or 0
        if end and end <= store.now:
            raise wrong("cancel_at", "Invalid timestamp: must be in the future.")
        if end:
            store.at(end, "cancel", found["id"])
    said = _said(found, form).get("cancellation_details") or found["cancellation_details"]
    reason = "cancellation_requested" if end else None
    return {
        "cancel_at": end or None,
        "cancel_at_period_end": bool(at_end),
        "canceled_at": (found["canceled_at"] or store.now) if end else None,
        "cancellation_details": {**said, "reason": reason},
    }


def _said(found: Json, form: Form) -> Json:
    """Why she goes, in her words."""
    part = form.part("cancellation_details").only(("comment", "feedback"))
    said = {name: part.text(name) or None for name in part.values}
    details = {**found["cancellation_details"], **said}
    return {"cancellation_details": details} if said else {}


def _trial_moved(store: Store, found: Json, form: Form, fields: Json) -> None:
    if form.text("trial_end") == "now":
        if found["status"] != "trialing":
            raise wrong("trial_end", "This subscription has no trial to end.")
        now = store.now
        begun = {"billing_cycle_anchor": now, "trial_end": now, "status": "active", **fields}
        draft = renewal.renewed(store, found, **begun)
        if draft and draft["status"] == "draft":
            charged(store, draft)
        return
    end = starting.trial_of(store, form)
    moved = with_items(found, within(found["items"]["data"], store.now, end or store.now))
    trial = {"trial_start": found["trial_start"] or store.now, "trial_end": end}
    told = {**fields, **trial, "status": "trialing", "items": moved}
    store.change(found, UPDATED, **told, billing_cycle_anchor=end)
    watch(store, found)


def _items_changed(store: Store, found: Json, form: Form, wanted: list[Json], fields: Json) -> None:
    behaviour = form.choice("proration_behavior", PRORATING) or PRORATING[0]
    anew = _anew(found, wanted)
    after, lines = _cost(found, wanted, store.now)
    if anew:
        fields["billing_cycle_anchor"] = store.now
    if behaviour == "none":
        lines = [each for each in lines if not _is_proration(each)]
    if found["status"] not in ("active", "past_due"):
        lines = []
    if not lines or (behaviour == "create_prorations" and not anew):
        store.waiting.setdefault(found["id"], []).extend(lines)
        _applied(store, found, after, fields)
    else:
        _paid_for(store, found, form, (after, lines), fields)
    if anew:
        watch(store, found)


def _paid_for(
    store: Store, found: Json, form: Form, change: tuple[list[Json], list[Json]], fields: Json
) -> None:
    after, lines = change
    paying = form.choice("payment_behavior", PAYING) or PAYING[0]
    if paying == "error_if_incomplete":
        _must_be_payable(store, found)
    draft = drafted(store, found, "subscription_update", lines)
    finalized(store, draft)
    certain = draft["amount_due"] == 0 or cards.card_behind(store, draft) == "ok"
    if paying == "pending_if_incomplete" and not certain:
        pending.put_off(store, found, after, draft["id"])
    else:
        _applied(store, found, after, {**fields, "latest_invoice": draft["id"]})
    if paying != "default_incomplete" or draft["amount_due"] == 0:
        collect(store, draft)


def _applied(store: Store, found: Json, after: list[Json], fields: Json) -> None:
    store.change(found, UPDATED, **fields, items=with_items(found, after))
    schedules.followed(store, found)


def _cost(found: Json, wanted: list[Json], at: int) -> tuple[list[Json], list[Json]]:
    """The items in their period, and what it costs; another interval begins a new period."""
    old = found["items"]["data"]
    if not _anew(found, wanted):
        return wanted, prorations.between(old, wanted, at)
    after = within(wanted, at, end_after(wanted, at, at))
    whole = [whole_line(e, e["current_period_start"], e["current_period_end"]) for e in after]
    return after, [*prorations.unused(old, at), *whole]


def _anew(found: Json, wanted: list[Json]) -> bool:
    before, after = (
        [each["price"]["recurring"][name] for name in ("interval", "interval_count")]
        for each in (found["items"]["data"][0], wanted[0])
    )
    return before != after


def _is_proration(line: Json) -> bool:
    return bool(line["parent"]["subscription_item_details"]["proration"])


def _must_be_payable(store: Store, found: Json) -> None:
    customer = store.find("customer", found["customer"])
    usual = customer["invoice_settings"]["default_payment_method"]
    chosen = found["default_payment_method"] or usual
    card = card_of(store.find("payment_method", chosen)) if chosen else "decline"
    if card in ("decline", "needs_action"):
        raise declined() if card == "decline" else unauthenticated()

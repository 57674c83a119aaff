"""How messages, plans and differences are said on the operator's pages."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from markupsafe import Markup, escape

from app.billing.reconcile import GRACE, Drift, Kind
from app.web.console import Visitor
from app.web.console.formats import moment
from domain.billed import Ahead, Billed
from domain.entitlement import Because
from domain.inbox_port import State


def _(message: str) -> str:
    """Marks a message of the catalogue."""
    return message


STATES: Mapping[State, tuple[str, str, str]] = {
    State.WAITING: ("wait", "waiting", _("Waits")),
    State.ORPHAN: ("wait", "waiting", _("Nobody's, so far")),
    State.UNCLAIMED: ("off", "event", _("Nobody's, left alone")),
    State.FAILED: ("fail", "failed", _("Given up")),
    State.DONE: ("ok", "succeeded", _("Worked on")),
    State.IGNORED: ("off", "event", _("Only kept")),
    State.OTHER_MODE: ("off", "event", _("Of the other mode")),
    State.OTHER_ACCOUNT: ("off", "event", _("Of another account")),
}
"""Kind of the mark, its icon, and words."""
REASONS: Mapping[Because, tuple[str, str, str]] = {
    Because.PAID: ("ok", "succeeded", _("Paid")),
    Because.GRANT: ("ok", "succeeded", _("Granted")),
    Because.GRACE: ("fail", "failed", _("A payment failed")),
    Because.TRIAL: ("run", "waiting", _("Trial")),
    Because.FREE: ("off", "event", _("Free")),
}
"""The same of why a plan is in force."""
KINDS: Mapping[Kind, str] = {
    Kind.DIFFERS: _("Stripe has something else"),
    Kind.MISSING: _("Stripe has no subscription of theirs"),
    Kind.UNKNOWN: _("Pays, and no company here is this customer"),
    Kind.TWICE: _("Pays for several subscriptions at once: end all but one at Stripe"),
}
FIELDS: Mapping[str, str] = {
    "subscription": _("subscription"),
    "status": _("status"),
    "plan": _("plan"),
    "paid_until": _("paid until"),
    "trial_until": _("trial until"),
    "cancel_at": _("cancelled for"),
    "collecting": _("payments are collected"),
    "ahead": _("agreed change"),
    "payment_method": _("way of paying"),
    "reason": _("why it ended"),
    GRACE: _("whether a payment is awaited"),
}

SAID: Mapping[bool | None, str] = {None: _("not said"), True: _("yes"), False: _("no")}


def differences(drift: Drift, visitor: Visitor) -> list[tuple[str, Markup, Markup]]:
    """What differs: its name, what we know, what Stripe has."""
    if drift.kind is Kind.TWICE:  # nothing that we know is wrong
        return [(visitor.say(FIELDS["subscription"]), Markup(), _codes(drift.subscriptions))]
    return [
        (
            visitor.say(FIELDS[each]),
            _value(drift.ours, each, visitor),
            _value(drift.theirs, each, visitor),
        )
        for each in drift.fields or ("status",)
    ]


def _value(billed: Billed | None, field: str, visitor: Visitor) -> Markup:
    if billed is None:
        return escape(visitor.say("nothing"))
    value = getattr(billed, field, None)
    if isinstance(value, datetime):
        return _moment(value, visitor)
    if isinstance(value, Ahead):
        return _ahead(value, visitor)
    if value is None or isinstance(value, bool):
        return escape(visitor.say(SAID[value]))
    return Markup("<code>{}</code>").format(value)


def _codes(names: Sequence[str]) -> Markup:
    return Markup(", ").join(Markup("<code>{}</code>").format(each) for each in names)


def _ahead(ahead: Ahead, visitor: Visitor) -> Markup:
    if ahead.at is None:
        return escape(visitor.say("%(plan)s as soon as it is paid", plan=ahead.plan.name))
    return Markup("{} · {}").format(ahead.plan.name, _moment(ahead.at, visitor))


def _moment(at: datetime, visitor: Visitor) -> Markup:
    return moment(at, visitor.language, visitor.zone, visitor.now)

"""What is chosen of the inbox in the address of its page, and what is wrong with it."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.graphql.connection import text
from domain.errors import Invalid
from domain.inbox_port import State, Wanted


def _(message: str) -> str:
    """Marks a message of the catalogue."""
    return message


FIELDS = ("state", "type", "customer", "since", "until")
NO_STATE = _("There is no such state. Choose one of the list.")
NO_DAY = _("This is no day. Choose one, or write it as 2026-11-23.")
NO_NAME = _("This is no name of Stripe's: it has at most 200 letters and digits.")


def wanted_of(typed: Mapping[str, str], zone: ZoneInfo) -> Wanted:
    """Days are those of the zone; the last one is included. Raises Invalid with a field's name."""
    since, until = _day("since", typed, zone), _day("until", typed, zone)
    return Wanted(
        state=_state(typed["state"]),
        type=_name("type", typed),
        customer=_name("customer", typed),
        since=since,
        until=until + timedelta(days=1) if until else None,
    )


def _state(said: str) -> State | None:
    try:
        return State(said) if said else None
    except ValueError:
        raise Invalid(NO_STATE, field="state") from None


def _name(field: str, typed: Mapping[str, str]) -> str | None:
    try:
        return text(typed[field], field)
    except Invalid:
        raise Invalid(NO_NAME, field=field) from None


def _day(field: str, typed: Mapping[str, str], zone: ZoneInfo) -> datetime | None:
    if not typed[field].strip():
        return None
    return day_of(typed[field], zone, field)


def day_of(said: str, zone: ZoneInfo, field: str) -> datetime:
    """The first moment of a day. Raises Invalid."""
    try:
        found = date.fromisoformat(said.strip())
        begins = datetime.combine(found, time.min, zone)
        begins - timedelta(days=2)  # one whose neighbours are days too
        begins + timedelta(days=2)
    except (ValueError, OverflowError):
        raise Invalid(NO_DAY, field=field) from None
    return begins

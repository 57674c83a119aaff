"""What the address of the audit page asks for; what is wrong in it is said beside its field."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from app.audit.entries import Wanted
from app.audit.filters import AuditFilter, AuditOrder, place, wanted_of
from app.audit.reader import Reader
from domain.access import TenantScope
from domain.errors import Invalid
from domain.fact import fact


def _(message: str) -> str:
    """Marks a message of the catalogue."""
    return message


FIELDS = ("actor", "action", "target", "source", "since", "until", "correlation", "order")
"""What may be chosen, as an address names it."""
WRONG: Mapping[str, str] = {
    "actor": _("There is no such person in the log. Choose one of the list."),
    "action": _("There is no such action. Choose one of the list."),
    "target": _("Search for at most 200 letters and figures."),
    "source": _("There is no such door. Choose one of the list."),
    "since": _("Write a day such as 2026-11-23."),
    "until": _("Write a day such as 2026-11-23."),
    "order": _("Choose the newest or the oldest first."),
    "correlation": _("This is not the id of a request: it has 36 characters with hyphens."),
}
TOO_EARLY = _("The last day must not be before the first one.")
NO_PAGE = _("There is no such page of this list. Begin at its first one.")


@fact
class Asked:
    """`chosen`: what the fields show, as it was typed; the first and the last day included."""

    chosen: Mapping[str, str]
    filter: AuditFilter
    order: AuditOrder

    def told(self) -> dict[str, str | None]:
        """The same as an export is asked for it: the oldest first, for so it can be verified."""
        days = {"since": self.filter.since, "until": self.filter.until}
        times = {name: at.isoformat() if at else None for name, at in days.items()}
        return {**self.chosen, **times, "order": None}


def asked(given: Mapping[str, str | None], zone: ZoneInfo) -> Asked:
    """Raises Invalid, naming the field."""
    chosen = typed(given)
    since = _day(chosen.get("since"), "since", zone)
    last = _day(chosen.get("until"), "until", zone)
    if since and last and last < since:
        raise Invalid(TOO_EARLY, field="until")
    action = chosen.get("action")
    wished = AuditFilter(
        actor=_id(chosen.get("actor"), "actor"),
        action=action.split(",") if action else None,
        target=chosen.get("target"),
        since=since,
        until=last and _following(last, zone),
        source=chosen.get("source"),
        correlation=_id(chosen.get("correlation"), "correlation"),
    )
    return Asked(
        chosen=chosen,
        filter=wished,
        order=_order(chosen.get("order")),
    )


def typed(given: Mapping[str, str | None]) -> dict[str, str]:
    """What was chosen at all."""
    texts = ((name, (given.get(name) or "").strip()) for name in FIELDS)
    return {name: text for name, text in texts if text}


async def wanted(reader: Reader, scope: TenantScope, question: Asked) -> Wanted:
    """What it means in this company: the first page. Raises Invalid, naming the field."""
    try:
        return await wanted_of(reader, scope, question.filter, question.order, of="")
    except Invalid as wrong:
        raise Invalid(WRONG.get(wrong.field or "", str(wrong)), field=wrong.field) from wrong


def following(first: Wanted, after: str) -> Wanted:
    """The page that begins there. Raises Invalid."""
    try:
        return replace(first, after=place(after)) if after else first
    except Invalid as wrong:
        raise Invalid(NO_PAGE, field="after") from wrong


def _id(text: str | None, field: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError as wrong:
        raise Invalid(WRONG[field], field=field) from wrong


def _order(text: str | None) -> AuditOrder:
    try:
        return AuditOrder(text) if text else AuditOrder.NEWEST
    except ValueError as wrong:
        raise Invalid(WRONG["order"], field="order") from wrong


def _day(text: str | None, field: str, zone: ZoneInfo) -> datetime | None:
    """Its first moment where she is."""
    if not text:
        return None
    try:
        return datetime.combine(date.fromisoformat(text), time.min, zone).astimezone(UTC)
    except (ValueError, OverflowError) as wrong:
        raise Invalid(WRONG[field], field=field) from wrong


def _following(midnight: datetime, zone: ZoneInfo) -> datetime:
    """The midnight after: a day may have 23 hours."""
    try:
        day = midnight.astimezone(zone).date() + timedelta(days=1)
        return datetime.combine(day, time.min, zone).astimezone(UTC)
    except OverflowError as wrong:
        raise Invalid(WRONG["until"], field="until") from wrong

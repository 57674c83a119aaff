"""What may be asked of an export, and what is said of a wrong wish."""

from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import TypeAlias
from uuid import UUID

from app.audit.filters import AuditFilter, AuditOrder
from app.web.query import EXAMPLE, LANGUAGES, WrongQuery, day_or_time, one_of
from domain.fact import fact
from domain.snapshot import MOSCOW

FORMATS = ("jsonl", "csv")
ORDERS = ("oldest", "newest")
FILTERS = ("actor", "action", "target", "source", "correlation")
"""Besides time."""
ASKED = ("format", "since", "until", "language", *FILTERS, "order")
"""All that may be asked."""

Field: TypeAlias = str


@fact
class Wish:
    """Which facts, in which order and form, and in which language they are told."""

    filter: AuditFilter
    order: AuditOrder
    format: str
    language: str


def wish(told: Mapping[str, str | None], language: str = "ru") -> Wish:
    """From ASKED; what a filter means in a company is found out there. Raises WrongQuery."""
    action = told.get("action")
    return Wish(
        filter=AuditFilter(
            actor=_id("actor", told.get("actor")),
            action=None if action is None else [each.strip() for each in action.split(",")],
            target=told.get("target"),
            since=moment_of("since", told.get("since")),
            until=moment_of("until", told.get("until")),
            source=told.get("source"),
            correlation=_id("correlation", told.get("correlation")),
        ),
        order=AuditOrder(one_of("order", told.get("order") or ORDERS[0], ORDERS)),
        format=one_of("format", told.get("format") or FORMATS[0], FORMATS),
        language=one_of("language", told.get("language") or language, LANGUAGES),
    )


def moment_of(field: Field, text: str | None) -> datetime | None:
    """A day, which begins at midnight in Moscow, or a time with its zone. Raises WrongQuery."""
    if text is None:
        return None
    at = day_or_time(field, text)
    if isinstance(at, datetime):
        return at
    try:
        return datetime.combine(at, time.min, MOSCOW).astimezone(UTC)
    except OverflowError as wrong:
        message = f"`{field}` is before the first day there is. {EXAMPLE}"
        raise WrongQuery(message, field=field) from wrong


def _id(field: Field, text: str | None) -> UUID | None:
    try:
        return None if text is None else UUID(text)
    except ValueError as wrong:
        message = f"`{field}` must be an id as the log tells it, 36 characters with hyphens."
        raise WrongQuery(message, field=field) from wrong

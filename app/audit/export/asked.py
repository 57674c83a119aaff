"""What may be asked of an export, and what is said of a wrong wish."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TypeAlias
from uuid import UUID

from app.audit.filters import AuditFilter, AuditOrder
from app.web.query import WrongQuery
from domain.fact import fact
from domain.snapshot import MOSCOW

FORMATS = ("jsonl", "csv")
LANGUAGES = ("ru", "en")
ORDERS = ("oldest", "newest")
FILTERS = ("actor", "action", "target", "source", "correlation")
"""Besides time."""
ASKED = ("format", "since", "until", "language", *FILTERS, "order")
"""All that may be asked."""
EXAMPLE = "Write 2026-11-23, or 2026-11-23T07:40:00+03:00 with + as %2B in an address."

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
        order=AuditOrder(_one_of("order", told.get("order") or ORDERS[0], ORDERS)),
        format=_one_of("format", told.get("format") or FORMATS[0], FORMATS),
        language=_one_of("language", told.get("language") or language, LANGUAGES),
    )


def moment_of(field: Field, text: str | None) -> datetime | None:
    """A day, which begins at midnight in Moscow, or a time with its zone. Raises WrongQuery."""
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            at = at.replace(tzinfo=MOSCOW)
        if at.tzinfo is None:
            raise WrongQuery(f"`{field}` must say its zone. {EXAMPLE}", field=field)
        return at.astimezone(UTC)
    except (ValueError, OverflowError) as wrong:
        message = f"`{field}` must be a day or a time (RFC 3339). {EXAMPLE}"
        raise WrongQuery(message, field=field) from wrong


def _id(field: Field, text: str | None) -> UUID | None:
    try:
        return None if text is None else UUID(text)
    except ValueError as wrong:
        message = f"`{field}` must be an id as the log tells it, 36 characters with hyphens."
        raise WrongQuery(message, field=field) from wrong


def _one_of(field: Field, value: str, known: tuple[str, ...]) -> str:
    if value not in known:
        raise WrongQuery(f"`{field}` must be {' or '.join(known)}.", field=field)
    return value

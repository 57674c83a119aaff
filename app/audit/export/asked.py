"""What may be asked of an export, and what is said of a wrong wish."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TypeAlias

from app.web.query import WrongQuery
from domain.fact import fact
from domain.snapshot import MOSCOW

FORMATS = ("jsonl", "csv")
LANGUAGES = ("ru", "en")
EXAMPLE = "Write 2026-11-23, or 2026-11-23T07:40:00+03:00 with + as %2B in an address."

Field: TypeAlias = str


@fact
class Wish:
    """Facts recorded in [since, until), whole streams' ends where one is None; in which form, and
    in which language their sentences are."""

    format: str
    since: datetime | None
    until: datetime | None
    language: str


def wish(told: Mapping[str, str | None], language: str = "ru") -> Wish:
    """From `format`, `since`, `until`, `language`. Raises WrongQuery."""
    since, until = moment_of("since", told.get("since")), moment_of("until", told.get("until"))
    if since and until and since >= until:
        raise WrongQuery("`until` must be later than `since`.", field="until")
    return Wish(
        format=_one_of("format", told.get("format") or FORMATS[0], FORMATS),
        since=since,
        until=until,
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


def _one_of(field: Field, value: str, known: tuple[str, ...]) -> str:
    if value not in known:
        raise WrongQuery(f"`{field}` must be {' or '.join(known)}.", field=field)
    return value

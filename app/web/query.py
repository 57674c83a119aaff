"""What stands behind the question mark of an address: only known names, each at most once; and
values of the kinds that several addresses share."""

import re
from collections.abc import Collection
from datetime import UTC, date, datetime
from typing import Any

from litestar.connection import ASGIConnection

from domain.errors import Invalid

EXAMPLE = "Write 2026-11-23, or 2026-11-23T07:40:00+03:00."
LOST = re.compile(r":\d\d \d\d:?\d\d$")
"""An address makes a space of a +."""


class WrongQuery(Invalid):
    """A parameter of the address cannot be used."""


def ensure_known(connection: ASGIConnection[Any, Any, Any, Any], known: Collection[str]) -> None:
    """Raise WrongQuery for a name that means nothing here: it may be a slip of the pen, and the
    answer would be another than was asked for."""
    names = [name for name, _ in connection.query_params.multi_items()]
    for name in names:
        shown = "".join(each for each in name if each.isprintable())[:40]
        if name not in known:
            message = f"`{shown}` is not known here. Known are: {', '.join(known)}."
            raise WrongQuery(message, field=shown)
        if names.count(name) > 1:
            raise WrongQuery(f"`{name}` comes more than once. Give it once.", field=name)


def one_of(field: str, value: str, known: Collection[str]) -> str:
    """The value. Raises WrongQuery."""
    if value not in known:
        raise WrongQuery(f"`{field}` must be {' or '.join(known)}.", field=field)
    return value


def day_or_time(field: str, text: str) -> date | datetime:
    """A day, or a time in UTC that had to say its zone. Raises WrongQuery."""
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return date.fromisoformat(text)
        at = datetime.fromisoformat(text)
        if at.tzinfo is None:
            raise WrongQuery(f"`{field}` must say its zone. {EXAMPLE}", field=field)
        return at.astimezone(UTC)
    except (ValueError, OverflowError) as wrong:
        message = f"`{field}` must be a day or a time (RFC 3339). {EXAMPLE}"
        if LOST.search(text):
            message = f"{message} In an address + is written as %2B."
        raise WrongQuery(message, field=field) from wrong

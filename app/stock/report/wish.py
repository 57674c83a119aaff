"""What may be asked of a report, and what is said of a wrong wish."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum

from app.web.query import LANGUAGES, day_or_time, one_of
from domain.fact import fact


class Format(Enum):
    """What a file is for."""

    XLSX = "xlsx"
    CSV = "csv"


FORMATS = tuple(each.value for each in Format)
ASKED = ("format", "at", "language")
"""All that may be asked."""


@fact
class Wish:
    """`at`: a day of Moscow or a time; None is the newest."""

    format: Format
    language: str
    at: date | datetime | None


def wish(told: Mapping[str, str | None], language: str = "ru") -> Wish:
    """From ASKED; empty is left out. Raises WrongQuery."""
    at = told.get("at")
    return Wish(
        format=Format(one_of("format", told.get("format") or FORMATS[0], FORMATS)),
        language=one_of("language", told.get("language") or language, LANGUAGES),
        at=day_or_time("at", at) if at else None,
    )

"""Reading a text as if a person had typed it, because pasted and USER_ENTERED values are."""

import re
from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple

from sandbox.google.model.locales import Locale
from sandbox.google.model.values import Entered, Formula, checked, number

# Day zero of spreadsheet serial numbers: "Date & number formats", Sheets API guide.
EPOCH: Final = date(1899, 12, 30)
_TRUE: Final = {"TRUE", "ИСТИНА"}
_FALSE: Final = {"FALSE", "ЛОЖЬ"}
_DATE: Final = re.compile(r"(\d{1,4})([./-])(\d{1,2})(?:\2(\d{1,4}))?")
_TIME: Final = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")
_LAST_HOUR, _SIXTY, _CENTURY, _PIVOT = 24, 60, 100, 50


class Typed(NamedTuple):
    """The value and the (type, pattern) of the number format that typing it brings along."""

    value: Entered
    format: tuple[str, str] | None = None


@lru_cache(maxsize=1 << 17)
def typed(text: str, locale: Locale, year: int) -> Typed:
    """What the cell holds after this text was typed into it; the year completes `1-2`."""
    if text.isascii() and text.isdigit():
        return Typed(int(text))
    plain = text.strip()
    if not plain:
        return Typed(text or None)
    if plain[0] in "=+" and len(plain) > 1 and not _is_number(plain, locale):
        return Typed(Formula(checked(plain if plain[0] == "=" else "=" + plain)))
    if plain[0] == "'":
        return Typed(checked(text[1:]))
    if plain.upper() in _TRUE | _FALSE:
        return Typed(plain.upper() in _TRUE)
    return _numeric(plain, locale, year) or Typed(checked(text))


def _is_number(plain: str, locale: Locale) -> bool:
    return _plain_number(plain, locale) is not None


def _numeric(plain: str, locale: Locale, year: int) -> Typed | None:
    if not any(letter.isdigit() for letter in plain):
        return None
    percent = plain.endswith("%")
    found = _plain_number(plain.removesuffix("%").rstrip(), locale)
    if found is None:
        return _moment(plain, locale, year)
    if percent:
        return Typed(number(found / 100), ("PERCENT", "0.00%" if "." in str(found) else "0%"))
    return Typed(found)


def _plain_number(plain: str, locale: Locale) -> int | float | None:
    group = r"[ \u00a0\u202f]" if locale.group == "\u00a0" else re.escape(locale.group)
    shape = (
        rf"[+-]?(\d+|\d{{1,3}}({group}\d{{3}})+)({re.escape(locale.decimal)}\d*)?([eE][+-]?\d+)?"
    )
    lead = rf"[+-]?{re.escape(locale.decimal)}\d+"
    if not re.fullmatch(f"{shape}|{lead}", plain):
        return None
    bare = re.sub(group, "", plain).replace(locale.decimal, ".")
    return int(bare) if re.fullmatch(r"[+-]?\d+", bare) else number(float(bare))


def _moment(plain: str, locale: Locale, year: int) -> Typed | None:
    day, _, clock = plain.partition(" ")
    time = _clock(clock or plain)
    found = None if time is not None and not clock else _day(day, locale, year)
    if found is None:
        return Typed(time, ("TIME", "hh:mm:ss")) if time is not None and not clock else None
    if not clock:
        return Typed(found, ("DATE", locale.date_pattern))
    if time is None:
        return None
    return Typed(number(found + time), ("DATE_TIME", f"{locale.date_pattern} hh:mm:ss"))


def _clock(text: str) -> float | None:
    found = _TIME.fullmatch(text)
    if not found:
        return None
    hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    if hour >= _LAST_HOUR or minute >= _SIXTY or second >= _SIXTY:
        return None
    return number((hour * 3600 + minute * 60 + second) / 86400)


def _day(text: str, locale: Locale, year: int) -> int | None:
    found = _DATE.fullmatch(text)
    if not found:
        return None
    parts = [int(found[1]), int(found[3])] + ([int(found[4])] if found[4] else [])
    order = "ymd" if parts[0] > _CENTURY else locale.order
    if len(parts) == 2:  # noqa: PLR2004 - a day and a month without a year
        order = order.replace("y", "") + "y"
        parts.append(year)
    return _serial(dict(zip(order, parts, strict=True)))


def _serial(named: dict[str, int]) -> int | None:
    year = named["y"]
    if year < _CENTURY:
        year += 2000 if year < _PIVOT else 1900
    try:
        return (date(year, named["m"], named["d"]) - EPOCH).days
    except ValueError:
        return None

"""The text a cell shows: its number format, in the spreadsheet's locale."""

import re
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from sandbox.google.errors import Json
from sandbox.google.model.locales import Locale
from sandbox.google.model.typed import EPOCH
from sandbox.google.model.values import Broken, Effective, shown_error

_PATTERNS: Final = {"NUMBER": "#,##0.00", "PERCENT": "0.00%", "CURRENCY": "#,##0.00"}
_MOMENTS: Final = {"DATE", "TIME", "DATE_TIME"}
_PIECE: Final = re.compile(
    r'"[^"]*"|\\.|yyyy|yy|mmmm|mmm|mm|m|dddd|ddd|dd|d|hh|h|ss|s|.', re.IGNORECASE
)
_DIGITS: Final = re.compile(r"[#0?,]*[#0?](?:\.([0#?]*))?")
_SIGNIFICANT: Final = 15


def shown_text(value: Effective, style: Json, locale: Locale) -> str:
    """formattedValue: `1 982`, `18,1`, `23.11.2026`, `TRUE`, `#REF!`."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, str):
        return value
    if isinstance(value, Broken):
        return shown_error(value)
    return _number(value, style.get("numberFormat", {}), locale)


def _number(value: float, shape: Json, locale: Locale) -> str:
    kind = shape.get("type", "")
    if kind in _MOMENTS:
        return _moment(value, shape.get("pattern") or _moment_pattern(kind, locale))
    pattern = shape.get("pattern") or _PATTERNS.get(kind)
    if not pattern or kind == "TEXT":
        return _general(value).replace(".", locale.decimal)
    return _patterned(value, pattern, locale)


def _general(value: float) -> str:
    text = f"{Decimal(repr(value)):f}"
    if "." not in text:
        return text
    whole, _, _ = text.partition(".")
    places = max(0, _SIGNIFICANT - len(whole.lstrip("-")))
    return f"{value:.{places}f}".rstrip("0").rstrip(".") if places else whole


def _patterned(value: float, pattern: str, locale: Locale) -> str:
    positive, _, negative = pattern.partition(";")
    shape = negative.partition(";")[0] if value < 0 and negative else positive
    found = _DIGITS.search(shape)
    if not found:
        return shape.replace('"', "")
    hundred = 100 if "%" in shape else 1
    digits = _digits(abs(Decimal(repr(value))) * hundred, found, locale)
    sign = "-" if value < 0 and not negative and any(d in "123456789" for d in digits) else ""
    head, tail = shape[: found.start()], shape[found.end() :]
    return sign + head.replace('"', "") + digits + tail.replace('"', "")


def _digits(value: Decimal, found: re.Match[str], locale: Locale) -> str:
    fraction = found[1] or ""
    rounded = value.quantize(Decimal(1).scaleb(-len(fraction)), ROUND_HALF_UP)
    whole, _, decimals = f"{rounded:f}".partition(".")
    if fraction.endswith("#"):
        least = len(fraction.rstrip("#"))
        decimals = decimals[:least] + decimals[least:].rstrip("0")
    whole_shape = found[0].partition(".")[0]
    whole = whole.rjust(whole_shape.count("0"), "0")
    if "," in whole_shape:
        whole = f"{int(whole):,}".replace(",", locale.group)
    return whole + (locale.decimal + decimals if decimals else "")


def _moment_pattern(kind: str, locale: Locale) -> str:
    patterns = {"DATE": locale.date_pattern, "TIME": "hh:mm:ss"}
    return patterns.get(kind, f"{locale.date_pattern} hh:mm:ss")


def _moment(value: float, pattern: str) -> str:
    start = datetime(EPOCH.year, EPOCH.month, EPOCH.day, tzinfo=UTC)
    moment = start + timedelta(seconds=round(value * 86400))
    pieces = _PIECE.findall(pattern)
    return "".join(_part(pieces, at, moment) for at in range(len(pieces)))


def _part(pieces: list[str], at: int, moment: datetime) -> str:
    piece = pieces[at]
    name = piece.lower()
    if name in ("m", "mm") and _is_minute(pieces, at):
        return f"{moment.minute:02d}" if name == "mm" else str(moment.minute)
    parts = {
        "yyyy": f"{moment.year:04d}",
        "yy": f"{moment.year % 100:02d}",
        "mm": f"{moment.month:02d}",
        "m": str(moment.month),
        "dd": f"{moment.day:02d}",
        "d": str(moment.day),
        "hh": f"{moment.hour:02d}",
        "h": str(moment.hour),
        "ss": f"{moment.second:02d}",
        "s": str(moment.second),
    }
    return parts.get(name, piece.strip('"').removeprefix("\\"))


def _is_minute(pieces: list[str], at: int) -> bool:
    # "Date & number formats", Sheets API guide: m means minutes beside hours or seconds.
    before = next((p.lower() for p in reversed(pieces[:at]) if p.isalpha()), "")
    after = next((p.lower() for p in pieces[at + 1 :] if p.isalpha()), "")
    return before in ("h", "hh") or after in ("s", "ss")

"""Numbers, times and durations as people of a language write them; figures never break a line."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel.dates import format_date
from markupsafe import Markup

from app.web.languages import counted, translated

NARROW = "\u202f"
"""NARROW NO-BREAK SPACE between groups of digits in Russian (CLDR)."""
JOINED = "\u00a0"
"""NO-BREAK SPACE between a number and its unit."""
MINUTE, HOUR, DAY = 60, 3_600, 86_400


def number(value: float | Decimal, language: str, digits: int | None = None) -> str:
    """1,982 and 18.1; 1 982 and 18,1. `digits` after the point: as many as it has, if left out."""
    if digits is None:
        digits = 0 if value == int(value) else 1
    written = f"{value:,.{digits}f}".replace("-", "\u2212")
    return written.translate({44: NARROW, 46: ","}) if language == "ru" else written


def moment(value: datetime, language: str, zone: ZoneInfo, now: datetime) -> Markup:
    """08:21 today, 22 Nov 08:00 on another day, with the year in another year."""
    local, today = value.astimezone(zone), now.astimezone(zone)
    written = f"{local:%H:%M}"
    if local.date() != today.date():
        written = f"{_day(local, language, today.year)} {written}"
    return _time(local.isoformat(timespec="minutes"), written)


def at(value: datetime, language: str, zone: ZoneInfo, now: datetime) -> Markup:
    """A moment after a verb: at 08:21, on 22 Nov at 08:00; в 08:21, 22 ноя в 08:00."""
    local, today = value.astimezone(zone), now.astimezone(zone)
    machine, hour = local.isoformat(timespec="minutes"), f"{local:%H:%M}"
    before_day, before_hour = ("", "в ") if language == "ru" else ("on ", "at ")
    if local.date() == today.date():
        return Markup("{}{}").format(before_hour, _time(machine, hour))
    written = f"{_day(local, language, today.year)} {before_hour}{hour}"
    return Markup("{}{}").format(before_day, _time(machine, written))


def clock(value: datetime, zone: ZoneInfo) -> Markup:
    """08:21:07, where the day is told beside it."""
    local = value.astimezone(zone)
    return _time(local.isoformat(timespec="seconds"), f"{local:%H:%M:%S}")


def day(value: datetime, language: str, zone: ZoneInfo) -> Markup:
    """22 May 2027, written out."""
    local = value.astimezone(zone).date()
    return _time(local.isoformat(), format_date(local, "d MMMM y", locale=language))


def shortly(value: date, language: str, today: date) -> str:
    """22 Nov, for where a picture is put in words; with the year in another year."""
    return _day(value, language, today.year)


def duration(value: float | timedelta, language: str) -> str:
    """0.3 s, 12 s, 50 min, 1 h 28 min, 2 days: the two largest units that say something."""
    seconds = value.total_seconds() if isinstance(value, timedelta) else float(value)
    seconds = max(seconds, 0.0)
    if seconds < 1:
        return _unit(number(seconds, language, 1), "s", language)
    if seconds < MINUTE:
        return _unit(str(int(seconds)), "s", language)
    if seconds < HOUR:
        return _unit(str(int(seconds // MINUTE)), "min", language)
    if seconds < DAY:
        hours, rest = divmod(int(seconds), HOUR)
        minutes = _unit(f"{rest // MINUTE:02}", "min", language)
        return f"{_unit(str(hours), 'h', language)}{JOINED}{minutes}"
    days = int(seconds // DAY)
    written = counted("%(num)s day", "%(num)s days", days, language)
    return (written % {"num": number(days, language)}).replace(" ", JOINED)


def ago(value: datetime, language: str, now: datetime) -> str:
    """5 min ago, in 5 min; just now for what is nearer than a minute."""
    seconds = (now - value).total_seconds()
    if abs(seconds) < MINUTE:
        return translated("just now", language)
    time = {"time": duration(abs(seconds), language)}
    if seconds > 0:
        return translated("%(time)s ago", language) % time
    return translated("in %(time)s", language) % time


def _unit(figure: str, unit: str, language: str) -> str:
    russian = {"s": "с", "min": "мин", "h": "ч"}
    return f"{figure}{JOINED}{russian[unit] if language == 'ru' else unit}"


def _day(local: date, language: str, year: int) -> str:
    month = format_date(local, "MMMM", locale=language)[:3]
    told = f"{local.day}{JOINED}{month}"
    return told if local.year == year else f"{told}{JOINED}{local.year}"


def _time(machine: str, written: str) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(machine, written)

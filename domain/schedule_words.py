"""A schedule as people say it, in Russian and in English."""

import re
from collections.abc import Mapping, Sequence
from datetime import time

from domain.schedule import EVERY_DAY, CatchUp, Cron, Form, Overlap, ReadyBy, Schedule
from domain.table.words import Words

READY = Words(ru="Готово к {at} {days}, {zone}", en="Ready by {at} {days}, {zone}")
STARTS = Words(ru="Начало в {at} {days}, {zone}", en="Starts at {at} {days}, {zone}")
EVERY_HOUR = Words(
    ru="Каждый час в {minute:02} мин, {zone}", en="Every hour at :{minute:02}, {zone}"
)
EVERY_FEW = Words(ru="Каждые {minutes} мин", en="Every {minutes} min")
EVERY_MINUTE = Words(ru="Каждую минуту", en="Every minute")
FIELDS = Words(ru="По cron «{fields}», {zone}", en="By cron “{fields}”, {zone}")

WORKDAYS, WEEKEND = (1, 2, 3, 4, 5), (6, 7)
SETS: Mapping[tuple[int, ...], Words] = {
    EVERY_DAY: Words(ru="каждый день", en="every day"),
    WORKDAYS: Words(ru="по будням", en="on weekdays"),
    WEEKEND: Words(ru="по выходным", en="at weekends"),
}
DAYS = (
    Words(ru="понедельникам", en="Mondays"),
    Words(ru="вторникам", en="Tuesdays"),
    Words(ru="средам", en="Wednesdays"),
    Words(ru="четвергам", en="Thursdays"),
    Words(ru="пятницам", en="Fridays"),
    Words(ru="субботам", en="Saturdays"),
    Words(ru="воскресеньям", en="Sundays"),
)
ON = Words(ru="по {days}", en="on {days}")
AND = Words(ru="{first} и {last}", en="{first} and {last}")

SKIPPED = Words(ru="опоздавшее пропускается", en="a late one is skipped")
RERUN = Words(ru="вслед за идущим обновлением ещё одно", en="once more after a run under way")

PLACES: Mapping[str, str] = {
    "Europe/Kaliningrad": "Калининград",
    "Europe/Moscow": "Москва",
    "Europe/Samara": "Самара",
    "Europe/Saratov": "Саратов",
    "Europe/Volgograd": "Волгоград",
    "Asia/Yekaterinburg": "Екатеринбург",
    "Asia/Omsk": "Омск",
    "Asia/Novosibirsk": "Новосибирск",
    "Asia/Krasnoyarsk": "Красноярск",
    "Asia/Irkutsk": "Иркутск",
    "Asia/Yakutsk": "Якутск",
    "Asia/Vladivostok": "Владивосток",
    "Asia/Magadan": "Магадан",
    "Asia/Sakhalin": "Сахалин",
    "Asia/Kamchatka": "Камчатка",
    "Europe/Minsk": "Минск",
    "Asia/Almaty": "Алматы",
    "Asia/Bishkek": "Бишкек",
    "Asia/Tashkent": "Ташкент",
    "Asia/Yerevan": "Ереван",
    "Asia/Tbilisi": "Тбилиси",
    "Asia/Baku": "Баку",
    "Asia/Shanghai": "Шанхай",
    "Europe/Berlin": "Берлин",
    "Europe/Istanbul": "Стамбул",
}
"""Where sellers are. Other places keep the name that the zone database gives them."""

AT = re.compile(r"([0-5]?\d) ([01]?\d|2[0-3]) \* \* (\*|[1-7]-[1-7]|[1-7](?:,[1-7])*)")
HOURLY = re.compile(r"([0-5]?\d) \* \* \* \*")
STEP = re.compile(r"\*/([1-9]\d?) \* \* \* \*")
AN_HOUR = 60


def in_words(schedule: Schedule, language: str) -> str:
    """«Готово к 08:00 каждый день, Москва»; Russian for a language that we do not speak. Of the
    policies only an unusual one is said."""
    late = [SKIPPED.say(language)] if schedule.catch_up is CatchUp.SKIP else []
    again = [RERUN.say(language)] if schedule.overlap is Overlap.RERUN else []
    return "; ".join((_form(schedule.form, language), *late, *again))


def place(zone: str, language: str) -> str:
    """The city that a zone is called by; a zone without one is called by its name."""
    if language != "en" and zone in PLACES:
        return PLACES[zone]
    region, _, city = zone.rpartition("/")
    return zone if not region or region == "Etc" else city.replace("_", " ")


def on_days(weekdays: Sequence[int], language: str) -> str:
    """«по будням», «по средам и пятницам»."""
    if known := SETS.get(tuple(weekdays)):
        return known.say(language)
    *most, last = [DAYS[day - 1].say(language) for day in weekdays]
    named = AND.say(language, first=", ".join(most), last=last) if most else last
    return ON.say(language, days=named)


def _form(form: Form, language: str) -> str:
    match form:
        case ReadyBy(at=at, zone=zone, weekdays=weekdays):
            return _daily(READY, at, weekdays, zone, language)
        case Cron(fields=fields, zone=zone):
            return _cron(fields, zone, language)


def _cron(fields: str, zone: str, language: str) -> str:
    """The few that most people use; of the others the fields themselves are said."""
    at = AT.fullmatch(fields)
    if at and (weekdays := _weekdays(at[3])):
        return _daily(STARTS, time(int(at[2]), int(at[1])), weekdays, zone, language)
    there = place(zone, language)
    if hourly := HOURLY.fullmatch(fields):
        return EVERY_HOUR.say(language, minute=int(hourly[1]), zone=there)
    if fields in {"* * * * *", "*/1 * * * *"}:
        return EVERY_MINUTE.say(language)
    step = STEP.fullmatch(fields)
    if step and AN_HOUR % int(step[1]) == 0:
        return EVERY_FEW.say(language, minutes=int(step[1]))
    return FIELDS.say(language, fields=fields, zone=there)


def _daily(words: Words, at: time, weekdays: Sequence[int], zone: str, language: str) -> str:
    days, there = on_days(weekdays, language), place(zone, language)
    return words.say(language, at=f"{at:%H:%M}", days=days, zone=there)


def _weekdays(field: str) -> Sequence[int]:
    """Of cron's fifth field, in which 7 is Sunday; none for a range that goes backwards."""
    if field == "*":
        return EVERY_DAY
    first, dash, last = field.partition("-")
    days = range(int(first), int(last) + 1) if dash else map(int, field.split(","))
    return tuple(sorted(set(days)))

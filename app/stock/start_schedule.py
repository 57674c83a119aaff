"""When the sheet has to be ready, as a seller says it: by an hour, on some days, in her zone."""

from collections.abc import Mapping
from datetime import time
from uuid import UUID

from app.stock.read import ShopRow
from domain import schedule
from domain.errors import Invalid
from domain.fact import fact
from domain.schedule import ReadyBy, Schedule
from domain.shop import SetSchedule


def _(message: str) -> str:
    """Marks a message of the catalogue."""
    return message


HOURS = range(1, 24)
EVERY_DAY, WORKDAYS = "*", "1-5"
DAYS: Mapping[str, str] = {EVERY_DAY: _("every day"), WORKDAYS: _("on weekdays")}
WEEKDAYS: Mapping[str, tuple[int, ...]] = {
    EVERY_DAY: schedule.EVERY_DAY,
    WORKDAYS: (1, 2, 3, 4, 5),
}
ZONES: Mapping[str, str] = {
    "Europe/Kaliningrad": _("Kaliningrad"),
    "Europe/Moscow": _("Moscow"),
    "Europe/Samara": _("Samara"),
    "Asia/Yekaterinburg": _("Yekaterinburg"),
    "Asia/Omsk": _("Omsk"),
    "Asia/Novosibirsk": _("Novosibirsk"),
    "Asia/Krasnoyarsk": _("Krasnoyarsk"),
    "Asia/Irkutsk": _("Irkutsk"),
    "Asia/Yakutsk": _("Yakutsk"),
    "Asia/Vladivostok": _("Vladivostok"),
    "Asia/Magadan": _("Magadan"),
    "Asia/Kamchatka": _("Kamchatka"),
    "Europe/Minsk": _("Minsk"),
    "Asia/Almaty": _("Almaty"),
    "Asia/Bishkek": _("Bishkek"),
    "Asia/Tashkent": _("Tashkent"),
    "Asia/Yerevan": _("Yerevan"),
    "Asia/Tbilisi": _("Tbilisi"),
}


@fact
class Ready:
    """Ready by this hour, on these of DAYS."""

    hour: int
    days: str


def command(shop_id: UUID, hour: str, days: str, zone: str) -> SetSchedule:
    """Raises Invalid, naming the field."""
    if not (hour.isascii() and hour.isdigit() and int(hour[:2]) in HOURS):
        raise Invalid(_("Choose an hour from the list."), field="hour")
    if days not in DAYS:
        raise Invalid(_("Choose the days from the list."), field="days")
    if zone not in ZONES:
        raise Invalid(_("Choose a time zone from the list."), field="zone")
    promise = ReadyBy(at=time(int(hour[:2])), zone=zone, weekdays=WEEKDAYS[days])
    return SetSchedule(shop_id=shop_id, schedule=Schedule(ready_by=promise))


def ready(shop: ShopRow) -> Ready | None:
    """What a shop's schedule promises; None for one that a program made otherwise."""
    promise = shop.schedule.ready_by
    if promise is None or promise.at.minute or promise.at.hour not in HOURS:
        return None
    named = (name for name, days in WEEKDAYS.items() if days == promise.weekdays)
    return next((Ready(hour=promise.at.hour, days=name) for name in named), None)

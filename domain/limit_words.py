"""How a limit of a plan is said: which one, how much of it there is, which plan has more."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from domain.both import Both
from domain.snapshot import MOSCOW
from domain.table.words import Words, moment

AN_HOUR, A_DAY = 60, 1_440
A_MINUTE = timedelta(minutes=1)
ONE: Mapping[int, Both] = {
    1: Both(ru="минуту", en="minute"),
    AN_HOUR: Both(ru="час", en="hour"),
    A_DAY: Both(ru="день", en="day"),
}
"""Minutes that nobody says a number of."""

ROOM: Mapping[str, Words] = {
    "shops": Words(
        ru="Магазинов на тарифе {plan}: не больше {may}. {more}. Подключённые работают как прежде",
        en="Number of shops on the plan {plan}: at most {may}. {more}. Those you have go on as "
        "before",
    ),
    "seats": Words(
        ru="Людей на тарифе {plan}: не больше {may}. {more}",
        en="Number of people on the plan {plan}: at most {may}. {more}",
    ),
    "webhooks": Words(
        ru="Адресов вебхуков на тарифе {plan}: не больше {may}. {more}",
        en="Number of webhook endpoints on the plan {plan}: at most {may}. {more}",
    ),
}
"""By limit of which there is a number."""
HISTORY = Words(
    ru="История на тарифе {plan}, дней: {may}. {more}. Более давнее не удалено",
    en="Days of history on the plan {plan}: {may}. {more}. What is older was not deleted",
)
SCHEDULE = Words(
    ru="Тариф {plan}: обновление не чаще раза в {may}, а по этому расписанию раз в {this}. {more}",
    en="The plan {plan} syncs a shop every {may} at most, this schedule would every {this}. {more}",
)
REQUEST = Words(
    ru="Тариф {plan}: вручную не больше {presses} обновлений магазина за {may}, следующее возможно "
    "{at} (Мск), а по расписанию всё идёт как прежде. {more}",
    en="On the plan {plan} a shop is synced by hand at most {presses} times in any {may}; the next "
    "time is possible at {at} (Moscow). The schedule goes on as before. {more}",
)
SLOWED = Words(
    ru="Расписание чаще, чем позволяет тариф {plan}: обновление не чаще раза в {may}. {more}",
    en="The schedule is faster than the plan {plan} allows: a sync every {may} at most. {more}",
)
STOPPED = Words(
    ru="Товаров {have}, а тариф {plan} рассчитан на {may}: обновление остановлено, числа в таблице "
    "прежние и целые. {more}",
    en="There are {have} products, and the plan {plan} is for {may}: the sync stops, the numbers "
    "in the sheet stay as they were, and whole. {more}",
)
GROWN = Words(
    ru="Товаров {have}, а тариф {plan} рассчитан на {may}. Обновление остановится, когда их станет "
    "больше {most}. {more}",
    en="There are {have} products, and the plan {plan} is for {may}. The sync stops when there are "
    "more than {most}. {more}",
)
MORE: Mapping[bool, Words] = {
    False: Words(ru="На тарифе {plan}: {may}", en="{plan} has {may}"),
    True: Words(ru="На тарифе {plan}: раз в {may}", en="{plan} allows a sync every {may}"),
}
BY_HAND = Words(
    ru="На тарифе {plan}: {presses} обновлений за {may}",
    en="{plan} allows {presses} times in any {may}",
)
NO_MORE: Mapping[bool, Words] = {
    False: Words(ru="Больше нет ни на одном тарифе", en="No plan has more"),
    True: Words(ru="Чаще не позволяет ни один тариф", en="No plan is faster"),
}
"""Like MORE, by whether it is the interval."""


def number(value: int) -> Both:
    """5 000 or 5,000."""
    told = f"{value:,}"
    return Both(ru=told.replace(",", " "), en=told)


def every(minutes: int) -> Both:
    """What follows on «раз в», «за» and "every": 15 мин, час, 6 ч; 15 min, hour, 6 h."""
    if minutes in ONE:
        return ONE[minutes]
    if minutes % AN_HOUR == 0:
        hours = minutes // AN_HOUR
        return Both(ru=f"{hours} ч", en=f"{hours} h")
    return Both(ru=f"{minutes} мин", en=f"{minutes} min")


def at(when: datetime) -> Both:
    """The minute in which it has come, as the sheet says moments."""
    local = (when + A_MINUTE - timedelta.resolution).astimezone(MOSCOW)
    return Both(ru=moment(local, "ru"), en=moment(local, "en"))

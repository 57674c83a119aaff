"""The cell that turns red by itself: a formula that needs no call of ours to grow old."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from domain.fact import fact
from domain.snapshot import MOSCOW, Gap, Snapshot
from domain.table.causes import AGED, BY_MAIL
from domain.table.columns import PRODUCT
from domain.table.gaps import explained
from domain.table.words import OURS, Words, days, full_days, moment

ALARM = "⚠"
"""A text that begins so is shown red by the conditional format."""

_TAKEN = Words(
    ru="данные Wildberries на {taken} (Мск)\nЗаказы: {days}, {full} по Москве, без отменённых.",
    en="Wildberries data of {taken} (Moscow)\nOrders: {days}, {full}, cancelled ones excluded.",
)
_DEADLINE = Words(
    ru="Время меняется, когда меняются данные. "
    "Если обновление не придёт до {deadline}, эта ячейка сама станет красной.",
    en="The time moves when the data do. "
    "If no update comes by {deadline}, this cell turns red by itself.",
)
_BLANK = Words(ru="Пусто: {columns}: {reason}.", en="Blank: {columns}: {reason}.")
_MORE = Words(ru="и ещё {n}", en="and {n} more")
_NAMED = 6
_OFFSET = re.compile(r"GMT([+-])(\d{1,2}):?(\d{2})")


@fact
class Freshness:
    """What the first cell of ours says; `deadline` is on the spreadsheet's own clock;
    `mailed`: people are written to."""

    taken_at: datetime
    deadline: datetime
    language: str
    mailed: bool = False

    @property
    def formula(self) -> str:
        """Constants only, `;` between arguments, English names: valid in every locale."""
        at = self.deadline
        since = moment(self.taken_at.astimezone(MOSCOW), self.language)
        mail = BY_MAIL.say(self.language) if self.mailed else ""
        old = AGED.banner.say(self.language, t=since, mail=mail)
        return (
            f"=IF(NOW()<DATE({at.year};{at.month};{at.day})+TIME({at.hour};{at.minute};0);"
            f'"{PRODUCT.title.say(self.language)}";"{old}")'
        )


def freshness(
    snapshot: Snapshot, deadline: datetime, zone: str, language: str, *, mailed: bool = False
) -> Freshness:
    """Of a snapshot, in a spreadsheet of this time zone."""
    local = deadline.astimezone(clock(zone))
    return Freshness(taken_at=snapshot.taken_at, deadline=local, language=language, mailed=mailed)


def note(fresh: Freshness, snapshot: Snapshot, names: dict[str, str]) -> str:
    """Date, period, deadline, and one line for each source that was not read."""
    language = fresh.language
    deadline = _DEADLINE.say(language, deadline=moment(fresh.deadline, language))
    gaps = (line for line, _ in blanks(snapshot.gaps, names, language))
    return OURS + "\n".join((taken(snapshot, language), deadline, *gaps))


def taken(snapshot: Snapshot, language: str) -> str:
    """Of when the figures are, and which days' orders they count: a line for each."""
    period = snapshot.period
    return _TAKEN.say(
        language,
        taken=moment(snapshot.taken_at.astimezone(MOSCOW), language),
        days=days(period.first, period.last, language),
        full=full_days(period.days, language),
    )


def blanks(gaps: Iterable[Gap], names: dict[str, str], language: str) -> Iterator[tuple[str, str]]:
    """(which columns are blank and why, the cure): for each source that was not read."""
    for gap in gaps:
        named = [names[tag] for tag in gap.columns if tag in names]
        if len(named) > _NAMED:
            named[_NAMED:] = [_MORE.say(language, n=len(named) - _NAMED)]
        reason, cure = explained(gap, language)
        if named:
            yield _BLANK.say(language, columns=", ".join(named), reason=reason), cure


def beside_hers(ours: str, present: str | None) -> str:
    """Her note in the same cell stays; ours follows after an empty line."""
    hers = (present or "").partition(OURS)[0].rstrip("\n")
    return f"{hers}\n\n{ours}" if hers else ours


def clock(zone: str) -> tzinfo:
    """A spreadsheet's time zone: a name of the tz database, or Google's custom GMT-07:00."""
    custom = _OFFSET.fullmatch(zone)
    if custom:
        sign, hours, minutes = custom.groups()
        shift = timedelta(hours=int(hours), minutes=int(minutes))
        return timezone(-shift if sign == "-" else shift)
    try:
        return ZoneInfo(zone)
    except (KeyError, ValueError, OSError):  # a name newer than our copy of the database
        return UTC

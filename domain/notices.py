"""What people are told of by mail, and when: which kinds there are, who gets them, quiet hours.

A part of the company: each of its people decides for herself.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import TypeAlias, assert_never
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.access import Role
from domain.fact import fact
from domain.health import OF_TOKEN
from domain.local_time import first_moment

QUIET_FROM, QUIET_UNTIL = time(21), time(8)
"""By the clocks of the shop: a notice that comes then waits for its end."""
MOST = 20
"""Mails to one person in a day; of the others the next day's first one says how many there were."""


class Notice(StrEnum):
    """What a mail may be about; the words are kept in facts, and its place among them in links of
    mails that were sent: a new one comes last."""

    TOKEN_EXPIRING = "token_expiring"  # noqa: S105 - a kind
    TOKEN_DEAD = "token_dead"  # noqa: S105 - a kind
    SHEET = "sheet"
    LATE = "late"
    RECOVERED = "recovered"


OF_CAUSE: Mapping[str, Notice] = {
    **dict.fromkeys(OF_TOKEN, Notice.TOKEN_DEAD),
    **dict.fromkeys(
        (
            *("sheet_unshared", "sheet_deleted", "sheet_protected", "sheet_full"),
            *("sheet_key_deleted", "robot_gone", "consent_revoked", "own_sheet_gone"),
            *("own_key_refused", "own_api_off"),
        ),
        Notice.SHEET,
    ),
}
"""Of what breaks a shop and only its people can mend. What else does is told once it makes her
late, and says whose move it is."""

# What can happen


@fact
class NoticesChosen:
    """She is told of these, and of no others. `at_night`: also in quiet hours."""

    user_id: UUID
    kinds: tuple[str, ...]
    at_night: bool


Event: TypeAlias = NoticesChosen


# What we remember


@fact
class Choice:
    """Of one person who has made one."""

    kinds: tuple[str, ...]
    at_night: bool = False


Choices: TypeAlias = Mapping[UUID, Choice]


# What may be asked


@fact
class ChooseNotices:
    user_id: UUID
    kinds: tuple[str, ...]
    at_night: bool


@fact
class MuteNotices:
    """No mails of this kind any more; None: none at all."""

    user_id: UUID
    kind: str | None


Command: TypeAlias = ChooseNotices | MuteNotices


# How we answer


def usual(role: Role) -> Choice:
    """What somebody gets who has not chosen: those who can mend it get all."""
    can = role in (Role.OWNER, Role.ADMIN)
    return Choice(kinds=tuple(Notice) if can else ())


def decide(mine: Choice | None, role: Role, command: Command) -> Iterator[Event]:
    before = mine or usual(role)
    chosen = _chosen(before, command)
    if chosen != before:
        yield NoticesChosen(user_id=command.user_id, kinds=chosen.kinds, at_night=chosen.at_night)


def _chosen(before: Choice, command: Command) -> Choice:
    match command:
        case ChooseNotices(kinds=kinds, at_night=at_night):
            return Choice(kinds=ordered(kinds), at_night=at_night)
        case MuteNotices(kind=muted):
            left = [each for each in before.kinds if muted not in {None, each}]
            return Choice(kinds=ordered(left), at_night=before.at_night)
        case _:
            assert_never(command)


def ordered(kinds: Collection[str]) -> tuple[str, ...]:
    """Each once, as `Notice` has them."""
    return tuple(str(each) for each in Notice if each in kinds)


def quiet_until(now: datetime, zone: ZoneInfo) -> datetime | None:
    """When the quiet hours end that `now` lies in, in UTC; None when it lies in none."""
    local = now.astimezone(zone)
    if QUIET_UNTIL <= local.time() < QUIET_FROM:
        return None
    day = local.date() + timedelta(days=local.time() >= QUIET_FROM)
    return first_moment(datetime.combine(day, QUIET_UNTIL), zone)

"""How a shop is: can it be synced, is its token near its end, was it fresh by its hour.

A part of the shop, as the shop is one of the tenant. Each change is told once; that all is well
again is told when a sync has succeeded, for nothing else proves it.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import TypeAlias, assert_never
from uuid import UUID

from domain.fact import fact
from domain.token_term import due

TOKEN_DEAD = "token_dead"  # noqa: S105 - a cause
"""The cause that ends a token: nothing is asked of it any more, until there is another one."""
OF_TOKEN = (TOKEN_DEAD, "no_scope")
"""Causes that another token may not have."""

# What can happen


@fact
class ShopBroke:
    """The sync cannot go on by itself. `cause` is a stable word: token_dead, sheet_unshared …"""

    shop_id: UUID
    cause: str


@fact
class ShopRecovered:
    shop_id: UUID


@fact
class TokenExpiring:
    """The token ends within so many `days`: one of `domain.token_term.DAYS`, each told once."""

    shop_id: UUID
    token_id: UUID
    days: int
    expires_at: datetime


@fact
class HourMissed:
    """The sheet was not fresh by `hour`, and has not been since. Later hours that pass before the
    next success are the same lateness."""

    shop_id: UUID
    hour: datetime


Event: TypeAlias = ShopBroke | ShopRecovered | TokenExpiring | HourMissed


# What we remember


@fact
class Health:
    """`dead`: the token is; a new one is not, though what broke the shop is not over before a sync
    has succeeded. `warned`: how many days before its end were told of last. `missed`: the hour that
    was told last, for ever; `late`: since then nothing has succeeded."""

    token_id: UUID
    expires_at: datetime | None
    broken: str | None = None
    dead: bool = False
    warned: int | None = None
    missed: datetime | None = None
    late: bool = False

    def renewed(self, token_id: UUID, expires_at: datetime | None) -> "Health":
        """With another token, of which nothing was told."""
        return replace(self, token_id=token_id, expires_at=expires_at, dead=False, warned=None)


def evolve(health: Health, event: Event) -> Health:
    match event:
        case ShopBroke(cause=cause):
            return replace(health, broken=cause, dead=cause == TOKEN_DEAD)
        case ShopRecovered():
            return replace(health, broken=None, dead=False, late=False)
        case TokenExpiring(days=days):
            return replace(health, warned=days)
        case HourMissed(hour=hour):
            return replace(health, missed=hour, late=True)
        case _:
            assert_never(event)


# What may be asked


@fact
class ReportBroken:
    """`token_id`: with which token that was found, where it matters."""

    shop_id: UUID
    cause: str
    token_id: UUID | None = None


@fact
class ReportHealthy:
    shop_id: UUID


@fact
class LookAtToken:
    """Is its end near, or there?"""

    shop_id: UUID
    at: datetime


@fact
class ReportMissed:
    shop_id: UUID
    hour: datetime


Command: TypeAlias = ReportBroken | ReportHealthy | LookAtToken | ReportMissed


# How we answer


def decide(health: Health, command: Command) -> Iterator[Event]:
    match command:
        case ReportBroken(cause=cause, token_id=token_id) if cause in OF_TOKEN and token_id not in {
            None,
            health.token_id,
        }:
            return  # that one was replaced meanwhile
        case ReportBroken(shop_id=shop_id, cause=cause):
            if cause != health.broken or health.dead != (cause == TOKEN_DEAD):
                yield ShopBroke(shop_id=shop_id, cause=cause)
        case ReportHealthy(shop_id=shop_id):
            if health.broken is not None or health.late:
                yield ShopRecovered(shop_id=shop_id)
        case LookAtToken(shop_id=shop_id, at=at):
            yield from _look(shop_id, health, at)
        case ReportMissed(shop_id=shop_id, hour=hour):
            if health.missed is None or health.missed < hour:
                yield HourMissed(shop_id=shop_id, hour=hour)
        case _:
            assert_never(command)


def _look(shop_id: UUID, health: Health, at: datetime) -> Iterator[Event]:
    """A token that is past its end is dead, whether or not anybody has tried it."""
    token_id, expires_at = health.token_id, health.expires_at
    if expires_at is None or health.dead:
        return
    if expires_at <= at:
        yield ShopBroke(shop_id=shop_id, cause=TOKEN_DEAD)
    elif days := due(expires_at, health.warned, at):
        yield TokenExpiring(shop_id=shop_id, token_id=token_id, days=days, expires_at=expires_at)

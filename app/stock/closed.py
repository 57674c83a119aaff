"""Her sheet was closed to us for a while: once it is open again, the first cell's note says so for
a day, for until then nothing could be written there."""

from datetime import datetime, timedelta
from typing import TypeAlias

from app.stock.read import ShopRow
from domain.sheet_port import TabState
from domain.snapshot import MOSCOW
from domain.table.words import Words, moment

Span: TypeAlias = tuple[datetime, datetime]
A_DAY = timedelta(days=1)
CAUSES = frozenset(
    (
        *("sheet_unshared", "sheet_deleted", "sheet_protected", "own_sheet_gone"),
        *("consent_revoked", "robot_gone"),
    )
)
"""Of a shop that is broken: nobody lets us into its sheet."""
CLOSED = Words(
    ru="Доступ к таблице был закрыт {since}–{until} (Мск).",
    en="Access was closed {since}–{until} (Moscow).",
)


def closing(row: ShopRow, state: TabState | None, now: datetime) -> Span | None:
    """From when to when, as a write of this moment proves: that of a shop which was broken until
    now, or the last one. A file that we never wrote to was not closed to us."""
    if state is None:
        return None
    since = row.broken_since if row.broken in CAUSES else None
    told = state.closed and state.closed[0] == since
    return state.closed if since is None or told else (since, now)


def remarks(closed: Span | None, now: datetime, language: str) -> tuple[str, ...]:
    """As a line of the first cell's note."""
    if closed is None or now - closed[1] >= A_DAY:
        return ()
    since, until = (moment(each.astimezone(MOSCOW), language) for each in closed)
    return (CLOSED.say(language, since=since, until=until),)

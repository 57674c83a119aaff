"""The end of a marketplace token: how long before it people are told, and when to look again.

A token of Wildberries ends 180 days after it was made, and nobody can prolong it.
"""

from datetime import datetime, timedelta

DAYS = (30, 14, 7, 1)
"""So long before its end a token is spoken of, once each."""


def due(expires_at: datetime, warned: int | None, at: datetime) -> int | None:
    """Which of DAYS is to be told, for a token that still lives: the nearest alone, and none that
    was told of already. `warned` is the last one that was."""
    left = expires_at - at
    nearest = min((days for days in DAYS if left <= timedelta(days=days)), default=None)
    told = nearest is not None and warned is not None and warned <= nearest
    return None if told else nearest


def next_look(expires_at: datetime | None, warned: int | None) -> datetime | None:
    """When there may be something to tell again: the next of DAYS, and after the last one the end
    itself; None for a token without an end."""
    if expires_at is None:
        return None
    later = (days for days in DAYS if warned is None or days < warned)
    return expires_at - timedelta(days=next(later, 0))

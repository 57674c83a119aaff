"""The facts that a table is made of, a stretch of positions at a time."""

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeAlias

import asyncpg

from infrastructure.postgres.facts import COLUMNS

STRETCH = 20_000
"""Positions. What they hold is in memory at once, and committed at once."""

Told: TypeAlias = Callable[[str, int, int], None]
"""(what is being done, position come to, position to come to)."""

# What is left out is named, not what is wanted: so facts of newer versions come along, and count.
_FACTS = f"""
SELECT {COLUMNS} FROM events WHERE position > $1 AND ($2::bigint IS NULL OR position <= $2)
  AND name <> ALL ($3::text[]) ORDER BY position
"""  # noqa: S608 - constants only


async def rows_between(
    driver: asyncpg.Connection, after: int, until: int | None, silent: Sequence[str]
) -> Sequence[asyncpg.Record]:
    """Those that are visible now, and not silent; None is to the end."""
    rows: Sequence[asyncpg.Record] = await driver.fetch(_FACTS, after, until, silent)
    return rows


@contextmanager
def undisturbed() -> Iterator[None]:
    """Without the cycle collector: it would look through all the facts at hand, again and again."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()

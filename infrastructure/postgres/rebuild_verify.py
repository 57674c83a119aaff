"""Proof that a projected table is the fold of its facts, row by row and both ways."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import suppress
from typing import Any

import asyncpg
import msgspec
from asyncpg.exceptions import InvalidParameterValueError

from domain.fact import fact
from infrastructure.postgres.codec import Codec
from infrastructure.postgres.database import Database
from infrastructure.postgres.facts import facts_of
from infrastructure.postgres.rebuild_fold import Count, Rebuilt, folded
from infrastructure.postgres.rebuild_load import target, write
from infrastructure.postgres.rebuild_read import STRETCH, Told, rows_between, undisturbed

SHOWN = 10
"""Differences."""

_FOLD = "verified"
_FACTS = "SELECT count(*) AS facts, coalesce(max(position), 0) AS last FROM events"


@fact
class Difference:
    """One cell, or with no column a whole row that only one side has: the other is None."""

    key: str
    column: str | None
    held: object
    told: object


@fact
class Compared:
    """A table and its fold. `differing` rows in all; `differences` are the first few."""

    table: str
    rows: int
    facts: int
    unread: int
    differing: int
    differences: Sequence[Difference]


async def verify(
    database: Database, codec: Codec, tables: Sequence[Rebuilt], told: Told
) -> AsyncIterator[Compared]:
    """One after the other, all as of one moment. Commands go on meanwhile.

    A snapshot has a commit's facts and its rows, or neither: so it needs no rule for holes, unlike
    the feed. The tables are locked before it is taken, for a swapped one would look empty in it
    (PostgreSQL 18, 13.6 Caveats).
    """
    async with database.driver() as driver, driver.transaction(isolation="repeatable_read"):
        names = ", ".join(each.name for each in tables)
        await driver.execute(f"LOCK TABLE {names} IN ACCESS SHARE MODE")
        await _make_room(driver)
        facts, last = await driver.fetchrow(_FACTS)
        for each in tables:
            with undisturbed():
                unread = await _fold(driver, codec, each, last, told)
            rows, differing, differences = await _compare(driver, each)
            yield Compared(
                table=each.name,
                rows=rows,
                facts=facts,
                unread=unread,
                differing=differing,
                differences=differences,
            )


async def _make_room(driver: asyncpg.Connection) -> None:
    """In memory, for a table with a key in random order; a used session cannot have more."""
    await driver.execute("SET LOCAL work_mem = '64MB'")
    with suppress(InvalidParameterValueError):
        async with driver.transaction():
            await driver.execute("SET LOCAL temp_buffers = '128MB'")


async def _fold(
    driver: asyncpg.Connection, codec: Codec, what: Rebuilt, last: int, told: Told
) -> int:
    """Into a temporary table, by the code that rebuilds. How many facts could not be read."""
    await driver.execute(
        f"DROP TABLE IF EXISTS {_FOLD}; CREATE TEMP TABLE {_FOLD} "
        f"(LIKE {what.name}, PRIMARY KEY ({', '.join(what.table.key)})) ON COMMIT DROP"
    )
    to = await target(driver, _FOLD, what.table.key)
    read = Count()
    for after in range(0, last, STRETCH):
        told(what.name, after, last)
        rows = await rows_between(driver, after, after + STRETCH, what.silent)
        await write(driver, to, folded(what, read(facts_of(codec, rows))))
    await driver.execute(f"ANALYZE {_FOLD}")
    return read.unread


async def _compare(
    driver: asyncpg.Connection, what: Rebuilt
) -> tuple[int, int, Sequence[Difference]]:
    """(rows, rows that differ, the first differences)."""
    table, key = what.name, ", ".join(what.table.key)
    rows = await driver.fetchval(f"SELECT count(*) FROM {table}")  # noqa: S608 - a name of ours
    found = await driver.fetch(
        f"SELECT row_to_json(t)::text AS held, row_to_json(f)::text AS told, "  # noqa: S608 - names of ours
        f"count(*) OVER () AS differing FROM {table} t FULL JOIN {_FOLD} f USING ({key}) "
        f"WHERE ROW(t.*) IS DISTINCT FROM ROW(f.*) ORDER BY {key} LIMIT {SHOWN}"
    )
    differences = [each for row in found for each in _differences(what.table.key, row)]
    return rows, found[0]["differing"] if found else 0, differences[:SHOWN]


def _differences(key: Sequence[str], row: asyncpg.Record) -> Iterator[Difference]:
    held, told = _told(row["held"]), _told(row["told"])
    name = ", ".join(f"{each} {(held or told or {})[each]}" for each in key)
    if held is None or told is None:
        yield Difference(key=name, column=None, held=held, told=told)
        return
    for column, value in held.items():
        if value != told[column]:
            yield Difference(key=name, column=column, held=value, told=told[column])


def _told(row: str | None) -> dict[str, Any] | None:
    return None if row is None else msgspec.json.decode(row)

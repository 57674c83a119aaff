"""Folded rows into a table: COPY for what is new, one statement for each kind of change."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import asyncpg
from asyncpg.exceptions import UniqueViolationError

from domain.fact import fact
from infrastructure.postgres.rebuild_fold import Entry, Key

_COLUMNS = """
SELECT array_agg(attname::text ORDER BY attnum) FROM pg_attribute
WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
"""


@fact
class Target:
    """Where rows are written: `columns` are all of them, the key's first."""

    table: str
    key: tuple[str, ...]
    columns: tuple[str, ...]

    @property
    def rest(self) -> tuple[str, ...]:
        """What is not the key."""
        return self.columns[len(self.key) :]


async def target(driver: asyncpg.Connection, table: str, key: tuple[str, ...]) -> Target:
    """As the database describes it."""
    found: list[str] = await driver.fetchval(_COLUMNS, table)
    columns = (*key, *(each for each in found if each not in key))
    return Target(table=table, key=key, columns=columns)


async def write(driver: asyncpg.Connection, to: Target, entries: Mapping[Key, Entry]) -> None:
    """In the caller's transaction. Entries have different keys, so their order does not matter."""
    whole: dict[str, list[tuple[Any, ...]]] = {"new": [], "put": []}
    gone: list[Key] = []
    changed: dict[tuple[str, ...], list[tuple[Any, ...]]] = defaultdict(list)
    rest = to.rest
    for key, (verb, values) in entries.items():
        if verb in whole:
            whole[verb].append((*key, *map(values.get, rest)))
        elif verb == "drop":
            gone.append(key)
        else:
            names = tuple(sorted(values))
            changed[names].append((*key, *map(values.__getitem__, names)))
    await _with(driver, to, to.key, gone, _drop(to))
    for names, rows in changed.items():
        await _with(driver, to, (*to.key, *names), rows, _change(to, names))
    replaced = whole["put"] + await _left_over(driver, to, whole["new"])
    await _with(driver, to, to.columns, replaced, _put(to))


async def _left_over(
    driver: asyncpg.Connection, to: Target, rows: list[tuple[Any, ...]]
) -> list[tuple[Any, ...]]:
    """Nothing, as a rule: a history that puts a row twice has been projected by other code."""
    if not rows:
        return []
    try:
        async with driver.transaction():
            await driver.copy_records_to_table(to.table, records=rows, columns=to.columns)
    except UniqueViolationError:
        return rows
    return []


async def _with(
    driver: asyncpg.Connection,
    to: Target,
    columns: Sequence[str],
    rows: Iterable[tuple[Any, ...]],
    statement: str,
) -> None:
    """Run a statement that reads `given`, a table of these rows."""
    if not rows:
        return
    named = ", ".join(columns)
    await driver.execute(
        f"CREATE TEMP TABLE given AS SELECT {named} FROM {to.table} WITH NO DATA"  # noqa: S608 - names of ours
    )
    await driver.copy_records_to_table("given", records=rows, columns=columns)
    await driver.execute(f"ANALYZE given; {statement}; DROP TABLE given")


def _drop(to: Target) -> str:
    return f"DELETE FROM {to.table} t USING given WHERE {_same(to)}"  # noqa: S608 - names of ours


def _change(to: Target, names: Sequence[str]) -> str:
    news = ", ".join(f"{each} = given.{each}" for each in names)
    return f"UPDATE {to.table} t SET {news} FROM given WHERE {_same(to)}"  # noqa: S608 - names of ours


def _put(to: Target) -> str:
    """Not ON CONFLICT: a table of keys alone would have nothing to set."""
    return f"{_drop(to)}; INSERT INTO {to.table} ({', '.join(to.columns)}) SELECT * FROM given"  # noqa: S608 - names of ours


def _same(to: Target) -> str:
    return " AND ".join(f"t.{each} = given.{each}" for each in to.key)

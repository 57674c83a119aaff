"""What follows from facts, written with them: rows of equal statements together.

A statement that says what it does (`table`, `verb`, `columns`) is carried out for many rows in one
go; any other one is executed for each of its rows, which begin with their company.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from operator import itemgetter
from typing import Any, TypeAlias

import asyncpg

from domain.events import Recorded
from infrastructure.postgres.lanes import LOCK

Row: TypeAlias = Sequence[Any]
Follow: TypeAlias = Callable[[Recorded], Iterable[tuple[str, Row]]]
"""What follows from a fact: (statement, row) for read tables and runs."""


async def write(
    driver: asyncpg.Connection, answers: Iterable[Iterable[Recorded]], follow: Follow
) -> None:
    """In the caller's transaction. `answers` are the facts of one command each.

    Several statements may change lanes, each in the order of its own companies: whoever changes
    those of many companies locks them all first, as everybody else does.
    """
    batches = _batched(answers, follow)
    others = {row[0] for statement, rows in batches if not _says_so(statement) for row in rows}
    if len(others) > 1:
        await driver.execute(LOCK, sorted(others))
    for statement, rows in batches:
        verb, plain = getattr(statement, "verb", None), str(statement)  # asyncpg takes str alone
        if len(rows) == 1:
            await driver.execute(plain, *rows[0])
        elif verb is None:  # by company: two transactions never wait for each other in a ring
            await driver.executemany(plain, sorted(rows, key=itemgetter(0)))
        else:
            await _write_many(driver, statement, rows)


def _says_so(statement: str) -> bool:
    return hasattr(statement, "verb")


async def _write_many(driver: asyncpg.Connection, statement: Any, rows: Sequence[Row]) -> None:  # noqa: ANN401 - a statement that says what it does
    key = statement.table.key
    types = await _types(driver, str(statement))
    if statement.verb != "put":  # the last word about a row counts
        rows = [*{tuple(row[: len(key)]): row for row in rows}.values()]
    many = _MANY[statement.verb](statement.table.name, key, statement.columns, types)
    await driver.execute(many, *zip(*rows, strict=True))


async def _types(driver: asyncpg.Connection, statement: str) -> tuple[str, ...]:
    """What the database takes each value of a row for."""
    if statement not in _known_types:
        prepared = await driver.prepare(statement)
        _known_types[statement] = tuple(each.name for each in prepared.get_parameters())
    return _known_types[statement]


_known_types: dict[str, tuple[str, ...]] = {}


@cache
def _put(table: str, key: tuple[str, ...], columns: tuple[str, ...], types: tuple[str, ...]) -> str:
    named = ", ".join((*key, *columns))
    return f"INSERT INTO {table} ({named}) SELECT * FROM {_given(types)}"  # noqa: S608 - names of ours


@cache
def _change(
    table: str, key: tuple[str, ...], columns: tuple[str, ...], types: tuple[str, ...]
) -> str:
    named = ", ".join((*key, *columns))
    news = ", ".join(f"{each} = given.{each}" for each in columns)
    given = f"{_given(types)} AS given ({named})"
    return f"UPDATE {table} t SET {news} FROM {given} WHERE {_same(key)}"  # noqa: S608 - names of ours


@cache
def _drop(table: str, key: tuple[str, ...], _: tuple[str, ...], types: tuple[str, ...]) -> str:
    given = f"{_given(types)} AS given ({', '.join(key)})"
    return f"DELETE FROM {table} t USING {given} WHERE {_same(key)}"  # noqa: S608 - names of ours


_MANY: Mapping[str, Callable[..., str]] = {"put": _put, "change": _change, "drop": _drop}


def _given(types: Sequence[str]) -> str:
    return f"unnest({', '.join(f'${n}::{each}[]' for n, each in enumerate(types, 1))})"


def _same(key: Sequence[str]) -> str:
    return " AND ".join(f"t.{each} = given.{each}" for each in key)


def _batched(answers: Iterable[Iterable[Recorded]], follow: Follow) -> list[tuple[str, list[Row]]]:
    """Rows with equal statements together, as far as each command's own rows stay in order."""
    batches: list[tuple[str, list[Row]]] = []
    for recorded in answers:
        at = 0
        for statement, row in (each for fact in recorded for each in follow(fact)):
            while at < len(batches) and batches[at][0] != statement:
                at += 1
            if at == len(batches):
                batches.append((statement, []))
            batches[at][1].append(row)
    return batches

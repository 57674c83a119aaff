"""Statements folded in memory and written at once leave what they would have left one by one."""

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.read_models import Projected
from infrastructure.postgres.rebuild_fold import Rebuilt, folded
from infrastructure.postgres.rebuild_load import target, write

CITIES = Projected(name="cities", key=("country", "city"))
PUT, PUT_MORE = CITIES.put("people"), CITIES.put("people", "mayor")
GROW, ELECT, LEAVE = CITIES.change("people"), CITIES.change("mayor"), CITIES.drop()
OTHER = Projected(name="rivers", key=("country", "city")).drop()
COLUMNS = "people int, city text, mayor text, country int, PRIMARY KEY (city, country)"

keys = st.tuples(st.integers(1, 2), st.sampled_from(["a", "Ж"]))
values = st.sampled_from([None, "x", "y"])
numbers = st.sampled_from([None, 1, 2])
said = st.one_of(
    st.tuples(st.just(PUT), st.tuples(numbers)),
    st.tuples(st.just(PUT_MORE), st.tuples(numbers, values)),
    st.tuples(st.just(GROW), st.tuples(numbers)),
    st.tuples(st.just(ELECT), st.tuples(values)),
    st.tuples(st.sampled_from([LEAVE, OTHER, "SELECT 1"]), st.just(())),
)


@pytest.fixture
async def driver(database):
    async with database.driver() as driver:
        yield driver


def possible(statements):
    """As they can come: what is put is not there."""
    there = set()
    for key, (statement, rest) in statements:
        if statement in (PUT, PUT_MORE) and key in there:
            continue
        if statement in (PUT, PUT_MORE):
            there.add(key)
        elif statement == LEAVE:
            there.discard(key)
        yield statement, (*key, *rest)


@settings(deadline=None, max_examples=80, suppress_health_check=list(HealthCheck))
@given(
    statements=st.lists(st.tuples(keys, said), max_size=25),
    cuts=st.lists(st.integers(0, 25), max_size=4),
)
async def test_in_stretches_of_any_length(driver, statements, cuts):
    history = list(possible(statements))
    what = Rebuilt(table=CITIES, project=lambda fact: iter([fact]))

    one_by_one = await left(driver, _one_by_one, history)
    stretches = [history[a:b] for a, b in pairwise(sorted([0, *cuts, len(history)]))]

    async def at_once(driver, stretches):
        to = await target(driver, "cities", CITIES.key)
        for stretch in stretches:
            await write(driver, to, folded(what, stretch))

    assert await left(driver, at_once, stretches) == one_by_one


async def _one_by_one(driver, history):
    for statement, row in history:
        if getattr(statement, "table", None) is CITIES:
            await driver.execute(str(statement), *row)


async def left(driver, writing, what):
    transaction = driver.transaction()
    await transaction.start()
    await driver.execute(f"CREATE TEMP TABLE cities ({COLUMNS})")
    await writing(driver, what)
    rows = await driver.fetch("SELECT * FROM cities ORDER BY country, city")
    await transaction.rollback()
    return [tuple(row) for row in rows]

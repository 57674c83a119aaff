"""What nobody has heard before is kept once, for all tenants, and stays few."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.errors import Unavailable
from domain.novelty import Kind, Novelty
from infrastructure.postgres.novelties import MOST, PostgresNovelties

FIRST = datetime(2026, 11, 23, 4, 40, tzinfo=UTC)
FIELD = Novelty(
    endpoint="content POST /cards", path="cards[]", kind=Kind.FIELD, thing="grade", example="0"
)


@pytest.fixture
async def kept(database):
    async def rows():
        async with database.driver() as driver:
            return await driver.fetch("SELECT * FROM novelties ORDER BY thing")

    async def clear():
        async with database.driver() as driver:
            await driver.execute("DELETE FROM novelties")

    await clear()
    yield rows
    await clear()


async def test_it_is_kept_once_however_many_processes_hear_it(database, kept):
    for later in (0, 1, 2):
        one = PostgresNovelties(database, lambda n=later: FIRST + timedelta(hours=n))
        await one.note([FIELD])
        await one.note([replace(FIELD, example="00"), FIELD])

    [row] = await kept()
    assert (row["thing"], row["example"], row["kind"]) == ("grade", "0", "field")
    assert (row["first_at"], row["last_at"]) == (FIRST, FIRST + timedelta(hours=2))


async def test_a_process_says_once_a_day_that_it_still_hears_it(database, kept):
    now = [FIRST]
    one = PostgresNovelties(database, lambda: now[0])
    for hours in (0, 23, 24):
        now[0] = FIRST + timedelta(hours=hours)
        await one.note([FIELD])
        if hours == 23:
            assert (await kept())[0]["last_at"] == FIRST

    assert (await kept())[0]["last_at"] == FIRST + timedelta(hours=24)


async def test_whatever_is_made_up_at_one_place_stays_few(database, kept):
    one = PostgresNovelties(database, lambda: FIRST)

    await one.note([replace(FIELD, thing=f"f{n}") for n in range(MOST + 20)])

    assert len(await kept()) == MOST


async def test_a_database_that_is_away_is_in_nobodys_way(database, kept):
    class Away:
        def driver(self):
            raise Unavailable("It does not answer.", cause="our_outage")

    one = PostgresNovelties(Away(), lambda: FIRST)
    await one.note([FIELD])
    one._database = database
    await one.note([FIELD])

    assert len(await kept()) == 1

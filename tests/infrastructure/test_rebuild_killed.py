"""Whatever kills a rebuild, the next start goes on where it was, and the table is right."""

import asyncio
import random
import signal
import sys
from pathlib import Path

import pytest

from app.wiring.projections import TABLES
from infrastructure.postgres import rebuild
from infrastructure.postgres.rebuild import AlreadyRebuilding, Moved
from tests.app.projecting import Killed, interrupted, product

ROOT = Path(__file__).parents[2]
CHILD = """
import asyncio, sys
from app.wiring.facts import CODEC
from app.wiring.projections import TABLES
from infrastructure.clock import system_clock
from infrastructure.postgres import rebuild
from infrastructure.postgres.database import Database
rebuild.STRETCH = 10
def told(step, done, total):
    print(step, flush=True)
    sys.stdin.readline()
asyncio.run(rebuild.Rebuilds(Database(sys.argv[1]), CODEC, system_clock).rebuild(TABLES["shops"], told))
"""


@pytest.fixture(autouse=True)
def short_stretches(monkeypatch):
    monkeypatch.setattr(rebuild, "STRETCH", 10)


@pytest.fixture
async def living(postgres_url):
    async with product(postgres_url) as living:
        yield living


async def test_killed_at_each_stretch_it_goes_on_where_it_was(living):
    for _ in range(3):
        await living.live()
    before, deaths, read = await living.contents(), 0, []

    def dies(step, done, _total):
        read.append(done)
        if step == "folding" and read.count(done) == 1:
            raise Killed

    while True:
        try:
            await living.rebuild("shops", told=dies)
            break
        except Killed:
            deaths += 1

    assert deaths >= 3
    assert sorted(read) == read
    assert await living.contents() == before


@pytest.mark.parametrize("seed", range(5))
async def test_cancelled_at_any_moment_it_goes_on_and_is_right(living, seed):
    chance = random.Random(seed)  # noqa: S311 - to be the same each time
    await living.live()
    before = await living.contents()
    for _ in range(4):
        rebuilding = asyncio.create_task(living.rebuild())
        await asyncio.wait([rebuilding], timeout=chance.random() * 0.15)
        rebuilding.cancel()
        await asyncio.wait([rebuilding])
        assert await living.contents() == before

    await living.rebuild()

    assert await living.contents() == before


@pytest.mark.parametrize("lived", [1, 4])
async def test_after_kill_minus_nine_a_second_start_goes_on(living, lived):
    for seed in range(4):
        await living.live(random.Random(seed).choice)  # noqa: S311 - to be the same each time
    before = await living.contents()
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", CHILD, living.url),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    for _ in range(lived):
        assert await child.stdout.readline() == b"folding\n"
        child.stdin.write(b"\n")
    assert await child.stdout.readline()
    child.send_signal(signal.SIGKILL)
    await child.wait()
    begun = []
    assert await living.fetch("SELECT position FROM consumers") == [(10 * lived,)]

    while True:
        try:
            await living.rebuild("shops", told=lambda *told: begun.append(told))
            break
        except AlreadyRebuilding:  # the server has not noticed yet
            await asyncio.sleep(0.02)

    assert begun[0][1] == 10 * lived
    assert await living.contents() == before


async def test_a_table_of_another_shape_is_begun_anew(living):
    await living.live()
    await interrupted(living)
    await living.spoil("ALTER TABLE shops ADD extra int")
    begun = []

    await living.rebuild("shops", told=lambda *told: begun.append(told))

    assert begun[0][1] == 0
    assert (await living.fetch("SELECT count(extra) FROM shops")) == [(0,)]


@pytest.mark.parametrize(
    "lost", ["DELETE FROM consumers", "DROP TABLE shops__new", "CREATE TABLE members__new (x int)"]
)
async def test_half_of_what_an_interrupted_one_left_is_worth_nothing(living, lost):
    await living.live()
    before = await living.contents()
    await interrupted(living)
    await living.spoil(lost)

    await living.rebuild("shops", "members")

    assert await living.contents() == before


async def test_anew_forgets_how_far_it_had_come(living):
    await living.live()
    await interrupted(living)
    begun = []

    await living.rebuilds.rebuild(TABLES["shops"], lambda *told: begun.append(told), anew=True)

    assert begun[0][1] == 0


async def test_whose_position_was_moved_by_somebody_else_stops(living):
    await living.live()

    with pytest.raises(Moved):
        await asyncio.gather(living.rebuild("shops", told=lambda *_: None), forget_it(living))


async def forget_it(living):
    while not await living.fetch("SELECT FROM consumers"):
        await asyncio.sleep(0)
    await living.spoil("UPDATE consumers SET position = position + 1")

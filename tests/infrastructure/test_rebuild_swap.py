"""At the swap nobody's row is lost, nobody fails, and nobody sees what is not his."""

import asyncio
from contextlib import asynccontextmanager
from uuid import uuid4

import asyncpg
import pytest

from app.wiring.facts import CODEC, follow
from domain import tenant
from domain.access import Role, TenantScope
from domain.events import Stream
from infrastructure.postgres import rebuild_shape
from infrastructure.postgres.database import Database
from infrastructure.postgres.event_store import EventStore
from tests.app.projecting import NOW, product

GATE = "SELECT pg_advisory_xact_lock($1)"
DRAWN = "SELECT last_value FROM event_position"


@pytest.fixture
async def living(postgres_url):
    async with product(postgres_url, pool_size=5) as living:
        await living.live()
        yield living


@asynccontextmanager
async def gated(living, *, first):
    """A store whose one connection knows its statements by heart, and a gate in its transactions:
    before the rows of its facts are written, or behind that."""
    database = Database(living.url, pool_size=1)
    keeper = await asyncpg.connect(living.url)

    def slow(recorded):
        gate, rows = [(GATE, (7,))], list(follow(recorded))
        return gate + rows if first else rows + gate

    living.store = EventStore(database, CODEC, lambda: NOW, slow)
    yield keeper
    await keeper.close()
    await database.close()


def hiring(company):
    stream = Stream(kind="tenant", tenant=company, id=company)
    return stream, lambda: tenant.MemberJoined(user_id=uuid4(), role=Role.MEMBER)


async def drawn(driver, before):
    """Until somebody has drawn a position since."""
    while await driver.fetchval(DRAWN) == before:
        await asyncio.sleep(0.005)


@pytest.mark.parametrize("first", [True, False], ids=["not yet written", "written"])
async def test_a_fact_that_is_under_way_at_the_swap_has_its_row_in_the_new_table(
    living, monkeypatch, first
):
    stream, hire = hiring(uuid4())
    lock, others = rebuild_shape.lock, living.store
    async with gated(living, first=first) as keeper:
        head = await living.tell(stream, [hire() for _ in range(7)])
        appends = []

        async def lock_while_one_is_under_way(driver, table):
            if appends:
                return await lock(driver, table)
            await keeper.execute("SELECT pg_advisory_lock(7)")
            before = await keeper.fetchval(DRAWN)
            appends.append(asyncio.create_task(living.tell(stream, [hire()], head)))
            await drawn(keeper, before)
            living.store, slow = others, living.store
            await living.live()  # these commit above the hole
            living.store = slow
            if first:
                await lock(driver, table)
                await keeper.execute("SELECT pg_advisory_unlock(7)")
                await asyncio.sleep(0.1)
            else:
                locking = asyncio.create_task(lock(driver, table))
                await asyncio.sleep(0.1)
                await keeper.execute("SELECT pg_advisory_unlock(7)")
                await locking
            assert not appends[0].done() or not first
            return None

        monkeypatch.setattr(rebuild_shape, "lock", lock_while_one_is_under_way)
        await living.rebuild("members")
        await asyncio.gather(*appends)
        head = await living.tell(stream, [hire()], await appends[0])

        before = await living.contents()
        await living.rebuild("members")

    assert await living.contents() == before
    query = "SELECT count(*) FROM members WHERE tenant_id = $1"
    assert await living.fetch(query, stream.tenant) == [(9,)]


async def test_a_position_is_passed_only_when_nothing_lower_can_appear(living, monkeypatch):
    stream, hire = hiring(uuid4())
    lock, others = rebuild_shape.lock, living.store
    async with gated(living, first=True) as keeper:
        await keeper.execute("SELECT pg_advisory_lock(7)")
        before = await keeper.fetchval(DRAWN)
        late = asyncio.create_task(living.tell(stream, [hire()]))
        await drawn(keeper, before)
        living.store = others
        await living.live()  # these commit above the hole

        async def open_gate(after):
            await asyncio.sleep(after)
            await keeper.execute("SELECT pg_advisory_unlock_all()")

        async def lock_when_it_has_written(driver, table):
            if not opened.done():
                opened.cancel()
                await open_gate(0)
            await late
            await lock(driver, table)

        opened = asyncio.create_task(open_gate(0.5))
        monkeypatch.setattr(rebuild_shape, "lock", lock_when_it_has_written)
        await living.rebuild("members")

    query = "SELECT count(*) FROM members WHERE tenant_id = $1"
    assert await living.fetch(query, stream.tenant) == [(1,)]


async def test_colleagues_are_seen_as_before_and_nobody_else_is(living):
    company = uuid4()
    for each in (company, uuid4()):
        person = uuid4()
        joined = tenant.MemberJoined(user_id=person, role=Role.MEMBER)
        alone = Stream(kind="tenant", tenant=each, id=uuid4())
        await living.tell(alone, [joined])
        await living.spoil(
            "INSERT INTO people VALUES ($1, $1, $2, 'Ж', 'x', now())", person, str(person)
        )
    before = await colleagues(living, company)

    await living.rebuild("members")

    assert await colleagues(living, company) == before
    assert len(before) == 1
    assert await colleagues(living, uuid4()) == []
    policy = "SELECT qual FROM pg_policies WHERE tablename = 'people'"
    assert "FROM members\n" in (await living.fetch(policy))[0][0]


async def colleagues(living, company):
    scope = TenantScope(tenant=company, person=uuid4(), role=Role.OWNER)
    async with living.database.reading(scope) as connection:
        rows = await connection.exec_driver_sql("SELECT full_name, user_id FROM people ORDER BY 2")
        return [tuple(row) for row in rows]

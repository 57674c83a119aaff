"""The database as its users see it: scoped reads, and plain words when it is away."""

import asyncio
from random import Random
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.read_models import at_once
from domain.access import Role, TenantScope
from domain.errors import Unavailable
from infrastructure.postgres.database import Database

LABEL = "INSERT INTO labels (tenant_id, id, name) VALUES ($1, $1, $2)"
A_MINUTE = "SELECT pg_sleep(60)"
CLOSE_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND state = 'idle'
"""
LABELS = text("SELECT name FROM labels")


async def test_a_scoped_read_sees_its_own_tenant_whatever_the_query_says(database):
    mine, other = uuid4(), uuid4()
    async with database.driver() as driver:
        await driver.executemany(LABEL, [(mine, "mine"), (other, "other")])

    scope = TenantScope(tenant=mine, person=uuid4(), role=Role.OWNER)
    async with database.reading(scope) as connection:
        seen = (await connection.execute(LABELS)).scalars().all()

    assert seen == ["mine"]


async def test_a_scope_does_not_follow_its_connection_into_the_pool(database):
    mine = uuid4()
    scope = TenantScope(tenant=mine, person=uuid4(), role=Role.OWNER)
    for _ in range(10):
        async with database.reading(scope) as connection:
            await connection.execute(LABELS)

    async with database.engine.connect() as connection:
        left = await connection.execute(text("SELECT current_setting('app.tenant', true)"))
        role = await connection.execute(text("SELECT current_user = session_user"))

    assert left.scalar() in ("", None)
    assert role.scalar()


async def test_nothing_can_be_changed_by_a_read(database):
    nobody = TenantScope.everyone(uuid4(), "a test")
    with pytest.raises(DBAPIError, match="read-only"):
        await read(database, nobody, "DELETE FROM labels")


async def test_a_connection_that_the_server_closed_meanwhile_is_replaced(database):
    scope = TenantScope(tenant=uuid4(), person=uuid4(), role=Role.OWNER)
    async with database.reading(scope), database.reading(scope):
        pass
    async with database.driver() as driver:
        await driver.execute(CLOSE_OTHERS)
    await asyncio.sleep(0.1)

    for _ in range(3):
        assert await read(database, scope, "SELECT 1") == 1


async def test_a_read_that_is_cancelled_at_any_moment_leaves_no_role_behind(database):
    scope = TenantScope(tenant=uuid4(), person=uuid4(), role=Role.OWNER)
    nobody = TenantScope.everyone(uuid4(), "a test")
    chance = Random(7)  # noqa: S311 - to be the same each time
    for _ in range(100):
        reading = asyncio.create_task(read(database, scope, "SELECT 1"))
        for _ in range(chance.randrange(1, 3)):
            await asyncio.sleep(chance.uniform(0, 0.004))
            reading.cancel()
        await asyncio.wait([reading])

        roles = (read(database, nobody, "SELECT current_user = session_user") for _ in range(5))
        assert all(await asyncio.gather(*roles))


async def test_reads_at_once_share_a_transaction_and_no_other_scope_s(database):
    scopes = [TenantScope(tenant=uuid4(), person=uuid4(), role=Role.OWNER) for _ in range(2)]
    who = "SELECT current_setting('app.tenant') || now()"
    async with at_once(database, scopes[0]) as shared:
        first, again = [await read(shared, scopes[0], who) for _ in range(2)]
        other = await read(shared, scopes[1], who)

    assert first == again
    assert str(scopes[0].tenant) in first
    assert str(scopes[1].tenant) in other


async def read(database, scope, query):
    async with database.reading(scope) as connection:
        return (await connection.execute(text(query))).scalar()


@pytest.mark.parametrize("url", ["postgresql://nobody:secret@127.0.0.1:1/none"])
async def test_a_database_that_is_away_is_unavailable_and_keeps_its_address(url):
    away = Database(url)

    with pytest.raises(Unavailable) as said:
        async with away.driver():
            pass
    await away.close()

    assert said.value.cause == "our_outage"
    assert "secret" not in str(said.value)


async def test_a_connection_that_is_cut_in_the_middle_is_unavailable(database):
    async def write_and_be_cut():
        async with database.writing() as driver:
            victim = await driver.fetchval("SELECT pg_backend_pid()")
            async with database.driver() as other:
                await other.execute("SELECT pg_terminate_backend($1)", victim)
            await driver.fetchval("SELECT 1")

    with pytest.raises(Unavailable):
        await write_and_be_cut()


async def test_what_is_refused_half_way_is_undone_without_a_word_in_the_log(database, caplog):
    mine = uuid4()

    async def refused():
        async with database.writing() as driver:
            await driver.execute(LABEL, mine, "mine")
            raise LookupError

    for _ in range(2):
        with pytest.raises(LookupError):
            await refused()

    await undone(database, mine, caplog)


@pytest.mark.parametrize("at", ["asyncio.sleep", "statement"])
async def test_what_is_cancelled_half_way_is_undone_without_a_word_in_the_log(database, caplog, at):
    mine, begun = uuid4(), asyncio.Event()

    async def long():
        async with database.writing() as driver:
            await driver.execute(LABEL, mine, "mine")
            begun.set()
            await (asyncio.sleep(60) if at == "asyncio.sleep" else driver.execute(A_MINUTE))

    writing = asyncio.create_task(long())
    await begun.wait()
    await asyncio.sleep(0.05)
    writing.cancel()
    await asyncio.wait([writing])

    await undone(database, mine, caplog)


async def undone(database, mine, caplog):
    async with database.driver() as driver:
        assert not driver.is_in_transaction()
        assert await driver.fetchval("SELECT count(*) FROM labels WHERE id = $1", mine) == 0
    assert not [each for each in caplog.records if each.name == "asyncio"]

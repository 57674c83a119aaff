"""What follows from facts is the same, whether its rows are written one by one or all at once."""

import asyncio
from uuid import UUID, uuid4

import pytest

from app.billing.projected import SHARE
from app.read_models import Projected
from domain.access import Role
from domain.events import Origin, Recorded, Stream
from infrastructure.clock import system_clock
from infrastructure.postgres import following
from infrastructure.postgres.lanes import WAKE

SEATS = Projected(name="members", key=("tenant_id", "user_id"))
WAITING = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock'
"""
SIT, MOVE, RISE = SEATS.put("role", "joined_at"), SEATS.change("role"), SEATS.drop()


@pytest.fixture
def company():
    return uuid4()


def fact(company, *rows):
    """One that these rows follow from."""
    return Recorded(
        position=1,
        event_id=uuid4(),
        stream=Stream(kind="tenant", tenant=company, id=company),
        version=1,
        at=system_clock(),
        origin=Origin("user", None, uuid4(), "request:1"),
        command_id=None,
        name="tenant.registered",
        event=rows,
    )


def follow(recorded):
    for statement, person, *values in recorded.event:
        yield statement, (recorded.tenant, UUID(int=person), *values)


async def written(database, company, *answers):
    async with database.writing() as driver:
        await following.write(driver, answers, follow)
        rows = await driver.fetch(
            "SELECT user_id, role FROM members WHERE tenant_id = $1 ORDER BY user_id", company
        )
    return [(row["user_id"].int, row["role"]) for row in rows]


def sat(*people, role=Role.MEMBER):
    return [(SIT, person, role, system_clock()) for person in people]


async def test_many_new_rows_are_one_statement(database, company):
    answers = [[fact(company, *sat(person))] for person in (1, 2, 3)]

    assert await written(database, company, *answers) == [(n, "member") for n in (1, 2, 3)]


async def test_the_last_word_about_a_row_counts(database, company):
    moves = [(MOVE, 1, role) for role in (Role.ADMIN, Role.VIEWER, Role.OWNER)]

    assert await written(
        database, company, [fact(company, *sat(1, 2))], [fact(company, *moves), fact(company)]
    ) == [(1, "owner"), (2, "member")]


async def test_only_the_rows_that_are_named_are_dropped(database, company):
    await written(database, company, [fact(company, *sat(1, 2, 3, 4))])

    assert await written(
        database, company, [fact(company, (RISE, 2))], [fact(company, (RISE, 4))]
    ) == [
        (1, "member"),
        (3, "member"),
    ]


async def test_a_row_that_comes_back_in_the_same_command_is_there(database, company):
    again = [*sat(1, 2), (RISE, 1), (RISE, 2), *sat(1, 2, role=Role.ADMIN)]

    assert await written(database, company, [fact(company, *again)]) == [(1, "admin"), (2, "admin")]


async def test_rows_of_another_tenant_stay(database, company):
    other = uuid4()
    await written(database, other, [fact(other, *sat(1, 2))])
    await written(database, company, [fact(company, *sat(1, 2))])

    await written(database, company, [fact(company, (RISE, 1), (RISE, 2))])

    assert await written(database, other) == [(1, "member"), (2, "member")]


async def test_lanes_of_several_companies_are_taken_in_one_order_whatever_the_statements(database):
    first, second = UUID(int=1), UUID(int=2)
    facts = [fact(second, (SHARE, 0, 2, 10)), fact(first, (WAKE, 0))]

    def lanes_of(recorded):
        for statement, _, *values in recorded.event:
            yield statement, (recorded.tenant, *values)

    async def write():
        async with database.writing() as driver:
            await following.write(driver, [[each] for each in facts], lanes_of)

    await write()
    async with database.writing() as driver:
        await driver.execute("SELECT FROM lanes WHERE tenant_id = $1 FOR UPDATE", first)
        writing = asyncio.create_task(write())
        async with database.driver() as other:
            while not await other.fetchval(WAITING):
                await asyncio.sleep(0.01)
            await other.execute("SELECT FROM lanes WHERE tenant_id = $1 FOR UPDATE NOWAIT", second)
    await writing

"""Projected tables on the command line: what there is, making them anew, proving that they are right."""

import random
from uuid import UUID, uuid4

import click
import pytest

from app import projections
from app.wiring.facts import CODEC, PROJECTIONS
from app.wiring.projections import TABLES
from domain.events import Origin, Recorded, Stream
from infrastructure.postgres.rebuild_verify import verify
from tests.app.projecting import NOW, product
from tests.app.test_newer_facts import NEWS, newer
from tests.histories import made

ORIGIN = Origin(source="user", actor=None, correlation=UUID(int=8), causation="request:1")


@pytest.fixture
async def living(postgres_url):
    async with product(postgres_url) as living:
        for _ in range(3):
            await living.live()
        yield living


async def verified(living, *names):
    """By table."""
    tables = [TABLES[name] for name in names or TABLES]
    found = verify(living.database, CODEC, tables, lambda *_: None)
    return {each.table: each async for each in found}


@pytest.mark.parametrize("projection", PROJECTIONS, ids=lambda each: each.tables[0].name)
def test_a_projection_has_nothing_to_say_of_facts_that_it_does_not_read(projection):
    choose = random.Random(7).choice  # noqa: S311 - to be the same each time
    said = {
        event
        for name, event in CODEC.types.items()
        if list(projection.project(recorded(name, made(choose, event))))
    }

    assert said == (set(CODEC.types.values()) if projection.reads is None else projection.reads)


def recorded(name, event):
    stream = Stream(kind=name.partition(".")[0], tenant=UUID(int=1), id=UUID(int=1))
    return Recorded(1, UUID(int=2), stream, 1, NOW, ORIGIN, None, name, event)


async def test_tables_that_are_right_equal_the_fold_of_their_facts(living):
    (facts,) = (await living.fetch("SELECT count(*) FROM events"))[0]

    found = await verified(living)

    assert list(found) == list(TABLES)
    assert {(each.differing, each.facts) for each in found.values()} == {(0, facts)}
    assert found["audit_entries"].rows == facts


async def test_a_changed_cell_is_found(living):
    (company,) = (await living.fetch("SELECT tenant_id FROM members"))[0]
    await living.spoil("UPDATE members SET role = 'nobody' WHERE tenant_id = $1", company)

    found = (await verified(living, "members"))["members"]
    first = found.differences[0]

    assert found.differing >= 1
    assert (first.column, first.held) == ("role", "nobody")
    assert f"tenant_id {company}" in first.key


async def test_a_missing_row_is_found(living):
    (company,) = (await living.fetch("SELECT tenant_id FROM tenants"))[0]
    await living.spoil("DELETE FROM tenants WHERE tenant_id = $1", company)

    (difference,) = (await verified(living, "tenants"))["tenants"].differences

    assert (difference.column, difference.held) == (None, None)
    assert difference.told["tenant_id"] == str(company)


async def test_a_row_too_many_is_found(living):
    await living.spoil("INSERT INTO subscriptions VALUES ($1, 'free', now())", uuid4())

    (difference,) = (await verified(living, "subscriptions"))["subscriptions"].differences

    assert (difference.column, difference.told) == (None, None)
    assert difference.held["plan"] == "free"


async def test_what_is_wrong_is_right_after_a_rebuild(living):
    right = await living.contents()
    await living.spoil("UPDATE shops SET broken = 'moon'; DELETE FROM members")

    await living.rebuild()

    assert await living.contents() == right


async def test_facts_of_a_newer_version_are_passed_over_and_counted(living):
    company = uuid4()
    stream = Stream(kind="tenant", tenant=company, id=company)
    store = newer(living.database)
    newest = [event for event, _ in NEWS]
    living.store, old = store, living.store
    await living.tell(stream, newest)
    living.store = old

    found = await verified(living, "members", "shops")
    done = await living.rebuilds.rebuild(TABLES["shops"], lambda *_: None)

    assert [each.unread for each in found.values()] == [1, 2]
    assert done.unread == 2


def test_an_unknown_table_is_answered_with_those_there_are():
    with pytest.raises(
        click.UsageError, match=r"no projected table stock\. There are: tenants, me"
    ):
        projections.named(["tenants", "stock"], everything=False)


def test_without_a_name_there_is_nothing_to_rebuild():
    with pytest.raises(click.UsageError, match=r"Nothing to do\. Name a table, or say --all"):
        projections.named([], everything=False)


def test_a_table_named_twice_is_meant_once():
    assert projections.named(["shops", "tenants", "shops"], everything=False) == [
        "shops",
        "tenants",
    ]
    assert projections.named([], everything=True) == list(TABLES)

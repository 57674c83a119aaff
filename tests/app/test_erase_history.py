"""What an erasure leaves: histories that replay, tables that are their fold, a chain without a gap."""

import hashlib
from uuid import uuid4

import pytest

from app.accounts.traces import OF_A_COMPANY, OF_A_PERSON, RUNS, TOKENS, sweep
from app.wiring.facts import PROJECTIONS
from domain import tenant, user
from domain.events import START, Stream
from infrastructure.postgres.append import digest_of
from tests.app.graphql_world import PASSWORD, World

ENVELOPE = (
    "tenant_id, kind, stream_id, version, event_id, name, schema_version, at, "
    "source, actor_id, correlation_id, causation, command_id, payload"
)
CARD = """
INSERT INTO cards (tenant_id, shop_id, nm_id, brand, subject, sku, sizes, seen_at)
VALUES ($1, $2, 1, 'Анна Котова', '', '', '[]', now())
"""
WITH_TENANTS = """
SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE a.attname = 'tenant_id' AND c.relkind IN ('r', 'p') AND NOT c.relispartition
  AND c.relnamespace = 'public'::regnamespace
"""
FACTS = {"heads", "events", "commands", "states", "seals"}
"""And what is as good as they are: ids, counts, hashes. None may hold who somebody is."""


@pytest.fixture
async def anna(database):
    """She had a shop, and is erased."""
    anna = await World(database).register()
    await anna.connected_shop()
    given = {"personId": anna.scope.person, "password": PASSWORD}
    assert (await anna.change("erasePerson", "personId", **given))["userErrors"] == []
    return anna


def streams(anna):
    person, company = anna.scope.person, anna.scope.tenant
    yield Stream(kind="user", tenant=person, id=person)
    yield Stream(kind="tenant", tenant=company, id=company)
    yield Stream(kind="subscription", tenant=company, id=company)


async def test_her_streams_replay(anna):
    hers, company, _ = streams(anna)

    assert (await anna.world.history.state(user.decider, hers))[0] == user.User()
    assert (await anna.world.history.state(tenant.decider, company))[0] == tenant.Tenant(
        exists=True
    )


async def test_the_chains_go_on_and_verify(anna, database):
    for stream in streams(anna):
        async with database.driver() as driver:
            rows = await driver.fetch(
                f"SELECT position, hash, {ENVELOPE} FROM events "
                "WHERE tenant_id = $1 AND kind = $2 ORDER BY version",
                stream.tenant,
                stream.kind,
            )
        link = START.hash
        for position, stored, *envelope, payload in rows:
            digest = digest_of(envelope, payload)
            link = hashlib.sha256(link + position.to_bytes(8, "big") + digest).digest()
            assert stored == link

        assert [row["version"] for row in rows] == list(range(1, len(rows) + 1))


@pytest.mark.parametrize("projection", PROJECTIONS, ids=lambda each: each.tables[0].name)
async def test_every_projected_table_is_the_fold_of_what_happened(anna, database, projection):
    folded = {table.name: {} for table in projection.tables}
    for stream in streams(anna):
        for recorded in await anna.world.handle._store.read(stream):
            for statement, row in projection.project(recorded):
                if getattr(statement, "table", None) in projection.tables:
                    fold(folded[statement.table.name], statement, row)
    for table in projection.tables:
        async with database.driver() as driver:
            rows = await driver.fetch(
                f"SELECT * FROM {table.name} WHERE tenant_id = ANY ($1)",
                [stream.tenant for stream in streams(anna)],
            )

        expected = folded[table.name]
        assert {key_of(table, row): seen(row, table, expected) for row in rows} == expected


def key_of(table, row):
    return tuple(row[each] for each in table.key)


def seen(row, table, expected):
    """The columns that facts spoke of."""
    return {column: row[column] for column in expected.get(key_of(table, row), ())}


def fold(rows, statement, row):
    key = tuple(row[: len(statement.table.key)])
    if statement.verb == "drop":
        rows.pop(key, None)
    elif statement.verb == "put" or key in rows:
        rows.setdefault(key, {}).update(zip(statement.columns, row[len(key) :], strict=True))


async def test_what_a_worker_still_wrote_for_a_deserted_company_is_swept_away(anna, database):
    stays = await World(database).register()
    async with database.driver() as driver:
        for company in (anna.scope.tenant, stays.scope.tenant):
            await driver.execute(CARD, company, uuid4())

        await sweep(database)

        rows = await driver.fetch("SELECT tenant_id FROM cards")
    kept = {row["tenant_id"] for row in rows}
    assert stays.scope.tenant in kept
    assert anna.scope.tenant not in kept


async def test_every_table_of_a_tenant_holds_facts_or_is_emptied(database):
    projected = {table.name for each in PROJECTIONS for table in each.tables}
    async with database.driver() as driver:
        tables = {row["relname"] for row in await driver.fetch(WITH_TENANTS)}

    assert tables - FACTS - projected == {*OF_A_COMPANY, *OF_A_PERSON, *RUNS, *TOKENS}

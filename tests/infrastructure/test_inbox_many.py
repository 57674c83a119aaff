"""A hundred thousand messages that are nobody's: a look reads those alone whose time has come."""

import json

import pytest

from app.billing.projected import CLAIM
from domain.inbox_port import AT_ONCE, COUNTED, DAILY, PAUSES, Backlog
from infrastructure.postgres import inbox, inbox_orphans
from tests.databases import connected, of_its_own
from tests.infrastructure.inbox_world import START, WHY, World

ORPHANS = 100_000
MANY = """
WITH came AS (
  INSERT INTO stripe_inbox (account, livemode, event_id, type, thin, api_version, created,
    received_at, subject, customer, about, standing, sha256)
  SELECT '', false, 'evt_' || n, 'invoice.paid', false, '', $1::timestamptz,
    $1::timestamptz - n * interval '20 seconds', who, who, who, 'pending', ''
  FROM (SELECT n, 'cus_' || n % 30000 AS who FROM generate_series(1, $2::int) n) each
  RETURNING account, livemode, event_id, seq, about, received_at
)
INSERT INTO stripe_pending (account, livemode, event_id, seq, about, since, due_at, tries, cause,
  why)
SELECT account, livemode, event_id, seq, about, received_at,
  $1::timestamptz + (1 + seq % 86400) * interval '1 second', 20, 'orphan', '' FROM came
"""
FEW = 20
"""Rows of a table that are read for three messages."""


@pytest.fixture(scope="module")
async def database(postgres_url):
    """Of an account that sells many other things."""
    async with of_its_own(postgres_url) as url, connected(url, 2) as database:
        async with database.driver() as driver:
            await driver.execute("ALTER TABLE stripe_pending SET (autovacuum_enabled = false)")
            await driver.execute(MANY, START, ORPHANS)
        yield database


@pytest.fixture(params=["unknown", "counted"])
async def world(request, database):
    """Three messages have just come; the planner knows nothing of the others, or all."""
    world = World(database)
    if request.param == "counted":
        await world.do("ANALYZE")
    for _ in range(3):
        await world.came()
    yield world
    await world.do("DELETE FROM stripe_pending WHERE about = $1", world.customer)


async def test_a_look_does_not_read_those_whose_time_has_not_come(world):
    args = (START, PAUSES, DAILY, WHY, ["ch_"])

    async with world.database.writing(*inbox_orphans.BY_INDEX) as driver:
        read = await rows_read(driver, inbox_orphans._LINK, *args)

    assert read["stripe_pending"] <= FEW
    assert read["stripe_inbox"] <= FEW
    assert await world.link() == (0, [])


async def test_a_customer_is_linked_and_looked_at_without_reading_others(world):
    await world.link()
    company = await world.company()

    async with world.database.writing() as driver:
        claimed = await rows_read(driver, CLAIM, company, world.customer, START)
        read = await rows_read(driver, inbox._PENDING, world.customer)

    assert claimed["stripe_pending"] <= FEW
    assert read["stripe_pending"] <= FEW
    assert read["stripe_inbox"] <= FEW


async def test_of_one_customer_with_very_much_a_look_reads_its_part_alone(world):
    await world.do("UPDATE stripe_pending SET about = 'cus_1' WHERE about LIKE 'cus_1%'")
    await world.do("ANALYZE stripe_pending")

    async with world.database.writing() as driver:
        read = await rows_read(driver, inbox._PENDING, "cus_1")

    assert read["stripe_pending"] == AT_ONCE


async def test_how_much_is_not_done_is_known_though_most_of_it_is_nobodys(world):
    backlog = await world.inbox.backlog()

    assert backlog == Backlog(waiting=3, orphans=COUNTED, failed=0, oldest=START)


async def rows_read(driver, statement, *args):
    """Of each table, when it is carried out; and it is taken back."""
    await driver.execute("SAVEPOINT before")
    asked = f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}"
    (plan,) = json.loads(await driver.fetchval(asked, *args))
    await driver.execute("ROLLBACK TO before")
    found = {"stripe_pending": 0, "stripe_inbox": 0}
    count(plan["Plan"], found)
    return found


def count(node, found):
    name = node.get("Relation Name")
    if name in found and "Scan" in node["Node Type"]:
        each = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
        found[name] += each * node["Actual Loops"]
    for below in node.get("Plans", ()):
        count(below, found)

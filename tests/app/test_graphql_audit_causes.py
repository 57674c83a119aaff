"""What led to a fact: the chain of causes back to the person, the clock or the machine."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from domain import health, shop
from domain.ids import uuid7
from domain.run import Done
from domain.schedule import by_cron
from infrastructure.postgres.ledger import PostgresLedger
from tests.app.graphql_audit_world import entries, record, statements
from tests.app.graphql_world import NOW, World


@pytest.fixture
def world(database):
    return World(database)


@pytest.fixture
async def anna(world):
    anna = await world.register()
    anna.shop = UUID(await anna.connected_shop())
    return anna


async def run_of(client):
    """The company's only live sync."""
    async with client.world.database.driver() as driver:
        return await driver.fetchval(
            "SELECT run_id FROM job_runs WHERE tenant_id = $1 AND kind = 'sync'",
            client.scope.tenant,
        )


async def finish(client, run_id):
    """Let the run succeed, so that only the history knows it."""
    ledger = PostgresLedger(client.world.database, lambda: client.world.now)
    handed = {each.run_id: each for each in await ledger.admit(1000)}
    task = await ledger.start(handed[run_id], "worker")
    await ledger.finish(task, Done(why="", result={}))


async def broken_by_run(client, run_id):
    (broke,) = await record(
        client,
        health.ShopBroke(shop_id=client.shop, cause="token_dead"),
        source="run",
        actor=None,
        causation=f"run:{run_id}",
    )
    return broke


async def causes_of(client, action):
    (entry,) = await entries(client, filter={"action": action})
    return entry["causes"]


def told(causes):
    return [(each["kind"], each["sentence"]) for each in causes]


WHOLE = [
    ("run", "The sync of the shop “Рыжий кот”"),
    ("event", "Анна Котова connected the sheet sheet-%s to the shop “Рыжий кот”"),
    ("request", "Анна Котова sent a request"),
]


def whole(anna):
    return [(kind, text % anna.shop if "%s" in text else text) for kind, text in WHOLE]


async def test_a_broken_shop_leads_back_to_the_run_the_fact_and_the_request(anna):
    run_id = await run_of(anna)
    await broken_by_run(anna, run_id)
    causes = await causes_of(anna, "tenant.shop_broke")
    (connected,) = await entries(anna, filter={"action": "tenant.sheet_connected"})

    assert told(causes) == whole(anna)
    assert [each["id"] for each in causes] == [
        str(run_id),
        connected["id"],
        connected["causation"].removeprefix("request:"),
    ]
    assert [each["at"] for each in causes] == [NOW.isoformat(), NOW.isoformat(), None]


async def test_a_run_that_is_finished_is_still_a_cause(anna):
    run_id = await run_of(anna)
    await broken_by_run(anna, run_id)
    await finish(anna, run_id)

    assert await run_of(anna) is None
    assert told(await causes_of(anna, "tenant.shop_broke")) == whole(anna)


async def test_a_request_says_when_it_was_if_its_id_does(anna):
    at = datetime(2026, 11, 23, 5, 6, 7, 890_000, tzinfo=UTC)
    await record(anna, shop.SyncRequested(shop_id=anna.shop), causation=f"request:{uuid7(at)}")

    (cause,) = await causes_of(anna, "tenant.sync_requested")
    assert cause["at"] == at.isoformat()


@pytest.mark.parametrize(
    ("causation", "kind", "ident", "sentence"),
    [
        (
            "schedule:2026-11-23T04:00:00+00:00",
            "schedule",
            "2026-11-23T04:00:00+00:00",
            "The schedule: it was 2026-11-23 07:00 Moscow time",
        ),
        ("schedule:soon", "schedule", "soon", "The schedule: it was time"),
        ("evt_1Abc", "stripe", "evt_1Abc", "Stripe sent the event evt_1Abc"),
        ("cli:sync", "cli", "sync", "The server's administrator ran “sync”"),
        ("event:gone", "event", "gone", "Nothing more is known about it"),
        (f"run:{UUID(int=5)}", "run", str(UUID(int=5)), "Nothing more is known about it"),
        ("moon", "other", "moon", "Nothing more is known about it"),
    ],
)
async def test_a_chain_ends_with_what_is_known(anna, causation, kind, ident, sentence):
    await record(anna, shop.SyncRequested(shop_id=anna.shop), causation=causation)

    (cause,) = await causes_of(anna, "tenant.sync_requested")
    assert (cause["kind"], cause["id"], cause["sentence"]) == (kind, ident, sentence)


async def test_what_belongs_to_another_company_is_no_cause_that_we_know(world, anna):
    boris = await world.register(name="Борис")
    boris.shop = UUID(await boris.connected_shop(token="other", seller="7"))
    (theirs,) = await record(boris, shop.SyncRequested(shop_id=boris.shop))
    await record(anna, shop.SyncRequested(shop_id=anna.shop), causation=f"event:{theirs.event_id}")
    await broken_by_run(anna, await run_of(boris))

    for action in ("tenant.sync_requested", "tenant.shop_broke"):
        (cause,) = await causes_of(anna, action)
        assert cause["sentence"] == "Nothing more is known about it"
        assert cause["at"] is None


async def test_a_chain_is_sixteen_links_long_at_most_even_one_that_bites_its_tail(anna, database):
    causation = f"request:{uuid4()}"
    for n in range(20):
        schedule = shop.ScheduleSet(shop_id=anna.shop, schedule=by_cron(f"{n} 1 * * *", "UTC"))
        (fact,) = await record(anna, schedule, causation=causation)
        causation = f"event:{fact.event_id}"
    newest = (await entries(anna, first=1))[0]

    assert [each["kind"] for each in newest["causes"]] == ["event"] * 16


async def test_a_whole_page_is_followed_back_together(world, anna, database):
    first = await run_of(anna)
    for n in range(30):
        world.now = NOW + timedelta(minutes=n)
        await broken_by_run(anna, first)
        await record(anna, health.ShopRecovered(shop_id=anna.shop))
    query = "{ auditLog(first: %d) { edges { node { causes { kind } } } } }"
    sent = []
    for size in (2, 60):
        with statements(database) as seen:
            await anna.ask(query % size)
        sent.append(len(seen))

    assert sent[0] == sent[1]

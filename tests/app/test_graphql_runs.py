"""Runs are asked for once, followed while they live, and found again when they ended."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from domain.ids import uuid7
from domain.run import Done, Fail, Handed, Run, Wait
from infrastructure.postgres.ledger import PostgresLedger
from tests.app.graphql_audit_world import statements
from tests.app.graphql_world import NOW, World

RUN = """id kind shopId state why waitingUntil source attempt result startedAt finishedAt
progress { step done total } attempts { attempt outcome errorType message endedAt }"""


@pytest.fixture
def world(database):
    return World(database)


@pytest.fixture
async def anna(world):
    return await world.register()


@pytest.fixture
async def shop_id(anna):
    return await anna.connected_shop()


@pytest.fixture
def ledger(database):
    return PostgresLedger(database, lambda: NOW)


async def live(client):
    return (await client.ask("{ runs { edges { node { id state } } } }"))["runs"]["edges"]


async def read(client, run_id):
    query = f"query($id: UUID!) {{ run(id: $id) {{ {RUN} }} }}"
    return (await client.ask(query, id=run_id))["run"]


async def begin(client, ledger, run_id, fence=1):
    """A worker takes the run."""
    async with client.world.database.driver() as driver:
        await driver.execute(
            "UPDATE job_runs SET fence = $2, handed_at = now() WHERE run_id = $1", run_id, fence
        )
    handed = Handed(tenant=client.scope.tenant, run_id=UUID(run_id), fence=fence)
    return await ledger.start(handed, "worker 1")


async def request(client, shop_id, fields="run { id state }"):
    return await client.change("requestSync", fields, shopId=shop_id)


async def test_asking_for_a_sync_twice_gives_the_same_live_run(anna, shop_id):
    first = await request(anna, shop_id)
    second = await request(anna, shop_id)

    assert first["run"] == second["run"]
    assert first["run"]["state"] == "WAITING"
    assert len(await live(anna)) == 1


async def test_a_sync_that_ended_before_the_answer_is_found_and_not_what_followed_it(
    anna, shop_id, ledger, database
):
    async with database.driver() as driver:  # else that of the connecting is found
        await driver.execute("DELETE FROM job_runs WHERE tenant_id = $1", anna.scope.tenant)
    later = PostgresLedger(database, lambda: NOW + timedelta(seconds=1))
    key = {"idempotency_key": str(uuid4())}
    fields = "run { id kind }"
    first = await anna.change("requestSync", fields, key, shopId=shop_id)
    task = await begin(anna, ledger, first["run"]["id"])
    await ledger.finish(task, Done(why="", result={}))
    await later.follow(task, Run(kind="flows", key=f"flows:{shop_id}", shop_id=UUID(shop_id)))

    again = await anna.change("requestSync", fields, key, shopId=shop_id)

    assert again["run"] == first["run"]


async def test_a_shop_without_a_sheet_cannot_be_synced_and_the_answer_says_what_to_do(anna):
    bare = await anna.connected_shop(token="bare", seller="7", sheet=False)

    anna.headers["accept-language"] = "en"
    made = await request(anna, bare)

    (refused,) = made["userErrors"]
    assert made["run"] is None
    assert (refused["code"], refused["path"]) == ("SHEET_MISSING", ["input", "shopId"])
    assert "Connect one first" in refused["message"]


async def test_a_run_shows_how_far_it_is_while_it_lives(anna, shop_id, ledger):
    run_id = (await request(anna, shop_id))["run"]["id"]
    task = await begin(anna, ledger, run_id)
    await ledger.beat(task, {"step": "cards", "done": 300, "total": None})

    seen = await read(anna, run_id)

    assert seen["state"] == "RUNNING"
    assert seen["progress"] == {"step": "cards", "done": 300, "total": None}
    assert [(each["attempt"], each["outcome"]) for each in seen["attempts"]] == [(1, None)]


async def test_a_waiting_run_says_until_when_and_why(anna, shop_id, ledger):
    run_id = (await request(anna, shop_id))["run"]["id"]
    task = await begin(anna, ledger, run_id)
    await ledger.finish(task, Wait(until=NOW + timedelta(minutes=5), why="Лимит запросов."))

    seen = await read(anna, run_id)

    assert seen["state"] == "WAITING"
    assert seen["why"] == "Лимит запросов. Продолжится само 2026-11-23 04:45 UTC."
    assert seen["waitingUntil"] == "2026-11-23T04:45:00+00:00"


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ("unchanged", "Ничего не изменилось, записывать не пришлось."),
        ("with gaps", "Часть ячеек пуста; причина указана в заголовке."),
    ],
)
async def test_how_a_sync_ended_is_a_sentence(anna, shop_id, ledger, kept, said):
    run_id = (await request(anna, shop_id))["run"]["id"]
    await ledger.finish(await begin(anna, ledger, run_id), Done(why=kept, result={}))

    assert (await read(anna, run_id))["why"] == said


TOKEN_DEAD = Fail(why="Токен.", error_type="token_dead", traceback="secret frames", final=True)


@pytest.mark.parametrize(
    ("outcome", "state", "result"),
    [
        (Done(why="", result={"products": 5}), "SUCCEEDED", {"products": 5}),
        (TOKEN_DEAD, "FAILED", None),
    ],
)
async def test_a_finished_run_is_found_by_the_same_id(anna, ledger, outcome, state, result):
    run_id = (await request(anna, await anna.connected_shop()))["run"]["id"]
    await ledger.finish(await begin(anna, ledger, run_id), outcome)

    seen = await read(anna, run_id)

    assert (seen["id"], seen["state"], seen["result"]) == (run_id, state, result)
    assert seen["why"] == outcome.why
    assert seen["finishedAt"] == "2026-11-23T04:40:00+00:00"
    assert "secret frames" not in str(seen)


async def test_pages_hold_live_and_finished_runs_the_newest_first(anna, shop_id, database):
    tenant = anna.scope.tenant
    ids = [str(uuid7(NOW - timedelta(minutes=n))) for n in range(1, 6)]
    old = (
        "INSERT INTO job_history VALUES ($1,$2,'sync',$3,'user',$4,'x',$5,'',1,NULL,NULL,$6,$6,$6)"
    )
    async with database.driver() as driver:
        for n, run_id in enumerate(ids):
            state = "succeeded" if n % 2 else "failed"
            await driver.execute(old, tenant, run_id, shop_id, uuid4(), state, NOW)
    query = """query($after: String, $state: RunState, $shop: UUID) {
      runs(first: 2, after: $after, state: $state, shopId: $shop) {
        totalCount edges { cursor node { id attempts { attempt } } } pageInfo { hasNextPage } } }"""
    first = (await live(anna))[0]["node"]["id"]
    found, after, more = [], None, True
    while more:
        page = (await anna.ask(query, after=after))["runs"]
        found += [edge["node"]["id"] for edge in page["edges"]]
        after, more = page["edges"][-1]["cursor"], page["pageInfo"]["hasNextPage"]
    failed = (await anna.ask(query, state="FAILED"))["runs"]
    waiting = (await anna.ask(query, state="WAITING", shop=shop_id))["runs"]

    assert found == [first, *ids]
    assert [edge["node"]["id"] for edge in failed["edges"]] == [ids[0], ids[2]]
    assert failed["totalCount"] == 3
    assert waiting["totalCount"] == 1


async def test_the_tries_of_a_whole_page_cost_one_statement(anna, shop_id, database):
    await anna.connected_shop(token="another", seller="8")
    with statements(database) as sent:
        both = await anna.ask("{ runs { edges { node { attempts { attempt } } } } }")
        asked = [each for each in sent if "job_attempts" in each]
    with statements(database) as sent:
        await anna.ask("{ runs { edges { node { id } } } }")

    assert len(both["runs"]["edges"]) == 2
    assert len(asked) == 1
    assert not any("job_attempts" in each or "count(" in each for each in sent)

"""The fleet over GraphQL: lanes, failures, holds and workers; and a worker that is asked to go."""

from uuid import uuid4

import pytest

from app.staff import appoint
from domain.events import Origin
from infrastructure.postgres.ledger import PostgresLedger
from tests.app.graphql_world import NOW, World
from tests.app.operating import Fleet

LANES = """query($first: Int! = 20, $after: String, $reason: String) {
  lanes(first: $first, after: $after, asStaff: $reason) { totalCount
    pageInfo { hasNextPage endCursor }
    edges { node { tenantId companyName state cap handed running waiting dueAt why } } } }"""
FAILURES = """query($first: Int! = 20, $after: String, $reason: String) {
  failures(first: $first, after: $after, asStaff: $reason) { totalCount
    pageInfo { hasNextPage endCursor }
    edges { node { fingerprint errorType count companies shops atLeast lastRunId } } } }"""
WORKERS = '{ workers(asStaff: "ticket 7") { name state version slots busy } }'
CAUSE, OTHER = "00000000000000aa", "00000000000000bb"
STAFF = {"reason": "ticket 7"}


@pytest.fixture
def world(database):
    return World(database)


@pytest.fixture
async def fleet(world, database):
    fleet = Fleet(database, lambda: world.now)
    await fleet.clear()
    yield fleet
    await fleet.clear()


@pytest.fixture
async def anna(world):
    return await world.register()


@pytest.fixture
async def vera(world):
    """One of those who run the servers."""
    vera = await world.register(name="Вера", company="Мы")
    origin = Origin(source="cli", actor=None, correlation=uuid4(), causation="cli:staff add")
    await appoint(world.handle, vera.scope.person, origin)
    return vera


def nodes(page):
    return [edge["node"] for edge in page["edges"]]


async def test_a_company_sees_its_own_lane_and_the_staff_all_of_them(fleet, anna, vera):
    stranger = uuid4()
    await fleet.queue(anna.scope.tenant, 3)
    await fleet.queue(stranger, 2)
    await fleet.take(stranger, 1)
    await fleet.lane(stranger, vtime=1)
    await fleet.lane(anna.scope.tenant, vtime=0)

    own = (await anna.ask(LANES))["lanes"]
    everybody = (await vera.ask(LANES, **STAFF))["lanes"]

    (mine,) = nodes(own)
    assert (mine["tenantId"], mine["companyName"]) == (str(anna.scope.tenant), "Рыжий кот")
    assert (mine["waiting"], mine["handed"]) == (3, 0)
    first, second = nodes(everybody)
    assert (first["tenantId"], first["handed"], first["running"]) == (str(stranger), 1, 1)
    assert second == {**mine, "state": "NEXT"}
    assert everybody["totalCount"] == 2


async def test_why_a_lane_stands_is_one_word(fleet, vera):
    capped, paused, woken, ready = (uuid4() for _ in range(4))
    await fleet.queue(capped, 4)
    await fleet.take(capped, 3)
    await fleet.lane(capped, cap=3, ready=False)
    await fleet.queue(paused, 1)
    await fleet.hold(paused)
    await fleet.queue(woken, 1, minutes=-20)
    await fleet.queue(ready, 1)
    await fleet.lane(ready, vtime=10**6)

    page = nodes((await vera.ask(LANES, **STAFF))["lanes"])

    said = {node["tenantId"]: node["state"] for node in page}
    assert said == {
        str(capped): "AT_ITS_CAP",
        str(paused): "PAUSED",
        str(woken): "WAKES",
        str(ready): "IN_TURN",
    }


@pytest.mark.parametrize("everybody", [False, True], ids=["one company", "everybody"])
async def test_a_lane_whose_runs_are_all_on_hold_is_listed_and_says_so(
    database, fleet, vera, everybody
):
    company = uuid4()
    await fleet.queue(company, 2)
    await fleet.hold(company, fleet=everybody, kind="sync" if everybody else None)
    assert await PostgresLedger(database, lambda: NOW).admit(10) == []

    page = (await vera.ask(LANES, {"accept_language": "en"}, **STAFF))["lanes"]

    (lane,) = nodes(page)
    whose = "Such runs of all companies" if everybody else "All runs of the company"
    assert (lane["tenantId"], lane["state"], page["totalCount"]) == (str(company), "PAUSED", 1)
    assert lane["why"].startswith(f"{whose} have been on hold since 2026-11-23 04:31 UTC")


async def test_a_lane_says_why_its_first_run_waits_as_the_run_does(fleet, anna):
    await fleet.queue(anna.scope.tenant, 1, minutes=-20, why="Wildberries не отвечает.")

    asked = await anna.ask("{ lanes { edges { node { why } } } runs { edges { node { why } } } }")

    (lane,), (run,) = nodes(asked["lanes"]), nodes(asked["runs"])
    assert lane == run
    assert run["why"].startswith("Wildberries не отвечает. Продолжится само 2026")


async def test_lanes_are_turned_over_one_by_one_without_a_gap(fleet, vera):
    companies = [uuid4() for _ in range(6)]
    for n, company in enumerate(companies):
        await fleet.queue(company, 2, minutes=-5 - n if n > 3 else 5)
    for company in companies[:2]:
        await fleet.take(company, 1)
    seen, after = [], None
    while True:
        page = (await vera.ask(LANES, first=1, after=after, **STAFF))["lanes"]
        seen += [node["tenantId"] for node in nodes(page)]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break

    whole = nodes((await vera.ask(LANES, **STAFF))["lanes"])
    assert seen == [node["tenantId"] for node in whole]
    assert sorted(seen) == sorted(map(str, companies))
    assert set(seen[:2]) == set(map(str, companies[:2]))
    assert seen[4:] == list(map(str, companies[4:]))


async def test_causes_are_added_up_for_the_staff_alone(fleet, anna, vera):
    await fleet.failed(anna.scope.tenant, CAUSE, count=2, shops=1)
    await fleet.failed(uuid4(), CAUSE, count=5, shops=2, ago=1)
    await fleet.failed(uuid4(), OTHER, ago=30)

    own = nodes((await anna.ask(FAILURES))["failures"])
    everybody = (await vera.ask(FAILURES, first=1, **STAFF))["failures"]
    rest = await vera.ask(FAILURES, after=everybody["pageInfo"]["endCursor"], **STAFF)

    assert [(each["fingerprint"], each["count"], each["companies"]) for each in own] == [
        (CAUSE, 2, 1)
    ]
    (sum_of_all,) = nodes(everybody)
    assert (sum_of_all["count"], sum_of_all["companies"], sum_of_all["shops"]) == (7, 2, 3)
    assert everybody["totalCount"] == 2
    assert [each["fingerprint"] for each in nodes(rest["failures"])] == [OTHER]


async def test_a_company_sees_its_own_holds_and_those_of_all(fleet, anna, vera):
    await fleet.hold(anna.scope.tenant, kind="sync")
    await fleet.hold(uuid4(), fleet=True)
    await fleet.hold(uuid4())

    own = (await anna.ask("{ holds { tenantId kind } }"))["holds"]
    everybody = (await vera.ask('{ holds(asStaff: "ticket 7") { tenantId } }'))["holds"]

    assert own == [
        {"tenantId": None, "kind": None},
        {"tenantId": str(anna.scope.tenant), "kind": "sync"},
    ]
    assert len(everybody) == 3


async def test_a_worker_is_asked_to_go_once_and_that_is_on_record(fleet, vera):
    await fleet.works("w-1:7")
    await fleet.works("w-2:7", ago=90)
    await fleet.works("w-3:7", ago=12)
    before = await fleet.facts("fleet.worker_drained")
    for _ in range(2):
        made = await vera.change("drainWorker", "worker", worker="w-1:7", asStaff="ticket 7")
        assert made == {"worker": "w-1:7", "userErrors": []}

    told = (await vera.ask(WORKERS))["workers"]
    assert [(each["name"], each["state"]) for each in told] == [
        ("w-1:7", "DRAINING"),
        ("w-2:7", "LOST"),
        ("w-3:7", "SILENT"),
    ]
    assert await fleet.facts("fleet.worker_drained") == before + 1


async def test_a_worker_that_is_not_there_cannot_be_asked(fleet, vera):
    english = {"accept_language": "en"}
    made = await vera.change("drainWorker", "worker", english, worker="w-9", asStaff="ticket 7")

    (no,) = made["userErrors"]
    assert no["code"] == "UNKNOWN_WORKER"
    assert "no such worker" in no["message"]


async def test_all_schedules_are_listed_for_the_staff(world, fleet, anna, vera):
    shop_id = await anna.connected_shop(sheet=False)
    boris = await world.register(company="Серый кот")
    await boris.connected_shop(token="t2", seller="200", sheet=False)
    query = "query($reason: String) { schedules(asStaff: $reason) { edges { node { %s } } } }"

    own = nodes((await anna.ask(query % "shopId"))["schedules"])
    everybody = nodes((await vera.ask(query % "tenantId", **STAFF))["schedules"])

    assert own == [{"shopId": shop_id}]
    assert {each["tenantId"] for each in everybody} == {
        str(anna.scope.tenant),
        str(boris.scope.tenant),
    }

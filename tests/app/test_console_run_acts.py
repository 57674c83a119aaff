"""The console's forms about runs: they do what the API does, and lead back."""

from uuid import UUID, uuid4

import pytest

from app import staff
from app.handle import Ask
from domain import fleet
from domain.access import Role
from domain.events import Origin
from domain.ids import uuid7
from tests.app.console_world import OURS
from tests.fakes import account

RUN = """
INSERT INTO job_runs (tenant_id, run_id, kind, key, cause_key, source, correlation_id, causation,
                      due_at, why, created_at)
VALUES ($1, $2, 'sync', $3, $3, 'schedule', $2, 'schedule:1', $4, '', $4)
"""
FINISHED = """
INSERT INTO job_history (tenant_id, run_id, kind, key, source, correlation_id, causation, state,
                         why, attempt, created_at, finished_at)
VALUES ($1, $2, 'sync', $3, 'schedule', $2, 'schedule:1', 'failed', '', 1, $4, $4)
"""
ORIGIN = Origin(source="cli", actor=None, correlation=uuid4(), causation="cli:test")


@pytest.fixture
async def anna(console):
    return await with_company(await console.anna())


@pytest.fixture
async def vera(console):
    """One of those who run the servers."""
    vera = await with_company(await console.anna())
    await staff.appoint(console.accounts.handle, vera.person, ORIGIN)
    yield vera
    release = Ask(decider=fleet.decider, stream=fleet.STREAM, command=fleet.ReleaseRuns(kind=None))
    await console.accounts.handle(release, origin=ORIGIN)


async def with_company(browser):
    browser.company = (await browser.world.identified(browser)).scope.tenant
    return browser


async def run_of(browser, statement=RUN):
    run_id, now = uuid7(browser.world.clock()), browser.world.clock()
    async with browser.world.database.driver() as driver:
        await driver.execute(statement, browser.company, run_id, f"sync:{run_id}", now)
    return run_id


async def rows(browser, statement, *values):
    async with browser.world.database.driver() as driver:
        return await driver.fetch(statement, *values)


async def cancelling(browser, run_id):
    (row,) = await rows(browser, "SELECT cancelling FROM job_runs WHERE run_id = $1", run_id)
    return row["cancelling"]


async def live(browser, company):
    return await rows(browser, "SELECT * FROM job_runs WHERE tenant_id = $1", company)


async def press(browser, path, page="/start", **fields):
    """A button on a page, which the browser names."""
    headers = {**OURS, "referer": f"http://console{page}"}
    return await browser.send(path, headers, csrf=await browser.token(), **fields)


async def test_a_run_is_cancelled_and_she_is_back_where_she_pressed(anna):
    run_id = await run_of(anna)

    answers = [
        await press(anna, f"/runs/{run_id}/cancel", "/runs?q=state:waiting") for _ in range(2)
    ]

    assert [(each.status_code, each.headers["location"]) for each in answers] == [
        (303, "/runs?q=state:waiting")
    ] * 2
    assert await cancelling(anna, run_id) == "Somebody of the company cancelled it."


async def test_who_pressed_twice_on_a_failed_runs_page_is_led_to_the_one_new_run(anna):
    run_id = await run_of(anna, FINISHED)

    answers = [await press(anna, f"/runs/{run_id}/retry", f"/runs/{run_id}") for _ in range(2)]

    (new,) = await live(anna, anna.company)
    assert [each.headers["location"] for each in answers] == [f"/runs/{new['run_id']}"] * 2


async def test_a_time_of_day_is_that_of_her_clock_for_what_she_sees_and_for_what_she_does(anna):
    anna.http.cookies.set("zone", "Europe.Moscow")

    await press(anna, "/runs/bulk", do="retry", all="1", q="since:05:00")

    (run,) = await live(anna, anna.company)
    day = anna.world.clock().date()
    assert run["args"]["query"] == f"since:{day}T02:00:00"


@pytest.mark.parametrize(("since", "status"), [("0001-01-01", 422), ("0002-01-01", 303)])
async def test_the_first_days_of_the_calendar_are_no_error_of_ours(anna, since, status):
    anna.http.cookies.set("zone", "Europe.Moscow")

    answer = await press(anna, "/runs/bulk", do="retry", all="1", q=f"since:{since}")

    assert answer.status_code == status


@pytest.mark.parametrize("path", ["//evil.example/x", "/\\evil.example"])
async def test_nobody_is_led_out_of_here(anna, path):
    answer = await press(anna, "/runs/bulk", path, do="retry", all="1", q="state:failed")

    assert answer.headers["location"] == "/"


async def test_what_cannot_be_done_is_said_in_her_words(anna):
    run_id = await run_of(anna, FINISHED)

    answer = await press(anna, f"/runs/{run_id}/cancel")

    assert answer.status_code == 409
    assert "This run has failed: there is nothing left to cancel." in answer.text


async def test_another_companys_run_is_unknown(anna, console):
    boris = await with_company(await console.anna())
    run_id = await run_of(boris)

    for fields in ({}, {"tenant": boris.company}):
        answer = await press(anna, f"/runs/{run_id}/cancel", **fields)
        assert answer.status_code == 404
    assert await cancelling(anna, run_id) is None


@pytest.mark.parametrize(
    ("path", "role"),
    [
        ("/runs/{}/cancel", Role.VIEWER),
        ("/runs/{}/retry", Role.VIEWER),
        ("/runs/bulk", Role.VIEWER),
        ("/holds", Role.MEMBER),
    ],
)
async def test_who_may_not_is_told_so(anna, console, path, role):
    run_id = await run_of(anna)
    await console.change_role(anna, role)

    answer = await press(anna, path.format(run_id), do="retry", run=run_id)

    assert answer.status_code == 403
    assert len(await live(anna, anna.company)) == 1


async def test_picked_runs_are_retried_by_a_run_of_their_own(anna):
    picked = [await run_of(anna, FINISHED) for _ in range(2)]

    answer = await press(anna, "/runs/bulk", "/runs", do="retry", run=picked[0])
    everything = await press(anna, "/runs/bulk", "/runs", do="cancel", all="1", q="state:waiting")

    made = await live(anna, anna.company)
    assert [answer.headers["location"], everything.headers["location"]] == ["/runs"] * 2
    assert sorted((each["kind"], each["args"]["act"]) for each in made) == [
        ("bulk", "cancel"),
        ("bulk", "retry"),
    ]


@pytest.mark.parametrize(
    ("path", "fields", "status"),
    [
        ("/runs/bulk", {"do": "burn", "run": str(UUID(int=7))}, 422),
        ("/runs/bulk", {"do": "retry"}, 422),
        ("/runs/bulk", {"do": "retry", "run": "x"}, 400),
        ("/runs/bulk", {"do": "retry", "all": "1", "q": " "}, 422),
        ("/runs/bulk", {"do": "retry", "all": "1", "q": "nonsense"}, 422),
        ("/holds", {"do": "burn"}, 422),
        ("/holds", {"do": "hold", "kind": "snyc"}, 422),
        ("/holds", {"do": "hold", "shop": "x"}, 400),
        ("/holds", {"do": "hold", "fleet": "1"}, 403),
        (f"/runs/{UUID(int=7)}/retry", {}, 404),
    ],
)
async def test_what_makes_no_sense_is_refused_and_changes_nothing(anna, path, fields, status):
    assert (await press(anna, path, **fields)).status_code == status
    assert await live(anna, anna.company) == []


async def test_runs_of_a_shop_are_paused_and_go_on(anna, console):
    console.marketplace.accounts[console.token] = account("9")
    await anna.press("/start/shop", token=console.token)
    (shop,) = await rows(anna, "SELECT shop_id FROM shops WHERE tenant_id = $1", anna.company)
    which = "SELECT kind, shop_id FROM holds WHERE tenant_id = $1"

    await press(anna, "/holds", do="hold", kind="sync", shop=shop["shop_id"])
    held = await rows(anna, which, anna.company)
    await press(anna, "/holds", do="release", kind="sync", shop=shop["shop_id"])

    assert [tuple(each) for each in held] == [("sync", shop["shop_id"])]
    assert await rows(anna, which, anna.company) == []


async def test_staff_acts_in_the_company_that_the_form_names(anna, vera):
    run_id = await run_of(anna)

    answer = await press(vera, f"/runs/{run_id}/cancel", "/runs", tenant=anna.company)

    assert answer.status_code == 303
    assert await cancelling(vera, run_id) == "Stock Tracker's staff cancelled it."


async def test_staff_pauses_and_bulks_for_all_companies(vera):
    await press(vera, "/holds", do="hold", fleet="1")
    await press(vera, "/runs/bulk", do="retry", all="1", q="state:failed")

    (held,) = await rows(vera, "SELECT * FROM holds WHERE fleet")
    assert (held["tenant_id"], held["kind"]) == (fleet.FLEET, None)
    bulks = await live(vera, fleet.FLEET)
    assert {"act": "retry", "query": "state:failed", "run_ids": [], "by": None} in [
        each["args"] for each in bulks
    ]


async def test_a_bulk_of_the_fleet_is_cancelled_by_staff(vera):
    await press(vera, "/runs/bulk", do="retry", all="1", q="state:failed")
    newest = max(each["run_id"] for each in await live(vera, fleet.FLEET))

    answer = await press(vera, f"/runs/{newest}/cancel", tenant=fleet.FLEET)

    assert answer.status_code == 303
    assert await cancelling(vera, newest) == "Stock Tracker's staff cancelled it."
    assert isinstance(newest, UUID)

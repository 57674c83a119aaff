"""Why a run waits: one answer, and the dispatcher does as it says."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from app.runs import words
from app.runs.execute import Execute
from app.runs.read import run_by_id
from app.runs.standing import reasons
from app.runs.waiting import Why
from domain.access import Role, TenantScope
from domain.events import Origin, Recorded, Stream
from domain.run import TRIES, Fail, Handed, Run, Wait
from infrastructure.postgres.ledger import PostgresLedger, ask
from infrastructure.postgres.steps import Steps
from tests.app.runs_world import NOW, Runs

EMPTY = "DELETE FROM job_runs; DELETE FROM lanes; DELETE FROM holds; DELETE FROM workers"
HOUR, AT = "{:%H:%M}".format, {"en": "at {:%H:%M}".format, "ru": "в {:%H:%M}".format}
LATER = NOW + timedelta(minutes=5)
BEGINS = {Why.SOON, Why.BEHIND, Why.BUSY, Why.NO_WORKER, Why.STUCK, Why.STOPPING}
"""What is handed out, once there is room for it."""


class Company:
    """One whose runs go through the real ledger."""

    def __init__(self, database):
        self.database, self.tenant = database, uuid4()
        self.scope = TenantScope(tenant=self.tenant, person=uuid4(), role=Role.VIEWER)
        self.ledger = PostgresLedger(database, lambda: NOW)
        self.rows = Runs(database, self.tenant)

    async def ask(self, kind="sync", shop=None):
        """Its id. Somebody asked for it a moment ago."""
        fact = Recorded(
            position=1,
            event_id=uuid4(),
            stream=Stream(kind="tenant", tenant=self.tenant, id=self.tenant),
            version=1,
            at=NOW,
            origin=Origin(source="schedule", actor=None, correlation=uuid4(), causation="x:1"),
            command_id=None,
            name="tenant.registered",
            event=None,
        )
        async with self.database.writing() as driver:
            for statement, row in ask(Run(kind=kind, key=str(uuid4()), shop_id=shop), fact):
                await driver.execute(statement, *row)
        return row[1]

    async def set(self, run_id, **columns):
        named = ", ".join(f"{name} = ${n}" for n, name in enumerate(columns, 2))
        async with self.database.driver() as driver:
            statement = f"UPDATE job_runs SET {named} WHERE run_id = $1"
            await driver.execute(statement, run_id, *columns.values())

    async def hold(self, *, fleet=False, kind=None, shop=None):
        scope = f"{kind or ''}:{shop or ''}"
        row = (uuid4() if fleet else self.tenant, scope, fleet, kind, shop, NOW)
        async with self.database.driver() as driver:
            await driver.execute("INSERT INTO holds VALUES ($1, $2, $3, $4, $5, $6)", *row)

    async def handed(self):
        """What the dispatcher hands out now."""
        return {each.run_id for each in await self.ledger.admit(100)}

    async def task(self, run_id):
        """The run in a worker's hands."""
        await self.handed()
        return await self.ledger.start(
            Handed(tenant=self.tenant, run_id=run_id, fence=1), "worker 1"
        )

    async def why(self, run_id):
        """The answer, as anybody of the company reads it."""
        row = await run_by_id(self.database, self.scope, run_id)
        return (await reasons(self.database, self.scope, [row], NOW)).get(run_id)

    async def said(self, run_id, language="en"):
        reason = await self.why(run_id)
        sentence = words.why(reason, language, words.Times(plain=HOUR, at=AT[language])).unescape()
        agreed = (run_id in await self.handed()) is (reason.why in BEGINS)
        assert agreed, "the dispatcher does otherwise"
        return reason.why, sentence


@pytest.fixture
async def company(database):
    async with database.driver() as driver:
        await driver.execute(EMPTY)
    company = Company(database)
    await company.rows.worker()
    yield company
    async with database.driver() as driver:
        await driver.execute(EMPTY)


async def test_what_nothing_holds_up_begins_at_once(company):
    run_id = await company.ask()

    assert await company.said(run_id) == (
        Why.SOON,
        "Nothing holds it up: it begins within a second or two.",
    )
    assert (await company.why(run_id)).why is Why.HANDED


@pytest.mark.parametrize("workers", ["none", "lost", "leaving"])
async def test_without_a_worker_nothing_begins(company, database, workers):
    async with database.driver() as driver:
        await driver.execute("DELETE FROM workers")
    if workers == "lost":
        await company.rows.worker(ago=timedelta(minutes=1))
    if workers == "leaving":
        await company.rows.worker(draining=True)
    run_id = await company.ask()

    why, sentence = await company.said(run_id)

    assert why is Why.NO_WORKER
    assert sentence.startswith("No worker is running")
    assert (await company.why(run_id)).why is Why.NO_WORKER  # also when it is handed out


async def test_all_slots_may_be_busy(company):
    await company.rows.worker("w-2", slots=2, busy=2)
    run_id = await company.ask()
    assert (await company.why(run_id)).why is Why.SOON

    async with company.database.driver() as driver:
        await driver.execute("UPDATE workers SET busy = slots")

    assert await company.said(run_id) == (
        Why.BUSY,
        "All workers are busy, 6 of 6 slots: it begins once one of them is free.",
    )


async def test_a_company_has_no_more_than_its_share(company):
    first, second = await company.ask(), await company.ask()
    async with company.database.driver() as driver:
        await driver.execute("UPDATE lanes SET cap = 1")
    assert await company.handed() == {min(first, second)}

    why, sentence = await company.said(max(first, second))

    assert why is Why.CAP
    assert sentence.startswith("1 of 1 runs that this company may have at once are under way")


async def test_others_of_the_company_may_go_first(company):
    ids = sorted([await company.ask() for _ in range(3)])

    assert [(await company.why(each)).number for each in ids] == [0, 1, 2]
    assert await company.said(ids[1]) == (Why.BEHIND, "1 run of this company goes first.")


HOLDS = {
    "everything": (
        {"fleet": True},
        "All runs of all companies have been on hold since 04:40 (Stock Tracker's staff).",
    ),
    "a kind": (
        {"fleet": True, "kind": "sync"},
        "Such runs of all companies have been on hold since 04:40 (Stock Tracker's staff).",
    ),
    "the company": (
        {},
        "All runs of the company have been on hold since 04:40 (somebody who has left).",
    ),
    "its kind": (
        {"kind": "sync"},
        "Such runs of the company have been on hold since 04:40 (somebody who has left).",
    ),
    "the shop": (
        {"shop": UUID(int=7)},
        "All runs of this shop have been on hold since 04:40 (somebody who has left).",
    ),
    "its kind in the shop": (
        {"kind": "sync", "shop": UUID(int=7)},
        "Such runs of this shop have been on hold since 04:40 (somebody who has left).",
    ),
}


@pytest.mark.parametrize("held", HOLDS)
async def test_what_is_paused_waits_until_it_is_resumed(company, held):
    wanted, sentence = HOLDS[held]
    run_id = await company.ask(shop=UUID(int=7))
    await company.hold(**wanted)

    assert await company.said(run_id) == (Why.HELD, sentence)


async def test_of_several_holds_the_widest_is_told(company):
    run_id = await company.ask(shop=UUID(int=7))
    for wanted, sentence in reversed(HOLDS.values()):
        await company.hold(**wanted)

        assert await company.said(run_id) == (Why.HELD, sentence)


async def test_a_pause_of_something_else_changes_nothing(company):
    run_id = await company.ask(shop=UUID(int=7))
    await company.hold(shop=UUID(int=8))
    await company.hold(kind="export")
    await Company(company.database).hold()

    assert (await company.why(run_id)).why is Why.SOON


async def test_whoever_is_paused_goes_before_nobody(company):
    await company.ask(kind="export")
    run_id = await company.ask()
    await company.hold(kind="export")

    assert (await company.why(run_id)).why is Why.SOON


async def test_a_run_waits_for_its_own_time(company):
    run_id = await company.ask()
    await company.set(run_id, due_at=LATER)

    assert await company.said(run_id) == (
        Why.LATER,
        "Its time has not come: it begins at 04:45.",
    )


async def test_a_run_waits_for_a_neighbour_in_its_own_words(company):
    run_id = await company.ask()
    waits = Wait(until=LATER, why="Лимит исчерпан. / The limit is used up.")
    await company.ledger.finish(await company.task(run_id), waits)

    assert await company.said(run_id) == (
        Why.NEIGHBOUR,
        "The limit is used up. It goes on by itself at 04:45.",
    )
    assert (await company.said(run_id, "ru"))[1] == "Лимит исчерпан. Продолжится само в 04:45."


async def test_a_run_that_failed_waits_for_its_next_try(company):
    run_id = await company.ask()
    await company.ledger.finish(await company.task(run_id), Fail(why="No.", error_type="x"))

    assert await company.said(run_id) == (
        Why.BACKOFF,
        f"No. Try 2 of {TRIES} is at 04:40.",
    )


async def test_a_kind_that_no_worker_knows_waits_for_a_newer_version(company):
    run_id = await company.ask(kind="seal")
    execute = Execute(
        ledger=company.ledger,
        jobs={},
        memory_of=lambda task: Steps(company.database, task),
        clock=lambda: NOW,
        worker="w1",
    )
    await company.handed()
    await execute(Handed(tenant=company.tenant, run_id=run_id, fence=1))

    why, sentence = await company.said(run_id)

    assert why is Why.UNKNOWN_KIND
    assert sentence.endswith("It is looked at again at 04:41.")


async def test_what_somebody_cancelled_says_so(company):
    run_id = await company.ask()
    await company.set(run_id, cancelling="Не нужно.")

    assert (await company.said(run_id))[0] is Why.STOPPING


@pytest.mark.parametrize(("handed", "seconds"), [(False, 6), (True, 11)])
async def test_what_should_have_begun_seconds_ago_is_our_fault(company, handed, seconds):
    run_id = await company.ask()
    long_ago = NOW - timedelta(seconds=seconds)
    await company.set(run_id, due_at=long_ago, handed_at=long_ago if handed else None)

    reason = await company.why(run_id)

    assert (reason.why, reason.since) == (Why.STUCK, long_ago)


async def test_what_does_not_wait_has_no_reason(company):
    run_id = await company.ask()
    await company.task(run_id)

    assert await company.why(run_id) is None


async def test_every_reason_has_words_in_both_languages():
    for each in Why:
        assert each is Why.HELD or each is Why.BEHIND or each in words.REASONS

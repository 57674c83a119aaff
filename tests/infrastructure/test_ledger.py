"""The ledger is the truth about runs: none is lost, none is done twice at once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from domain.events import Origin, Recorded, Stream
from domain.run import LOST_AFTER, TRIES, Cancel, Done, Fail, Run, Wait, backoff
from infrastructure.postgres.ledger import PostgresLedger, ask
from infrastructure.postgres.steps import Steps
from infrastructure.postgres.taking_back import TAKEN_UP_WITHIN
from infrastructure.postgres.workers import Workers


class Clock:
    def __init__(self):
        self.now = datetime(2026, 11, 23, 4, 40, tzinfo=UTC)

    def __call__(self):
        return self.now

    def forward(self, delta):
        self.now += delta


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
async def ledger(database, clock):
    async with database.driver() as driver:
        await driver.execute("DELETE FROM job_runs; DELETE FROM lanes")
    return PostgresLedger(database, clock)


@pytest.fixture
def fact(clock):
    company = uuid4()
    return Recorded(
        position=1,
        event_id=uuid4(),
        stream=Stream(kind="tenant", tenant=company, id=company),
        version=1,
        at=clock(),
        origin=Origin(source="user", actor=None, correlation=uuid4(), causation="request:1"),
        command_id=None,
        name="tenant.registered",
        event=None,
    )


async def asked(database, run, fact):
    async with database.writing() as driver:
        for statement, row in ask(run, fact):
            await driver.execute(statement, *row)


@pytest.fixture
async def handed(database, ledger, fact):
    """A run that a dispatcher has just handed out."""
    await asked(database, Run(kind="sync", key="sync:1", shop_id=uuid4()), fact)
    (handed,) = await ledger.admit(10)
    return handed


async def sweep(ledger):
    quiet = await ledger.quiet()
    return await ledger.take_back([*quiet.taken, *quiet.handed])


async def history(database, run_id):
    async with database.driver() as driver:
        return await driver.fetchrow("SELECT * FROM job_history WHERE run_id = $1", run_id)


async def live(database, run_id):
    async with database.driver() as driver:
        return await driver.fetchrow("SELECT * FROM job_runs WHERE run_id = $1", run_id)


async def test_while_a_run_lives_the_same_work_is_not_asked_for_again(database, ledger, fact):
    run = Run(kind="sync", key="sync:1")

    await asked(database, run, fact)
    await asked(database, run, fact)

    assert len(await ledger.admit(10)) == 1


async def test_a_fact_hastens_the_run_that_waits(database, ledger, handed, fact, clock):
    task = await ledger.start(handed, "w1")
    later = clock() + timedelta(hours=1)
    await ledger.finish(task, Wait(until=later, why="switched off"))

    await asked(database, Run(kind="sync", key="sync:1", shop_id=task.shop_id), fact)

    assert [each.run_id for each in await ledger.admit(10)] == [task.run_id]


async def test_a_fact_that_finds_a_run_that_was_asked_for_less_has_all_of_it_done(
    database, ledger, fact
):
    whole = Run(kind="sync", key="sync:1", shop_id=uuid4())
    await asked(database, replace(whole, args={"snapshot": "018f"}), fact)
    await asked(database, whole, fact._replace(event_id=uuid4()))
    (handed,) = await ledger.admit(10)

    assert (await ledger.start(handed, "w1")).args == {}


async def test_a_fact_that_comes_while_its_run_is_under_way_is_answered_by_another(
    database, ledger, handed, fact
):
    task = await ledger.start(handed, "w1")
    await asked(database, Run(kind="sync", key="sync:1", shop_id=task.shop_id), fact)

    assert await ledger.admit(10) == []
    await ledger.finish(task, Done(why="", result={}))
    (once_more,) = await ledger.admit(10)
    again = await ledger.start(once_more, "w1")
    assert (again.shop_id, again.attempt) == (task.shop_id, 1)
    await ledger.finish(again, Done(why="", result={}))
    assert await ledger.admit(10) == []


async def test_a_run_is_handed_out_once(ledger, handed):
    assert await ledger.admit(10) == []


async def test_a_taken_run_is_not_given_to_a_second_worker(ledger, handed):
    task = await ledger.start(handed, "w1")

    assert task.attempt == 1
    assert await ledger.start(handed, "w2") is None


async def test_a_finished_run_moves_to_history_with_its_result(database, ledger, handed):
    task = await ledger.start(handed, "w1")

    assert await ledger.finish(task, Done(why="unchanged", result={"products": 3}))
    row = await history(database, task.run_id)
    assert (row["state"], row["why"], row["result"]) == (
        "succeeded",
        "unchanged",
        {"products": 3},
    )
    assert await live(database, task.run_id) is None


async def test_waiting_for_a_neighbour_costs_no_attempt(database, ledger, handed, clock):
    task = await ledger.start(handed, "w1")
    until = clock() + timedelta(hours=3)

    await ledger.finish(task, Wait(until=until, why="next slot at 14:20"))

    row = await live(database, task.run_id)
    assert (row["state"], row["due_at"], row["why"], row["attempt"]) == (
        "waiting",
        until,
        "next slot at 14:20",
        0,
    )
    assert await ledger.admit(10) == []
    clock.forward(timedelta(hours=3))
    assert len(await ledger.admit(10)) == 1


async def test_a_failure_is_tried_again_later_and_in_the_end_given_up(
    database, ledger, handed, clock
):
    for n in range(1, TRIES + 1):
        task = await ledger.start(handed, "w1")
        assert task.attempt == n
        await ledger.finish(task, Fail(why="away", error_type="TimeoutError"))
        clock.forward(backoff(n))
        for each in await ledger.admit(10):
            handed = each

    assert (await history(database, handed.run_id))["state"] == "failed"


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (Fail(why="dead token", error_type="token_dead", final=True), "failed"),
        (Cancel(why="disconnected"), "cancelled"),
    ],
)
async def test_some_endings_are_final_at_once(database, ledger, handed, outcome, state):
    task = await ledger.start(handed, "w1")

    await ledger.finish(task, outcome)

    assert (await history(database, task.run_id))["state"] == state


async def test_a_run_whose_worker_was_lost_is_handed_out_again(database, ledger, handed, clock):
    lost = await ledger.start(handed, "w1")
    clock.forward(LOST_AFTER + timedelta(seconds=1))

    assert await sweep(ledger) == 1
    (again,) = await ledger.admit(10)
    task = await ledger.start(again, "w2")
    assert task.attempt == 2
    assert not (await ledger.beat(lost, {})).ours
    assert not await ledger.finish(lost, Done(why="", result={}))
    assert await live(database, again.run_id) is not None


async def test_a_lost_worker_is_known_to_have_had_what_it_never_told_of(
    database, ledger, handed, clock
):
    workers = Workers(database=database, clock=clock, version="1")
    await workers.arrive("w1", slots=4)
    await ledger.start(handed, "w1")
    clock.forward(LOST_AFTER + timedelta(seconds=1))
    await sweep(ledger)

    async with database.driver() as driver:
        had = await driver.fetchval("SELECT busy FROM workers WHERE worker = 'w1'")
    await workers.leave("w1")
    assert had == 1


async def test_a_heartbeat_keeps_a_run(ledger, handed, clock):
    task = await ledger.start(handed, "w1")
    clock.forward(LOST_AFTER)
    assert (await ledger.beat(task, {"step": "cards", "done": 200})).ours
    clock.forward(LOST_AFTER)

    assert await sweep(ledger) == 0


async def test_a_run_that_the_queue_lost_is_handed_out_again(ledger, handed, clock):
    clock.forward(TAKEN_UP_WITHIN + timedelta(seconds=1))

    assert await sweep(ledger) == 1
    assert len(await ledger.admit(10)) == 1
    assert await ledger.start(handed, "w1") is None


async def test_steps_are_remembered_while_the_run_lives(database, ledger, handed):
    task = await ledger.start(handed, "w1")
    steps = Steps(database, task)

    assert await steps.recall("cards") is None
    await steps.keep("cards", b"1")
    await steps.keep("cards", b"2")
    assert await steps.recall("cards") == b"2"
    await ledger.finish(task, Cancel(why=""))
    assert await steps.recall("cards") is None

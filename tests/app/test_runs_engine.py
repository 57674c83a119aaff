"""A run from asking to its end: ledger, dispatcher, queue and worker together, on real servers."""

import asyncio
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from app.runs.dispatch import Dispatch
from app.runs.execute import Execute
from app.wiring import SHAPES
from domain.errors import Malformed, Rejected, Unavailable
from domain.events import Origin, Recorded, Stream
from domain.run import Done, Run
from infrastructure.arq import Queue, work
from infrastructure.postgres.ledger import PostgresLedger, ask
from infrastructure.postgres.schedules import PostgresSchedules
from infrastructure.postgres.steps import Steps
from infrastructure.postgres.upkeep import Upkeep

SLOTS = 4


def clock():
    return datetime.now(UTC)


class Engine:
    """The parts of a worker, wired for a test; `jobs` says what a kind of run does."""

    def __init__(self, database, redis_url):
        self.database = database
        self.queue = Queue(redis_url, name=f"test-{uuid4().hex}")
        self.ledger = PostgresLedger(database, clock)
        self.jobs = {}
        self.execute = Execute(
            ledger=self.ledger,
            jobs=self.jobs,
            memory_of=lambda task: Steps(database, task),
            clock=clock,
            worker="w1",
        )
        self.dispatch = Dispatch(
            ledger=self.ledger,
            schedules=PostgresSchedules(database, clock),
            upkeep=Upkeep(database, SHAPES, clock),
            hand_over=self.queue.hand_over,
            room=self.room,
        )

    async def room(self):
        return 2 * SLOTS - await self.queue.length()

    @asynccontextmanager
    async def running(self):
        loops = [
            asyncio.create_task(self.dispatch.run()),
            asyncio.create_task(work(self.queue, self.execute, slots=SLOTS)),
        ]
        try:
            yield
        finally:
            for loop in loops:
                loop.cancel()
                with suppress(asyncio.CancelledError):
                    await loop

    async def ask(self, kind):
        company = uuid4()
        fact = Recorded(
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
        statement, row = ask(Run(kind=kind, key=kind), fact)
        async with self.database.driver() as driver:
            await driver.execute(statement, *row)
        return row[1]

    async def row(self, table, run_id):
        async with self.database.driver() as driver:
            return await driver.fetchrow(f"SELECT * FROM {table} WHERE run_id = $1", run_id)

    async def ended(self, run_id):
        return await until(lambda: self.row("job_history", run_id))


async def until(check, seconds=10):
    async with asyncio.timeout(seconds):
        while not (found := await check()):
            await asyncio.sleep(0.05)
    return found


@pytest.fixture
async def engine(database, redis_url):
    async with database.driver() as driver:
        await driver.execute("DELETE FROM job_runs")
    engine = Engine(database, redis_url)
    yield engine
    await engine.queue.close()


async def test_a_run_is_done_by_a_worker_and_its_result_is_kept(engine):
    async def job(task, memory, progress):
        await progress("cards", 3, 7)
        return Done(why="", result={"products": 7})

    engine.jobs["sync"] = job
    async with engine.running():
        row = await engine.ended(await engine.ask("sync"))

    assert (row["state"], row["result"], row["attempt"]) == ("succeeded", {"products": 7}, 1)


@pytest.mark.parametrize(
    ("error", "state", "kind"),
    [
        (Rejected("Make a new token.", cause="token_dead"), "failed", "token_dead"),
        (Malformed("cards: not JSON", cause="malformed"), None, "malformed"),
        (ZeroDivisionError("secret detail"), None, "ZeroDivisionError"),
    ],
)
async def test_an_attempt_tells_what_went_wrong_and_never_what_was_secret(
    engine, error, state, kind
):
    async def job(task, memory, progress):
        raise error

    async def closed():
        attempt = await engine.row("job_attempts", run_id)
        return attempt if attempt and attempt["ended_at"] else None

    engine.jobs["sync"] = job
    async with engine.running():
        run_id = await engine.ask("sync")
        attempt = await until(closed)

    finished = await engine.row("job_history", run_id)
    assert (finished["state"] if finished else None) == state
    assert attempt["error_type"] == kind
    assert "secret" not in f"{attempt['message']} {attempt['traceback']}"


async def test_an_absent_neighbour_makes_a_run_wait_until_the_hour_it_named(engine):
    slot = clock() + timedelta(hours=3)

    async def job(task, memory, progress):
        raise Unavailable("Next slot at 14:20.", cause="no_quota", until=slot)

    async def waits():
        row = await engine.row("job_runs", run_id)
        return row if row["state"] == "waiting" and row["why"] else None

    engine.jobs["sync"] = job
    async with engine.running():
        run_id = await engine.ask("sync")
        row = await until(waits)

    assert (row["due_at"], row["why"], row["attempt"]) == (slot, "Next slot at 14:20.", 0)


async def test_a_worker_that_stops_gives_its_run_back_without_burning_an_attempt(
    engine, monkeypatch
):
    monkeypatch.setattr("infrastructure.arq.DRAIN", 0.2)
    begun = asyncio.Event()

    async def job(task, memory, progress):
        begun.set()
        await asyncio.sleep(60)

    engine.jobs["sync"] = job
    async with engine.running():
        run_id = await engine.ask("sync")
        await asyncio.wait_for(begun.wait(), 10)

    row = await engine.row("job_runs", run_id)
    assert (row["state"], row["attempt"]) == ("waiting", 0)


class Unreachable:
    """A ledger that answers once, then never again."""

    def __init__(self, ledger):
        self.start = ledger.start
        self.finished = []

    async def beat(self, task, fence, progress):
        raise Unavailable("away", cause="our_outage")

    async def finish(self, task, fence, outcome):
        self.finished.append(outcome)
        return True


async def test_a_worker_that_cannot_reach_the_ledger_gives_its_run_up(engine, monkeypatch):
    monkeypatch.setattr("app.runs.execute.PATIENCE", 0.0)
    begun, gone_on = asyncio.Event(), []

    async def job(task, memory, progress):
        begun.set()
        await asyncio.sleep(60)
        gone_on.append(task)

    engine.jobs["sync"] = job
    await engine.ask("sync")
    ((tenant, run_id, fence),) = await engine.ledger.admit(10)
    away = Unreachable(engine.ledger)
    await replace(engine.execute, ledger=away)(tenant, run_id, fence)

    assert begun.is_set()
    assert (gone_on, away.finished) == ([], [])


async def test_a_run_that_costs_every_worker_its_life_is_given_up(engine, monkeypatch):
    monkeypatch.setattr("app.runs.execute.MOST_ATTEMPTS", 0)
    begun = []

    async def job(task, memory, progress):
        begun.append(task)

    engine.jobs["sync"] = job
    async with engine.running():
        row = await engine.ended(await engine.ask("sync"))

    assert (row["state"], begun) == ("failed", [])


async def test_a_kind_this_worker_does_not_know_waits_for_a_newer_one(engine):
    async def waits():
        row = await engine.row("job_runs", run_id)
        return row if row["why"] else None

    async with engine.running():
        run_id = await engine.ask("replenish")
        row = await until(waits)

    assert row["state"] == "waiting"
    assert "'replenish'" in row["why"]


async def test_a_queue_that_lost_everything_costs_time_only(engine, monkeypatch):
    monkeypatch.setattr("infrastructure.postgres.ledger.LOST_AFTER", timedelta(0))

    async def job(task, memory, progress):
        return Done(why="", result={})

    engine.jobs["sync"] = job
    run_id = await engine.ask("sync")
    await engine.ledger.admit(10)

    await engine.ledger.sweep()
    async with engine.running():
        row = await engine.ended(run_id)

    assert row["state"] == "succeeded"

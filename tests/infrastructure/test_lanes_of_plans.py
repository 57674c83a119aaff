"""What a plan gives of the workers is in the lane from the moment of its fact."""

from uuid import uuid4

import pytest

from app.wiring.facts import CODEC, follow
from domain import subscription
from domain.events import START, Change, Origin, Stream
from domain.plan import SHARES, Plan
from infrastructure.clock import system_clock
from infrastructure.postgres.event_store import EventStore

ORIGIN = Origin(source="cli", actor=None, correlation=uuid4(), causation="request:1")


@pytest.fixture
def start(database):
    """A company's plan becomes a fact."""
    store = EventStore(database, CODEC, system_clock, follow)

    async def start(company, plan):
        stream = Stream(kind="subscription", tenant=company, id=uuid4())
        started = Change(stream=stream, head=START, events=[subscription.Started(plan=plan)])
        await store.append([started], ORIGIN)

    return start


@pytest.fixture
async def company(database):
    company = uuid4()
    yield company
    async with database.driver() as driver:
        await driver.execute("DELETE FROM subscriptions WHERE tenant_id = $1", company)


async def lane(database, company):
    async with database.driver() as driver:
        row = await driver.fetchrow("SELECT * FROM lanes WHERE tenant_id = $1", company)
    return row["weight"], row["cap"]


@pytest.mark.parametrize("plan", Plan)
async def test_a_plan_gives_its_company_a_weight_and_a_cap(database, night, start, company, plan):
    await start(company, plan)

    assert await lane(database, company) == (SHARES[plan].weight, SHARES[plan].cap)


async def test_a_company_without_a_plan_has_the_share_of_the_free_one(database, night, company):
    await night.queue(company, 1)

    assert await lane(database, company) == (SHARES[Plan.FREE].weight, SHARES[Plan.FREE].cap)


async def test_a_wider_cap_lets_waiting_runs_go_at_once(night, start, company):
    await night.queue(company, 30)
    await night.set(company, cap=3)
    assert (await night.served(50))[company] == 3

    await start(company, Plan.ENTERPRISE)

    assert (await night.served(50))[company] == 17


async def test_a_plan_moves_nobody_to_the_head_of_the_line(night, start, company):
    other = uuid4()
    await night.queue(other, 200)
    await night.pass_through(10, 10)
    await start(company, Plan.FREE)
    await night.queue(company, 100)
    done = await night.pass_through(10, 10)

    assert done[company] == pytest.approx(50, abs=10)


def test_a_dearer_plan_never_gives_less():
    shares = [SHARES[plan] for plan in Plan]

    assert shares == sorted(shares, key=lambda each: (each.weight, each.cap))

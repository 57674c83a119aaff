"""Whose a message is: found at once where it is known, looked for again where it is not, and let go
in the end."""

from datetime import timedelta
from uuid import uuid4

import pytest

from domain.inbox_port import DAILY, PAUSES, Backlog, Due, Wanted
from tests.infrastructure.inbox_world import START, WHY, alone

MONTH = timedelta(days=30)


@pytest.fixture
async def world(database):
    async with alone(database) as world:
        yield world


async def test_what_nobody_is_known_for_is_an_orphan_until_somebody_is(world):
    delivery = await world.came()
    assert await world.link() == (0, [])
    assert await world.state(delivery) == "orphan"
    assert await world.due() == []

    company = await world.company(world.customer)

    assert await world.state(delivery) == "waiting"
    assert await world.due() == [
        Due(tenant=company, about=world.customer, newest=delivery.key.event_id, count=1)
    ]


async def test_what_comes_later_is_found_by_its_customer(world):
    company = await world.company(world.customer)
    await world.came()

    assert await world.link() == (1, [])
    assert await world.link() == (0, [])
    assert [each.tenant for each in await world.due()] == [company]


async def test_the_hint_of_a_checkout_finds_a_company_that_is_there(world):
    company = await world.company()
    await world.came(tenant_hint=uuid4(), about="sub_of_nobody")
    await world.came(tenant_hint=company, about="sub_of_hers")

    assert await world.link() == (1, [])
    assert [(each.tenant, each.about) for each in await world.due()] == [(company, "sub_of_hers")]


async def test_a_customer_whom_we_know_counts_more_than_a_hint(world):
    company = await world.company(world.customer)
    await world.came(tenant_hint=await world.company())

    await world.link()

    assert [each.tenant for each in await world.due()] == [company]


# Looked for again


async def test_an_orphan_is_looked_for_after_pauses_that_grow_and_then_once_a_day(world):
    delivery = await world.came()

    for number, pause in enumerate((*PAUSES, DAILY, DAILY), 1):
        assert await world.link() == (0, [])
        assert await world.link() == (0, [])
        seen = await world.message(delivery)
        assert (seen.state.value, seen.tries, seen.due_at) == ("orphan", number, world.now + pause)
        assert (seen.cause, seen.why) == ("orphan", WHY)
        world.now = seen.due_at


async def test_an_orphan_that_turns_out_to_be_somebodys_begins_anew(world):
    delivery = await world.came()
    await world.link()
    world.wait(hours=1)
    company = await world.company()
    await world.do("UPDATE tenants SET tenant_id = $1 WHERE tenant_id = $2", uuid4(), company)
    await world.do("INSERT INTO billing_customers VALUES ($1, $2)", company, world.customer)

    assert await world.link() == (1, [])

    seen = await world.message(delivery)
    assert (seen.tries, seen.due_at, seen.cause, seen.why) == (0, world.now, "", "")
    assert [each.tenant for each in await world.due()] == [company]


async def test_an_orphan_that_could_not_be_traced_for_long_is_traced_once_a_day(world):
    charge = f"ch_{uuid4().hex}"
    delivery = await world.came(customer="", about=charge)

    await world.give_up(charge)

    seen = await world.message(delivery)
    assert (seen.state.value, seen.due_at) == ("orphan", world.now + DAILY)
    assert await world.link() == (0, [])
    world.now = seen.due_at
    assert await world.link() == (0, [charge])


async def test_orphans_neither_wait_nor_fail_however_long(world):
    await world.came()
    await world.link()
    await world.give_up(world.customer)

    assert await world.inbox.backlog() == Backlog(waiting=0, orphans=1, failed=0, oldest=None)


async def test_two_workers_that_look_at_once_wait_for_nothing(world):
    company = await world.company(world.customer)
    await world.came()
    async with world.database.writing() as other:
        await other.execute("SELECT FROM stripe_pending FOR UPDATE")

        assert await world.link() == (0, [])

    assert await world.link() == (1, [])
    assert [each.tenant for each in await world.due()] == [company]


# Found out by asking


async def test_what_names_no_customer_is_asked_for_and_belongs_to_whoever_is_found_out(world):
    charge = f"ch_{uuid4().hex}"
    company = await world.company(world.customer)
    await world.came(customer="", about=charge)
    assert await world.link() == (0, [charge])
    assert await world.link() == (0, [charge])

    await world.inbox.belongs(charge, world.customer)

    assert await world.link() == (1, [])
    assert [(each.tenant, each.about) for each in await world.due()] == [(company, charge)]


async def test_what_was_found_out_to_be_of_nobody_here_is_not_asked_for_again(world):
    delivery = await world.came(customer="", about=f"ch_{uuid4().hex}")
    await world.link()
    await world.inbox.belongs(delivery.about, world.customer)

    assert await world.link() == (0, [])

    world.now = (await world.message(delivery)).due_at
    assert await world.link() == (0, [])
    company = await world.company(world.customer)
    assert [(each.tenant, each.about) for each in await world.due()] == [(company, delivery.about)]


async def test_what_waits_about_the_same_charge_is_found_with_it_without_a_pause(world):
    charge = f"ch_{uuid4().hex}"
    await world.company(world.customer)
    await world.came(customer="", about=charge)
    await world.inbox.postpone(charge, "stripe_away", "Stripe does not answer.")
    await world.came(customer="", about=charge)

    await world.inbox.belongs(charge, world.customer)

    assert await world.link() == (2, [])


@pytest.mark.parametrize(
    "said",
    [{"about": "sub_1"}, {"about": f"ch_{uuid4().hex}", "tenant_hint": uuid4()}],
    ids=["a subscription", "of a company elsewhere"],
)
async def test_what_cannot_be_asked_for_is_an_orphan_like_others(world, said):
    delivery = await world.came(customer="", **said)

    assert await world.link() == (0, [])
    assert await world.state(delivery) == "orphan"


async def test_what_an_erased_customer_turns_out_to_own_is_unreadable_from_then_on(world):
    delivery = await world.came(customer="", about=f"ch_{uuid4().hex}")
    await world.came()
    erase = "UPDATE stripe_keys SET wrapped = NULL WHERE subject = $1"
    await world.do(erase, world.customer)

    await world.inbox.belongs(delivery.about, world.customer)

    assert await world.body(delivery) is None


# Let go


async def test_after_a_month_an_orphan_is_let_go_and_stays_readable(world):
    old = await world.came()
    await world.link()
    world.wait(days=1)
    young = await world.came(customer="cus_other", about="cus_other")
    await world.link()
    world.wait(days=29, seconds=1)

    assert await world.inbox.let_go(world.now - MONTH) == 1
    assert await world.inbox.let_go(world.now - MONTH) == 0

    assert (await world.state(old), await world.state(young)) == ("unclaimed", "orphan")
    assert await world.body(old) == old.body
    assert await world.inbox.backlog() == Backlog(waiting=0, orphans=1, failed=0, oldest=None)


async def test_what_is_a_companys_or_was_never_looked_at_is_not_let_go(world):
    company = await world.company()
    of_hers, new = await world.came(about="hers", tenant_hint=company), None
    await world.link()
    await world.give_up("hers")
    new = await world.came()
    world.wait(days=31)

    assert await world.inbox.let_go(world.now - MONTH) == 0
    assert (await world.state(of_hers), await world.state(new)) == ("failed", "waiting")


@pytest.mark.parametrize("how", ["retry", "replay"])
async def test_what_was_let_go_can_be_worked_on_again(world, how):
    delivery = await world.came()
    await world.link()
    await world.inbox.let_go(world.now + timedelta(seconds=1))
    world.wait(days=1)

    if how == "retry":
        assert await world.inbox.retry([delivery.key]) == 1
    else:
        assert await world.inbox.replay(Wanted(customer=world.customer, since=START)) == 1

    assert await world.state(delivery) == "waiting"
    await world.linked()
    await world.handle(world.customer)
    assert await world.state(delivery) == "done"

"""What is kept of what came, what of it waits for a look, and when that look is."""

from datetime import timedelta
from uuid import uuid4

import pytest
from asyncpg.exceptions import InsufficientPrivilegeError, RaiseError

from domain.inbox_port import PAUSES, Backlog, Due, Pending
from domain.secrecy import WrongMasterKey
from tests.infrastructure.inbox_world import EMPTY, START, World


@pytest.fixture
async def world(database):
    world = World(database)
    await world.do(EMPTY)
    yield world
    await world.do(EMPTY)


# What came


async def test_what_waits_is_told_in_the_order_in_which_it_was_made(world):
    late = await world.came(created=START + timedelta(seconds=2))
    early = await world.came("customer.subscription.updated", created=START)
    same = await world.came(created=START)

    waiting = await world.inbox.pending(world.customer)

    assert [each.key for each in waiting] == [early.key, same.key, late.key]
    assert waiting[0] == Pending(
        key=early.key,
        seq=waiting[0].seq,
        type="customer.subscription.updated",
        thin=False,
        api_version="2026-10-28.endive",
        created=START,
        customer=world.customer,
        tenant_hint=None,
        tries=0,
        body=early.body,
    )


async def test_the_same_again_is_one_message(world):
    delivery = await world.came()

    await world.inbox.receive(delivery)

    assert await world.ids(world.customer) == [delivery.key.event_id]


async def test_what_was_worked_on_does_not_wait_again_because_it_comes_again(world):
    delivery = await world.came()
    await world.handle(world.customer)

    await world.inbox.receive(delivery)

    assert await world.state(delivery) == "done"


@pytest.mark.parametrize("change", ["UPDATE {} SET type = ''", "DELETE FROM {}", "TRUNCATE {}"])
async def test_what_came_stays_as_it_came(world, change):
    delivery = await world.came()

    with pytest.raises((RaiseError, InsufficientPrivilegeError)):
        await world.do(change.format("stripe_inbox"))

    assert await world.body(delivery) == delivery.body


async def test_a_body_opens_in_its_own_row_alone(world):
    one, other = await world.came(), await world.came()
    key, sealed = [
        await _value(world, f"SELECT {column} FROM {table} WHERE {which} = $1", of)
        for column, table, which, of in (
            ("wrapped", "stripe_keys", "subject", world.customer),
            ("sealed", "stripe_inbox", "event_id", one.key.event_id),
        )
    ]

    assert world.seals.open(world.customer, one.key.event_id, key, sealed) == one.body
    with pytest.raises(WrongMasterKey, match="changed or moved"):
        world.seals.open(world.customer, other.key.event_id, key, sealed)


async def test_each_customer_has_a_key_and_it_is_made_once(world):
    other = f"cus_{uuid4().hex}"
    await world.came()
    await world.came(customer=other)
    key = "SELECT wrapped FROM stripe_keys WHERE subject = $1"
    first = await _value(world, key, world.customer)

    again = World(world.database)
    again.customer = world.customer
    delivery = await again.came()

    assert await _value(world, key, world.customer) == first
    assert await _value(world, key, other) != first
    assert await world.body(delivery) == delivery.body


async def test_what_names_no_customer_is_sealed_for_the_company_or_for_itself(world):
    company = await world.company()
    hinted = await world.came(customer="", about="cs_1", tenant_hint=company)
    bare = await world.came(customer="", about=f"ch_{uuid4().hex}")

    subject = "SELECT subject FROM stripe_inbox WHERE event_id = $1"
    assert await _value(world, subject, hinted.key.event_id) == str(company)
    assert await _value(world, subject, bare.key.event_id) == bare.about


# Whose it is


async def test_what_nobody_is_known_for_is_an_orphan_until_somebody_is(world):
    delivery = await world.came()
    assert await world.inbox.link() == 0
    assert await world.state(delivery) == "orphan"
    assert await world.due() == []

    company = await world.company(world.customer)

    assert await world.inbox.link() == 1
    assert await world.inbox.link() == 0
    assert await world.state(delivery) == "waiting"
    assert await world.due() == [
        Due(tenant=company, about=world.customer, newest=delivery.key.event_id, count=1)
    ]


async def test_the_hint_of_a_checkout_finds_a_company_that_is_there(world):
    company = await world.company()
    await world.came(tenant_hint=uuid4(), about="sub_of_nobody")
    await world.came(tenant_hint=company, about="sub_of_hers")

    assert await world.inbox.link() == 1
    assert [(each.tenant, each.about) for each in await world.due()] == [(company, "sub_of_hers")]


async def test_a_customer_whom_we_know_counts_more_than_a_hint(world):
    company = await world.company(world.customer)
    await world.came(tenant_hint=await world.company())

    await world.inbox.link()

    assert [each.tenant for each in await world.due()] == [company]


async def test_an_orphan_that_was_given_up_is_looked_at_once_it_is_known_whose_it_is(world):
    delivery = await world.came()
    await give_up(world, world.customer)
    assert await world.state(delivery) == "failed"

    await world.linked()

    assert (await world.message(delivery)).tries == 0
    assert len(await world.due()) == 1


async def test_what_names_no_customer_belongs_to_whoever_is_found_out(world):
    charge = f"ch_{uuid4().hex}"
    company = await world.company(world.customer)
    await world.came(customer="", about=charge)
    await world.inbox.link()
    assert [each.about for each in await world.due(linked=False)] == [charge]

    await world.inbox.belongs(charge, world.customer)

    assert await world.inbox.link() == 1
    assert [(each.tenant, each.about) for each in await world.due()] == [(company, charge)]


async def test_what_an_erased_customer_turns_out_to_own_is_unreadable_from_then_on(world):
    delivery = await world.came(customer="", about=f"ch_{uuid4().hex}")
    await world.came()
    erase = "UPDATE stripe_keys SET wrapped = NULL WHERE subject = $1"
    await world.do(erase, world.customer)

    await world.inbox.belongs(delivery.about, world.customer)

    assert await world.body(delivery) is None


# When it is looked at


async def test_one_look_serves_all_that_came_about_one_customer(world):
    for _ in range(3):
        newest = await world.came()
    company = await world.linked()

    assert await world.due() == [
        Due(tenant=company, about=world.customer, newest=newest.key.event_id, count=3)
    ]


async def test_the_longest_overdue_is_looked_at_first(world):
    company = await world.company()
    for about in ("first", "second", "third"):
        await world.came(about=about, tenant_hint=company)
        await world.inbox.link()
        world.wait(minutes=1)

    assert [each.about for each in await world.inbox.due(world.now, 2)] == ["first", "second"]
    assert await world.inbox.due(START - timedelta(seconds=1), 2) == []


async def test_pauses_grow_and_in_the_end_somebody_has_to_look(world):
    delivery = await world.came()
    await world.linked()

    for number, pause in enumerate(PAUSES, 1):
        await world.inbox.postpone(world.customer, "stripe_away", "Stripe does not answer.")
        seen = await world.message(delivery)
        assert (seen.state.value, seen.tries) == ("waiting", number)
        assert seen.due_at == world.now + pause
        assert await world.due() == []
        world.now = seen.due_at
        assert len(await world.due()) == 1

    await world.inbox.postpone(world.customer, "stripe_away", "Stripe does not answer.")
    seen = await world.message(delivery)
    assert (seen.state.value, seen.cause, seen.due_at) == ("failed", "stripe_away", None)
    assert seen.why == "Stripe does not answer."
    world.wait(days=30)
    assert await world.due() == []


async def test_news_about_the_same_are_looked_at_without_a_pause(world):
    await world.came()
    await world.linked()
    await world.inbox.postpone(world.customer, "stripe_away", "")
    newest = await world.came()
    await world.inbox.link()

    (due,) = await world.due()

    assert (due.newest, due.count) == (newest.key.event_id, 2)


async def test_what_came_during_a_look_waits_for_the_next_one(world):
    seen = await world.came()
    waiting = await world.inbox.pending(world.customer)
    later = await world.came()
    statement, row = world.inbox.handled(world.customer, [each.seq for each in waiting])

    assert await world.do(statement, *row) == "SELECT 1"

    assert await world.state(seen) == "done"
    assert await world.ids(world.customer) == [later.key.event_id]


async def test_handling_what_was_handled_is_no_refusal(world):
    await world.came()
    waiting = [each.seq for each in await world.inbox.pending(world.customer)]

    for _ in range(2):
        statement, row = world.inbox.handled(world.customer, waiting)
        assert not (await world.do(statement, *row)).endswith(" 0")


async def test_how_much_is_not_done_is_counted_and_since_when(world):
    assert await world.inbox.backlog() == Backlog(waiting=0, orphans=0, failed=0, oldest=None)
    await world.came(customer="", about="given up")
    await give_up(world, "given up")
    for about in ("a", "b"):
        world.wait(minutes=1)
        await world.came(customer="", about=about)
    await world.came()
    await world.linked()

    oldest = START + timedelta(minutes=1)
    assert await world.inbox.backlog() == Backlog(waiting=1, orphans=2, failed=1, oldest=oldest)


async def give_up(world, about):
    for _ in range(len(PAUSES) + 1):
        await world.inbox.postpone(about, "unknown_company", "")


async def _value(world, query, *args):
    async with world.database.driver() as driver:
        return await driver.fetchval(query, *args)

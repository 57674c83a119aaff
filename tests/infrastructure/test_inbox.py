"""What is kept of what came, what of it waits for a look, and when that look is."""

from datetime import timedelta
from uuid import uuid4

import pytest
from asyncpg.exceptions import InsufficientPrivilegeError, RaiseError
from cryptography.fernet import Fernet

from domain.inbox_port import AT_ONCE, PAUSES, Backlog, Due, Pending
from domain.secrecy import Secret, WrongMasterKey
from infrastructure.crypto.master import MasterKeys
from tests.infrastructure.inbox_world import START, World, alone


@pytest.fixture
async def world(database):
    async with alone(database) as world:
        yield world


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
        shut="",
    )


async def test_of_very_many_a_look_gets_those_that_came_first_and_the_next_one_the_others(
    world,
):
    made = [await world.came(created=START - timedelta(hours=n)) for n in range(AT_ONCE + 3)]
    await world.linked()
    first = await world.inbox.pending(world.customer)
    statement, row = world.inbox.handled(world.customer, [each.seq for each in first])
    await world.do(statement, *row)

    (due,) = await world.due()

    assert {each.key for each in first} == {each.key for each in made[:AT_ONCE]}
    assert [each.created for each in first] == sorted(each.created for each in made[:AT_ONCE])
    assert due.count == 3
    assert await world.ids(world.customer) == [each.key.event_id for each in made[:-4:-1]]


async def test_what_was_tried_in_vain_is_no_obstacle_to_what_was_not(world):
    tried = [await world.came() for _ in range(AT_ONCE)]
    await world.linked()
    seqs = [each.seq for each in await world.inbox.pending(world.customer)]
    await world.inbox.postpone(world.customer, "Malformed", "No shape of ours.", seqs)
    news = await world.came()
    await world.link()

    waiting = {each.key for each in await world.inbox.pending(world.customer)}

    assert news.key in waiting
    assert waiting < {news.key, *(each.key for each in tried)}
    assert [each.count for each in await world.due()] == [AT_ONCE + 1]


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
    for moved in (other.key.event_id, one.key.event_id):
        shut = sealed if moved != one.key.event_id else sealed[:9]
        with pytest.raises(WrongMasterKey, match="changed or moved"):
            world.seals.open(world.customer, moved, key, shut)


async def test_one_body_that_does_not_open_says_so_and_keeps_back_no_other(world):
    broken, whole = await world.came(), await world.came()
    await world.tamper(broken)

    shut, opened = await world.inbox.pending(world.customer)

    assert (shut.key, shut.body) == (broken.key, None)
    assert shut.shut == "A stored message was changed or moved."
    assert (opened.body, opened.shut) == (whole.body, "")
    with pytest.raises(WrongMasterKey):
        await world.body(broken)


async def test_under_another_master_key_each_body_says_which_setting_is_wrong(world):
    await world.came()
    await world.came()
    world.seals._master = MasterKeys(Secret(Fernet.generate_key().decode()))

    waiting = await world.inbox.pending(world.customer)

    assert len(waiting) == 2
    assert all("ENCRYPTION_MASTER_KEY" in each.shut for each in waiting)


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
        await world.link()
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
    await world.link()

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
    nothing = Backlog(waiting=0, orphans=0, failed=0, oldest=None)
    assert await world.inbox.backlog() == nothing
    company = await world.company()
    await world.came(about="given up", tenant_hint=company)
    await world.link()
    await world.give_up("given up")
    for about in ("a", "b"):
        world.wait(minutes=1)
        await world.came(customer="", about=about, tenant_hint=company)
        await world.link()

    oldest = START + timedelta(minutes=1)
    assert await world.inbox.backlog() == Backlog(waiting=2, orphans=0, failed=1, oldest=oldest)


async def test_what_nobody_looked_at_yet_waits_whosever_it_is(world):
    """While no worker looks, that is how it is told."""
    delivery = await world.came()

    assert await world.state(delivery) == "waiting"
    assert await world.inbox.backlog() == Backlog(waiting=1, orphans=0, failed=0, oldest=START)


async def _value(world, query, *args):
    async with world.database.driver() as driver:
        return await driver.fetchval(query, *args)

"""What those who run the servers see of what came, and what they can have done again."""

from asyncio import gather
from datetime import timedelta
from uuid import uuid4

import pytest
from asyncpg.exceptions import DeadlockDetectedError
from cryptography.fernet import Fernet

from domain.inbox_port import State, Wanted
from domain.secrecy import Secret
from infrastructure.crypto.master import MasterKeys
from infrastructure.crypto.rotation import rotate
from tests.infrastructure.inbox_world import MASTER, STAFF, START, World, alone


@pytest.fixture
async def world(database):
    async with alone(database) as world:
        yield world


async def listed(world, first=100, after=None, **wanted):
    """Ids, the newest first; of this test's customer alone."""
    wanted = Wanted(customer=world.customer, **wanted)
    found = await world.inbox.messages(STAFF, wanted, first, after)
    return [each.key.event_id for each in found]


async def in_every_state(world):
    """One message for each, the oldest first."""
    made = {State.DONE: await world.came()}
    await world.handle(world.customer)
    made[State.UNCLAIMED] = await world.came()
    await world.link()
    await world.inbox.let_go(world.now + timedelta(seconds=1))
    made[State.FAILED] = await world.came(tenant_hint=await world.company())
    await world.link()
    await world.give_up(world.customer)
    made[State.ORPHAN] = await world.came()
    made[State.WAITING] = await world.came(tenant_hint=await world.company())
    await world.link()
    made[State.IGNORED] = await world.came("payout.paid")
    made[State.OTHER_MODE] = await world.came(livemode=True)
    made[State.OTHER_ACCOUNT] = await world.came(account="acct_1")
    return made


# Seen


async def test_each_message_stands_in_one_state(world):
    made = await in_every_state(world)

    assert set(made) == set(State)
    for state, delivery in made.items():
        assert await listed(world, state=state) == [delivery.key.event_id]
        assert await world.state(delivery) == state.value


async def test_messages_are_found_by_type_and_by_time(world):
    first = await world.came()
    world.wait(hours=1)
    second = await world.came("payout.paid")
    world.wait(hours=1)
    third = await world.came()

    ids = [each.key.event_id for each in (third, second, first)]
    later = START + timedelta(hours=1)
    assert await listed(world) == ids
    assert await listed(world, type="payout.paid") == ids[1:2]
    assert await listed(world, since=later) == ids[:2]
    assert await listed(world, until=later) == ids[2:]
    assert await listed(world, since=later, until=world.now, type="invoice.paid") == []


async def test_pages_follow_each_other_whatever_came_at_one_moment(world):
    made = [await world.came() for _ in range(5)]
    pages, after = [], None
    while True:
        wanted = Wanted(customer=world.customer)
        page = await world.inbox.messages(STAFF, wanted, 2, after)
        if not page:
            break
        pages.append([each.key.event_id for each in page])
        after = page[-1].place
        await world.came(customer=f"cus_{uuid4().hex}")

    ids = [each.key.event_id for each in reversed(made)]
    assert pages == [ids[:2], ids[2:4], ids[4:]]


async def test_a_body_that_is_not_there_is_none(world):
    delivery = await world.came()
    elsewhere = type(delivery.key)(account="acct_1", livemode=False, event_id=delivery.key.event_id)

    assert await world.body(delivery) == delivery.body
    assert await world.inbox.body(STAFF, elsewhere) is None


# Twice


async def test_two_processes_that_get_the_same_ones_do_not_wait_for_each_other(world):
    other = World(world.database)
    for each in (world, other):  # which would be tried again, one by one
        each.inbox._received._away = (DeadlockDetectedError,)

    for _ in range(5):
        same = [world.made() for _ in range(50)]
        await gather(
            *(world.inbox.receive(each) for each in same),
            *(other.inbox.receive(each) for each in reversed(same)),
        )

    assert len(await listed(world, 1000)) == 250


# Again


AGAIN = [State.DONE, State.ORPHAN, State.UNCLAIMED, State.FAILED, State.IGNORED]


@pytest.mark.parametrize("state", AGAIN)
async def test_what_became_of_it_does_not_matter_when_it_is_retried(world, state):
    delivery = (await in_every_state(world))[state]

    assert await world.inbox.retry([delivery.key]) == 1

    seen = await world.message(delivery)
    assert (seen.state, seen.tries, seen.due_at, seen.cause) == (State.WAITING, 0, world.now, "")
    await world.linked()
    assert await world.state(delivery) == "waiting"


async def test_what_waits_is_tried_at_once_and_stays_whose_it_is(world):
    delivery = await world.came()
    company = await world.linked()
    await world.inbox.postpone(world.customer, "stripe_away", "")

    assert await world.inbox.retry([delivery.key]) == 1
    assert [each.tenant for each in await world.due()] == [company]


@pytest.mark.parametrize("state", [State.OTHER_MODE, State.OTHER_ACCOUNT])
async def test_what_is_not_ours_is_never_worked_on(world, state):
    delivery = (await in_every_state(world))[state]

    assert await world.inbox.retry([delivery.key]) == 0
    assert await world.state(delivery) == state.value


async def test_nothing_is_retried_when_nothing_is_named(world):
    assert await world.inbox.retry([]) == 0


async def test_a_range_is_replayed(world):
    first = await world.came()
    world.wait(hours=1)
    second, third = await world.came(), await world.came("customer.subscription.updated")
    await world.handle(world.customer)
    wanted = Wanted(customer=world.customer, since=world.now, type="invoice.paid")

    assert await world.inbox.replay(wanted) == 1

    assert [await world.state(each) for each in (first, second, third)] == [
        "done",
        "waiting",
        "done",
    ]


async def test_all_that_failed_is_replayed(world):
    made = await in_every_state(world)

    replayed = await world.inbox.replay(Wanted(customer=world.customer, state=State.FAILED))

    assert replayed == 1
    assert await world.state(made[State.FAILED]) == "waiting"
    assert await world.state(made[State.DONE]) == "done"


async def test_when_the_mode_changes_what_came_in_the_other_one_is_left_alone(world):
    delivery = await world.came()
    world.inbox._livemode = True

    assert await world.inbox.retry([delivery.key]) == 0


# Keys


async def test_a_new_master_key_rewraps_keys_and_leaves_bodies_as_they_are(world):
    delivery, gone = await world.came(), f"cus_{uuid4().hex}"
    new = Fernet.generate_key().decode()
    both = MasterKeys(Secret(f"{new},{MASTER}"))
    async with world.database.driver() as driver:
        for table in ("keyring", "data_keys"):
            await driver.execute(f"CREATE TEMP TABLE {table} (LIKE {table})")
        await driver.execute(
            "CREATE TEMP TABLE stripe_keys AS SELECT * FROM stripe_keys WHERE subject = "
            f"'{world.customer}' UNION SELECT '{gone}', NULL, NULL, now()"
        )
        assert (await rotate(driver, both), await rotate(driver, both)) == (1, 0)
        query = "SELECT wrapped FROM stripe_keys WHERE subject = $1"
        wrapped = await driver.fetchval(query, world.customer)
        await driver.execute("DROP TABLE pg_temp.data_keys, pg_temp.keyring, pg_temp.stripe_keys")
        query = "SELECT sealed FROM stripe_inbox WHERE event_id = $1"
        sealed = await driver.fetchval(query, delivery.key.event_id)

    world.seals._master = MasterKeys(Secret(new))
    opened = world.seals.open(world.customer, delivery.key.event_id, wrapped, sealed)
    assert opened == delivery.body

"""What Stripe sends is kept before it is thanked for, and nothing that others send is."""

import asyncio
import json
from hashlib import sha256
from uuid import uuid4

import pytest

from domain.inbox_port import State
from infrastructure.postgres.bell import ARRIVALS, Bell
from tests.app.stripe_world import Door, event, name, thin

# Kept


async def test_what_stripe_signed_is_kept_and_thanked_for(stripe_door, clock):
    said = event()

    answer = await stripe_door.send(said)

    assert (answer.status_code, answer.content) == (200, b"")
    kept = await stripe_door.message(said)
    assert kept.state is State.WAITING
    assert (kept.type, kept.thin, kept.api_version) == (said["type"], False, "2026-10-28.endive")
    assert kept.customer == kept.about == said["data"]["object"]["customer"]
    assert kept.received_at == clock()
    assert kept.sha256 == sha256(json.dumps(said).encode()).digest()


async def test_its_bytes_are_kept_as_they_came_and_sealed(stripe_door):
    body = json.dumps(event(), indent=3, ensure_ascii=False).replace("sub_", "Анна_").encode()

    assert (await stripe_door.send(body)).status_code == 200

    said = json.loads(body)
    assert await stripe_door.body(said) == body
    async with stripe_door.database.driver() as driver:
        sealed = await driver.fetchval(
            "SELECT sealed FROM stripe_inbox WHERE event_id = $1", said["id"]
        )
    assert b"customer" not in sealed


async def test_the_same_thirty_two_times_at_once_is_one_message(stripe_door):
    said = event()

    answers = await asyncio.gather(*(stripe_door.send(said) for _ in range(32)))

    assert {each.status_code for each in answers} == {200}
    async with stripe_door.database.driver() as driver:
        for table in ("stripe_inbox", "stripe_pending"):
            query = f"SELECT count(*) FROM {table} WHERE event_id = $1"
            assert await driver.fetchval(query, said["id"]) == 1


async def test_what_comes_again_changes_nothing(stripe_door):
    said = event()
    await stripe_door.send(said)

    answer = await stripe_door.send(said | {"pending_webhooks": 0})

    assert answer.status_code == 200
    assert json.loads(await stripe_door.body(said))["pending_webhooks"] == 1


async def test_one_id_in_both_modes_and_of_two_accounts_is_three_messages(stripe_door):
    said = event()
    others = said | {"livemode": True}, said | {"account": name("acct")}

    for each in (said, *others):
        assert (await stripe_door.send(each)).status_code == 200

    assert [json.loads(await stripe_door.body(each)) for each in (said, *others)] == [said, *others]


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({"livemode": True}, State.OTHER_MODE),
        ({"account": "acct_1"}, State.OTHER_ACCOUNT),
        ({"type": "payout.paid"}, State.IGNORED),
        ({"type": "invented.tomorrow"}, State.IGNORED),
    ],
)
async def test_what_is_not_worked_on_is_kept_all_the_same(stripe_door, changes, state):
    said = event(**changes)

    assert (await stripe_door.send(said)).status_code == 200
    assert (await stripe_door.message(said)).state is state
    assert await stripe_door.inbox.pending(said["data"]["object"]["customer"]) == []


async def test_with_real_money_it_is_the_other_way_round(database, clock):
    stripe_door = Door(database, clock, live=True)
    real, test = event(livemode=True), event()

    for each in (real, test):
        assert (await stripe_door.send(each)).status_code == 200

    assert (await stripe_door.message(real)).state is State.WAITING
    assert (await stripe_door.message(test)).state is State.OTHER_MODE
    await stripe_door.close()


async def test_a_thin_event_is_kept_under_the_name_of_its_object(stripe_door):
    said = thin()

    assert (await stripe_door.send(said)).status_code == 200

    kept = await stripe_door.message(said)
    assert (kept.thin, kept.customer, kept.about) == (True, "", said["related_object"]["id"])
    assert kept.created.isoformat() == "2026-11-23T04:39:59.120000+00:00"
    assert kept.state is State.WAITING


async def test_a_thin_event_of_a_connected_account_is_not_ours(stripe_door):
    said = thin(context="acct_1")

    assert (await stripe_door.send(said)).status_code == 200
    assert (await stripe_door.message(said)).state is State.OTHER_ACCOUNT


COMPANY = uuid4()


@pytest.mark.parametrize(
    ("type_", "thing", "about"),
    [
        ("customer.updated", {"id": "cus_1", "object": "customer"}, "cus_1"),
        ("invoice.upcoming", {"object": "invoice", "customer": "cus_1"}, "cus_1"),
        ("invoice.paid", {"id": "in_1", "customer": {"id": "cus_1", "name": "Анна"}}, "cus_1"),
        ("charge.dispute.created", {"id": "du_1", "charge": "ch_1"}, "ch_1"),
        ("charge.dispute.created", {"id": "du_1", "charge": {"id": "ch_1"}}, "ch_1"),
        ("checkout.session.expired", {"id": "cs_1", "customer": None}, "cs_1"),
        ("invoice.paid", {"id": "in_1", "customer": 5, "charge": [], "metadata": "x"}, "in_1"),
        ("invoice.paid", {"id": "in_1", "customer": "c" * 300}, "in_1"),
        ("invoice.paid", {"id": "in_1", "customer": "cus\x00"}, "in_1"),
    ],
)
async def test_what_is_looked_at_anew_is_the_customer_or_what_there_is(
    stripe_door, type_, thing, about
):
    said = event(type_, thing)

    assert (await stripe_door.send(said)).status_code == 200
    assert (await stripe_door.message(said)).about == about


@pytest.mark.parametrize(
    "thing",
    [
        {"metadata": {"tenant_id": str(COMPANY)}},
        {"parent": {"subscription_details": {"metadata": {"tenant_id": str(COMPANY)}}}},
        {
            "metadata": {"tenant_id": "?"},
            "parent": {"subscription_details": {"metadata": {"tenant_id": str(COMPANY)}}},
        },
    ],
)
async def test_what_a_checkout_of_ours_left_on_it_says_whose_it_is(stripe_door, thing):
    said = event(thing={"id": name("x"), **thing})

    assert (await stripe_door.send(said)).status_code == 200
    assert (await stripe_door.message(said)).tenant == COMPANY


async def test_what_whoever_pays_can_put_into_an_address_says_nothing_of_whose_it_is(stripe_door):
    said = event(thing={"id": name("cs"), "client_reference_id": str(COMPANY)})

    assert (await stripe_door.send(said)).status_code == 200
    assert (await stripe_door.message(said)).tenant is None


async def test_an_event_about_nothing_is_kept_under_its_own_name(stripe_door):
    for odd in ({"data": None}, {"data": []}, {"data": {"object": "?"}}, {"data": {}}):
        said = event(**odd)

        assert (await stripe_door.send(said)).status_code == 200
        assert (await stripe_door.message(said)).about == said["id"]


async def test_whoever_works_on_it_is_woken_after_it_is_kept(stripe_door):
    ear = Bell(stripe_door.database, ARRIVALS)
    heard = asyncio.Event()
    async with ear.listening(lambda _: heard.set()):
        await stripe_door.send(event())

        async with asyncio.timeout(10):
            await heard.wait()


# Erased


async def test_what_comes_about_an_erased_customer_is_not_kept_but_that_it_came(stripe_door):
    thing = {"id": name("sub"), "customer": name("cus")}
    before, after = event(thing=thing), event(thing=thing)
    await stripe_door.send(before)
    async with stripe_door.database.driver() as driver:
        await driver.execute(
            "UPDATE stripe_keys SET wrapped = NULL WHERE subject = $1", thing["customer"]
        )

    assert (await stripe_door.send(after)).status_code == 200

    for each in (before, after):
        assert not (await stripe_door.message(each)).readable
        assert await stripe_door.body(each) is None
    sealed = "SELECT sealed FROM stripe_inbox WHERE event_id = $1"
    async with stripe_door.database.driver() as driver:
        assert await driver.fetchval(sealed, before["id"])
        assert await driver.fetchval(sealed, after["id"]) is None
    kept = await stripe_door.message(after)
    assert kept.sha256 == sha256(json.dumps(after).encode()).digest()

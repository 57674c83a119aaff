"""What Stripe sends is kept before it is thanked for, and nothing that others send is."""

import asyncio
import json
import logging
from hashlib import sha256
from uuid import uuid4

import pytest

from domain.inbox_port import State
from domain.secrecy import Secret
from infrastructure.postgres.bell import ARRIVALS, Bell
from infrastructure.postgres.database import Database
from tests.app.stripe_world import Door, event, knocking, name, thin

PROBLEM = "application/problem+json"
BIG = 1024 * 1024


@pytest.fixture
async def door(database, clock):
    door = Door(database, clock)
    yield door
    await door.close()


# Kept


async def test_what_stripe_signed_is_kept_and_thanked_for(door, clock):
    said = event()

    answer = await door.send(said)

    assert (answer.status_code, answer.content) == (200, b"")
    kept = await door.message(said)
    assert kept.state is State.ORPHAN
    assert (kept.type, kept.thin, kept.api_version) == (said["type"], False, "2026-10-28.endive")
    assert kept.customer == kept.about == said["data"]["object"]["customer"]
    assert kept.received_at == clock()
    assert kept.sha256 == sha256(json.dumps(said).encode()).digest()


async def test_its_bytes_are_kept_as_they_came_and_sealed(door):
    body = json.dumps(event(), indent=3, ensure_ascii=False).replace("sub_", "Анна_").encode()

    assert (await door.send(body)).status_code == 200

    said = json.loads(body)
    assert await door.body(said) == body
    async with door.database.driver() as driver:
        sealed = await driver.fetchval(
            "SELECT sealed FROM stripe_inbox WHERE event_id = $1", said["id"]
        )
    assert b"customer" not in sealed


async def test_the_same_thirty_two_times_at_once_is_one_message(door):
    said = event()

    answers = await asyncio.gather(*(door.send(said) for _ in range(32)))

    assert {each.status_code for each in answers} == {200}
    async with door.database.driver() as driver:
        for table in ("stripe_inbox", "stripe_pending"):
            query = f"SELECT count(*) FROM {table} WHERE event_id = $1"
            assert await driver.fetchval(query, said["id"]) == 1


async def test_what_comes_again_changes_nothing(door):
    said = event()
    await door.send(said)

    answer = await door.send(said | {"pending_webhooks": 0})

    assert answer.status_code == 200
    assert json.loads(await door.body(said))["pending_webhooks"] == 1


async def test_one_id_in_both_modes_and_of_two_accounts_is_three_messages(door):
    said = event()
    others = said | {"livemode": True}, said | {"account": name("acct")}

    for each in (said, *others):
        assert (await door.send(each)).status_code == 200

    assert [json.loads(await door.body(each)) for each in (said, *others)] == [said, *others]


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({"livemode": True}, State.OTHER_MODE),
        ({"account": "acct_1"}, State.OTHER_ACCOUNT),
        ({"type": "payout.paid"}, State.IGNORED),
        ({"type": "invented.tomorrow"}, State.IGNORED),
    ],
)
async def test_what_is_not_worked_on_is_kept_all_the_same(door, changes, state):
    said = event(**changes)

    assert (await door.send(said)).status_code == 200
    assert (await door.message(said)).state is state
    assert await door.inbox.pending(said["data"]["object"]["customer"]) == []


async def test_with_real_money_it_is_the_other_way_round(database, clock):
    door = Door(database, clock, live=True)
    real, test = event(livemode=True), event()

    for each in (real, test):
        assert (await door.send(each)).status_code == 200

    assert (await door.message(real)).state is State.ORPHAN
    assert (await door.message(test)).state is State.OTHER_MODE
    await door.close()


async def test_a_thin_event_is_kept_under_the_name_of_its_object(door):
    said = thin()

    assert (await door.send(said)).status_code == 200

    kept = await door.message(said)
    assert (kept.thin, kept.customer, kept.about) == (True, "", said["related_object"]["id"])
    assert kept.created.isoformat() == "2026-11-23T04:39:59.120000+00:00"
    assert kept.state is State.ORPHAN


async def test_a_thin_event_of_a_connected_account_is_not_ours(door):
    said = thin(context="acct_1")

    assert (await door.send(said)).status_code == 200
    assert (await door.message(said)).state is State.OTHER_ACCOUNT


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
async def test_what_is_looked_at_anew_is_the_customer_or_what_there_is(door, type_, thing, about):
    said = event(type_, thing)

    assert (await door.send(said)).status_code == 200
    assert (await door.message(said)).about == about


@pytest.mark.parametrize(
    "thing",
    [
        {"metadata": {"tenant_id": str(COMPANY)}},
        {"client_reference_id": str(COMPANY)},
        {"parent": {"subscription_details": {"metadata": {"tenant_id": str(COMPANY)}}}},
        {"metadata": {"tenant_id": "?"}, "client_reference_id": str(COMPANY)},
    ],
)
async def test_what_a_checkout_of_ours_left_on_it_says_whose_it_is(door, thing):
    said = event(thing={"id": name("x"), **thing})

    assert (await door.send(said)).status_code == 200
    assert (await door.message(said)).tenant == COMPANY


async def test_an_event_about_nothing_is_kept_under_its_own_name(door):
    for odd in ({"data": None}, {"data": []}, {"data": {"object": "?"}}, {"data": {}}):
        said = event(**odd)

        assert (await door.send(said)).status_code == 200
        assert (await door.message(said)).about == said["id"]


async def test_whoever_works_on_it_is_woken_after_it_is_kept(door):
    ear = Bell(door.database, ARRIVALS)
    heard = asyncio.Event()
    async with ear.listening(lambda _: heard.set()):
        await door.send(event())

        async with asyncio.timeout(10):
            await heard.wait()


# Erased


async def test_what_comes_about_an_erased_customer_is_not_kept_but_that_it_came(door):
    thing = {"id": name("sub"), "customer": name("cus")}
    before, after = event(thing=thing), event(thing=thing)
    await door.send(before)
    async with door.database.driver() as driver:
        await driver.execute(
            "UPDATE stripe_keys SET wrapped = NULL WHERE subject = $1", thing["customer"]
        )

    assert (await door.send(after)).status_code == 200

    for each in (before, after):
        assert not (await door.message(each)).readable
        assert await door.body(each) is None
    kept = await door.message(after)
    assert kept.sha256 == sha256(json.dumps(after).encode()).digest()


# Refused


async def refused(door, caplog, answer, status, reason):
    """As a problem, and in the log with one word and nothing of what was sent."""
    assert answer.status_code == status
    assert answer.headers["content-type"] == PROBLEM
    assert answer.json()["status"] == status
    said = [each for each in caplog.records if each.name == "app.billing.routes"]
    assert [each.getMessage() for each in said] == [f"a message of Stripe's was refused: {reason}"]
    return answer.json()["detail"]


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({"Stripe-Signature": ""}, "missing"),
        ({"Stripe-Signature": "garbage"}, "malformed"),
        ({"Stripe-Signature": f"t={'9' * 99},v1=00"}, "malformed"),
        ({"Stripe-Signature": f"t=1795000000,v1={'0' * 5000}"}, "too_long"),
        ({"Stripe-Signature": "t=1795000000,v0=00"}, "wrong_scheme"),
        ({"Stripe-Signature": "t=1795000000,v1=00"}, "mismatch"),
        ({"Stripe-Signature": b"t=1795000000,v1=\xff"}, "mismatch"),
    ],
)
async def test_what_is_not_signed_is_not_kept(door, caplog, headers, reason):
    said = event()

    answer = await door.send(said, **headers)

    detail = await refused(door, caplog, answer, 400, reason)
    assert "STRIPE_WEBHOOK_SECRET" in detail
    assert await door.message(said) is None


async def test_what_others_sign_is_not_kept(door, caplog):
    body = json.dumps(event()).encode()

    answer = await door.send(body, **door.signature(body, Secret("whsec_theirs")))

    await refused(door, caplog, answer, 400, "mismatch")


async def test_while_a_secret_is_rolled_both_are_good(door):
    body = json.dumps(said := event()).encode()

    assert (await door.send(body, **door.signature(body, Secret("whsec_old")))).status_code == 200
    assert await door.message(said)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "truncated"),
        (b"[]", "Expected `object`, got `array`"),
        (b"null", "Expected `object`, got `null`"),
        (b"{}", "missing required field `id`"),
        (json.dumps(event(id=5)).encode(), "`$.id`"),
        (json.dumps(event(id="")).encode(), "`id` is no name"),
        (json.dumps(event(id="evt\x00")).encode(), "`id` is no name"),
        (json.dumps(event(id="e" * 300)).encode(), "`id` is no name"),
        (json.dumps(event(type="")).encode(), "`type` is no name"),
        (json.dumps(event(account=["acct"])).encode(), "`$.account`"),
        (json.dumps(event(livemode="no")).encode(), "`$.livemode`"),
        (json.dumps(event(created=10**17)).encode(), "`created` is no time"),
        (json.dumps(event(created="soon")).encode(), "`created` is no time"),
        (json.dumps(event(created="0001-01-01T00:00:00+14:00")).encode(), "`created` is no time"),
        (json.dumps(event(id="\ud800")).encode(), "no event"),
        (json.dumps(event(x="here")).encode().replace(b"here", b"\xff"), "not UTF-8"),
        (b"\xff" * 100, "not UTF-8"),
        (b"[" * 10_000, "no event"),
        (b'{"x":' + b"[" * 10_000 + b"]" * 10_000 + b"}", "nested too deeply"),
    ],
)
async def test_what_is_signed_but_no_event_is_refused_and_says_so(door, caplog, body, says):
    answer = await door.send(body)

    detail = await refused(door, caplog, answer, 400, "not_an_event")
    assert "no event of Stripe's" in detail
    assert says in detail


async def test_a_megabyte_is_the_most(door, caplog):
    said = event(padding="")
    fits = event(padding="x" * (BIG - len(json.dumps(said))))

    assert (await door.send(fits)).status_code == 200
    answer = await door.send(fits | {"padding": fits["padding"] + "x"})
    await refused(door, caplog, answer, 413, "too_large")


async def test_what_does_not_say_how_long_it_is_is_not_read_to_the_end(door, caplog):
    async def endless():
        for _ in range(3):
            yield b"x" * (BIG // 2 + 1)

    answer = await door.http.post("/webhooks/stripe", content=endless())

    await refused(door, caplog, answer, 413, "too_large")


async def test_while_the_database_is_away_stripe_is_asked_to_come_again(clock, caplog):
    away = Database("postgresql://127.0.0.1:1/nowhere")
    door = Door(away, clock)

    answer = await door.send(event())

    await refused(door, caplog, answer, 503, "unavailable")
    assert answer.headers["retry-after"]
    await door.close()
    await away.close()


async def test_where_nobody_pays_there_is_no_such_door(clock):
    async with knocking(None, clock) as http:
        answer = await http.post("/webhooks/stripe", content=b"{}")

    assert (answer.status_code, answer.headers["content-type"]) == (404, PROBLEM)


async def test_nothing_of_a_body_is_logged(door, caplog):
    caplog.set_level(logging.DEBUG, "app")

    await door.send(b'{"email": "anna@example.com"}')

    assert "anna" not in caplog.text

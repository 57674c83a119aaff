"""What Stripe did not sign, or what is no event, is not kept; the answer says why."""

import json
import logging

import httpx
import pytest

from domain.secrecy import Secret
from infrastructure.postgres.database import Database
from tests.app.stripe_world import Door, event, knocking

PROBLEM = "application/problem+json"
BIG = 1024 * 1024


async def refused(caplog, answer, status, reason):
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
async def test_what_is_not_signed_is_not_kept(stripe_door, caplog, headers, reason):
    said = event()

    answer = await stripe_door.send(said, **headers)

    detail = await refused(caplog, answer, 400, reason)
    assert "STRIPE_WEBHOOK_SECRET" in detail
    assert await stripe_door.message(said) is None


async def test_what_others_sign_is_not_kept(stripe_door, caplog):
    body = json.dumps(event()).encode()

    answer = await stripe_door.send(body, **stripe_door.signature(body, Secret("whsec_theirs")))

    await refused(caplog, answer, 400, "mismatch")


async def test_while_a_secret_is_rolled_both_are_good(stripe_door):
    body = json.dumps(said := event()).encode()

    assert (
        await stripe_door.send(body, **stripe_door.signature(body, Secret("whsec_old")))
    ).status_code == 200
    assert await stripe_door.message(said)


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
        (json.dumps(event(created=253_402_300_799)).encode(), "`created` is no time"),
        (json.dumps(event(created=-62_135_596_800)).encode(), "`created` is no time"),
        (json.dumps(event(created="soon")).encode(), "`created` is no time"),
        (json.dumps(event(created="0001-01-01T00:00:00+14:00")).encode(), "`created` is no time"),
        (json.dumps(event(id="\ud800")).encode(), "no event"),
        (json.dumps(event(x="here")).encode().replace(b"here", b"\xff"), "not UTF-8"),
        (b"\xff" * 100, "not UTF-8"),
        (b"[" * 10_000, "no event"),
        (b'{"x":' + b"[" * 10_000 + b"]" * 10_000 + b"}", "nested too deeply"),
    ],
)
async def test_what_is_signed_but_no_event_is_refused_and_says_so(stripe_door, caplog, body, says):
    answer = await stripe_door.send(body)

    detail = await refused(caplog, answer, 400, "not_an_event")
    assert "no event of Stripe's" in detail
    assert says in detail


async def test_a_megabyte_is_the_most(stripe_door, caplog):
    said = event(padding="")
    fits = event(padding="x" * (BIG - len(json.dumps(said))))

    assert (await stripe_door.send(fits)).status_code == 200
    answer = await stripe_door.send(fits | {"padding": fits["padding"] + "x"})
    await refused(caplog, answer, 413, "too_large")


async def test_what_does_not_say_how_long_it_is_is_not_read_to_the_end(stripe_door, caplog):
    async def endless():
        for _ in range(3):
            yield b"x" * (BIG // 2 + 1)

    answer = await stripe_door.http.post("/webhooks/stripe", content=endless())

    await refused(caplog, answer, 413, "too_large")


async def test_who_hangs_up_in_the_middle_is_refused_and_no_fault_of_ours(stripe_door, caplog):
    said = iter([{"type": "http.request", "body": b"{", "more_body": True}])

    async def receive():
        return next(said, {"type": "http.disconnect"})

    async def hung_up(scope, _receive, send):
        await stripe_door.http._transport.app(scope, receive, send)

    transport = httpx.ASGITransport(hung_up)
    async with httpx.AsyncClient(transport=transport, base_url="http://t") as http:
        answer = await http.post("/webhooks/stripe", content=b"{}")

    await refused(caplog, answer, 400, "broken_off")
    assert not [each for each in caplog.records if each.levelname == "ERROR"]


async def test_while_the_database_is_away_stripe_is_asked_to_come_again(clock, caplog):
    away = Database("postgresql://127.0.0.1:1/nowhere")
    stripe_door = Door(away, clock)

    answer = await stripe_door.send(event())

    await refused(caplog, answer, 503, "unavailable")
    assert answer.headers["retry-after"]
    await stripe_door.close()
    await away.close()


async def test_where_nobody_pays_there_is_no_such_door(clock):
    async with knocking(None, clock) as http:
        answer = await http.post("/webhooks/stripe", content=b"{}")

    assert (answer.status_code, answer.headers["content-type"]) == (404, PROBLEM)


async def test_nothing_of_a_body_is_logged(stripe_door, caplog):
    caplog.set_level(logging.DEBUG, "app")

    await stripe_door.send(b'{"email": "anna@example.com"}')

    assert "anna" not in caplog.text

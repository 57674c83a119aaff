"""What a call of Stripe that fails means, and that nothing secret is said of it."""

import asyncio
import json
import logging
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from aiohttp import web

from domain.errors import Malformed, Rejected, Unavailable
from domain.plan import Plan
from domain.secrecy import Secret
from infrastructure.stripe import client
from infrastructure.stripe.payments import StripePayments
from tests.infrastructure.loopback import listening

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
KEY = "sk_test_51secretKEY"
PAGE = "https://invoice.stripe.com/i/acct_1/live_YWNjdF8xNl"


BROKEN, SILENT = "broken", "silent"


class Wire:
    """Answers each call with the next of `answers`, and the last one for ever."""

    def __init__(self):
        self.answers, self.calls = [], 0

    def answer(self, status, body="", **headers):
        text = body if isinstance(body, str) else json.dumps(body)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers.append((status, text, {"Stripe-Should-Retry": "false", **named}))

    def refuse(self, status, message="No.", *, kind="invalid_request_error", **fields):
        headers = {name: fields.pop(name) for name in [*fields] if name[0].isupper()}
        self.answer(status, {"error": {"type": kind, "message": message, **fields}}, **headers)

    async def handle(self, request):
        self.calls += 1
        answer = self.answers[0] if len(self.answers) == 1 else self.answers.pop(0)
        if answer is BROKEN:
            request.transport.abort()
        if answer is SILENT:
            await asyncio.sleep(0.5)
        status, text, headers = answer if isinstance(answer, tuple) else (200, "", {})
        return web.Response(status=status, text=text, headers=headers)


@asynccontextmanager
async def open_wire():
    wire = Wire()
    server = web.Application()
    server.router.add_route("*", "/{path:.*}", wire.handle)
    async with listening(server) as address, aiohttp.ClientSession() as http:
        prices = {Plan.PRO: ["price_pro"]}
        wire.payments = StripePayments(Secret(KEY), address, prices, http, lambda: NOW)
        yield wire


@pytest.fixture
async def wire():
    async with open_wire() as wire:
        yield wire


async def refused(wire, kind):
    with pytest.raises(kind) as told:
        await wire.payments.invoice("in_1")
    assert told.value.__cause__ is None
    assert told.value.__context__ is None or told.value.__suppress_context__
    for secret in (KEY, PAGE, "cus_QXg1o8vcGmoR32", "anna@example.com"):
        assert secret not in str(told.value)
    return told.value


@pytest.mark.parametrize("status", [500, 502, 503])
async def test_a_fault_of_stripes_is_waited_for(wire, status):
    wire.answer(status, "<html>Bad gateway</html>")

    assert (await refused(wire, Unavailable)).cause == "stripe_away"


async def test_a_fault_that_passes_at_once_is_none(wire):
    wire.refuse(500, kind="api_error", Stripe_Should_Retry="true")
    wire.answer(200, {"id": "in_1", "created": 1, "hosted_invoice_url": PAGE})

    assert (await wire.payments.invoice("in_1")).page == PAGE
    assert wire.calls == 2


async def test_a_connection_that_breaks_is_waited_for(wire):
    wire.answers.append(BROKEN)

    assert (await refused(wire, Unavailable)).cause == "stripe_away"


async def test_silence_is_waited_for(monkeypatch):
    monkeypatch.setattr(client, "_TIMEOUT", aiohttp.ClientTimeout(total=0.1))
    monkeypatch.setattr(client, "_RETRIES", 0)
    async with open_wire() as wire:
        wire.answers.append(SILENT)

        assert (await refused(wire, Unavailable)).cause == "stripe_away"


async def test_a_limit_is_waited_for_as_long_as_stripe_asks(wire):
    wire.refuse(429, code="rate_limit", Retry_After="7")

    told = await refused(wire, Unavailable)

    assert (told.cause, told.until) == ("stripe_busy", NOW + timedelta(seconds=7))


@pytest.mark.parametrize(
    ("status", "code"), [(409, "idempotency_key_in_use"), (400, "lock_timeout"), (429, None)]
)
async def test_an_object_that_somebody_else_changes_is_waited_for(wire, status, code):
    wire.refuse(status, code=code)

    told = await refused(wire, Unavailable)

    assert (told.cause, told.until) == ("stripe_busy", None)


@pytest.mark.parametrize("status", [401, 403])
async def test_a_key_that_is_wrong_or_may_not_is_for_a_person(wire, status):
    wire.refuse(status, f"Invalid API Key provided: {KEY}")

    told = await refused(wire, Rejected)

    assert told.cause == "stripe_key"
    assert "STRIPE_SECRET_KEY" in str(told)


async def test_a_key_of_the_other_mode_is_no_missing_object(wire):
    said = "No such invoice: 'in_1'; a similar object exists in live mode, but a test mode key"
    wire.refuse(404, said, code="resource_missing")

    assert (await refused(wire, Rejected)).cause == "stripe_key"


@pytest.mark.parametrize("param", ["price", "line_items[0][price]"])
async def test_a_price_that_is_not_there_is_ours_to_correct_and_no_missing_customer(wire, param):
    wire.refuse(400, "No such price: 'price_pro'", code="resource_missing", param=param)

    told = await refused(wire, Rejected)

    assert told.cause == "stripe_price"
    assert "STRIPE_PRICE_" in str(told)


async def test_a_card_that_is_declined_is_hers_to_change(wire):
    wire.refuse(402, "Declined.", kind="card_error", code="card_declined")

    told = await refused(wire, Rejected)

    assert told.cause == "card"
    assert "card_declined" in str(told)


async def test_a_refusal_is_told_in_stripes_words_but_for_ids_and_addresses(wire):
    said = (
        f"The customer cus_QXg1o8vcGmoR32 (anna@example.com) has to see {PAGE} first, with {KEY}."
    )
    wire.refuse(400, said, code="parameter_invalid")

    told = await refused(wire, Rejected)

    assert told.cause == "stripe_refused"
    assert "has to see" in str(told)


async def test_the_same_key_for_something_else_is_refused(wire):
    wire.refuse(400, kind="idempotency_error")

    assert (await refused(wire, Rejected)).cause == "stripe_refused"


@pytest.mark.parametrize("body", ["", "<html>", "[]", '{"id": 5}', '{"created": "today"}'])
async def test_an_answer_of_another_shape_is_malformed(wire, body):
    wire.answer(200, body)

    assert (await refused(wire, Malformed)).cause == "stripe_shape"


async def test_what_is_called_and_answered_is_in_no_log(wire, caplog):
    caplog.set_level(logging.DEBUG)
    wire.answer(200, {"id": "in_1", "created": 1, "hosted_invoice_url": PAGE})

    await wire.payments.invoice("in_1")

    assert [each for each in caplog.records if each.name == "stripe"] == []


MISSING = {"code": "resource_missing", "param": "customer"}


async def test_a_customer_that_is_deleted_has_nothing(wire):
    wire.refuse(400, "No such customer: 'cus_1'", **MISSING)
    wire.answer(200, {"id": "cus_1", "object": "customer", "deleted": True})

    assert list(await wire.payments.subscriptions_of("cus_1")) == []


async def test_a_customer_of_another_account_is_no_end_of_her_plan(wire):
    wire.refuse(400, "No such customer: 'cus_1'", **MISSING)
    wire.refuse(404, "No such customer: 'cus_1'", **MISSING)

    with pytest.raises(Rejected):
        await wire.payments.subscriptions_of("cus_1")

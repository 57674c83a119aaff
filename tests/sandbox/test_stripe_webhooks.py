"""Webhooks of the sandbox's Stripe: signed, in order, again when refused, and through a storm."""

from collections import Counter

import pytest
import stripe as sdk

from sandbox.stripe import Storm
from sandbox.stripe.webhooks import courier
from tests.sandbox.stripe_visit import DAY, hooked, visiting


@pytest.fixture
async def stripe():
    async with visiting() as visit:
        yield visit


@pytest.fixture
async def endpoint(stripe):
    async with hooked(stripe) as endpoint:
        yield endpoint


@pytest.fixture
def soon(monkeypatch):
    monkeypatch.setattr(courier, "PAUSES", (0.001, 0.001, 0.001))


async def test_every_event_is_delivered_once_in_order_and_signed(stripe, endpoint):
    await stripe.subscribed()
    stripe.book.advance(40 * DAY)
    await stripe.book.courier.drained()

    assert endpoint.types == stripe.types()
    assert endpoint.refused == 0
    assert endpoint.got[0].api_version == sdk.api_version


async def test_an_event_shows_its_object_as_it_was_when_it_happened(stripe, endpoint):
    made = await stripe.subscribed()
    stripe.book.advance(1)
    await stripe.v1.subscriptions.cancel_async(made.id)
    await stripe.book.courier.drained()

    statuses = [
        each.data.object.status
        for each in endpoint.got
        if each.type.startswith("customer.subscription.")
    ]
    assert statuses == ["incomplete", "active", "canceled"]


async def test_while_a_secret_is_rolled_both_sign(stripe):
    async with hooked(stripe, secrets=["whsec_new", "whsec_old"]) as endpoint:
        for endpoint.secret in ("whsec_new", "whsec_old"):
            await stripe.customer(card=None)
            await stripe.book.courier.drained()

        assert (len(endpoint.got), endpoint.refused) == (2, 0)


async def test_what_is_refused_comes_again_after_the_others(stripe, endpoint, soon):
    endpoint.answers = [500, 200, 503]
    await stripe.customer(card=None)
    await stripe.customer(card=None)
    await stripe.book.courier.drained()
    told = await stripe.control("deliveries", "GET")

    assert sorted(len(each["statuses"]) for each in told) in ([1, 3], [2, 2])
    assert {each["statuses"][-1] for each in told} == {200}
    assert Counter(endpoint.types) == {"customer.created": 2}


async def test_after_some_tries_nothing_comes_any_more(stripe, endpoint, soon):
    endpoint.answers = [400] * 9
    await stripe.customer(card=None)
    await stripe.book.courier.drained()

    assert stripe.book.delivered[0].statuses == [400] * 4
    assert endpoint.got == []


async def test_an_endpoint_that_is_not_there_is_an_answer_of_0(stripe, soon):
    await stripe.control("hook", url="http://127.0.0.1:9/", secrets=["whsec_x"])
    await stripe.customer(card=None)
    await stripe.book.courier.drained()

    assert stripe.book.delivered[0].statuses == [0] * 4


async def test_an_endpoint_that_is_taken_away_gets_nothing_more(stripe, endpoint):
    endpoint.answers = [500] * 9
    await stripe.customer(card=None)
    await stripe.control("hook", "DELETE")
    await stripe.book.courier.drained()
    await stripe.customer(card=None)
    await stripe.book.courier.drained()

    assert endpoint.got == []


async def test_an_endpoint_gets_only_the_types_that_it_wants(stripe):
    async with hooked(stripe, types=["customer.subscription.created"]) as endpoint:
        await stripe.subscribed()
        await stripe.book.courier.drained()

        assert endpoint.types == ["customer.subscription.created"]


async def test_a_storm_brings_everything_and_the_good_ones_still_arrive(stripe, endpoint):
    storm = {"copies": 3, "shuffle": True, "late": 0.2, "late_seconds": 0.01, "seed": 7}
    spoilt = {"bad_signature": 0.5, "old": 0.5, "future": 0.3, "wrong_mode": 0.3}
    await stripe.control("storm", **storm, **spoilt, huge=0.2, huge_bytes=300_000)
    await stripe.subscribed()
    await stripe.book.courier.drained()

    good = Counter(each.id for each in endpoint.got if not each.livemode)
    assert good.keys() == stripe.book.events.keys()
    assert min(good.values()) >= 3
    assert endpoint.refused > 5
    assert {True, False} == {each.livemode for each in endpoint.got}
    assert any("padding" in each for each in endpoint.got)
    assert [e.id for e in endpoint.got][: len(good)] != [*stripe.book.events]


async def test_what_happened_can_be_sent_again_through_any_weather(stripe, endpoint):
    await stripe.subscribed()
    await stripe.book.courier.drained()
    events = len(stripe.book.events)
    calm = await stripe.control("replay", types=["invoice.paid"])
    storm = await stripe.control("replay", storm={"copies": 2, "shuffle": True, "seed": 1})
    bad = await stripe.control("replay", storm={"bad_signature": 1, "old": 1})

    assert calm == {"sent": 1, "answers": {"good 200": 1}}
    assert storm == {"sent": 2 * events, "answers": {"good 200": 2 * events}}
    assert bad["answers"] == {
        "good 200": events,
        "bad_signature 400": events,
        "old 400": events,
    }


def test_a_storm_is_the_same_for_the_same_seed():
    letters = [courier.Letter(at, b"{}") for at in range(50)]
    storm = Storm(copies=2, shuffle=True, old=0.3, wrong_mode=0.3, seed=5)
    again = Storm(copies=2, shuffle=True, old=0.3, wrong_mode=0.3, seed=6)

    assert courier.stormed(letters, storm) == courier.stormed(letters, storm)
    assert courier.stormed(letters, storm) != courier.stormed(letters, again)


async def test_a_thin_event_names_what_changed_and_both_can_be_fetched(stripe):
    async with hooked(stripe, thin=True, types=["customer.subscription.updated"]) as endpoint:
        made = await stripe.subscribed()
        await stripe.book.courier.drained()
        body, signed = endpoint.raw[0]
        note = stripe.client.parse_event_notification(body, signed, endpoint.secret)
        # The SDK's own fetch_…_async send its bookkeeping along as a parameter (16.1.0).
        found = await stripe.client.raw_request_async("get", note.related_object.url)
        event = await stripe.client.raw_request_async("get", f"/v2/core/events/{note.id}")

    assert note.type == "v1.customer.subscription.updated"
    assert (found.data["id"], found.data["status"]) == (made.id, "active")
    assert (event.data["id"], event.data["type"]) == (note.id, note.type)


async def test_any_type_can_be_made_to_happen(stripe, endpoint):
    customer = await stripe.customer(card=None)
    await stripe.control("emit", id=customer.id, type="customer.sang")
    await stripe.control("entitle", customer=customer.id, features=["api", "sso"])
    await stripe.book.courier.drained()

    assert endpoint.types[1:] == [
        "customer.sang",
        "entitlements.active_entitlement_summary.updated",
    ]
    summary = endpoint.got[-1].data.object
    assert [each.lookup_key for each in summary.entitlements.data] == ["api", "sso"]

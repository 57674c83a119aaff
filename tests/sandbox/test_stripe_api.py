"""The API of the sandbox's Stripe as such: keys, errors, idempotency, pages of lists, trouble."""

import pytest
import stripe as sdk

from sandbox.stripe import Fault
from tests.sandbox.stripe_visit import DAY, visiting


@pytest.fixture
async def stripe():
    async with visiting() as visit:
        yield visit


@pytest.mark.parametrize("key", ["sk_test_other", "sk_live_sandbox"])
async def test_another_key_is_refused(stripe, key):
    with pytest.raises(sdk.AuthenticationError, match="Invalid API Key"):
        await stripe.sdk(key).v1.customers.list_async()


async def test_another_version_is_refused(stripe):
    with pytest.raises(sdk.InvalidRequestError, match="2026-10-28"):
        await stripe.v1.customers.list_async({}, {"stripe_version": "2020-08-27"})


async def test_what_is_not_there_is_missing(stripe):
    with pytest.raises(sdk.InvalidRequestError) as missing:
        await stripe.v1.subscriptions.retrieve_async("sub_none")

    assert (missing.value.http_status, missing.value.code) == (404, "resource_missing")


@pytest.mark.parametrize(
    ("wish", "code", "param"),
    [
        ({"colour": "red"}, "parameter_unknown", "colour"),
        ({"metadata": {"a": "b"}}, "parameter_missing", "customer"),
        ({"customer": "cus_none"}, "resource_missing", "customer"),
        ({"customer": "", "items": []}, "parameter_missing", "customer"),
    ],
)
async def test_an_error_names_the_parameter(stripe, wish, code, param):
    with pytest.raises(sdk.InvalidRequestError) as no:
        await stripe.v1.subscriptions.create_async(wish)

    assert (no.value.code, no.value.param) == (code, param)


async def test_an_unknown_path_says_so(stripe):
    with pytest.raises(sdk.InvalidRequestError, match="Unrecognized request URL"):
        await stripe.client.raw_request_async("get", "/v1/nowhere")


async def test_the_same_key_gives_the_same_answer_and_does_the_work_once(stripe):
    create = stripe.v1.customers.create_async
    first = await create({"email": "i@example.com"}, {"idempotency_key": "k"})
    second = await create({"email": "i@example.com"}, {"idempotency_key": "k"})

    assert first.id == second.id
    assert second.last_response.headers["Idempotent-Replayed"] == "true"
    assert stripe.types() == ["customer.created"]
    with pytest.raises(sdk.IdempotencyError):
        await create({"email": "other@example.com"}, {"idempotency_key": "k"})


async def test_an_event_tells_the_call_that_caused_it_and_time_causes_others(stripe):
    price = await stripe.price()
    customer = await stripe.customer()
    wish = {"customer": customer.id, "items": [{"price": price.id}]}
    await stripe.v1.subscriptions.create_async(wish, {"idempotency_key": "t1:7"})
    caused = (await stripe.v1.events.list_async({"limit": 1})).data[0]
    stripe.book.advance(31 * DAY)
    by_time = (await stripe.v1.events.list_async({"limit": 1})).data[0]

    assert caused.request.idempotency_key == "t1:7"
    assert (by_time.request.id, by_time.request.idempotency_key) == (None, None)


async def test_lists_are_paged_newest_first_in_both_directions(stripe):
    made = [(await stripe.customer(card=None)).id for _ in range(7)]
    paged = await stripe.v1.customers.list_async({"limit": 3})
    every = [each.id async for each in paged.auto_paging_iter()]
    before = await stripe.v1.customers.list_async({"limit": 2, "ending_before": made[1]})

    assert every == made[::-1]
    assert [each.id for each in before.data] == [made[3], made[2]]
    assert before.has_more


async def test_events_of_some_types_since_some_moment_can_be_listed_for_thirty_days(stripe):
    made = await stripe.subscribed()
    stripe.book.advance(10 * DAY)
    moment = stripe.book.now
    await stripe.v1.subscriptions.cancel_async(made.id)
    kinds = ["customer.subscription.deleted", "customer.created"]
    since = {"created": {"gte": moment}, "types": kinds}
    recent = await stripe.v1.events.list_async(since)
    one = await stripe.v1.events.retrieve_async(recent.data[0].id)
    stripe.book.advance(21 * DAY)
    old = await stripe.v1.events.list_async({"type": "customer.created"})

    assert [each.type for each in recent.data] == kinds[:1]
    assert one.api_version == sdk.api_version
    assert one.data.object.status == "canceled"
    assert old.data == []


async def test_subscriptions_are_listed_by_customer_and_status(stripe):
    one, other = await stripe.subscribed(), await stripe.subscribed()
    await stripe.v1.subscriptions.cancel_async(one.id)

    async def listed(**wish):
        return {e.id for e in (await stripe.v1.subscriptions.list_async(wish)).data}

    assert await listed() == {other.id}
    assert await listed(status="all") == {one.id, other.id}
    assert await listed(status="all", customer=one.customer) == {one.id}
    assert await listed(status="canceled") == {one.id}


async def test_what_is_asked_for_is_expanded_and_what_cannot_be_is_refused(stripe):
    made = await stripe.subscribed()
    paths = ["latest_invoice.payments", "customer", "items.data.price.product"]
    found = await stripe.v1.subscriptions.retrieve_async(made.id, {"expand": paths})
    listed = await stripe.v1.subscriptions.list_async({"expand": ["data.customer"]})
    payment = found.latest_invoice.payments.data[0].payment
    intent = await stripe.v1.payment_intents.retrieve_async(
        payment.payment_intent, {"expand": ["latest_charge"]}
    )

    assert found.customer.email == listed.data[0].customer.email == "olga@example.com"
    assert found["items"].data[0].price.product.name == "Pro"
    assert intent.latest_charge.amount == 1_000
    with pytest.raises(sdk.InvalidRequestError, match="cannot be expanded"):
        await stripe.v1.subscriptions.retrieve_async(made.id, {"expand": ["weather"]})


async def test_prices_are_found_by_their_keys(stripe):
    product = await stripe.v1.products.create_async({"name": "Pro"})
    recurring = {"interval": "month"}
    wish = {"product": product.id, "currency": "RUB", "unit_amount": 99_000}
    for key in ("starter", "pro"):
        more = {"lookup_key": key, "recurring": recurring}
        await stripe.v1.prices.create_async({**wish, **more})
    found = await stripe.v1.prices.list_async({"lookup_keys": ["pro"], "active": True})

    assert [(each.lookup_key, each.currency) for each in found.data] == [("pro", "rub")]


async def test_a_customer_is_changed_by_what_is_sent_and_keeps_the_rest(stripe):
    made = await stripe.customer(name="Olga", metadata={"a": "1", "b": "2"})
    wish = {"email": "new@example.com", "metadata": {"a": "", "c": "3"}}
    after = await stripe.v1.customers.update_async(made.id, wish)

    assert (after.name, after.email) == ("Olga", "new@example.com")
    assert after.metadata.to_dict() == {"b": "2", "c": "3"}


async def test_a_test_card_of_stripes_can_be_given_with_the_customer(stripe):
    token = "pm_card_visa"
    made = await stripe.customer(
        card=None, payment_method=token, invoice_settings={"default_payment_method": token}
    )
    other = await stripe.v1.customers.update_async(
        made.id, {"invoice_settings": {"default_payment_method": "pm_card_chargeCustomerFail"}}
    )
    ident = other.invoice_settings.default_payment_method
    method = await stripe.v1.payment_methods.retrieve_async(ident)

    assert made.invoice_settings.default_payment_method != ident
    assert method.card.last4 == "0341"


@pytest.mark.parametrize(
    ("status", "error"), [(429, sdk.RateLimitError), (500, sdk.APIError), (503, sdk.APIError)]
)
async def test_a_call_fails_on_order_and_the_next_does_not(stripe, status, error):
    stripe.book.faults.ordered.append(Fault(match="GET customers", status=status))
    await stripe.v1.prices.list_async()

    with pytest.raises(error):
        await stripe.v1.customers.list_async()
    assert (await stripe.v1.customers.list_async()).data == []


async def test_an_answer_may_be_lost_after_the_work_is_done_and_its_key_finds_it(stripe):
    stripe.book.faults.ordered.append(Fault(lost=True))
    create, key = stripe.v1.customers.create_async, {"idempotency_key": "k"}

    with pytest.raises(sdk.APIError):
        await create({"email": "i@example.com"}, key)
    await create({"email": "i@example.com"}, key)
    assert stripe.types() == ["customer.created"]


async def test_stripe_may_be_slow_or_silent(stripe):
    silent = Fault(status=0, latency=0.2)
    stripe.book.faults.ordered += [Fault(status=None, latency=0.01), silent]
    impatient = stripe.sdk(patience=0.1)
    await impatient.v1.customers.list_async()

    with pytest.raises(sdk.APIConnectionError):
        await impatient.v1.customers.list_async()


async def test_the_hand_tells_what_was_called_and_what_stands(stripe):
    made = await stripe.subscribed(metadata={"tenant_id": "t1"})
    await stripe.control("settings", when_unpaid="unpaid")
    told = await stripe.control("state", "GET")
    calls = await stripe.control("calls", "GET")

    assert told["now"] == stripe.book.now
    found = told["subscriptions"][0]
    assert (found["id"], found["status"]) == (made.id, "active")
    assert found["period_end"] == made["items"].data[0].current_period_end
    assert found["metadata"] == {"tenant_id": "t1"}
    assert calls["POST subscriptions 200"] == 1
    assert stripe.book.settings.when_unpaid == "unpaid"


async def test_the_hand_refuses_by_name(stripe):
    url = f"{stripe.address}/stripe/control"
    async with stripe.http.post(f"{url}/dance", json={}) as no:
        assert (no.status, "dance" in (await no.json())["error"]) == (400, True)
    async with stripe.http.post(f"{url}/advance", json={"hours": 1}) as no:
        assert (no.status, "hours" in (await no.json())["error"]) == (400, True)

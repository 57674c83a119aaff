"""The account of the sandbox's Stripe: kept on disk, moved without HTTP, and fast."""

import aiohttp
import pytest
import stripe as sdk

from sandbox.stage import stage
from sandbox.stripe import Book, Hook, load, price_list
from sandbox.stripe.form import Form
from sandbox.stripe.keeping import save
from sandbox.stripe.life import people, starting
from tests.infrastructure.loopback import served
from tests.sandbox.stripe_visit import DAY, HOUR, NOON


def subscribed(book, card="ok"):
    customer = people.created(book, Form({"email": "olga@example.com"}))
    book.card(customer["id"], card)
    price = price_list(book)["pro"][0]
    wish = {"customer": customer["id"], "items": [{"price": price}]}
    return starting.start(book, Form(wish))


def test_an_account_goes_on_where_its_file_left_it(tmp_path):
    book, path = Book(clock=lambda: NOON), tmp_path / "stripe.json"
    made = subscribed(book)
    book.hooks["main"] = Hook(url="http://127.0.0.1:9/", secrets=["whsec_x"])
    book.card(made["customer"], "decline")
    book.advance(30 * DAY)
    save(book, path)
    again = Book(clock=lambda: NOON)
    load(again, path)
    again.advance(HOUR)
    found = again.find("subscription", made["id"])

    assert (made["status"], found["status"]) == ("active", "past_due")
    assert again.now == book.now + HOUR
    assert [*again.events][: len(book.events)] == [*book.events]
    assert [each.event for each in again.outbox][: len(book.outbox)] == [
        each.event for each in book.outbox
    ]
    assert price_list(again) == price_list(book)


def test_a_file_of_another_version_is_refused(tmp_path):
    path = tmp_path / "stripe.json"
    path.write_text('{"version": 99}')

    with pytest.raises(ValueError, match="version 99"):
        load(Book(), path)


def test_time_that_passes_by_itself_does_the_same_as_time_that_is_moved():
    now = NOON
    book = Book(clock=lambda: now)
    made = subscribed(book)
    now += 31 * DAY
    book.settle()
    renewed = [e for e in book.events.values() if e.type == "invoice.paid"]

    assert len(renewed) == 2
    assert renewed[-1].created == NOON + 30 * DAY + HOUR
    assert made["items"]["data"][0]["current_period_start"] == NOON + 30 * DAY


def test_the_price_list_has_three_plans_in_roubles_and_dollars():
    book = Book()
    prices = price_list(book)
    told = {
        plan: [
            (book.find("price", e)["currency"], book.find("price", e)["unit_amount"]) for e in ids
        ]
        for plan, ids in prices.items()
    }

    assert [each[0] for each in told.values()] == [
        ("rub", 99_000),
        ("rub", 299_000),
        ("rub", 990_000),
    ]
    assert {each[1][0] for each in told.values()} == {"usd"}
    assert price_list(book) == prices


def test_a_thousand_subscriptions_renew_without_http():
    book = Book(clock=lambda: NOON)
    cards = ("ok", "ok", "ok", "decline")
    for at in range(1_000):
        subscribed(book, cards[at % 4])
    book.advance(40 * DAY)
    statuses = {each["status"] for each in book.all("subscription")}

    assert statuses == {"active", "incomplete_expired"}
    assert len(book.kinds["invoice"]) == 750 + 1_000


async def test_the_demos_stage_sells_and_tells_how(tmp_path):
    async with served(stage(tmp_path, "http://t")) as address, aiohttp.ClientSession() as http:
        told = await (await http.get(f"{address}/sandbox/stage")).json()
        client = sdk.StripeClient(
            told["stripeSecretKey"],
            base_addresses={"api": f"{address}/stripe"},
            http_client=sdk.AIOHTTPClient(timeout=aiohttp.ClientTimeout(10), session=http),
        )
        price = await client.v1.prices.retrieve_async(told["stripePrices"]["starter"][0])

    assert (price.currency, price.unit_amount, price.metadata["plan"]) == ("rub", 99_000, "starter")
    assert told["stripeUrl"] == "http://t/stripe"
    assert told["stripeWebhookSecret"].startswith("whsec_")

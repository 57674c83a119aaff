"""What a program is told while Stripe is slow or away: the reason and the cure, not "ask for less"."""

import pytest
from graphql import OperationType

from app.billing import desk
from app.graphql.handler import SECONDS
from infrastructure.stripe import price_list
from tests.app.billing_world import buys

PREVIEW = "{ planChangePreview(plan: ENTERPRISE) { monthly { amount } } }"
PLANS = "{ plans { plan limits { products } monthly { amount } } viewer { role } }"
OUT = {"status": 503, "times": 100}
SLOW = {"status": None, "times": 100, "latency": 0.3}
SILENT = {"status": 0, "times": 100, "latency": 0.5}


@pytest.fixture
async def anna(paying):
    return await paying.register()


@pytest.fixture
def hurried(monkeypatch):
    """A query that asks nobody outside has less time than Stripe needs."""
    monkeypatch.setitem(SECONDS, OperationType.QUERY, 0.1)


def codes(errors):
    return {each["extensions"]["code"] for each in errors}


async def test_a_question_to_stripe_has_the_time_that_stripe_needs(paying, anna, hurried):
    await buys(paying, anna)
    await paying.control("faults", **SLOW)

    told = await anna.ask(PREVIEW)

    assert told["planChangePreview"]["monthly"]["amount"] == 990_000


async def test_whoever_asks_what_a_change_costs_while_stripe_is_silent_hears_that(
    paying, anna, hurried, monkeypatch
):
    monkeypatch.setattr(desk, "PATIENCE", 0.2)
    await buys(paying, anna)
    await paying.control("faults", **SILENT)

    answered = await anna.post({"query": PREVIEW}, accept_language="en")

    (error,) = answered.json()["errors"]
    assert answered.status_code == 200
    assert error["extensions"]["code"] == "STRIPE_AWAY"
    assert error["path"] == ["planChangePreview"]
    assert error["message"] == desk.AWAY


async def test_a_document_asks_stripe_no_more_often_than_it_may_change_something(paying, anna):
    asked = " ".join(f"n{n}: {PREVIEW[1:-1]}" for n in range(6))

    (error,) = await anna.errors(f"{{ {asked} }}")

    assert error["extensions"]["code"] == "TOO_EXPENSIVE"


@pytest.mark.parametrize("fault", [OUT, SILENT], ids=["out", "silent"])
async def test_while_stripe_is_away_each_price_says_why_it_is_not_there(
    paying, anna, hurried, monkeypatch, fault
):
    monkeypatch.setattr(price_list, "PATIENCE", 0.2)
    await paying.control("faults", **fault)

    answered = await anna.post({"query": PLANS}, accept_language="en")
    body, russian = answered.json(), await anna.errors(PLANS)

    assert answered.status_code == 200
    assert [each["limits"]["products"] for each in body["data"]["plans"]] == [
        *(500, 5_000, 50_000, 500_000)
    ]
    assert {each["monthly"] for each in body["data"]["plans"]} == {None}
    assert body["data"]["viewer"]["role"] == "OWNER"
    assert [each["path"] for each in body["errors"]] == [["plans", n, "monthly"] for n in (1, 2, 3)]
    assert codes(body["errors"]) == {"STRIPE_AWAY"}
    assert {each["message"] for each in body["errors"]} == {
        "Stripe does not tell the prices at the moment. All else is up to date."
    }
    assert {each["message"] for each in russian} == {
        "Stripe сейчас не сообщает цены. Всё остальное актуально."
    }


async def test_what_plans_allow_is_known_without_stripe(paying, anna):
    before = paying.book.calls.total()

    await anna.ask("{ plans { plan limits { products } } }")

    assert paying.book.calls.total() == before

"""What is asked for at the desk: what makes no sense there, who may ask, and what waits for whom."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest

from app.billing import desk
from domain import subscription
from domain.access import Role
from domain.errors import Unavailable
from domain.events import Origin
from domain.plan import Kept
from tests.app.billing_world import RESUME, buys, facts_of, plan_of
from tests.app.graphql_world import told

DAY = timedelta(days=1)


@pytest.fixture
async def anna(paying):
    return await paying.register()


@pytest.mark.parametrize(
    ("mutation", "given", "code"),
    [
        ("startCheckout", {"plan": "FREE"}, "NOT_A_PAID_PLAN"),
        ("changePlan", {"plan": "PRO"}, "NOT_SUBSCRIBED"),
    ],
)
async def test_what_makes_no_sense_is_refused_by_name(anna, mutation, given, code):
    fields = "url" if mutation == "startCheckout" else "subscription { plan }"

    assert (await anna.change(mutation, fields, **given))["userErrors"][0]["code"] == code


async def test_who_has_a_subscription_changes_it_and_buys_no_second_one(paying, anna):
    await buys(paying, anna)

    second = await anna.change("startCheckout", "url", plan="ENTERPRISE")
    same = await anna.change("changePlan", "subscription { plan }", plan="PRO")
    kept = (await anna.ask(RESUME))["resumeSubscription"]

    assert second["userErrors"][0]["code"] == "ALREADY_SUBSCRIBED"
    assert same["userErrors"][0]["code"] == "SAME_PLAN"
    assert kept["userErrors"][0]["code"] == "NOT_CANCELLED"


async def test_who_has_just_paid_buys_no_second_one_before_that_is_heard_of(paying, anna):
    page = await anna.change("startCheckout", "url", plan="PRO")
    paying.book.complete(page["url"].rpartition("/")[2])

    second = await anna.change("startCheckout", "url", plan="PRO")

    assert second["userErrors"][0]["code"] == "ALREADY_SUBSCRIBED"
    assert (await plan_of(anna))["paid"]["plan"] == "PRO"


@pytest.mark.parametrize(
    "asked", ["changePlan(input: {plan: STARTER})", "cancelSubscription", "openBillingPortal"]
)
async def test_whoever_asks_while_stripe_is_away_is_told_to_ask_again(paying, anna, asked):
    await buys(paying, anna)
    await paying.control("faults", status=503, times=100)

    (refused,) = (
        await anna.ask(f"mutation {{ it: {asked} {{ userErrors {{ code message }} }} }}")
    )["it"]["userErrors"]

    assert refused["code"] == "STRIPE_AWAY"
    assert "повторите: дважды ничего не сделается" in refused["message"]


async def test_silence_of_stripe_is_an_answer_too(monkeypatch):
    monkeypatch.setattr(desk, "PATIENCE", 0.0)

    with pytest.raises(Unavailable, match="nothing is done twice"):
        async with desk.asking():
            await asyncio.Event().wait()


TIMES = [
    ("2026-11-23T00:00:00", "needs its offset"),
    ("9999-12-31T23:59:59-14:00", "outside the years"),
    ("0001-01-01T00:00:00+14:00", "outside the years"),
]


@pytest.mark.parametrize(("before", "said"), TIMES)
async def test_invoices_are_asked_for_before_a_time_that_there_is(anna, before, said):
    (error,) = await anna.errors("query($at: DateTime) { invoices(before: $at) { id } }", at=before)

    assert error["extensions"]["argument"] == ["before"]
    assert said in error["message"]


async def test_a_trial_is_had_once_and_needs_no_card(paying, anna):
    start = "mutation { startTrial { userErrors { code } subscription { plan because until } } }"
    tried = (await anna.ask(start))["startTrial"]["subscription"]
    again = (await anna.ask(start))["startTrial"]
    await paying.pass_by(14 * DAY)

    assert (tried["plan"], tried["because"]) == ("PRO", "TRIAL")
    assert again["userErrors"][0]["code"] == "TRIAL_USED"
    assert (await plan_of(anna))["plan"] == "FREE"
    assert [*paying.book.all("customer")] == []


async def test_what_comes_before_its_company_is_known_waits_for_it(paying, anna):
    made = await paying.payments.new_customer(anna.scope.tenant, "elsewhere")
    stranger = paying.book.find("customer", made)
    stranger["metadata"] = {}
    await paying.payments.portal(made, "https://example.com", "en")
    paying.book.emit("customer.updated", stranger)
    await paying.deliver()
    await paying.work()
    orphans = (await paying.inbox.backlog()).orphans

    link = subscription.LinkCustomer(customer=made)
    await paying.desk._tell(anna.world.callers[anna.headers["authorization"]], link)
    await paying.work()

    assert orphans == 1
    assert "BillingContactChanged" in await facts_of(paying, anna)
    assert (await paying.inbox.backlog()).orphans == 0


async def test_a_refund_finds_its_company_by_the_charge(paying, anna):
    await buys(paying, anna)
    (charge,) = paying.book.all("charge")
    await paying.control("refund", charge=charge["id"])
    await paying.control("dispute", charge=charge["id"])
    await paying.deliver()
    await paying.work()
    await paying.work()

    facts = await facts_of(paying, anna)
    assert {"Refunded", "DisputeOpened"} <= set(facts)


async def test_without_billing_there_is_nothing_to_buy_and_nothing_is_limited(paying, anna):
    paying.close_the_desk()

    refused = await anna.change("startCheckout", "url", plan="PRO")
    told = await anna.ask("{ plans { plan } subscription { plan limits { products } } }")

    assert refused["userErrors"][0]["code"] == "BILLING_OFF"
    assert told == {"plans": [], "subscription": {"plan": "FREE", "limits": None}}


async def test_plans_are_shown_with_what_they_cost_and_allow(anna):
    told = await anna.ask("{ plans { plan monthly { amount currency } limits { products } } }")

    assert [(each["plan"], each["monthly"]) for each in told["plans"]] == [
        ("FREE", None),
        ("STARTER", {"amount": 99_000, "currency": "rub"}),
        ("PRO", {"amount": 299_000, "currency": "rub"}),
        ("ENTERPRISE", {"amount": 990_000, "currency": "rub"}),
    ]


@pytest.mark.parametrize("role", ["VIEWER", "MEMBER", "ADMIN"])
async def test_only_the_owner_spends_the_companys_money(anna, role):
    clerk = anna.acting_as(Role[role])

    told = await clerk.change("startCheckout", "url", plan="PRO")

    assert told["userErrors"][0]["code"] == "FORBIDDEN"


async def test_a_company_keeps_what_it_came_with_whatever_its_plan(paying, anna):
    company = anna.scope.tenant
    keep = subscription.KeepLimits(kept=Kept(products=1_200, interval=15))
    origin = Origin(source="cli", actor=None, correlation=uuid4(), causation="cli:migrate-legacy")
    answer = await paying.world.handle(
        told(subscription.decider, company, company, keep), origin=origin
    )
    query = """query($asOf: AsOf) { subscription(asOf: $asOf) {
      plan limits { products intervalMinutes shops } } }"""
    now = await anna.ask(query)
    then = await anna.ask(query, asOf={"position": answer.positions[-1]})

    limits = {"products": 1_200, "intervalMinutes": 15, "shops": 1}
    assert now == then == {"subscription": {"plan": "FREE", "limits": limits}}


async def test_a_company_starts_with_the_free_plan_and_its_limits(anna):
    fields = "plan limits { products intervalMinutes shops seats historyDays webhooks }"
    seen = (await anna.ask(f"{{ subscription {{ {fields} }} }}"))["subscription"]

    assert seen == {
        "plan": "FREE",
        "limits": {
            "products": 500,
            "intervalMinutes": 360,
            "shops": 1,
            "seats": 2,
            "historyDays": 30,
            "webhooks": 0,
        },
    }

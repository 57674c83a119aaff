"""A company tries, buys, changes, owes, pays and leaves, and has at each moment what it paid for."""

import asyncio
from datetime import timedelta
from random import Random

import pytest

from domain import subscription
from domain.access import Role
from domain.events import Stream
from tests.app.billing_world import paying as paying_world

DAY = timedelta(days=1)
PLAN = """{ subscription { plan because until graceUntil trialUntil
  limits { products } paid { status plan paidUntil cancelAt nextPlan nextAt collecting } } }"""


@pytest.fixture
async def paying(database):
    async with paying_world(database) as world:
        yield world


@pytest.fixture
async def anna(paying):
    return await paying.register()


async def plan_of(anna):
    return (await anna.ask(PLAN))["subscription"]


async def facts_of(paying, anna):
    company = anna.scope.tenant
    stream = Stream(kind="subscription", tenant=company, id=company)
    store = paying.world.handle._store
    return [type(each.event).__name__ for each in await store.read(stream)]


async def buys(paying, anna, plan="PRO", card="ok"):
    """She clicks on «buy» and pays on Stripe's page."""
    page = await anna.change("startCheckout", "url", plan=plan)
    assert page["userErrors"] == []
    paying.book.complete(page["url"].rpartition("/")[2], card)
    await paying.deliver()
    await paying.work()
    return page["url"]


def customer_of(paying):
    (customer,) = paying.book.all("customer")
    return customer["id"]


async def test_a_plan_is_bought_on_a_page_of_stripes_and_in_force_when_stripe_says_so(paying, anna):
    assert (await plan_of(anna))["plan"] == "FREE"

    await buys(paying, anna)

    now = await plan_of(anna)
    assert (now["plan"], now["because"]) == ("PRO", "PAID")
    assert now["limits"]["products"] == 50_000
    assert now["paid"]["status"] == "ACTIVE"
    invoices = await anna.ask("{ invoices { id total { amount currency } } }")
    assert [each["total"] for each in invoices["invoices"]] == [
        {"amount": 299_000, "currency": "rub"}
    ]


async def test_the_same_messages_in_any_order_and_again_are_no_news(paying, anna):
    await buys(paying, anna)
    before, facts = await plan_of(anna), await facts_of(paying, anna)

    for seed in range(3):
        paying.told = 0
        await paying.deliver(lambda events, seed=seed: Random(seed).sample(events, len(events)))
        await paying.work()

    assert await plan_of(anna) == before
    assert await facts_of(paying, anna) == facts


async def test_a_page_that_was_asked_for_before_is_the_same_page(paying, anna):
    pages = [await anna.change("startCheckout", "url", plan="PRO") for _ in range(2)]
    other = await anna.change("startCheckout", "url", plan="STARTER")

    assert pages[0]["url"] == pages[1]["url"] != other["url"]


async def test_however_many_ask_at_once_a_company_is_one_customer(paying, anna):
    pages = await asyncio.gather(
        *(anna.change("startCheckout", "url userErrors { code }", plan="PRO") for _ in range(5)),
        *(anna.ask("mutation { openBillingPortal { url userErrors { code } } }") for _ in range(3)),
    )

    assert len(pages) == 8
    assert len([*paying.book.all("customer")]) == 1
    assert (await facts_of(paying, anna)).count("CustomerLinked") == 1


async def test_a_payment_that_fails_is_awaited_for_a_week_and_then_the_plan_is_over(paying, anna):
    await buys(paying, anna)
    paying.book.card(customer_of(paying), "decline")
    paid_until = (await plan_of(anna))["paid"]["paidUntil"]

    await paying.pass_by(30 * DAY)
    owing = await plan_of(anna)
    await paying.pass_by(8 * DAY)
    over = await plan_of(anna)

    assert (owing["plan"], owing["because"]) == ("PRO", "GRACE")
    assert owing["paid"]["status"] == "PAST_DUE"
    assert owing["paid"]["paidUntil"] == paid_until
    assert (over["plan"], over["because"]) == ("FREE", "FREE")


async def test_who_pays_in_time_goes_on_as_if_nothing_had_been(paying, anna):
    await buys(paying, anna)
    paying.book.card(customer_of(paying), "decline")
    await paying.pass_by(31 * DAY)
    paying.book.card(customer_of(paying), "ok")

    await paying.pass_by(6 * DAY)

    now = await plan_of(anna)
    assert (now["plan"], now["because"], now["graceUntil"]) == ("PRO", "PAID", None)
    assert "GraceEnded" in await facts_of(paying, anna)


async def test_a_cancelled_plan_is_kept_to_the_end_of_what_was_paid(paying, anna):
    await buys(paying, anna)
    answer = await anna.ask(CANCEL)
    gone = answer["cancelSubscription"]["subscription"]
    again = (await anna.ask(RESUME))["resumeSubscription"]["subscription"]
    await anna.ask(CANCEL)

    await paying.pass_by(29 * DAY)
    still = await plan_of(anna)
    await paying.pass_by(2 * DAY)

    assert gone["paid"]["cancelAt"] == gone["paid"]["paidUntil"] == gone["until"]
    assert again["paid"]["cancelAt"] is None
    assert still["plan"] == "PRO"
    assert (await plan_of(anna))["plan"] == "FREE"
    assert (await plan_of(anna))["paid"]["status"] == "CANCELED"


CANCEL = """mutation { cancelSubscription { userErrors { code message }
  subscription { until paid { cancelAt paidUntil } } } }"""
RESUME = """mutation { resumeSubscription { userErrors { code message }
  subscription { paid { cancelAt } } } }"""


async def test_a_higher_plan_is_had_at_once_and_a_lower_one_from_the_next_month(paying, anna):
    await buys(paying, anna, plan="STARTER")
    shown = "subscription { plan paid { plan nextPlan nextAt paidUntil } }"
    price = "{ planChangePreview(plan: PRO) { now { amount } monthly { amount } } }"
    preview = (await anna.ask(price))["planChangePreview"]

    up = (await anna.change("changePlan", shown, plan="PRO"))["subscription"]
    down = (await anna.change("changePlan", shown, plan="STARTER"))["subscription"]
    await paying.pass_by(31 * DAY)

    assert preview["monthly"]["amount"] == 299_000
    assert 0 < preview["now"]["amount"] <= 299_000
    assert up["plan"] == "PRO"
    assert (down["plan"], down["paid"]["nextPlan"]) == ("PRO", "STARTER")
    assert down["paid"]["nextAt"] == down["paid"]["paidUntil"]
    assert (await plan_of(anna))["plan"] == "STARTER"


async def test_while_stripe_is_away_nothing_is_half_done_and_she_is_told(paying, anna):
    await buys(paying, anna)
    before, facts = await plan_of(anna), await facts_of(paying, anna)
    await paying.control("faults", status=503, times=50)

    told = (await anna.ask(CANCEL))["cancelSubscription"]

    assert "Stripe" in told["userErrors"][0]["message"]
    assert await plan_of(anna) == before
    assert await facts_of(paying, anna) == facts


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

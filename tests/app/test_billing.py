"""A company tries, buys, changes, owes, pays and leaves, and has at each moment what it paid for."""

import asyncio
from datetime import timedelta
from random import Random

import pytest

from app.wiring.facts import FACTS, UPCASTERS
from domain.events import Stream
from domain.fact import fact
from infrastructure.postgres.codec import Codec
from infrastructure.postgres.event_store import EventStore
from sandbox.stripe.form import Form
from sandbox.stripe.http import billing
from tests.app.billing_world import CANCEL, RESUME, buys, customer_of, facts_of, plan_of
from tests.app.long_streams import head_of, told

DAY = timedelta(days=1)


@pytest.fixture
async def anna(paying):
    return await paying.register()


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
        await paying.deliver(lambda events, seed=seed: Random(seed).sample(events, len(events)))  # noqa: S311 - to be the same each time
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

    await paying.pass_by(31 * DAY)
    owing = await plan_of(anna)
    await paying.pass_by(7 * DAY)
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


async def test_what_was_paid_is_had_to_its_end_although_a_smaller_plan_is_bought(paying, anna):
    await buys(paying, anna)
    (had,) = paying.book.all("subscription")
    billing.cancel(paying.book, Form({}), had["id"])
    await paying.pass_by(DAY)

    await buys(paying, anna, plan="STARTER")
    bought = await plan_of(anna)
    await paying.pass_by(30 * DAY)

    assert (bought["plan"], bought["paid"]["plan"]) == ("PRO", "STARTER")
    assert (await plan_of(anna))["plan"] == "STARTER"


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


@fact
class PlanPainted:
    """What a newer version of ours records of a plan."""

    plan: str


async def test_a_plan_that_only_a_newer_version_can_read_holds_up_nobody_elses_end(
    paying, database
):
    olga, anna = await paying.register(), await paying.register()
    for each in (olga, anna):
        await each.ask("mutation { startTrial { userErrors { code } } }")
    stream = Stream(kind="subscription", tenant=olga.scope.tenant, id=olga.scope.tenant)
    codec = Codec([*FACTS, ("subscription", PlanPainted)], UPCASTERS)
    newer = EventStore(database, codec, lambda: paying.world.now, lambda _: ())
    await told(newer, stream, [PlanPainted(plan="pro")], head_of(await newer.read(stream)))

    await paying.pass_by(15 * DAY)

    assert (await facts_of(paying, anna)).count("PlanInForce") == 2

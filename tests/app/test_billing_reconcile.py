"""What we know of paying companies is compared with what Stripe has, and mended where it differs."""

from datetime import timedelta

import pytest

from app.billing.reconcile import GRACE, Kind
from domain.errors import Unavailable
from tests.app.billing_world import buys, customer_of, facts_of, pays_twice, plan_of
from tests.infrastructure.inbox_world import EMPTY

DAY = timedelta(days=1)


@pytest.fixture
async def anna(paying, database):
    """The only customer of them all."""
    async with database.driver() as driver:
        await driver.execute(EMPTY)
    return await paying.register()


async def test_whoever_is_as_stripe_has_her_has_not_drifted(paying, anna):
    await buys(paying, anna)

    assert await paying.drift() == []


async def test_what_stripe_never_told_is_found_field_by_field_and_nothing_is_written(paying, anna):
    await buys(paying, anna)
    facts = await facts_of(paying, anna)
    paying.world.now += 31 * DAY
    paying.book.settle()

    (found,) = await paying.drift()

    assert (found.kind, found.tenant) == (Kind.DIFFERS, anna.scope.tenant)
    assert found.customer == customer_of(paying)
    assert found.fields == ["paid_until"]
    assert found.ours.paid_until < found.theirs.paid_until
    assert await facts_of(paying, anna) == facts


async def test_reconciling_lets_the_usual_run_mend_it(paying, anna):
    await buys(paying, anna)
    paying.book.card(customer_of(paying), "decline")
    paying.world.now += 31 * DAY
    paying.book.settle()

    found = await paying.reconcile("cli", "cli:billing reconcile")
    (wanted,) = paying.runs
    await paying.carry_out()

    assert "status" in found[0].fields
    assert (wanted.source, wanted.causation) == ("cli", "cli:billing reconcile")
    assert wanted.run.args == {"about": customer_of(paying), "look": True}
    assert (await plan_of(anna))["because"] == "GRACE"
    assert await paying.drift() == []


async def test_a_subscription_that_we_have_never_heard_of_is_hers(paying, anna):
    page = await anna.change("startCheckout", "url", plan="PRO")
    paying.book.complete(page["url"].rpartition("/")[2])

    (found,) = await paying.drift()

    assert (found.kind, found.ours, found.fields) == (Kind.DIFFERS, None, ("subscription",))


async def test_what_was_paid_after_a_failure_is_a_difference_though_only_the_waiting_ends(
    paying, anna, database
):
    await buys(paying, anna)
    async with database.driver() as driver:
        await driver.execute(
            "UPDATE subscriptions SET grace_until = now() WHERE tenant_id = $1", anna.scope.tenant
        )

    (found,) = await paying.drift()

    assert found.fields == [GRACE]


async def test_who_pays_for_a_plan_of_ours_and_is_nobody_here_is_told(paying, anna, database):
    await buys(paying, anna)
    async with database.driver() as driver:
        await driver.execute("DELETE FROM billing_customers")

    found = await paying.reconcile("schedule", "clock:now")

    assert [(each.kind, each.tenant, each.customer) for each in found] == [
        (Kind.UNKNOWN, None, customer_of(paying))
    ]
    assert paying.runs == []


async def test_other_things_that_the_account_sells_are_no_concern_of_ours(paying, anna, database):
    await buys(paying, anna)
    async with database.driver() as driver:
        await driver.execute("DELETE FROM billing_customers")
    paying.reconcile.payments._catalogue.plans = {}

    assert await paying.drift() == []


async def test_what_stripe_has_no_more_is_missing(paying, anna):
    await buys(paying, anna)
    for each in paying.book.all("subscription"):
        each["customer"] = "cus_somebody_else"

    found = {each.kind: each for each in await paying.drift()}

    assert found[Kind.MISSING].customer == customer_of(paying)
    assert found[Kind.MISSING].theirs is None
    assert found[Kind.UNKNOWN].customer == "cus_somebody_else"


async def test_while_stripe_is_away_nobody_has_drifted_and_nothing_is_asked_for(paying, anna):
    await buys(paying, anna)
    await paying.control("faults", status=503, times=50)

    with pytest.raises(Unavailable):
        await paying.reconcile("schedule", "clock:now")

    assert paying.runs == []


# Whoever pays twice


@pytest.fixture
async def twice(paying, anna):
    """The ids of what she pays for."""
    await buys(paying, anna)
    return await pays_twice(paying)


async def test_whoever_pays_for_two_subscriptions_is_told_and_no_run_is_asked_for(
    paying, anna, twice
):
    (found,) = await paying.reconcile("schedule", "clock:now")

    assert (found.kind, found.tenant) == (Kind.TWICE, anna.scope.tenant)
    assert (found.customer, found.subscriptions) == (customer_of(paying), twice)
    assert found.ours.subscription == found.theirs.subscription == twice[0]
    assert paying.runs == []


DRIFT = 'billingDrift(asStaff: "ticket 7") { kind tenantId fields subscriptions }'


async def test_staff_see_all_that_she_pays_for(paying, anna, twice):
    vera = await paying.staff()

    (seen,) = (await vera.ask(f"{{ {DRIFT} }}"))["billingDrift"]
    told = await vera.change("reconcileBilling", "drift { subscriptions }", asStaff="ticket 7")

    assert (seen["kind"], seen["tenantId"]) == ("TWICE", str(anna.scope.tenant))
    assert (seen["fields"], seen["subscriptions"]) == ([], twice)
    assert (told["drift"], paying.runs) == ([{"subscriptions": twice}], [])


async def test_it_stands_beside_what_differs_of_her_and_that_is_mended(paying, anna, twice):
    paying.world.now += 31 * DAY
    paying.book.settle()

    found = await paying.reconcile("schedule", "clock:now")
    await paying.carry_out()

    assert [each.kind for each in found] == [Kind.DIFFERS, Kind.TWICE]
    assert [each.kind for each in await paying.drift()] == [Kind.TWICE]


async def test_what_has_ended_is_paused_or_is_of_something_else_is_not_paid_twice(
    paying, anna, twice
):
    _, second = twice
    subscriptions = paying.payments._client.v1.subscriptions
    item = paying.book.find("subscription", second)["items"]["data"][0]

    await subscriptions.update_async(second, {"pause_collection": {"behavior": "void"}})
    paused = await paying.drift()
    await subscriptions.update_async(second, {"pause_collection": ""})
    again = await paying.drift()
    plan = paying.payments._catalogue.plans.pop(item["price"]["id"])
    other = await paying.drift()
    paying.payments._catalogue.plans[item["price"]["id"]] = plan
    await subscriptions.cancel_async(second)

    assert [each.kind for each in again] == [Kind.TWICE]
    assert (paused, other, await paying.drift()) == ([], [], [])


# Messages that never came


async def test_messages_that_never_came_are_fetched_once_and_worked_on(paying, anna):
    page = await anna.change("startCheckout", "url", plan="PRO")
    paying.book.complete(page["url"].rpartition("/")[2])

    new = await paying.backfill(paying.world.now - DAY)
    again = await paying.backfill(paying.world.now - DAY)
    await paying.work()

    assert new > 3
    assert again == 0
    assert (await plan_of(anna))["plan"] == "PRO"
    assert (await paying.inbox.backlog()).waiting == 0


async def test_what_came_in_time_is_not_new(paying, anna):
    await buys(paying, anna)

    assert await paying.backfill(paying.world.now - DAY) == 0


async def test_what_we_never_asked_to_be_told_is_not_fetched(paying, anna):
    await buys(paying, anna)
    customer = paying.book.find("customer", customer_of(paying))
    paying.book.emit("plan.created", customer)

    assert await paying.backfill(paying.world.now - DAY) == 0

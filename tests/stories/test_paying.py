"""A company that pays: Stripe's page, Stripe's messages and our worker are processes of their own,
and none of them can be relied on."""

import asyncio
import time

import pytest

from tests.stories.town import Town

PLAN = "{ subscription { plan because paid { status plan cancelAt nextPlan } } }"


@pytest.fixture
async def town(second_city, request):
    """Where companies pay."""
    async with Town(second_city, request.node.name) as town:
        yield town


@pytest.fixture
async def olga(town):
    return await town.person()


async def plan_of(person):
    return (await person.ask(PLAN))["subscription"]


async def becomes(person, wanted, within=30.0):
    """Her plan, as soon as it is this."""
    began = time.monotonic()
    while not wanted(plan := await plan_of(person)):
        assert time.monotonic() - began < within, plan
        await asyncio.sleep(0.2)
    return plan


async def buys(town, person, plan, card="ok"):
    """She asks for a page, and pays there as people do."""
    page = (await person.change("startCheckout", "url", plan=plan))["url"]
    form = {"act": "pay", "card": card, "email": "olga@example.com"}
    return await town.http.post(page, data=form)


async def test_a_plan_is_bought_on_stripes_page_and_in_force_a_moment_later(town, olga):
    on_trial = await plan_of(olga)
    answer = await buys(town, olga, "ENTERPRISE")

    now = await becomes(olga, lambda plan: plan["because"] == "PAID")

    assert (on_trial["plan"], on_trial["because"]) == ("PRO", "TRIAL")
    assert answer.status_code == 303
    assert "/billing?checkout=done" in answer.headers["location"]
    assert (now["plan"], now["paid"]["status"]) == ("ENTERPRISE", "ACTIVE")


async def test_messages_in_a_storm_and_a_killed_worker_change_nothing_of_the_outcome(town, olga):
    weather = {"copies": 3, "shuffle": True, "bad_signature": 1.0, "old": 1.0, "seed": 5}
    await town.stripe("storm", **weather)
    try:
        product = town.city.product
        product.worker.kill()
        await buys(town, olga, "PRO")
        product.worker = product.start("worker")
        await becomes(olga, lambda plan: plan["because"] == "PAID")
        for plan in ("ENTERPRISE", "STARTER"):
            told = await olga.change("changePlan", "subscription { plan }", plan=plan)
            assert told["userErrors"] == []
        now = await becomes(olga, lambda plan: plan["paid"] and plan["paid"]["nextPlan"])
    finally:
        await town.stripe("storm", copies=1, shuffle=False)

    assert now["plan"] == "ENTERPRISE"
    assert now["paid"] == {
        "status": "ACTIVE",
        "plan": "ENTERPRISE",
        "cancelAt": None,
        "nextPlan": "STARTER",
    }


async def test_who_is_not_stripe_is_not_heard(town, olga):
    lie = b'{"id": "evt_1", "object": "event", "type": "customer.deleted"}'
    unsigned = await olga.post("/webhooks/stripe", lie)
    forged = await olga.post("/webhooks/stripe", lie, **{"Stripe-Signature": "t=1,v1=00"})
    as_a_page = await olga.post("/webhooks/stripe", lie, Accept="text/html")

    assert (unsigned.status_code, forged.status_code) == (400, 400)
    assert as_a_page.headers["content-type"].startswith("application/problem+json")
    assert (await plan_of(olga))["plan"] == "PRO"

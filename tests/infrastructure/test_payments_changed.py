"""What becomes of a plan that is changed, given up or gone on with: by the fake and by Stripe alike."""

import pytest

from domain.billed import Ahead, Status
from domain.payments_port import AlreadyCancelled, OnHold
from domain.plan import Plan
from infrastructure.stripe import client
from tests.infrastructure.payments_office import OFFICES, hers


@pytest.fixture(params=OFFICES.values(), ids=OFFICES.keys())
async def office(request, monkeypatch):
    """The SDK's own second try, half a second later, is no promise of the port's."""
    monkeypatch.setattr(client, "_RETRIES", 0)
    async with request.param() as office:
        yield office


# Changes


async def test_a_higher_plan_costs_the_difference_now_and_its_price_from_the_next_month_on(office):
    seen = await hers(office, await office.subscribed(Plan.STARTER))

    told = await office.payments.preview(seen, Plan.PRO)

    assert (told.now, told.then, told.currency) == (200_000, 299_000, "rub")
    assert told.at == seen.paid_until


async def test_a_lower_plan_costs_nothing_now(office):
    seen = await hers(office, await office.subscribed(Plan.PRO))

    told = await office.payments.preview(seen, Plan.STARTER)

    assert (told.now, told.then, told.at) == (0, 99_000, seen.paid_until)


async def test_a_higher_plan_is_had_at_once(office):
    customer = await office.subscribed(Plan.STARTER)
    before = await hers(office, customer)

    await office.payments.change(before, Plan.ENTERPRISE, "key")

    seen = await hers(office, customer)
    assert (seen.plan, seen.ahead) == (Plan.ENTERPRISE, None)
    assert seen.paid_until == before.paid_until


async def test_a_higher_plan_waits_until_it_is_paid(office):
    customer = await office.subscribed(Plan.STARTER)
    before = await hers(office, customer)
    office.declines(customer)

    await office.payments.change(before, Plan.PRO, "key")

    seen = await hers(office, customer)
    assert (seen.plan, seen.ahead) == (Plan.STARTER, Ahead(plan=Plan.PRO, at=None))
    assert (seen.paid_until, seen.status) == (before.paid_until, Status.ACTIVE)


async def test_a_lower_plan_begins_where_what_is_paid_ends(office):
    customer = await office.subscribed(Plan.PRO)
    before = await hers(office, customer)

    await office.payments.change(before, Plan.STARTER, "key")

    seen = await hers(office, customer)
    assert (seen.plan, seen.paid_until) == (Plan.PRO, before.paid_until)
    assert seen.ahead == Ahead(plan=Plan.STARTER, at=before.paid_until)


async def test_what_is_ahead_is_replaced(office):
    customer = await office.subscribed(Plan.ENTERPRISE)
    before = await hers(office, customer)

    await office.payments.change(before, Plan.STARTER, "one")
    await office.payments.change(before, Plan.PRO, "two")

    assert (await hers(office, customer)).ahead == Ahead(plan=Plan.PRO, at=before.paid_until)


async def test_the_plan_that_she_has_drops_what_is_ahead(office):
    customer = await office.subscribed(Plan.PRO)
    before = await hers(office, customer)
    await office.payments.change(before, Plan.STARTER, "one")

    await office.payments.change(await hers(office, customer), Plan.PRO, "two")

    assert await hers(office, customer) == before


async def test_a_higher_plan_drops_the_lower_one_that_was_ahead(office):
    customer = await office.subscribed(Plan.PRO)
    await office.payments.change(await hers(office, customer), Plan.STARTER, "one")

    await office.payments.change(await hers(office, customer), Plan.ENTERPRISE, "two")

    seen = await hers(office, customer)
    assert (seen.plan, seen.ahead) == (Plan.ENTERPRISE, None)


async def test_what_is_paused_goes_on_before_its_plan_is_changed(office):
    customer = await office.subscribed(Plan.STARTER)
    office.pauses(customer)
    seen = await hers(office, customer)

    for ask in (
        office.payments.change(seen, Plan.PRO, "key"),
        office.payments.preview(seen, Plan.PRO),
    ):
        with pytest.raises(OnHold):
            await ask

    assert await hers(office, customer) == seen


async def test_what_is_cancelled_is_taken_back_before_its_plan_is_changed(office):
    customer = await office.subscribed(Plan.PRO)
    await office.payments.cancel(await hers(office, customer), "one")
    seen = await hers(office, customer)

    for ask in (
        office.payments.change(seen, Plan.STARTER, "key"),
        office.payments.change(seen, Plan.ENTERPRISE, "key"),
        office.payments.preview(seen, Plan.STARTER),
    ):
        with pytest.raises(AlreadyCancelled):
            await ask

    assert await hers(office, customer) == seen


async def test_the_same_change_twice_is_one(office):
    customer = await office.subscribed(Plan.PRO)
    before = await hers(office, customer)

    for _ in range(2):
        await office.payments.change(before, Plan.STARTER, "key")

    assert (await hers(office, customer)).ahead == Ahead(plan=Plan.STARTER, at=before.paid_until)


# The end


async def test_a_cancellation_keeps_what_is_paid_and_can_be_taken_back(office):
    customer = await office.subscribed()
    before = await hers(office, customer)

    await office.payments.cancel(before, "one")
    cancelled = await hers(office, customer)
    await office.payments.resume(cancelled, "two")

    assert (cancelled.cancel_at, cancelled.status) == (before.paid_until, Status.ACTIVE)
    assert await hers(office, customer) == before


async def test_a_cancellation_drops_a_lower_plan_that_was_ahead(office):
    customer = await office.subscribed(Plan.PRO)
    await office.payments.change(await hers(office, customer), Plan.STARTER, "one")

    await office.payments.cancel(await hers(office, customer), "two")

    seen = await hers(office, customer)
    assert (seen.cancel_at, seen.ahead) == (seen.paid_until, None)


async def test_an_end_at_once_is_one_however_often_it_is_asked_for(office):
    customer = await office.subscribed()
    before = await hers(office, customer)

    for _ in range(2):
        await office.payments.cancel(before, "key", at_once=True)

    assert (await hers(office, customer)).status is Status.CANCELED

"""What her plan limits, on the pages: each refusal stands where she pressed."""

from uuid import UUID

from domain.limits import PRESSES
from tests.app.runs_world import Runs, company_of
from tests.app.test_console_start import anna, sheet, shop, shop_id
from tests.fakes import account

__all__ = ("anna", "sheet", "shop", "shop_id")


async def test_a_plan_without_room_for_a_second_shop_says_which_one_has_it(console, anna, shop_id):
    console.plans.on = True
    other = f"{console.token}-other"
    console.marketplace.accounts[other] = account("200")

    answer = await anna.press("/start/shop", token=other)

    assert answer.status_code == 409
    assert "Number of shops on the plan FREE: at most 1. PRO has 3." in answer.text


async def test_an_hour_of_every_morning_is_within_every_plan(console, anna, shop_id):
    console.plans.on = True
    wish = {"hour": "8", "days": "*", "zone": "Europe/Moscow"}

    answer = await anna.press("/start/schedule", shop=shop_id, **wish)

    assert answer.status_code == 303


async def test_who_has_asked_too_often_is_told_when_the_next_sync_is_possible(
    console, anna, shop_id, sheet
):
    tenant = await company_of(console, anna)
    async with console.database.driver() as driver:
        await driver.execute("DELETE FROM job_runs WHERE tenant_id = $1", tenant)
    runs = Runs(console.database, tenant, console.clock())
    for _ in range(PRESSES):
        await runs.ended(shop_id=UUID(shop_id), source="user")
    console.plans.on = True

    at_start = await anna.press("/start/sync", shop=shop_id)
    of_the_list = await anna.press(f"/schedules/{shop_id}/run")

    assert (at_start.status_code, of_the_list.status_code) == (409, 409)
    assert "On the plan FREE a shop is synced by hand at most 5 times in any 6 h" in at_start.text
    assert "STARTER allows 5 times in any hour." in of_the_list.text

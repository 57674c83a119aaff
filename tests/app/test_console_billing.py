"""The page of the plan: an owner tries, buys, changes, owes, pays and leaves with a few presses."""

from datetime import timedelta

import pytest

from tests.app.billing_world import customer_of
from tests.app.console_billing import (
    DONE,
    above,
    buys,
    card,
    leads_to,
    part,
    pass_by,
    read,
    watching,
)
from tests.app.console_stock import Shop

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


@pytest.fixture
async def anna(console, till):
    return await console.anna()


async def test_a_company_that_pays_nothing_sees_what_there_is_and_what_it_costs(anna):
    page = await anna.open("/billing")

    assert "FREE Free It costs nothing and has no end." in part(page, "state")
    words, leads = card(page, "starter")
    assert "990 RUB a month" in words
    assert "Products in a shop 5,000 By schedule every hour Shops 1 People 3" in words
    assert leads == "/billing/checkout"
    assert "Try it for 14 days" in card(page, "pro")[0]
    assert card(page, "free")[1] is None


async def test_a_plan_is_bought_on_stripes_page_and_in_force_when_stripe_says_so(till, anna):
    address = leads_to(await anna.press("/billing/checkout", plan="pro"))
    till.book.complete(address.rpartition("/")[2])
    waiting = part(await anna.open(DONE), "state")
    await till.deliver()
    await till.work()
    page = await anna.open(DONE)

    assert address.startswith(f"{till.address}/stripe/checkout/")
    assert "The payment is being confirmed." in waiting
    assert "Thank you. Stripe has confirmed it. PRO Paid" in part(page, "state")
    assert "It is paid until 23 December 2026" in part(page, "state")
    assert "In force" in card(page, "pro")[0]
    assert "23 November 2026 2,990 RUB Tax in it 0 RUB" in part(page, "invoices")


async def test_the_page_she_comes_back_to_says_by_itself_that_it_is_paid(console, till, anna):
    address = leads_to(await anna.press("/billing/checkout", plan="pro"))
    till.book.complete(address.rpartition("/")[2])
    async with watching(anna, DONE) as source:
        first = await source.next()
        await till.deliver()
        await till.work()
        then = await source.next()

    assert "being confirmed" in first
    assert "Stripe has confirmed it" in then
    assert 'id="invoices"' in then


async def test_who_leaves_stripes_page_has_bought_nothing(till, anna):
    leads_to(await anna.press("/billing/checkout", plan="pro"))

    page = await anna.open("/billing?checkout=left")

    assert "Nothing was bought." in part(page, "state")


async def test_the_larger_plan_is_tried_once_and_its_end_is_told_in_time(till, anna):
    assert (await anna.press("/billing/trial")).status_code == 303
    tried = await anna.open("/billing")
    again = await anna.press("/billing/trial")
    await pass_by(till, anna, 12 * DAY)
    ending = await anna.open("/start")
    await pass_by(till, anna, 3 * DAY)

    assert "PRO Trial 14 days left, until 7 December 2026" in part(tried, "state")
    assert card(tried, "pro")[1] == "/billing/checkout"
    assert (again.status_code, "The trial is over" in again.text) == (409, True)
    assert above(tried) == ""
    assert above(ending) == "The trial of PRO ends on 7 December 2026. To the plan"
    assert above(await anna.open("/start")) == ""


@pytest.mark.parametrize(
    ("passed", "said"),
    [
        (SECOND, ("14 days left, until 7 December", "Осталось 14 дней, до 7 декабря")),
        (12 * DAY, ("2 days left, until 7 December", "Осталось 2 дня, до 7 декабря")),
        (13 * DAY, ("1 day left, until 7 December", "Остался 1 день, до 7 декабря")),
        (13 * DAY + SECOND, ("Less than a day left, until 7 Dec", "Осталось меньше дня, до 7 дек")),
    ],
)
async def test_what_is_left_of_a_trial_is_told_in_days_that_have_begun(
    console, till, anna, passed, said
):
    olga = await console.anna(language="ru")
    for each in (anna, olga):
        await each.press("/billing/trial")
    await pass_by(till, anna, passed)
    await olga.sign_in(olga.email)

    assert said[0] in part(await anna.open("/billing"), "state")
    assert said[1] in part(await olga.open("/billing"), "state")


async def test_a_trial_beside_a_plan_that_is_paid_is_followed_by_that_plan(till, anna):
    await anna.press("/billing/trial")
    await buys(till, anna, "starter")

    words = part(await anna.open("/billing"), "state")
    assert "STARTER follows, and nothing is deleted" in words
    assert "You also pay for STARTER: it is paid until 23 December 2026." in words


async def test_who_owes_is_told_on_every_page_until_when_all_stays_as_it_is(till, anna):
    await buys(till, anna)
    till.book.card(customer_of(till), "decline")
    await pass_by(till, anna, 31 * DAY)
    page, elsewhere = await anna.open("/billing"), await anna.open("/stock")
    portal = leads_to(await anna.press("/billing/portal"))
    await pass_by(till, anna, 8 * DAY)
    over, still = await anna.open("/billing"), await anna.open("/stock")

    assert part(page, "state").startswith("A payment failed. All stays as it is until 30 December")
    assert "Pay or change the card" in part(page, "state")
    assert above(elsewhere).startswith("A payment failed. All stays as it is until 30 December")
    assert above(page) == ""
    assert portal.startswith(f"{till.address}/stripe/portal/")
    assert "A payment has not come." in part(over, "state")
    assert "FREE Free" in part(over, "state")
    assert above(still).startswith(
        "A payment has not come. The plan FREE is in force, and nothing was deleted."
    )


async def test_who_pays_what_was_owed_goes_on_as_before(till, anna):
    await buys(till, anna)
    till.book.card(customer_of(till), "decline")
    await pass_by(till, anna, 31 * DAY)
    till.book.card(customer_of(till), "ok")
    await pass_by(till, anna, 6 * DAY)

    assert "PRO Paid" in part(await anna.open("/billing"), "state")
    assert above(await anna.open("/stock")) == ""


async def test_a_higher_plan_is_had_at_once_after_a_question_that_tells_its_price(till, anna):
    await buys(till, anna, "starter")
    question = await anna.open("/billing?change=pro")
    done = await anna.press("/billing/change", plan="pro")

    words = read(question.text)
    assert "Change to PRO?" in words
    assert "In force as soon as it is paid" in words
    assert "is charged for the rest of the month" in words
    assert "2,990 RUB each month" in words
    assert done.headers["location"] == "/billing"
    assert part(await anna.open("/billing"), "state").startswith("PRO Paid")


async def test_a_lower_plan_comes_next_month_and_until_then_she_may_stay(till, anna):
    await buys(till, anna)
    question = read((await anna.open("/billing?change=starter")).text)
    await anna.press("/billing/change", plan="starter")
    agreed = await anna.open("/billing")
    await anna.press("/billing/change", plan="pro")
    stays = await anna.open("/billing")

    assert "from 23 December 2026; until then PRO stays" in question
    assert "nothing is charged" in question
    assert "On 23 December 2026 it becomes STARTER" in part(agreed, "state")
    assert "Keep the present plan" in part(agreed, "state")
    assert "Agreed" in card(agreed, "starter")[0]
    assert "becomes" not in part(stays, "state")


async def test_before_a_change_she_hears_what_would_be_too_much_and_that_nothing_is_lost(
    console, till, anna
):
    await buys(till, anna)
    for seller in ("100", "200"):
        shop = await Shop.connected(console, anna, seller)
        await shop.stocked()
    async with console.database.driver() as driver:
        statement = "UPDATE snapshots SET products = 5500 WHERE shop_id = $1"
        await driver.execute(statement, shop.id)

    words = read((await anna.open("/billing?change=starter")).text)
    usage = part(await anna.open("/billing"), "usage")

    assert "You use more than STARTER has. A limit slows or pauses. Nothing is deleted" in words
    assert "5,500 of 5,000 Syncs go on up to 6,000 products." in words
    assert "Shops 2 of 1 The shops that are connected go on." in words
    assert "Products of the largest shop 5,500 of 50,000" in usage
    assert "Shops 2 of 3" in usage
    assert "The fastest schedule every day, the plan allows every 15 min" in usage
    assert "More than the plan has" not in usage


async def test_a_shop_with_too_much_for_its_plan_is_told_of_above_the_other_pages(console, anna):
    shop = await Shop.connected(console, anna)
    await shop.stocked()
    async with console.database.driver() as driver:
        await driver.execute("UPDATE snapshots SET products = 550 WHERE shop_id = $1", shop.id)
    grown = await anna.open("/stock")
    await console.break_shop(str(shop.id), "over_plan")
    stopped = await anna.open("/stock")
    page = await anna.open("/billing")

    assert above(grown) == (
        "550 products, and the plan FREE is for 500. Beyond 600 syncs stop. To the plan"
    )
    assert above(stopped).startswith("A shop is not updated: the plan FREE tolerates 600 products.")
    assert "it has more than 600 products" in part(page, "state")
    assert "More than the plan has" in part(page, "usage")


async def test_she_cancels_after_a_question_and_takes_it_back(till, anna):
    await buys(till, anna)
    question = read((await anna.open("/billing?cancel=yes")).text)
    await anna.press("/billing/cancel")
    gone = await anna.open("/billing")
    await anna.press("/billing/resume")
    back = await anna.open("/billing")
    again = await anna.press("/billing/resume")

    assert "PRO stays until 23 December 2026, because it is paid until then. FREE" in question
    assert "It was cancelled and ends on 23 December 2026" in part(gone, "state")
    assert card(gone, "enterprise")[1] is None
    assert "PRO Paid" in part(back, "state")
    assert (again.status_code, "Nothing was cancelled" in again.text) == (409, True)


async def test_an_invoice_opens_at_stripe_for_the_company_that_paid_it_alone(console, till, anna):
    await buys(till, anna)
    (paid,) = till.book.all("invoice")
    mallory = await console.anna()

    opened = await anna.open(f"/billing/invoices/{paid['id']}")
    others = await mallory.open(f"/billing/invoices/{paid['id']}")
    nothing = await anna.open("/billing/invoices/in_nothing")

    assert opened.status_code == 303
    assert opened.headers["location"] == f"{till.address}/stripe/invoice/{paid['id']}"
    assert (others.status_code, nothing.status_code) == (404, 404)
    assert "There is no such invoice of your company." in others.text

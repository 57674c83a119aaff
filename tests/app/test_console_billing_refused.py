"""The page of the plan where something is not to be had: by a role, without Stripe, or at all."""

from datetime import timedelta

import pytest

from app.pages import pages
from domain.access import Role
from tests.app.console_billing import above, buys, card, part

OUT = {"status": 503, "times": 100}


@pytest.fixture
async def anna(console, till):
    return await console.anna()


@pytest.mark.parametrize("role", [Role.ADMIN, Role.MEMBER, Role.VIEWER])
async def test_whoever_does_not_own_the_company_sees_the_plan_and_changes_nothing(
    console, till, anna, role
):
    await buys(till, anna)
    facts = till.book.calls.total()
    await console.change_role(anna, role)
    page = await anna.open("/billing")
    refused = [
        await anna.press(f"/billing/{each}", plan="starter")
        for each in ("trial", "checkout", "portal", "change", "cancel", "resume")
    ]
    asked = [await anna.open(f"/billing?{each}") for each in ("change=starter", "cancel=yes")]

    assert "Only the owner of the company buys, changes and cancels." in part(page, "state")
    assert 'action="/billing' not in page.text
    assert 'href="/billing?' not in page.text
    assert ("Open the invoice" in page.text) == (role is Role.ADMIN)
    assert {each.status_code for each in (*refused, *asked)} == {403}
    assert till.book.calls.total() == facts + 3, "the prices, and nothing else"


async def test_while_stripe_is_away_the_page_shows_what_is_known_here(till, anna):
    await buys(till, anna, "starter")
    await till.control("faults", **OUT)
    page = await anna.open("/billing")
    question = await anna.open("/billing?change=pro")
    pressed = [
        await anna.press(f"/billing/{each}", plan="pro") for each in ("change", "cancel", "portal")
    ]

    assert page.status_code == 200
    assert "STARTER Paid" in part(page, "state")
    assert "Stripe does not tell the prices at the moment." in part(page, "plans")
    assert "990 RUB" in part(page, "invoices")
    assert "what this costs is not known at the moment" in question.text
    assert 'action="/billing/change"' not in question.text
    assert {each.status_code for each in pressed} == {503}
    assert all("nothing is done twice" in each.text for each in pressed)
    assert "STARTER Paid" in part(await anna.open("/billing"), "state")


async def test_what_stripe_refuses_is_not_called_silence(till, anna):
    await buys(till, anna, "starter")
    till.book.kinds["subscription"].clear()

    question = await anna.open("/billing?change=pro")

    assert question.status_code == 422
    assert "Stripe refused" in question.text
    assert "does not answer" not in question.text


async def test_prices_are_asked_for_once_in_some_minutes(console, till, anna):
    for _ in range(3):
        await anna.open("/billing")
    first = till.book.calls.total()
    console.clock.now += timedelta(minutes=11)
    await anna.open("/billing")

    assert (first, till.book.calls.total()) == (3, 6)


async def test_that_stripe_is_away_is_not_found_out_at_every_look(console, till, anna):
    await till.control("faults", **OUT)
    await anna.open("/billing")
    tried = till.book.calls.total()
    await anna.open("/billing")
    during = till.book.calls.total()
    till.book.faults.ordered.clear()
    console.clock.now += timedelta(minutes=1)

    assert during == tried
    assert "2,990 RUB" in card(await anna.open("/billing"), "pro")[0]


async def test_a_page_is_shown_though_nobody_knows_what_to_say_above_it(
    console, monkeypatch, caplog
):
    async def broken(*_):
        raise RuntimeError("the reason")

    anna = await console.anna()
    monkeypatch.setattr("app.billing.banner.size_of", broken)
    page = await anna.open("/stock")

    assert (page.status_code, above(page)) == (200, "")
    assert "no banner" in caplog.text


@pytest.mark.parametrize("invoice", ["in_theirs", "%00", "%ED%A0%80"])
async def test_an_invoice_that_is_not_hers_is_not_there(anna, invoice):
    assert (await anna.open(f"/billing/invoices/{invoice}")).status_code == 404


@pytest.mark.parametrize("plan", ["free", "gold", ""])
async def test_a_plan_that_is_not_sold_is_refused_in_words(till, anna, plan):
    answer = await anna.press("/billing/checkout", plan=plan)

    assert answer.status_code in {409, 422}
    assert answer.headers["content-type"].startswith("text/html")
    assert (await anna.open("/billing?change=gold")).status_code == 422


async def test_what_makes_no_sense_any_more_is_refused_in_words(till, anna):
    nothing = [await anna.open(f"/billing?{each}") for each in ("change=pro", "cancel=yes")]
    await buys(till, anna)
    second = await anna.press("/billing/checkout", plan="starter")
    same = await anna.open("/billing?change=pro")

    assert {each.status_code for each in (*nothing, second, same)} == {409}
    assert "This company has no subscription." in nothing[0].text
    assert "Change its plan instead of buying another one." in second.text


async def test_the_page_speaks_russian(console, till):
    olga = await console.anna(language="ru")
    await buys(till, olga)
    page = await olga.open("/billing")

    assert "<h1>Тариф</h1>" in page.text
    assert "PRO Оплачен Оплачен до 23 декабря 2026" in part(page, "state")
    assert "990 ₽ в месяц" in card(page, "starter")[0]
    assert "Магазины 0 из 3" in part(page, "usage")


def test_where_nobody_pays_there_is_no_such_page(console):
    product = console.product
    kept, product.billing = product.billing, None
    try:
        paths = {route.path for each in pages(product) for route in each.routes}
    finally:
        product.billing = kept

    assert "/stock" in paths
    assert not any("billing" in path for path in paths)

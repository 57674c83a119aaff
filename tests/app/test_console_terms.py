"""On the page of a shop: by which terms she restocks, as a form, or where her sheet says them."""

import re

import pytest

from tests.app.console_stock import Shop
from tests.app.moving_world import Moving

TYPED = {"lead": "30", "cover": "20", "pack": "6", "safety": "3"}
FIELD = re.compile(r'<input id="(lead|cover|pack|safety)"[^>]* value="([^"]*)"')


@pytest.fixture
async def anna(console):
    return await console.anna()


@pytest.fixture
async def shop(console, anna):
    return await Shop.connected(console, anna)


def fields(page):
    return dict(FIELD.findall(page.text))


async def save(anna, shop, **typed):
    return await anna.press(f"/shops/{shop.id}/terms", **{**TYPED, **typed})


async def test_what_is_saved_stands_in_the_form_and_in_the_log(anna, shop):
    before = await anna.open(f"/shops/{shop.id}")
    answer = await save(anna, shop)
    after = await anna.open(f"/shops/{shop.id}")
    log = await anna.open("/audit")

    assert fields(before) == {"lead": "14", "cover": "30", "pack": "1", "safety": "7"}
    assert (answer.status_code, answer.headers["location"]) == (303, f"/shops/{shop.id}#terms")
    assert fields(after) == TYPED
    assert "restocks: lead time 30 days, cover 20 days, pack size 6 pcs" in log.text


@pytest.mark.parametrize(
    ("wrong", "language", "said"),
    [
        (("lead", "366"), "en", "The lead time is whole days, 0 to 365."),
        (("cover", "месяц"), "ru", "Запас: целое число дней от 0 до 365."),
        (("pack", "0"), "en", "The pack size is whole pieces, 1 to 100,000."),
        (("safety", ""), "ru", "Страховой запас: целое число дней от 0 до 365."),
    ],
)
async def test_what_is_no_term_is_told_beside_its_field_and_the_rest_is_kept(
    anna, shop, wrong, language, said
):
    field, typed = wrong
    anna.http.headers["accept-language"] = language

    answer = await save(anna, shop, **{field: typed})

    assert answer.status_code == 422
    assert (said in answer.text, f'aria-describedby="{field}-error"' in answer.text) == (True, True)
    assert fields(answer) == {**TYPED, field: typed}


async def test_while_her_tab_decides_it_is_said_where_to_type_them(anna, shop):
    await anna.press(f"/shops/{shop.id}/sheet", replenishment_tab="on")

    page = await anna.open(f"/shops/{shop.id}")
    answer = await save(anna, shop)

    told = "Type them into the yellow cells at its top, A3 to D3"
    assert (fields(page), told in page.text) == ({}, True)
    assert (answer.status_code, told in answer.text) == (409, True)


async def test_whoever_is_no_admin_reads_them_and_changes_nothing(console, anna, shop):
    token = await anna.token()
    await console.change_role(anna, "member")

    page = await anna.open(f"/shops/{shop.id}")
    answer = await anna.send(f"/shops/{shop.id}/terms", csrf=token, **TYPED)

    assert ("Lead time, days" in page.text, fields(page)) == (True, {})
    assert answer.status_code == 403


async def test_a_products_page_and_how_its_figures_come_about_go_by_them(console, anna, shop):
    await shop.stocked()
    moving = Moving(console.database, *shop.key, console.clock)
    await moving.product(11)
    await moving.supply({11: 10})
    await save(anna, shop)

    page = await anna.open(f"/stock/{shop.id}/11")
    explained = await anna.open(f"/stock/{shop.id}/11/explain")

    assert "beyond the 30 that a supply takes, with 3 days" in " ".join(page.text.split())
    assert "12 pcs by" in page.text
    assert "11 ÷ 5 × 30 = 66.0" in explained.text

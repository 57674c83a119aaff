"""On the page of a shop: what else its sheet shows, switched with one press each."""

import pytest

from tests.app.console_stock import FILE, Shop

TAB = "INSERT INTO sheet_tabs VALUES ($1, $2, $3, $2, '', now(), $4)"


@pytest.fixture
async def anna(console):
    return await console.anna()


@pytest.fixture
async def shop(console, anna):
    return await Shop.connected(console, anna)


@pytest.mark.parametrize(
    ("field", "offered", "then"),
    [
        ("data_tab", "Fill the tab “Data”", "Leave the tab “Data” to me"),
        (
            "replenishment_tab",
            "Fill the tab “Replenishment”",
            "Leave the tab “Replenishment” to me",
        ),
        ("hide_empty", "Hide empty places", "Show empty places"),
    ],
)
async def test_each_switch_is_one_press_there_and_back(anna, shop, field, offered, then):
    path = f"/shops/{shop.id}"
    before = await anna.open(path)
    answer = await anna.press(f"{path}/sheet", **{field: "on"})
    on = await anna.open(path)
    await anna.press(f"{path}/sheet", **{field: "off"})
    off = await anna.open(path)

    assert answer.headers["location"] == f"{path}#arranged"
    assert [(offered in page.text, then in page.text) for page in (before, on, off)] == [
        (True, False),
        (False, True),
        (True, False),
    ]


async def test_the_tab_of_the_check_is_filled_until_she_wants_it_for_herself(anna, shop):
    path = f"/shops/{shop.id}"
    before = await anna.open(path)
    await anna.press(f"{path}/sheet", check_tab="off")
    off = await anna.open(path)
    await anna.press(f"{path}/sheet", check_tab="on")
    on = await anna.open(path)

    mine, fill = "Leave the tab “Reconciliation” to me", "Fill the tab “Reconciliation”"
    assert [(mine in page.text, fill in page.text) for page in (before, off, on)] == [
        (True, False),
        (False, True),
        (True, False),
    ]


async def test_deleted_columns_are_named_with_a_press_that_returns_them(console, anna, shop):
    path = f"/shops/{shop.id}"
    before = await anna.open(path)
    async with console.database.driver() as driver:
        await driver.execute(TAB, *shop.key, FILE, ["Минск · Остатки", "В пути возвраты"])

    page = await anna.open(path)
    answer = await anna.press(f"{path}/sheet", columns="return")
    log = await anna.open("/audit")

    assert "Return the columns" not in before.text
    assert "Минск · Остатки, В пути возвраты" in page.text
    assert "Return the columns" in page.text
    assert answer.status_code == 303
    assert "had the deleted columns returned" in log.text


async def test_whoever_is_no_admin_reads_it_and_presses_nothing(console, anna, shop):
    token = await anna.token()
    await console.change_role(anna, "member")

    page = await anna.open(f"/shops/{shop.id}")
    answer = await anna.send(f"/shops/{shop.id}/sheet", csrf=token, data_tab="on")

    assert "What the sheet shows" in page.text
    assert "Fill the tab" not in page.text
    assert answer.status_code == 403


async def test_without_a_sheet_there_is_nothing_to_arrange(console, anna):
    shop = await Shop.connected(console, anna, sheet=False)

    assert "What the sheet shows" not in (await anna.open(f"/shops/{shop.id}")).text


async def test_the_sheet_as_it_looks_has_a_name_for_each_tab_that_is_filled(anna, shop):
    await shop.stocked()
    path = f"/shops/{shop.id}"
    on = await anna.open(path)
    await anna.press(f"{path}/sheet", check_tab="off")
    off = await anna.open(path)

    assert ["<span>Сверка</span>" in page.text for page in (on, off)] == [True, False]

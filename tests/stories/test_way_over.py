"""The way over from the old single-user tool, and back: one sheet, whoever fills it."""

import asyncio

import pytest

from tests.stories.old_tool import FORMER, OldTool
from tests.stories.spreadsheet import KEY, OURS, differences

SEEN = """{
  subscription { plan limits { products intervalMinutes shops } }
  shops { name schedule { cron zone } sheet { spreadsheetId } }
  viewer { role person { fullName } } tenant { name }
}"""


@pytest.fixture
async def old(town, tmp_path):
    seller, sheet = await town.seller(products=6), await town.spreadsheet()
    return OldTool(town, tmp_path, seller, sheet)


async def test_over_to_the_service_back_to_the_old_job_and_over_again_in_one_tab(old, town):
    former = await old.old_tab(FORMER)
    await old.sheet.share(town.city.robot)
    tried, unknown = await old.come_over("--dry-run"), await old.has_account()
    came = await old.come_over(script=True)
    shop = await old.owner()
    seen = await shop.person.ask(SEEN)
    first = await shop.ended()
    again = await old.come_over()

    assert (tried.returncode, unknown) == (0, False), tried.stderr
    assert "Would register" in tried.stdout
    assert came.returncode == 0, came.stderr
    assert (again.returncode, len(await shop.runs())) == (0, 1), again.stderr
    assert "Migrated already. Nothing was changed." in again.stdout
    assert old.shown_by(tried, came, again) == []
    assert seen == hers_from_now_on(old)
    assert (first["state"], first["source"]) == ("SUCCEEDED", "cli")
    assert differences(await old.sheet.table(), await old.seller.table()) == []
    tabs = await tabs_of(old.sheet)
    (backup,) = set(tabs) - {"Sheet1", OURS}
    assert backup.startswith(f"{FORMER} (копия ")
    assert await old.sheet.cells(backup) == former
    assert f"Ваша прежняя вкладка сохранена как «{backup}»" in first["result"]["notices"]

    await shop.person.change("arrangeSheet", "shop { id }", shopId=shop.id, checkTab=False)
    assert (await shop.ended())["state"] == "SUCCEEDED"
    await old.sheet.type("Z3", "мой товар")
    await old.sheet.act("sort_down", OURS, column="D")
    order, notes = await keys(old.sheet), await hers(old.sheet)
    await old.seller.set_stock(order[0], 4321)
    back = await old.sync_now()

    assert back.returncode == 0, back.stderr
    assert (await keys(old.sheet), await hers(old.sheet)) == (order, notes)
    assert differences(await old.sheet.table(), await old.seller.table()) == []

    await old.seller.set_stock(order[0], 1234)
    await shop.synced()

    assert (await keys(old.sheet), await hers(old.sheet)) == (order, notes)
    assert differences(await old.sheet.table(), await old.seller.table()) == []
    assert await tabs_of(old.sheet) == tabs


async def test_what_is_wrong_is_named_with_its_cure_and_nothing_is_made(old, town):
    closed, bad_token, bad_sheet, bad_mail, weak, none, nowhere, all_at_once = await asyncio.gather(
        old.come_over(),
        old.come_over(WILDBERRIES_API_KEY="no token"),
        old.come_over(GOOGLE_SHEET_ID="https://docs.google.com/document/d/1"),
        old.come_over(email="olga"),
        old.come_over(password="short", GOOGLE_SHEET_ID=await shared(town)),
        old.come_over(password=False, GOOGLE_SHEET_ID=await shared(town)),
        old.come_over(DATABASE_URL=None),
        old.come_over(WILDBERRIES_API_KEY="gAAAAA" + "x" * 100, TIMEZONE="Mars", REDIS_URL="x"),
    )
    said = {
        "GOOGLE_SHEET_ID: ": closed,
        f"для {town.city.robot} (Редактор)": closed,
        "WILDBERRIES_API_KEY: ": bad_token,
        "GOOGLE_SHEET_ID: Это не ссылка": bad_sheet,
        "--email: ": bad_mail,
        "--password-stdin: The password must have 8": weak,
        "say it with --password-stdin": none,
        "DATABASE_URL is missing": nowhere,
    }

    assert [words for words, told in said.items() if words not in told.stderr] == []
    assert {told.returncode for told in said.values()} == {1, 2}
    for name in ("WILDBERRIES_API_KEY", "TIMEZONE", "REDIS_URL"):
        assert name in all_at_once.stderr
    assert "Traceback" not in "".join(told.stderr for told in (*said.values(), all_at_once))
    assert not await old.has_account()


async def test_one_seller_with_one_sheet_comes_over_once_and_into_the_tab_she_has(old, town):
    await old.sheet.share(town.city.robot)
    filled = await old.sync_now()
    tabs = await tabs_of(old.sheet)
    first = await old.come_over("--name", "Ольга", "--company", "Белка")
    other = await old.come_over(email="somebody@example.com")
    shop = await old.owner()
    seen = await shop.person.ask(SEEN)
    ended = await shop.ended()

    assert (filled.returncode, set(tabs)) == (0, {"Sheet1", FORMER}), filled.stderr
    assert first.returncode == 0, first.stderr
    assert (ended["state"], await tabs_of(old.sheet)) == ("SUCCEEDED", tabs)
    assert other.returncode == 1
    assert "Another company has this seller and this sheet already" in other.stderr
    assert seen["tenant"]["name"] == "Белка"
    assert seen["viewer"]["person"]["fullName"] == "Ольга"


def hers_from_now_on(old):
    """What the service says of her."""
    schedule = {"cron": "0 3,5 * * *", "zone": "Asia/Yekaterinburg"}
    sheet, name = {"spreadsheetId": old.sheet.id}, old.seller.name
    person = {"fullName": old.email.partition("@")[0]}
    return {
        "subscription": {"plan": "FREE", "limits": None},
        "shops": [{"name": name, "schedule": schedule, "sheet": sheet}],
        "viewer": {"role": "OWNER", "person": person},
        "tenant": {"name": name},
    }


async def shared(town):
    """The id of a sheet that we may write."""
    sheet = await town.spreadsheet()
    await sheet.share(town.city.robot)
    return sheet.id


async def tabs_of(sheet):
    """Without that of the daily check, which comes beside a sync."""
    return {title: tab for title, tab in (await sheet.tabs()).items() if title != "Сверка"}


async def hers(sheet):
    """What stands to the right of our columns, by row."""
    width = len(await sheet.header())
    return [row[width:] for row in await sheet.cells()]


async def keys(sheet):
    """The items of her rows, from above."""
    column = (await sheet.header()).index(("", KEY))
    return [row[column] for row in (await sheet.cells())[2:]]

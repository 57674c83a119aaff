"""The command line as an operator uses it: help, exit codes, cures; and the old tool's door."""

import asyncio
import json
from uuid import uuid4

import pytest

from tests.app.report_world import sheet, values
from tests.process import run
from tests.stories.spreadsheet import differences

COMMANDS = (
    *("demo", "serve", "migrate", "migrate-legacy", "doctor", "sync", "report", "capture"),
    "erase-person",
)


@pytest.fixture
def stock_tracker(city, folder):
    """Run a command with the city's own settings, or others."""

    async def call(*options, module="app", **changes):
        environ = {**city.product.environ, **changes}
        kept = {name: value for name, value in environ.items() if value is not None}
        return await asyncio.to_thread(run, module, *options, folder=folder, **kept)

    return call


async def test_help_names_every_command_and_what_it_is_for(stock_tracker):
    told = await stock_tracker("--help")

    assert told.returncode == 0
    assert all(command in told.stdout for command in COMMANDS)
    assert ".env.example" in told.stdout


async def test_the_doctor_finds_every_part_at_work(stock_tracker):
    told = await stock_tracker("doctor")

    assert told.returncode == 0, told.stdout
    assert told.stdout.count("works") >= 6
    for part in ("database", "migrations", "redis", "encryption", "marketplace", "google", "mail"):
        assert part in told.stdout


async def test_the_doctor_names_the_part_that_fails_and_its_cure(stock_tracker):
    told = await stock_tracker("doctor", REDIS_URL="redis://127.0.0.1:1/0")

    assert told.returncode == 1
    assert "FAILS" in told.stdout
    assert "Start Redis or Valkey" in told.stdout
    assert "Traceback" not in told.stdout + told.stderr


async def test_a_database_that_is_away_is_said_in_a_sentence(stock_tracker):
    away = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing"}
    commands = ("doctor", "sync")
    for told in await asyncio.gather(*(stock_tracker(each, **away) for each in commands)):
        assert told.returncode == 1
        assert "Traceback" not in told.stdout + told.stderr


async def test_wrong_settings_are_all_named_at_once_with_their_cures(stock_tracker):
    wrong = {"API_PORT": "door", "SECRET_KEY": "short", "ENCRYPTION_MASTER_KEY": None}
    told = await stock_tracker("serve", "--worker", **wrong, LOG_LEVEL="loud")

    assert told.returncode == 2
    for name in ("API_PORT", "SECRET_KEY", "ENCRYPTION_MASTER_KEY", "LOG_LEVEL"):
        assert name in told.stderr
    assert "Traceback" not in told.stderr


async def test_another_master_key_than_the_databases_is_refused(stock_tracker):
    other = "4ax-5LzFBM0JJYXQM1Oy1mVAOS3Ij3zX-9C6GZ6o0bQ="
    told = await stock_tracker("sync", ENCRYPTION_MASTER_KEY=other)

    assert told.returncode == 1
    assert "Traceback" not in told.stderr


async def test_migrate_says_that_all_is_up_to_date_also_the_second_time(stock_tracker):
    told = await stock_tracker("migrate")

    assert (told.returncode, told.stdout.strip()) == (0, "The database is up to date.")


async def test_sync_brings_one_shop_up_to_date_and_says_what_it_did(town, stock_tracker):
    shop = await town.shop(await town.seller(products=9))
    await shop.seller.set_stock(min(await shop.seller.truth()), 3210)
    told, again = [await stock_tracker("sync", "--shop", shop.id) for _ in range(2)]

    assert (told.returncode, again.returncode) == (0, 0), told.stderr
    assert "9 products" in told.stdout
    assert "cells written" in told.stdout
    assert "nothing had changed" in again.stdout
    assert differences(await shop.sheet.table(), await shop.seller.table()) == []


async def test_the_report_says_cell_by_cell_what_the_sheet_says(town, stock_tracker, tmp_path):
    shop, file = await town.shop(await town.seller(products=9)), tmp_path / "report.xlsx"
    await stock_tracker("sync", "--shop", shop.id)
    told = await stock_tracker("report", "--shop", shop.id, "-o", str(file))
    early = await stock_tracker("report", "--shop", shop.id, "--at", "2020-01-31", "-o", "early")

    assert told.returncode == 0, told.stderr
    table = sheet(file.read_bytes())
    cells = [[cell for cell in row if cell != ""] for row in await shop.sheet.cells()]
    assert [
        [cell for cell in row if cell is not None] for row in table.iter_rows(values_only=True)
    ] == cells
    for at in ("D2", "H2", "J1"):
        assert table[at].comment.text == await shop.sheet.note(at)
    assert values(await shop.person.file(shop.id)) == values(file.read_bytes())
    assert early.returncode == 1
    assert "Nothing is kept from so long ago" in early.stderr


async def test_sync_of_an_unknown_shop_fails_with_a_sentence(stock_tracker):
    told = await stock_tracker("sync", "--shop", str(uuid4()))

    assert told.returncode == 1
    assert "No shop" in told.stderr


async def test_a_failed_sync_has_its_reason_and_an_exit_code(town, stock_tracker):
    shop = await town.shop()
    await shop.seller.fault("cards", "401")
    told = await stock_tracker("sync", "--shop", shop.id)

    assert told.returncode == 1
    assert "The Wildberries token no longer works" in told.stderr


# The old tool's door


@pytest.fixture
async def old_tool(town, stock_tracker, tmp_path):
    """A seller of the old single-user tool, with its `.env`: no database, no accounts."""
    seller, sheet = await town.seller(products=12), await town.spreadsheet()
    outside = town.city.outside
    (tmp_path / "robot.json").write_text(json.dumps(outside.robots["stock-tracker"]))
    old = {
        "WILDBERRIES_API_KEY": seller.tokens["personal"],
        "GOOGLE_SHEET_ID": sheet.id,
        "GOOGLE_SHEET_NAME": "Остатки WB",
        "GOOGLE_SERVICE_ACCOUNT_KEY_PATH": str(tmp_path / "robot.json"),
        "SYNC_SCHEDULE": "0 0 * * *",
        "TIMEZONE": "Europe/Moscow",
    }
    (tmp_path / ".env").write_text("".join(f"{name}={value}\n" for name, value in old.items()))
    environ = {**outside.environ(), "GOOGLE_SERVICE_ACCOUNT": ""}

    async def sync_now():
        door = "stock_tracker.main"
        return await asyncio.to_thread(run, door, "--sync-now", folder=tmp_path, **environ)

    return seller, sheet, sync_now


async def test_the_old_door_fills_the_sheet_from_env_without_a_database(old_tool, town):
    seller, sheet, sync_now = old_tool
    closed = await sync_now()
    await sheet.share(town.city.robot)
    told = await sync_now()

    assert closed.returncode == 1
    assert f"откройте её для {town.city.robot} (Редактор)" in closed.stderr
    assert told.returncode == 0, told.stderr
    assert "12 products" in told.stdout
    assert differences(await sheet.table("Остатки WB"), await seller.table()) == []
    assert set(await sheet.tabs()) == {"Sheet1", "Остатки WB"}


async def test_the_old_door_keeps_a_tab_that_is_not_ours_as_a_copy(old_tool, town):
    seller, sheet, sync_now = old_tool
    await sheet.share(town.city.robot)
    await sheet.batch({"addSheet": {"properties": {"title": "Остатки WB"}}})
    await sheet.type("A1", "Моя старая таблица", "Остатки WB")
    told = await sync_now()
    tabs = set(await sheet.tabs()) - {"Sheet1", "Остатки WB"}

    assert told.returncode == 0, told.stderr
    assert [name.startswith("Остатки WB (копия") for name in tabs] == [True]
    assert await sheet.cells(tabs.pop()) == [["Моя старая таблица"]]
    assert differences(await sheet.table("Остатки WB"), await seller.table()) == []


async def test_the_old_door_with_a_database_syncs_the_first_company(stock_tracker, founder):
    await founder.seller.set_stock(min(await founder.seller.truth()), 2468)
    told, idle = await asyncio.gather(
        stock_tracker("--sync-now", module="stock_tracker.main"),
        stock_tracker(module="stock_tracker.main"),
    )

    assert told.returncode == 0, told.stderr
    assert "8 products" in told.stdout
    assert differences(await founder.sheet.table(), await founder.seller.table()) == []
    assert idle.returncode == 2
    assert "--sync-now" in idle.stderr


async def test_the_old_door_names_what_its_env_lacks(folder, tmp_path):
    told = await asyncio.to_thread(run, "stock_tracker.main", "--sync-now", folder=tmp_path)

    assert told.returncode == 2
    for name in ("WILDBERRIES_API_KEY", "GOOGLE_SHEET_ID", "GOOGLE_SERVICE_ACCOUNT_KEY_PATH"):
        assert name in told.stderr

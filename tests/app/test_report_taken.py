"""The table as a file: through the API, from the shop's page, of now and of another day."""

import stat
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest

from app.stock.read import shop_by_id
from app.stock.report import Reports
from app.stock.report.kept import last_moment
from app.stock.report.staff import REASON, report_for_staff
from app.stock.report.wish import wish
from domain.errors import Invalid, Refused
from domain.snapshot import MOSCOW
from infrastructure.postgres.stock_bodies import Unpacked
from tests.app.console_stock import FILE, Shop
from tests.app.report_world import keep, keep_tab, lines, sheet, snapshot, values

NOW = datetime(2026, 11, 23, 4, 40, tzinfo=UTC)
MONDAY = datetime(2026, 11, 16, 5, 0, tzinfo=UTC)
CSV = wish({"format": "csv"})
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Seller:
    """Anna, her shop with kept snapshots, and a program of hers."""

    def __init__(self, console, browser, shop):
        self.console, self.browser, self.shop = console, browser, shop

    async def get(self, shop=None, **asked):
        """As a program does, with a bearer token."""
        return await self.browser.http.get(
            f"/reports/{shop or self.shop.id}", params=asked, headers=await self.bearer()
        )

    async def bearer(self):
        """What the API gives for her password."""
        told = {"email": self.browser.email, "password": "a sentence of hers"}
        answer = await self.browser.http.post("/auth/login", json=told)
        return {"authorization": f"Bearer {answer.json()['access_token']}", "accept": "*/*"}

    @property
    def reports(self):
        world = self.console
        clock, lane = world.clock, world.lane
        return Reports(database=world.database, clock=clock, lane=lane, stored=Unpacked())

    async def press(self, **fields):
        """The button on the shop's page."""
        return await self.browser.press(f"/shops/{self.shop.id}/report", **fields)


def open_files():
    """How many are open that have no name."""
    there = (each.readlink() for each in Path("/proc/self/fd").iterdir() if each.is_symlink())
    return sum("(deleted)" in str(each) for each in there)


@pytest.fixture
async def seller(console):
    browser = await console.anna()
    shop = await Shop.connected(console, browser)
    await keep(
        console,
        *shop.key,
        snapshot(MONDAY),
        snapshot(MONDAY + timedelta(days=1), stock=(20, 0, None)),
        snapshot(NOW - timedelta(hours=1), stock=(30, 0, None)),
    )
    return Seller(console, browser, shop)


async def test_a_program_gets_the_newest_figures_as_a_spreadsheet(seller):
    answer = await seller.get()

    assert answer.status_code == 200
    assert answer.headers["content-type"] == XLSX
    assert answer.headers["cache-control"] == "no-store"
    assert 'filename="stock-tracker-2026-11-23.xlsx"' in answer.headers["content-disposition"]
    assert "filename*=UTF-8''Stock%20Tracker%20%D0%A0" in answer.headers["content-disposition"]
    rows = values(answer.content)
    assert [row[3] for row in rows[2:]] == [12, 13, 11]
    assert rows[4][:9] == ["Лён", "Юбки", "=LN+150", 11, 4, 2, 7, 30, 30]


async def test_it_is_coloured_by_the_terms_of_the_shop(seller):
    told = {"lead": 30, "cover": 30, "pack": 1, "safety": 5}
    await seller.browser.press(f"/shops/{seller.shop.id}/terms", **told)

    (coloured,) = sheet((await seller.get()).content).conditional_formatting

    assert [rule.formula[0].rpartition("<")[2] for rule in coloured.rules] == ["30)", "35)"]


@pytest.mark.parametrize(
    ("at", "stock"),
    [
        ("2026-11-16", 10),
        ("2026-11-16T08:00:00+03:00", 10),
        ("2026-11-17", 20),
        ("2026-11-20", 20),
        ("2026-11-23T03:39:59Z", 20),
        ("2026-11-23", 30),
        ("2026-11-23T04:40:00Z", 30),
    ],
)
async def test_of_a_day_its_last_figures_are_meant_and_of_a_time_those_before_it(seller, at, stock):
    answer = await seller.get(format="csv", at=at)

    assert lines(answer.content)[4][7] == str(stock)


def test_a_day_ends_before_the_midnight_of_moscow():
    midnight = datetime(2026, 11, 23, tzinfo=MOSCOW)

    assert midnight - last_moment(date(2026, 11, 22), NOW, "at") == datetime.resolution


@pytest.mark.parametrize(
    ("asked", "refused", "said"),
    [
        ({"at": "2026-11-15"}, (422, "NOT_KEPT", "at"), "the earliest: 2026-11-16 (Moscow)"),
        ({"at": "2026-11-24"}, (422, "IN_THE_FUTURE", "at"), "a day or a time that has come"),
        ({"at": "2026-11-23T04:41:00Z"}, (422, "IN_THE_FUTURE", "at"), "that has come"),
        ({"at": "monday"}, (400, "WRONG_QUERY", "at"), "Write 2026-11-23"),
        ({"at": "2026-11-23T04:40:00"}, (400, "WRONG_QUERY", "at"), "must say its zone"),
        ({"at": "9999-12-31"}, (422, "IN_THE_FUTURE", "at"), "that has come"),
        ({"at": "0001-01-01"}, (422, "NOT_KEPT", "at"), "2026-11-16"),
        ({"format": "ods"}, (400, "WRONG_QUERY", "format"), "xlsx or csv"),
        ({"language": "de"}, (400, "WRONG_QUERY", "language"), "ru or en"),
        ({"day": "2026-11-16"}, (400, "WRONG_QUERY", "day"), "Known are: format, at, language"),
    ],
)
async def test_a_wrong_wish_is_refused_with_its_field_and_the_cure(seller, asked, refused, said):
    answer = await seller.get(**asked)

    told = answer.json()
    assert (answer.status_code, told["code"], told["field"]) == refused
    assert said in answer.json()["detail"]
    assert "Назовите" not in answer.text


async def test_nobody_gets_another_companys_table(console, seller):
    stranger = Seller(console, await console.anna(), seller.shop)

    answer = await stranger.get()

    assert (answer.status_code, answer.json()["code"]) == (404, "UNKNOWN_SHOP")
    assert (await stranger.press(format="csv")).status_code == 404
    assert (await seller.get(shop=uuid4())).status_code == 404


async def test_without_a_sign_in_there_is_none(seller):
    answer = await seller.console.browser().http.get(f"/reports/{seller.shop.id}")

    assert answer.status_code == 401


async def test_before_the_first_sync_there_is_nothing_to_take(console):
    browser = await console.anna()
    seller = Seller(console, browser, await Shop.connected(console, browser))

    answer = await seller.get()
    page = await browser.open(f"/shops/{seller.shop.id}")

    assert (answer.status_code, answer.json()["code"]) == (404, "NOTHING_YET")
    assert "Download XLSX" not in page.text


async def test_a_viewer_takes_it_from_the_page_of_the_shop(console, seller):
    await console.change_role(seller.browser, "viewer")

    page = await seller.browser.open(f"/shops/{seller.shop.id}")
    answer = await seller.press(format="xlsx", at="2026-11-16")

    assert "Download XLSX" in page.text
    assert 'min="2026-11-16" max="2026-11-23"' in page.text
    assert answer.headers["content-type"] == XLSX
    assert sheet(answer.content)["A1"].value == "Product"
    assert values(answer.content)[4][7] == 10


async def test_a_day_that_is_not_kept_is_told_on_a_page_in_her_language(console, seller):
    answer = await seller.browser.press(f"/shops/{seller.shop.id}/report", at="2026-11-01")
    seller.browser.http.headers["accept-language"] = "ru"
    russian = await seller.browser.press(f"/shops/{seller.shop.id}/report", at="2026-11-01")

    assert answer.status_code == 422
    assert "the earliest: 2026-11-16 (Moscow)" in answer.text
    assert "самое раннее: 16.11.2026 (Мск)" in russian.text


async def test_a_day_written_otherwise_is_told_how_to_be_written(seller):
    seller.browser.http.headers["accept-language"] = "ru"
    answer = await seller.press(format="csv", at="23.11.2026")

    assert answer.status_code == 400
    assert "Напишите день так: 2026-11-23." in answer.text


async def test_rows_and_places_stand_as_she_keeps_them_and_new_ones_below(console, seller):
    layout = "ru 2026-11-24T07:00:00+00:00 brand subject sku nm p2.s p2.o p2.c p1.s p1.o p1.c"
    newest = await keep(console, *seller.shop.key, snapshot(NOW - timedelta(minutes=30)))
    hers = {"order": (13, 999, 11, 13), "layout": layout}
    await keep_tab(console, seller.shop.key, FILE, newest, **hers)

    rows = lines((await seller.get(format="csv")).content)

    assert [row[3] for row in rows[2:]] == ["13", "11", "12"]
    assert rows[0][9:] == ["Склад на Садовой", "", "", "Склад WB", "", ""]


async def test_who_stops_listening_leaves_no_file_behind(console, seller):
    reports, scope = seller.reports, (await console.identified(seller.browser)).scope
    file = await reports.begin(scope, *await reports.meant(scope, seller.shop.id, CSV), CSV)
    before = open_files()
    stream = reports.stream(file)

    assert (await anext(stream)).startswith(b"\xef\xbb\xbf")
    assert open_files() == before + 1
    await stream.aclose()
    assert open_files() == before


async def test_as_many_as_ten_at_once_and_then_one_a_minute(seller):
    headers = await seller.bearer()
    path = f"/reports/{seller.shop.id}?format=csv"
    answers = [await seller.browser.http.get(path, headers=headers) for _ in range(11)]

    assert [each.status_code for each in answers] == [200] * 10 + [429]
    assert "Too many reports" in answers[-1].json()["detail"]
    assert int(answers[-1].headers["retry-after"]) > 0


async def test_the_staff_take_it_on_record_and_its_people_leave_no_fact(console, seller):
    staff = await console.staff()
    company, facts = (
        seller.shop.key[0],
        "SELECT name FROM events WHERE tenant_id = $1 ORDER BY position",
    )
    async with console.database.driver() as driver:
        before = await driver.fetch(facts, company)
        await seller.press(format="csv")
        await staff.press(f"/shops/{seller.shop.id}/report", format="csv", tenant=company)
        after = await driver.fetch(facts, company)

    assert [row["name"] for row in after][len(before) :] == ["tenant.read_by_staff"]


async def test_from_the_command_line_it_is_a_whole_file_and_a_look_on_record(
    console, seller, tmp_path
):
    handle, file = console.accounts.handle, tmp_path / "report.csv"
    scope = (await console.identified(seller.browser)).scope
    row = await shop_by_id(console.database, scope, seller.shop.id)
    taken = partial(report_for_staff, seller.reports, handle, scope, row, CSV)
    await taken("ticket 1207", str(file))
    with pytest.raises(Refused, match="is there already"):
        await taken(REASON, str(file))
    with pytest.raises(Invalid, match="reason"):
        await taken("anna@example.com", str(tmp_path / "another.csv"))
    query = "SELECT source, payload FROM events WHERE tenant_id = $1 AND name = $2"
    async with console.database.driver() as driver:
        facts = await driver.fetch(query, seller.shop.key[0], "tenant.read_by_staff")

    assert lines(file.read_bytes())[4][7] == "30"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [(row["source"], b"ticket 1207" in row["payload"]) for row in facts] == [("cli", True)]
    assert [*tmp_path.iterdir()] == [file]


async def test_a_plan_shows_files_as_far_as_its_history_goes(console, seller):
    await keep(console, *seller.shop.key, *(snapshot(MONDAY - timedelta(days=n)) for n in (40, 39)))
    console.plans.on = True

    answer = await seller.get(at="2026-10-07")
    page = await seller.browser.open(f"/shops/{seller.shop.id}")

    assert (answer.status_code, answer.json()["code"]) == (422, "HISTORY_TOO_LONG")
    assert answer.json()["field"] == "at"
    assert 'min="2026-10-25" max="2026-11-23"' in page.text

"""The CSV export: for people and their spreadsheets, in which no cell may do anything."""

import csv
import io

import pytest

from domain import shop
from domain.table.text import safe
from tests.app.audit_world import SHOP, Archive, connection


@pytest.fixture
def archive(database):
    return Archive(database)


@pytest.fixture
async def company(archive):
    return await (await archive.found()).lives()


def rows(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


async def test_a_csv_opens_in_a_spreadsheet_and_leads_to_the_proof(company):
    content = await company.export(format="csv")
    table = rows(content)

    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\r\n") == len(table)
    assert table[0][:5] == ["Время (UTC)", "Кто", "Действие", "Над чем", "Что произошло"]
    assert table[0][5:7] == ["Что изменилось", "Причины"]
    assert table[1][:3] == ["2026-11-23 04:40:00", "Анна Котова", "tenant.registered"]
    assert len(table) == 1 + 16 + 1
    assert {len(row) for row in table} == {20}
    assert table[-1][4].startswith("Печать № 5: подпись ")


FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM",
    '=HYPERLINK("http://x","y")',
    " =1+1",
    "\n=1",
    "a;=1+1",
    'a","=1+1',
    "a\n=1+1",
    "=cmd|' /C calc'!A0",
]


@pytest.mark.parametrize("text", FORMULAS)
async def test_no_cell_of_a_csv_is_a_formula(archive, text):
    company = await archive.found(name=text)
    table = rows(await company.export(format="csv"))

    for row in table:
        for cell in row:
            for part in cell.replace(";", "\n").replace(",", "\n").splitlines():
                assert part.lstrip()[:1] not in [*"=+-@＝＋－＠"]
    assert safe("plain, text") == "plain, text"
    assert safe("Europe/Moscow (-3)") == "Europe/Moscow (-3)"


async def test_what_changed_and_why_are_a_cell_each_a_line_for_each_of_them(company):
    table = rows(await company.export(format="csv", language="en"))
    connected, changed = table[4], table[5]

    assert table[0][5:7] == ["Changes", "Chain of causes"]
    assert connected[5].splitlines() == [
        "shops.Рыжий кот.marketplace: — → Wildberries",
        "shops.Рыжий кот.seller: — → 100",
        "shops.Рыжий кот.token: — → a new token",
    ]
    assert changed[5] == "shops.Рыжий кот.schedule: — → Ready by 08:00 every day, Moscow"
    assert changed[6] == "Анна Котова sent a request"


HARMFUL = ("=1+1", "@SUM(A1)", "a\n=1+1", "＝1+1")


@pytest.mark.parametrize("text", HARMFUL)
async def test_what_changed_is_no_formula_whatever_a_shop_and_its_schedule_are_called(
    archive, text
):
    company = await archive.found(name=text, company=text)
    await company.tell(connection(), shop.ConnectSheet(shop_id=SHOP, spreadsheet_id=text))
    table = rows(await company.export(format="csv"))

    for n in (5, 6):
        cells = [row[n] for row in table]
        begun = [line.lstrip()[:1] for cell in cells for line in cell.splitlines()]

        assert any(text in cell.replace("'", "") for cell in cells)
        assert set(begun).isdisjoint("=+-@＝＋－＠")


async def test_text_over_several_lines_stays_one_cell(archive):
    company = await archive.found(name='Анна\n"Котова"')
    table = rows(await company.export(format="csv"))

    assert table[1][1] == 'Анна\n"Котова"'

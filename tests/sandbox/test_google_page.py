"""The sheet as a page: what the owner sees and what she can do with forms."""

import re

import pytest

from sandbox.google import Span
from tests.sandbox.google_visit import SELLER, visiting


@pytest.fixture
def visit():
    with visiting() as visit:
        visit.fill([["Товар", "Штук"], ["Лён", 3], ["Хлопок", 12]])
        yield visit


def page(visit, **params):
    return visit.client.get(f"/sheets/{visit.file.id}", params=params).text


def do(visit, act, **form):
    url = f"/sheets/{visit.file.id}/do"
    return visit.client.post(url, data={"tab": "0", "act": act, **form}, follow_redirects=False)


def styles(visit):
    look = re.search(r'id="look" href="([^"]+)"', page(visit))[1]
    return visit.client.get(look).text


def cell(text, name):
    return re.search(rf"<td[^>]*data-at=\"{name}\"[^>]*>.*?</td>", text)[0]


def test_every_file_is_listed_and_a_new_one_is_hers(visit):
    made = visit.client.post("/sheets", data={"title": "Новая"}, follow_redirects=False)
    file_id = made.headers["location"].rpartition("/")[2]

    assert "Остатки" in visit.client.get("/sheets").text
    assert visit.drive.files[file_id].owner == SELLER


def test_nothing_on_the_page_comes_from_elsewhere_or_is_inline(visit):
    visit.tab().paint(Span(0, 1, 0, 1), 1, 0, 0)
    answer = visit.client.get(f"/sheets/{visit.file.id}")

    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'; script-src 'self'")
    assert " style=" not in answer.text
    assert "<style" not in answer.text
    assert "http://" not in answer.text
    assert "https://" not in answer.text
    assert re.findall(r"<script[^>]*>(.*?)</script>", answer.text) == [""]


def test_what_she_typed_cannot_become_markup(visit):
    visit.tab().edit(0, 0, "<script>alert(1)</script>")
    visit.tab().annotate(0, 0, '"><img src=x>')

    assert "<script>alert" not in page(visit)
    assert "<img src=x" not in page(visit)
    assert "&lt;script&gt;" in cell(page(visit), "A1")


def test_numbers_are_shown_in_the_files_locale_and_notes_for_readers(visit):
    visit.tab().annotate(1, 1, "Спросить у склада")
    visit.tab().edit(1, 1, "12,5")
    shown = cell(page(visit), "B2")

    assert ">12,5<" in shown
    assert 'role="note"' in shown
    assert "Спросить у склада" in shown
    assert 'tabindex="0"' in shown


def test_merges_fills_borders_and_struck_text_become_rules_of_a_style_sheet(visit):
    area = {"sheetId": 0, "endRowIndex": 1, "endColumnIndex": 2}
    border = {"style": "SOLID_THICK", "color": {"red": 0.2, "green": 0.2, "blue": 0.2}}
    look = {"textFormat": {"strikethrough": True, "bold": True}, "backgroundColor": {"blue": 1}}
    shape = {"range": area, "cell": {"userEnteredFormat": look}, "fields": "userEnteredFormat"}
    visit.batch(
        {"repeatCell": shape},
        {"updateBorders": {"range": area, "right": border}},
        {"mergeCells": {"range": area}},
    )
    shown = cell(page(visit), "A1")
    name = re.search(r'class="(f\w+)', shown)[1]
    rule = re.search(rf"td\.{name} {{ (.*?) }}", styles(visit))[1]

    assert 'colspan="2"' in shown
    assert 'data-at="B1"' not in page(visit)
    assert "background-color: #0000ff;" in rule
    assert "text-decoration: line-through;" in rule
    assert "border-right: 3px solid #333333;" in rule


def test_conditional_formats_are_judged_for_each_cell(visit):
    condition = {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": "=B2<10"}]}
    low = {"condition": condition, "format": {"backgroundColor": {"red": 1}}}
    area = {"sheetId": 0, "startRowIndex": 1, "startColumnIndex": 1, "endColumnIndex": 2}
    rule = {"ranges": [area], "booleanRule": low}
    visit.batch({"addConditionalFormatRule": {"rule": rule}})

    assert "c0" in cell(page(visit), "B2")
    assert "c0" not in cell(page(visit), "B3")
    assert "td.c0.c0 { background-color: #ff0000; }" in styles(visit)


def test_frozen_rows_stick_and_hidden_columns_are_named(visit):
    grid = {"sheetId": 0, "gridProperties": {"frozenRowCount": 2}}
    fields = "gridProperties.frozenRowCount"
    visit.batch({"updateSheetProperties": {"properties": grid, "fields": fields}})
    visit.tab().hide("COLUMNS", 1)

    assert "tr.z1 > * { inset-block-start: 43px; }" in styles(visit)
    assert 'data-at="B1"' not in page(visit)
    assert "скрыто: B" in page(visit)


def test_she_edits_a_cell_and_sees_the_formula_behind_it(visit):
    answer = do(visit, "edit", at="C2", text="=B2*2")
    shown = cell(page(visit), "C2")

    assert answer.status_code == 303
    assert ">6<" in shown
    assert 'data-typed="=B2*2"' in shown


def test_she_sorts_inserts_deletes_and_renames(visit):
    do(visit, "sort_down", column="B")
    sorted_ = visit.values("A1:B3")
    do(visit, "insert_row", row="2")
    do(visit, "delete_column", column="A")
    do(visit, "rename", title="Склад")

    assert sorted_ == [["Товар", "Штук"], ["Хлопок", "12"], ["Лён", "3"]]
    assert visit.values("A1:B4") == [["Штук"], [], ["12"], ["3"]]
    assert visit.file.book.sheets[0].title == "Склад"


def test_she_shares_unshares_and_deletes_the_file(visit):
    do(visit, "share", address="helper@example.com", role="reader")
    shared = visit.file.role("helper@example.com")
    do(visit, "unshare", address=visit.robot.email)
    closed = visit.ask("")["error"]["code"]
    do(visit, "unshare", address=SELLER)
    do(visit, "delete")

    assert (shared, closed) == ("reader", 403)
    assert visit.ask("")["error"]["code"] == 404
    assert visit.client.get(f"/sheets/{visit.file.id}").status_code == 404


@pytest.mark.parametrize(
    ("act", "form", "words"),
    [
        ("edit", {"at": "ЯЯ1", "text": "x"}, "Ячейки ЯЯ1 на этом листе нет"),
        ("edit", {"at": "A99999", "text": "x"}, "Ячейки A99999 на этом листе нет"),
        ("delete_row", {"row": "0"}, "Впишите номер строки от 1 до 1000"),
        ("share", {"address": "nobody"}, "Впишите адрес почты"),
        ("explode", {}, "Unknown action."),
    ],
)
def test_a_form_that_cannot_be_done_says_why(visit, act, form, words):
    answer = do(visit, act, **form)

    assert answer.status_code == 400
    assert words in answer.text
    assert 'role="alert"' in answer.text


def test_a_form_from_another_site_is_refused(visit):
    url = f"/sheets/{visit.file.id}/do"
    headers = {"sec-fetch-site": "cross-site"}

    assert visit.client.post(url, data={"act": "delete"}, headers=headers).status_code == 403
    assert visit.file.id in visit.drive.files


def test_a_long_sheet_comes_in_pages(visit):
    visit.tab().edit(700, 0, "далеко")

    assert page(visit).count("<tr") == 201
    assert "далеко" in page(visit, **{"from": 600})
    assert "Строки 601–800 из 1000" in page(visit, **{"from": 600})


def test_an_english_file_has_an_english_page(visit):
    visit.file.book.locale = "en_US"

    assert '<html lang="en">' in page(visit)
    assert ">Save<" in page(visit)

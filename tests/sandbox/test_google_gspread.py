"""The unmodified gspread works against the Google stand-in, over a real socket."""

import gspread
import pytest
from google.auth.transport.requests import AuthorizedSession
from gspread.http_client import HTTPClient
from gspread.utils import ValueInputOption, ValueRenderOption

from sandbox.google import Drive
from tests.sandbox.google_visit import SELLER, listening

HOSTS = ("https://sheets.googleapis.com", "https://www.googleapis.com")


@pytest.fixture(scope="module")
def drive():
    return Drive(quota_scale=None)


@pytest.fixture(scope="module")
def address(drive):
    with listening(drive) as url:
        yield url


@pytest.fixture
def client(drive, address):
    """gspread's own service account client; only the host in the URL is another one."""

    class Loopback(HTTPClient):
        def request(self, method, endpoint, *args, **kwargs):
            for host in HOSTS:
                endpoint = endpoint.replace(host, address)
            return super().request(method, endpoint, *args, **kwargs)

    key = drive.accounts.service().key(address)
    with_client = gspread.service_account_from_dict(key, http_client=Loopback)
    yield with_client
    session = with_client.http_client.session
    assert isinstance(session, AuthorizedSession)
    session.close()


@pytest.fixture
def file(drive):
    made = drive.create("Склад", SELLER)
    made.share(drive.accounts.service().email)
    return made


@pytest.fixture
def tab(client, file):
    return client.open_by_key(file.id).sheet1


def test_opening_by_key_signs_in_and_reads_the_tabs(client, file):
    book = client.open_by_key(file.id)

    assert book.title == "Склад"
    assert [sheet.title for sheet in book.worksheets()] == ["Лист1"]


def test_values_are_written_read_appended_and_cleared(tab):
    tab.update([["Артикул", "Штук"], ["LN-1", 12]], "A1:B2")
    tab.append_row(["LN-2", "3,5"], value_input_option=ValueInputOption.user_entered)
    everything = tab.get_all_values()
    tab.batch_clear(["A3:B3"])

    assert everything == [["Артикул", "Штук"], ["LN-1", "12"], ["LN-2", "3,5"]]
    assert tab.get_all_values() == everything[:2]


def test_several_ranges_go_in_one_call(tab):
    tab.batch_update([{"range": "A1:B1", "values": [[1, 2]]}, {"range": "D4", "values": [["x"]]}])

    assert tab.batch_get(["A1:B1", "D4"]) == [[["1", "2"]], [["x"]]]


def test_numbers_come_unformatted_when_asked(tab):
    tab.update([[12.5, True, "=A1*2"]], "A1:C1", value_input_option=ValueInputOption.user_entered)

    assert tab.get("A1:C1", value_render_option=ValueRenderOption.unformatted) == [[12.5, True, 25]]
    assert tab.get("C1", value_render_option=ValueRenderOption.formula) == [["=A1*2"]]


def test_a_cell_is_found_and_updated(tab):
    tab.update([["а", "б"], ["в", "г"]], "A1")
    cell = tab.find("г")
    tab.update_cell(cell.row, cell.col, "д")

    assert tab.acell("B2").value == "д"


def test_tabs_are_added_renamed_duplicated_and_deleted(client, file):
    book = client.open_by_key(file.id)
    sheet = book.add_worksheet("План", rows=20, cols=5)
    sheet.update_title("Пополнение")
    book.duplicate_sheet(sheet.id, new_sheet_name="Копия", insert_sheet_index=1)
    book.del_worksheet(sheet)

    assert [each.title for each in book.worksheets()] == ["Лист1", "Копия"]


def test_looks_are_set_and_notes_read_back(tab):
    tab.format("A1:B1", {"textFormat": {"bold": True}, "backgroundColor": {"red": 1}})
    tab.merge_cells("A1:B1")
    tab.insert_note("A1", "Смотри сюда")
    tab.freeze(rows=2)
    tab.columns_auto_resize(0, 2)
    tab.hide_columns(2, 3)

    assert tab.get_note("A1") == "Смотри сюда"
    assert tab.frozen_row_count == 2


def test_rows_are_sorted_inserted_deleted_and_the_grid_resized(tab):
    tab.update([[3], [1], [2]], "A1")
    tab.sort((1, "des"), range="A1:A3")
    tab.insert_row([9], 2)
    tab.delete_rows(1)
    tab.resize(rows=40, cols=6)

    assert tab.col_values(1) == ["9", "2", "1"]
    assert (tab.row_count, tab.col_count) == (40, 6)


def test_ranges_are_protected_and_filtered(tab):
    tab.update([["a"], ["b"]], "A1")
    tab.add_protected_range("A1:A2", description="шапка", warning_only=True)
    tab.set_basic_filter("A1:A2")
    tab.clear_basic_filter()

    assert tab.get_all_values() == [["a"], ["b"]]


def test_a_file_is_found_by_its_title_and_shared(client, drive, file):
    book = client.open("Склад")
    book.share("helper@example.com", perm_type="user", role="reader", notify=False)
    shared = {one["emailAddress"]: one["role"] for one in book.list_permissions()}
    book.remove_permissions("helper@example.com")

    assert shared["helper@example.com"] == "reader"
    assert "helper@example.com" not in [one["emailAddress"] for one in book.list_permissions()]


def test_a_service_account_can_create_no_file(client):
    with pytest.raises(gspread.exceptions.APIError, match="do not have storage quota"):
        client.create("Новая")


def test_an_unshared_file_is_a_permission_error_and_an_unknown_one_is_not_found(client, drive):
    closed = drive.create("Чужая", SELLER)

    with pytest.raises(PermissionError):
        client.open_by_key(closed.id)
    with pytest.raises(gspread.exceptions.SpreadsheetNotFound):
        client.open_by_key("нет-такой")

"""Drive: files, copies and shares, and the same state after a restart."""

import pytest

from sandbox.google import Drive, Span, Tab
from sandbox.google.state import dumped
from tests.sandbox.google_contract import complaints
from tests.sandbox.google_visit import SELLER, visiting

FILES = "/drive/v3/files"


@pytest.fixture
def visit():
    with visiting() as visit:
        yield visit


def user(visit):
    return visit.drive.tokens.issue(SELLER)


def test_only_files_one_may_open_are_listed(visit):
    visit.drive.create("Чужая", "other@example.com")
    answer = visit.call("GET", FILES, params={"q": 'name = "Остатки"'}).json()

    assert [file["name"] for file in answer["files"]] == ["Остатки"]
    assert list(complaints(answer, "Drive.FileList")) == []


def test_lists_come_in_pages(visit):
    for number in range(4):
        visit.drive.create(f"Файл {number}", SELLER)
    first = visit.call("GET", FILES, params={"pageSize": 3}, token=user(visit)).json()
    rest = {"pageSize": 3, "pageToken": first["nextPageToken"]}
    second = visit.call("GET", FILES, params=rest, token=user(visit)).json()

    assert (len(first["files"]), len(second["files"])) == (3, 2)
    assert "nextPageToken" not in second


def test_a_service_account_has_no_room_for_files(visit):
    answer = visit.call("POST", FILES, json={"name": "Новая"})

    assert answer.status_code == 403
    assert answer.json()["error"]["errors"][0]["reason"] == "storageQuotaExceeded"
    copied = visit.call("POST", f"{FILES}/{visit.file.id}/copy", json={})
    assert copied.json()["error"]["errors"][0]["reason"] == "storageQuotaExceeded"


def test_a_user_creates_copies_renames_and_deletes(visit):
    made = visit.call("POST", FILES, json={"name": "Новая"}, token=user(visit)).json()
    url = f"{FILES}/{made['id']}"
    copied = visit.call("POST", f"{url}/copy", json={"name": "Копия"}, token=user(visit)).json()
    visit.call("PATCH", url, json={"name": "Старая"}, token=user(visit))
    renamed = visit.call("GET", url, params={"fields": "name,mimeType"}, token=user(visit)).json()
    gone = visit.call("DELETE", url, token=user(visit))

    assert list(complaints(made, "Drive.File")) == []
    assert copied["name"] == "Копия"
    assert renamed == {"name": "Старая", "mimeType": "application/vnd.google-apps.spreadsheet"}
    assert gone.status_code == 204
    assert visit.call("GET", url, token=user(visit)).status_code == 404


def test_sharing_opens_and_unsharing_closes(visit):
    url = f"{FILES}/{visit.file.id}/permissions"
    body = {"type": "user", "role": "reader", "emailAddress": "Helper@example.com"}
    made = visit.call("POST", url, json=body).json()
    listed = visit.call("GET", url).json()
    visit.call("DELETE", f"{url}/{made['id']}")

    assert list(complaints(listed, "Drive.PermissionList")) == []
    assert ("helper@example.com", "reader") in [
        (one["emailAddress"], one["role"]) for one in listed["permissions"]
    ]
    assert visit.file.role("helper@example.com") == ""


def test_the_owner_cannot_be_shut_out(visit):
    url = f"{FILES}/{visit.file.id}/permissions"
    owner = next(one for one in visit.file.permissions if one.role == "owner")

    assert visit.call("DELETE", f"{url}/{owner.id}").status_code == 403
    assert visit.call("POST", url, json={"type": "user", "role": "king"}).status_code == 400


def test_a_file_of_others_looks_as_if_it_were_not_there(visit):
    other = visit.drive.create("Чужая", "other@example.com")

    assert visit.call("GET", f"{FILES}/{other.id}").status_code == 404


def test_a_second_run_goes_on_with_the_same_files(visit, tmp_path):
    tab = visit.tab()
    tab.edit(0, 0, "=B1*2")
    tab.edit(0, 1, "12,5")
    tab.annotate(0, 1, "заметка")
    tab.paint(Span(0, 1, 0, 1), 1, 0, 0)
    tab.merge(Span(3, 4, 0, 2))
    tab.protect(Span(0, 1, 0, 3), "шапка", "helper@example.com")
    tab.hide("COLUMNS", 4)
    condition = {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": "=A1>1"}]}
    rule = {"ranges": [{"sheetId": 0}], "booleanRule": {"condition": condition}}
    line = {"sheetId": 0, "dimension": "ROWS", "startIndex": 1, "endIndex": 2}
    data = {"metadataKey": "k", "visibility": "DOCUMENT", "location": {"dimensionRange": line}}
    area = {"range": {"sheetId": 0, "endColumnIndex": 2, "endRowIndex": 9}, "criteria": {"1": {}}}
    visit.batch(
        {"addConditionalFormatRule": {"rule": rule}},
        {"createDeveloperMetadata": {"developerMetadata": data}},
        {"setBasicFilter": {"filter": area}},
    )
    visit.drive.save(tmp_path / "google.json")
    again = Drive(timer=visit.clock.seconds)
    again.load(tmp_path / "google.json")

    assert dumped(again) == dumped(visit.drive)
    file = again.files[visit.file.id]
    assert Tab(file, "Лист1").value(0, 0) == 25
    assert again.tokens.principal(f"Bearer {visit.token}").email == visit.robot.email


def test_a_state_of_another_version_is_refused(tmp_path):
    (tmp_path / "old.json").write_text('{"version": 0}')

    with pytest.raises(ValueError, match="version 0"):
        Drive().load(tmp_path / "old.json")

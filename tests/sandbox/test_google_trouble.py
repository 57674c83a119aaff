"""Trouble on a real connection: answers that break off, come late, or carry very much."""

import time

import httpx
import pytest

from sandbox.google import Drive, Fault, Tab
from tests.infrastructure.loopback import NO_TLS
from tests.sandbox.google_visit import SELLER, listening

ROWS = 20_000


@pytest.fixture(scope="module")
def drive():
    return Drive(quota_scale=None)


@pytest.fixture(scope="module")
def address(drive):
    with listening(drive) as url:
        yield url


@pytest.fixture
def file(drive):
    return drive.create("Остатки", SELLER)


@pytest.fixture
def client(drive, address):
    headers = {"authorization": f"Bearer {drive.tokens.issue(SELLER)}"}
    with httpx.Client(base_url=address, headers=headers, timeout=30, verify=NO_TLS) as client:
        yield client


def write(client, file, text, **more):
    cell = {"userEnteredValue": {"stringValue": text}}
    start = {"sheetId": 0}
    update = {"start": start, "rows": [{"values": [cell]}], "fields": "userEnteredValue"}
    url = f"/v4/spreadsheets/{file.id}:batchUpdate"
    return client.post(url, json={"requests": [{"updateCells": update}]}, **more)


def test_a_cut_answer_belongs_to_an_applied_batch(client, drive, file):
    drive.faults.add(Fault(mode="cut", match="batchUpdate"))

    with pytest.raises(httpx.RemoteProtocolError):
        write(client, file, "записано")
    assert Tab(file, "Лист1").value(0, 0) == "записано"
    assert write(client, file, "снова").status_code == 200


def test_a_late_answer_belongs_to_an_applied_batch(client, drive, file):
    drive.faults.add(Fault(mode="stall", match="batchUpdate", seconds=2))

    with pytest.raises(httpx.ReadTimeout):
        write(client, file, "записано", timeout=0.5)
    assert Tab(file, "Лист1").value(0, 0) == "записано"


def test_while_one_answer_is_late_others_come(client, drive, file, address):
    drive.faults.add(Fault(mode="stall", match="batchUpdate", seconds=2))
    with pytest.raises(httpx.ReadTimeout):
        write(client, file, "x", timeout=0.3)
    started = time.monotonic()
    answer = client.get(f"/v4/spreadsheets/{file.id}?fields=spreadsheetId")

    assert answer.json() == {"spreadsheetId": file.id}
    assert time.monotonic() - started < 1


def test_twenty_thousand_rows_are_written_and_sorted_in_seconds(client, file):
    cells = [{"values": [{"userEnteredValue": {"stringValue": f"SKU/{n}"}}]} for n in range(ROWS)]
    numbers = "\n".join(f"{ROWS - n}\t{n % 90},{n % 10}\t{n % 7}" for n in range(ROWS))
    grid = {"sheetId": 7, "title": "Склад", "gridProperties": {"rowCount": ROWS + 50}}
    look = {"userEnteredFormat": {"numberFormat": {"type": "NUMBER", "pattern": "#,##0"}}}
    shape = {"range": {"sheetId": 7}, "cell": look, "fields": "userEnteredFormat"}
    at = {"sheetId": 7, "columnIndex": 1}
    requests = [
        {"addSheet": {"properties": grid}},
        {"repeatCell": shape},
        {"updateCells": {"start": {"sheetId": 7}, "rows": cells, "fields": "userEnteredValue"}},
        {"pasteData": {"coordinate": at, "data": numbers, "delimiter": "\t"}},
    ]
    started = time.monotonic()
    answer = client.post(f"/v4/spreadsheets/{file.id}:batchUpdate", json={"requests": requests})
    tab = Tab(file, "Склад")
    tab.sort(1)
    spent = time.monotonic() - started

    assert answer.status_code == 200
    assert (tab.value(0, 0), tab.value(0, 1)) == (f"SKU/{ROWS - 1}", 1)
    assert len(tab.sheet.formats[0].values) == 1
    assert spent < 10


def test_a_page_of_a_large_sheet_stays_small(client, file):
    Tab(file, "Лист1").edit(0, 0, "да")
    grid = {"sheetId": 8, "title": "Большая", "gridProperties": {"rowCount": 300_000}}
    url = f"/v4/spreadsheets/{file.id}:batchUpdate"
    client.post(url, json={"requests": [{"addSheet": {"properties": grid}}]})
    answer = client.get(f"/sheets/{file.id}", params={"tab": 8, "from": 299_900})

    assert answer.status_code == 200
    assert len(answer.content) < 400_000
    assert 'data-at="A300000"' in answer.text

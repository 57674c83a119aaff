"""Limits and trouble: quotas, sizes and faults answer as Google does."""

import pytest

from sandbox.google import Fault
from tests.sandbox.google_visit import visiting


@pytest.fixture
def visit():
    with visiting() as visit:
        yield visit


def grid(rows, columns):
    return {
        "addSheet": {"properties": {"gridProperties": {"rowCount": rows, "columnCount": columns}}}
    }


def write(value):
    cell = {"userEnteredValue": {"stringValue": value}}
    return {
        "updateCells": {
            "start": {"sheetId": 0},
            "rows": [{"values": [cell]}],
            "fields": "userEnteredValue",
        }
    }


def statuses(visit, times, method="GET", path="?fields=spreadsheetId", **more):
    return [visit.call(method, visit.url + path, **more).status_code for _ in range(times)]


def test_the_sixty_first_read_of_a_minute_is_refused_and_the_next_minute_is_free(visit):
    seen = statuses(visit, 61)
    refused = visit.ask("")["error"]
    visit.clock.pass_by(60)

    assert seen == [200] * 60 + [429]
    assert refused["status"] == "RESOURCE_EXHAUSTED"
    assert refused["details"][0]["reason"] == "RATE_LIMIT_EXCEEDED"
    limit = refused["details"][0]["metadata"]["quota_limit"]
    assert limit == "ReadRequestsPerMinutePerUser"
    assert statuses(visit, 1) == [200]


def test_writes_have_a_bucket_of_their_own(visit):
    body = {"requests": [write("x")]}
    seen = statuses(visit, 61, "POST", ":batchUpdate", json=body)
    limit = visit.batch(write("y"))["error"]["details"][0]["metadata"]["quota_limit"]

    assert seen.count(200) == 60
    assert limit == "WriteRequestsPerMinutePerUser"
    assert statuses(visit, 1) == [200]


def test_the_robots_of_one_project_share_three_hundred(visit):
    codes = []
    for number in range(6):
        token = visit.drive.tokens.issue(f"r{number}@sandbox.iam.gserviceaccount.com")
        visit.file.share(f"r{number}@sandbox.iam.gserviceaccount.com")
        visit.drive.accounts.services[f"r{number}@sandbox.iam.gserviceaccount.com"] = visit.robot
        codes += statuses(visit, 51, token=token)

    assert codes.count(200) == 300
    assert codes.count(429) == 6


def test_quotas_can_be_widened_or_lifted():
    with visiting(quota_scale=None) as visit:
        assert statuses(visit, 70) == [200] * 70
    with visiting(quota_scale=0.05) as visit:
        assert statuses(visit, 4) == [200, 200, 200, 429]


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        (grid(500_000, 20), "above the limit of 10000000 cells"),
        (grid(1, 18_279), "above the limit of 18278 columns"),
        (grid(0, 5), "must be positive"),
        (
            {"appendDimension": {"sheetId": 0, "dimension": "COLUMNS", "length": 2_000_000_000}},
            "above the limit of 18278 columns",
        ),
        (
            {"appendDimension": {"sheetId": 0, "dimension": "ROWS", "length": 2_000_000_000}},
            "above the limit of 10000000 cells",
        ),
        (write("я" * 50_001), "more than the maximum of 50000 characters"),
    ],
)
def test_what_is_too_large_is_refused(visit, request_, words):
    assert words in visit.refusal(request_)


def test_a_cell_holds_fifty_thousand_characters(visit):
    visit.batch(write("я" * 50_000))

    assert len(visit.tab().value(0, 0)) == 50_000


def test_writing_beyond_the_grid_is_refused(visit):
    at = {"sheetId": 0, "rowIndex": 999, "columnIndex": 25}
    paste = {"coordinate": at, "data": "1\t2", "delimiter": "\t"}

    assert "exceeds grid limits. Max rows: 1000, max columns: 26" in visit.refusal(
        {"pasteData": paste}
    )


@pytest.mark.parametrize("status", [500, 503, 429, 403])
def test_an_injected_refusal_is_not_applied(visit, status):
    visit.drive.faults.add(Fault(mode="refuse", status=status, match="batchUpdate"))
    answer = visit.call("POST", f"{visit.url}:batchUpdate", json={"requests": [write("x")]})
    visit.batch(write("y"))

    assert answer.status_code == status
    assert answer.json()["error"]["code"] == status
    assert visit.tab().value(0, 0) == "y"


def test_a_lost_answer_was_applied(visit):
    visit.drive.faults.add(Fault(mode="lose", status=503, match="batchUpdate"))
    answer = visit.call("POST", f"{visit.url}:batchUpdate", json={"requests": [write("x")]})

    assert answer.status_code == 503
    assert visit.tab().value(0, 0) == "x"


def test_a_fault_waits_for_its_call_and_strikes_as_often_as_asked(visit):
    visit.drive.faults.add(Fault(match="GET", skip=1, times=2))

    assert statuses(visit, 4) == [200, 503, 503, 200]


def test_faults_and_counts_are_reached_over_http(visit):
    made = visit.client.post("/sandbox/google/faults", json={"mode": "refuse", "match": "GET"})
    statuses(visit, 2)
    visit.batch(write("x"))
    calls = visit.client.get("/sandbox/google/calls").json()
    visit.client.delete("/sandbox/google/calls")

    assert made.status_code == 201
    assert (calls["total"]["reads"], calls["total"]["writes"]) == (2, 1)
    assert calls["principals"][visit.robot.email]["reads"] == 2
    assert [call["status"] for call in calls["calls"]] == [503, 200, 200]
    assert calls["total"]["received"] > 0
    assert visit.drive.calls.made == []


def test_a_fault_that_makes_no_sense_is_refused(visit):
    answer = visit.client.post("/sandbox/google/faults", json={"mode": "explode"})

    assert answer.status_code == 400

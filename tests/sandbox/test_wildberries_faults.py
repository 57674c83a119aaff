"""Bad days at the Wildberries stand-in: every fault can be ordered, aimed and counted."""

import json

import pytest

from sandbox.wildberries import Fault
from tests.sandbox import wildberries_contract as contract
from tests.sandbox.wildberries_visit import CARDS, WB, visiting


@pytest.fixture
async def wb():
    async with visiting(speed=1e6) as visit:
        yield visit


@pytest.mark.parametrize("kind", ["401", "403", "404", "429", "500", "503"])
async def test_a_status_comes_as_a_problem(wb, kind):
    wb.market.fault(Fault(endpoint="cards", kind=kind))
    answer = await wb.post(CARDS)

    assert answer.status_code == int(kind)
    assert contract.breaches(answer.json(), contract.PROBLEM) == []


async def test_402_says_that_the_service_has_no_funds(wb):
    wb.market.fault(Fault(endpoint="cards", kind="402"))
    answer = await wb.post(CARDS)

    assert (answer.status_code, answer.json()["title"]) == (402, "payment required")


@pytest.mark.parametrize(("retry", "header"), [(None, None), (3582, "3582")])
async def test_429_comes_with_and_without_a_retry_header(wb, retry, header):
    wb.market.fault(Fault(endpoint="cards", kind="429", retry=retry))

    assert (await wb.post(CARDS)).headers.get("X-Ratelimit-Retry") == header


async def test_a_switched_off_method_stays_off_until_cleared(wb):
    wb.market.fault(Fault(endpoint="wb_warehouses", kind="disabled", times=None))
    answers = [await wb.post(WB) for _ in range(3)]
    wb.market.faults.clear()

    assert [answer.status_code for answer in answers] == [404] * 3
    assert answers[0].json()["detail"].startswith("This method is temporarily disabled. Link:")
    assert answers[0].json()["detail"].endswith("id=570")
    assert (await wb.post(WB)).status_code == 200


async def test_methods_off_since_august_are_off(wb):
    answer = await wb.client.get("/supplies-api/api/v1/warehouses")

    assert answer.status_code == 404
    assert "temporarily disabled" in answer.json()["detail"]


async def test_a_truncated_answer_is_no_json(wb):
    wb.market.fault(Fault(endpoint="cards", kind="truncated"))
    answer = await wb.post(CARDS)

    assert answer.status_code == 200
    assert len(answer.content) > 100
    with pytest.raises(json.JSONDecodeError):
        answer.json()


async def test_an_answer_can_be_empty_html_or_of_another_shape(wb):
    for kind in ("empty", "html", "other_shape"):
        wb.market.fault(Fault(endpoint="cards", kind=kind))
    empty, html, other = [await wb.post(CARDS) for _ in range(3)]

    assert (empty.status_code, empty.content) == (200, b"")
    assert html.headers["content-type"].startswith("text/html")
    assert html.text.startswith("<!doctype html>")
    assert contract.breaches(other.json(), contract.CARDS)


async def test_a_slow_answer_is_late_and_right(wb):
    wb.market.fault(Fault(endpoint="cards", kind="slow", delay=0.05))

    assert (await wb.post(CARDS)).status_code == 200


async def test_a_timeout_ends_in_504_for_those_who_wait(wb):
    wb.market.fault(Fault(endpoint="cards", kind="timeout", delay=0.05))

    assert (await wb.post(CARDS)).status_code == 504


async def test_a_fault_lasts_as_many_calls_as_ordered(wb):
    wb.market.fault(Fault(endpoint="*", kind="503", times=2))

    assert [(await wb.get("/ping")).status_code for _ in range(3)] == [503, 503, 200]


async def test_a_fault_hits_only_its_endpoint_and_its_seller(wb):
    wb.market.fault(Fault(endpoint="cards", kind="500"))
    wb.market.fault(Fault(endpoint="*", kind="500", seller="somebody-else"))

    assert (await wb.get("/ping")).status_code == 200
    assert (await wb.post(CARDS)).status_code == 500


async def test_an_ordered_refusal_spends_no_quota(wb):
    wb.market.fault(Fault(endpoint="cards", kind="503"))
    await wb.post(CARDS)

    assert (await wb.post(CARDS)).headers["X-Ratelimit-Remaining"] == "4"


async def test_an_unknown_path_and_a_wrong_method_are_problems(wb):
    unknown = await wb.client.get("/content-api/api/v9/nothing")
    wrong = await wb.client.put("/common-api/ping")

    assert (unknown.status_code, unknown.json()["detail"]) == (404, "path not found")
    assert wrong.status_code == 405

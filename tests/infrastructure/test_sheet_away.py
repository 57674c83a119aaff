"""Google away for everybody: a few calls find out, one tries, nobody storms."""

from datetime import timedelta

import pytest

from domain.errors import Rejected, Unavailable
from infrastructure.google.standing import API
from sandbox.google.faults import Fault
from tests.infrastructure.google_drive import MORNING, open_desk

ALL = 1_000


@pytest.fixture
async def desk():
    async with open_desk() as desk:
        yield desk


@pytest.fixture
def files(desk):
    """Of different sellers."""
    made = [desk.drive.create(f"Поставки {n}", "olga@example.com") for n in range(6)]
    for file in made:
        file.share(desk.sheets.address)
    return [file.id for file in made]


def refuse(desk, status, times=ALL):
    desk.drive.faults.add(Fault(mode="refuse", status=status, match="/v4/", times=times))


async def outcome(desk, file):
    try:
        return await desk.sheets.check(file)
    except (Rejected, Unavailable) as error:
        return error


async def test_after_a_few_calls_nobody_calls_any_more(desk, files):
    refuse(desk, 503)
    waits = [await outcome(desk, file) for file in files]

    assert {each.cause for each in waits} == {"google_unavailable"}
    assert desk.drive.calls.count("Read") == 3 + 3 + 1
    assert str(waits[-1]).startswith(
        "Google Таблицы с 07:40 не отвечают никому (HTTP 503): повторим сами в 07:4"
    )
    assert waits[-1].until >= MORNING + timedelta(seconds=30)


async def test_it_is_one_endpoint_of_the_list(desk, files):
    refuse(desk, 500)
    for file in files:
        await outcome(desk, file)

    (away,) = await desk.breaker.open_breakers()
    assert (away.endpoint, away.cause) == (API, "HTTP 500")


@pytest.mark.parametrize("status", [403, 404, 429])
async def test_a_refusal_and_an_empty_quota_are_between_it_and_one_seller(desk, files, status):
    refuse(desk, status)
    for file in files:
        await outcome(desk, file)

    assert await desk.breaker.open_breakers() == []


async def test_a_file_whose_calls_alone_fail_stops_nobody_else(desk, files):
    first, second, *_ = files
    desk.drive.faults.add(Fault(mode="refuse", status=500, match=first, times=ALL))
    for _ in range(5):
        await outcome(desk, first)

    assert (await outcome(desk, second)).spreadsheet_id == second

"""Wildberries away for everybody: a few calls find out, one tries, nobody storms."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import aiohttp
import pytest
from aiohttp import web

from domain.breaker import SPREAD, Breakers
from domain.budget import Buckets
from domain.errors import Malformed, Outside, Rejected, Unavailable
from domain.ports import Access
from infrastructure.wildberries.hosts import Hosts
from infrastructure.wildberries.limits import CARDS
from infrastructure.wildberries.marketplace import Wildberries
from sandbox.wildberries import tokens
from tests.buckets import bucket
from tests.infrastructure.loopback import listening
from tests.infrastructure.wildberries_shop import LONG, NOON, Moment

ROUTE = "/content-api/content/v2/get/cards/list"
EMPTY = '{"cards": [], "cursor": {"total": 0, "updatedAt": "", "nmID": 0}}'
PACE = replace(LONG, attempts=2, patience=1.0, silence=0.1)


class Fleet:
    """One process of it; `answer` is what Wildberries says at the moment."""

    def __init__(self, session, address, moment, breaker, door):
        self.moment, self.breaker, self.door = moment, breaker, door
        self.budget = Buckets(moment.epoch)
        self.adapter = Wildberries(
            session,
            Hosts.under(address),
            self.budget,
            breaker,
            moment,
            pace=PACE,
            sleep=moment.sleep,
        )

    async def ask(self, seller):
        """What became of it."""
        access = Access(token=tokens.issue(f"{seller}", "personal", expires=NOON + 86_400))
        try:
            return [page async for page in self.adapter.cards(access, None)]
        except Outside as error:
            return error

    async def all_ask(self, sellers=range(100, 150)):
        return await asyncio.gather(*map(self.ask, sellers))


class Door:
    def __init__(self):
        self.calls = 0
        self.says(503)

    def says(self, status, body="{}", **more):
        self.answer = lambda: web.Response(
            status=status, text=body, content_type="application/json", **more
        )

    async def knock(self, request):
        self.calls += 1
        await asyncio.sleep(0)
        return self.answer()


@asynccontextmanager
async def opened():
    server, door, moment = web.Application(), Door(), Moment()
    server.router.add_post(ROUTE, door.knock)
    async with listening(server) as address, aiohttp.ClientSession() as session:
        yield Fleet(session, address, moment, Breakers(moment), door)


@pytest.fixture
async def fleet():
    async with opened() as fleet:
        yield fleet


@pytest.fixture
async def away(fleet):
    """Three sellers have found out."""
    for seller in range(3):
        await fleet.ask(seller)
    fleet.door.calls = 0
    return fleet


async def test_after_a_few_calls_nobody_calls_any_more(fleet):
    for seller in range(50):
        await fleet.ask(seller)

    assert fleet.door.calls == 5


async def test_who_waits_is_told_who_is_away_since_when_why_and_when_it_is_tried_again(away):
    waits = await away.ask(7)

    assert isinstance(waits, Unavailable)
    assert str(waits).startswith(
        "Wildberries с 12:00 не отвечает на запрос «Список карточек товаров» никому (HTTP 503). "
        "Повторим сами в 12:0"
    )
    assert waits.cause == "outage"


async def test_those_who_wait_come_back_after_the_trial_and_not_all_at_once(away):
    waits = [each.until for each in await away.all_ask()]
    (banner,) = await away.breaker.open_breakers()

    assert min(waits) >= banner.until
    assert max(waits) <= banner.until + timedelta(seconds=SPREAD)
    assert len(set(waits)) == len(waits)


async def test_a_call_that_is_not_made_spends_no_budget(away):
    for _ in range(20):
        await away.ask(7)

    assert await away.budget.take(bucket("wb:7:cards", CARDS.full.burst, 1.0), cost=5) == 0.0


async def test_when_the_time_has_come_one_call_of_the_whole_fleet_is_made(away):
    away.moment.seconds += 60

    assert not any(isinstance(each, list) for each in await away.all_ask())
    assert away.door.calls == 1


async def test_when_it_is_back_one_finds_out_and_then_all_go_on(away):
    away.door.says(200, EMPTY)
    assert isinstance(await away.ask(7), Unavailable)
    away.moment.seconds += 60
    await away.all_ask()

    assert all(isinstance(each, list) for each in await away.all_ask())
    assert await away.breaker.open_breakers() == []


async def test_a_page_for_people_instead_of_an_answer_is_the_endpoints_fault(fleet):
    fleet.door.says(200, "<!doctype html><h1>Ведутся работы</h1>")
    found = [await fleet.ask(seller) for seller in range(10)]

    assert [type(each) for each in found] == [Malformed] * 4 + [Unavailable] * 6
    assert fleet.door.calls == 5


@pytest.mark.parametrize(
    ("status", "error"), [(401, Rejected), (403, Rejected), (429, Unavailable)]
)
async def test_a_refusal_and_an_empty_quota_are_between_it_and_one_seller(fleet, status, error):
    fleet.door.says(status)
    found = [await fleet.ask(seller) for seller in range(20)]

    assert {type(each) for each in found} == {error}
    assert await fleet.breaker.open_breakers() == []


async def test_a_seller_whose_calls_alone_fail_stops_nobody_else(fleet):
    for _ in range(20):
        await fleet.ask(1)
    fleet.door.says(200, EMPTY)

    assert isinstance(await fleet.ask(2), list)


async def test_a_trial_without_budget_is_left_to_another_seller(away):
    await away.budget.learn("wb:7:cards", remaining=None, retry_after=3_600.0)
    away.moment.seconds += 60
    no_quota = await away.ask(7)
    await away.ask(8)

    assert no_quota.cause == "no_quota"
    assert away.door.calls == 1

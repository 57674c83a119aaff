"""Pages that update themselves: who gets what, when, exactly once, and until when."""

import asyncio
import re
from contextlib import AsyncExitStack

import pytest

from app.web.console import hub as hubs
from app.web.console import room as rooms
from app.web.console.forms import Tokens
from domain.access import Role
from domain.secrecy import Secret
from tests.app.live_world import Board, Source, quiet_board, source

TOKEN = re.compile(r'name="csrf" value="([^"]*)"')


@pytest.fixture
def board(clock, monkeypatch):
    return quiet_board(clock, monkeypatch)


@pytest.fixture
def anna(board):
    return board.person()


async def test_a_stream_is_no_page_for_caches_and_proxies(anna):
    async with source(anna) as stream:
        assert stream.code == 200
        assert stream.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert stream.headers["cache-control"] == "no-store, no-transform"
        assert stream.headers["x-accel-buffering"] == "no"
        assert "content-length" not in stream.headers
        assert stream.headers["content-security-policy"].startswith("default-src 'none'")


async def test_a_page_of_one_thing_has_a_stream_of_its_own(board, anna):
    async with source(anna, "/live/board/41") as one, source(anna, "/live/board/42") as two:
        assert "41</form>" in await one.next()
        assert "42</form>" in await two.next()


async def test_it_begins_with_everything_for_who_says_nothing(anna):
    async with source(anna) as stream:
        first = await stream.next()

    assert first.kind == "replace"
    assert '<p id="words">one</p>' in first
    assert '<ul id="some-rows">none</ul>' in first


async def test_a_change_brings_the_parts_that_changed_and_no_other(board, anna):
    async with source(anna) as stream:
        await stream.next()
        board.say(anna.company, words="two")
        change = await stream.next()

    assert change.data == '<p id="words">two</p>'


async def test_who_comes_back_gets_what_was_missed_and_nothing_twice(board, anna):
    async with source(anna) as stream:
        seen = (await stream.next()).id
    board.say(rows="three")

    async with source(anna, last=seen) as stream:
        missed = await stream.next()
    async with source(anna, last=missed.id) as stream:
        board.say(anna.company, words="four")
        later = await stream.next()

    assert missed.data == '<ul id="some-rows">three</ul>'
    assert later.data == '<p id="words">four</p>'


async def test_another_process_goes_on_where_one_ended(board, anna, clock):
    async with source(anna) as stream:
        seen = (await stream.next()).id
    other = Board(clock)
    other.signed, other.said = board.signed, board.said | {"words": "five"}

    async with Source(other.app, anna.cookie, last=seen) as stream:
        missed = await stream.next()

    assert missed.data == '<p id="words">five</p>'


@pytest.mark.parametrize("last", ["184467", "words.zzz~~", "words.000000000000~" * 900])
async def test_an_id_that_is_none_of_ours_means_nothing_was_seen(anna, last):
    async with source(anna, last=last) as stream:
        assert '<p id="words">one</p>' in await stream.next()


async def test_lines_of_any_kind_arrive_as_lines(board, anna):
    board.said["words"] = "a\r\nb\rc\nid: 1\n\nevent: resync"

    async with source(anna) as stream:
        first = await stream.next()

    assert '<p id="words">a\nb\nc\nid: 1\n\nevent: resync</p>' in first


async def test_runs_of_another_company_wake_nobody(board, anna):
    boris = board.person()
    async with source(anna) as hers, source(boris) as his:
        await hers.next(), await his.next()
        board.readers.clear()
        board.say(boris.company, words="his")
        assert "his" in await his.next()

        assert set(board.readers) == {boris.id}
        assert hers.events.empty()


async def test_the_staff_hear_of_every_company_and_each_look_is_their_own(board, anna):
    one, two = board.person(staff=True), board.person(staff=True)
    two.company = one.company
    async with source(one, "/live/staff") as first, source(two, "/live/staff") as second:
        await first.next(), await second.next()
        assert {one.id, two.id} <= set(board.readers)
        board.say(anna.company, words="anybody's")

        assert "anybody&#39;s" in await first.next()
        assert "anybody&#39;s" in await second.next()


async def test_two_hundred_who_see_it_alike_share_one_reading(board, anna):
    people = [anna, *(board.person(company=anna.company) for _ in range(199))]
    async with AsyncExitStack() as held:
        sources = [held.enter_async_context(source(each)) for each in people]
        viewers = await asyncio.gather(*sources)
        await asyncio.gather(*(each.next() for each in viewers))
        board.readers.clear()

        board.say(anna.company, words="two")
        heard = await asyncio.gather(*(each.next() for each in viewers))

        assert {each.data for each in heard} == {'<p id="words">two</p>'}
        assert len(board.readers) == 1


@pytest.mark.parametrize(
    ("role", "more"),
    [
        (Role.OWNER, {}),
        (Role.MEMBER, {"accept-language": "en"}),
        (Role.MEMBER, {"more": "theme=dark"}),
        (Role.MEMBER, {"more": "zone=Asia.Omsk"}),
        (Role.MEMBER, {"path": "/live/board?page=2"}),
    ],
    ids=["role", "language", "theme", "zone", "query"],
)
async def test_who_sees_it_otherwise_shares_nothing(board, anna, role, more):
    async with source(anna), source(board.person(role, anna.company), **more) as second:
        await second.next()

        assert len(board.hub._rooms) == 2


async def test_a_token_in_a_shared_part_is_each_viewers_own(board, anna):
    boris = board.person(company=anna.company)
    tokens = Tokens(Secret("a secret key for the tests only"))
    async with source(anna) as hers, source(boris) as his:
        first = [await hers.next(), await his.next()]
        board.say(anna.company, label="stop")
        second = [await hers.next(), await his.next()]

    own = [tokens.of(board.signed[each.cookie].session) for each in (anna, boris)]
    assert [TOKEN.search(each.data)[1] for each in first] == own
    assert [TOKEN.search(each.data)[1] for each in second] == own
    assert first[0].id == first[1].id
    assert not any("blank" in each for each in (*first, *second))


async def test_a_lost_ring_only_delays(board, anna, monkeypatch):
    monkeypatch.setattr(hubs, "DEAF", 0.05)
    async with source(anna) as stream:
        await stream.next()
        board.said = board.said | {"words": "unheard"}

        assert "unheard" in await stream.next()


async def test_many_rings_are_few_readings(board, anna, monkeypatch):
    monkeypatch.setattr(rooms, "PAUSE", 0.1)
    async with source(anna) as stream:
        await stream.next()
        board.readers.clear()
        for number in range(50):
            board.say(anna.company, words=f"{number}")
            await asyncio.sleep(0.005)
        while "49" not in await stream.next():
            pass

    assert len(board.readers) < 10

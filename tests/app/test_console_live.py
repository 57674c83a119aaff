"""Pages that update themselves: who gets what, when, exactly once, and until when."""

import asyncio
import re
from contextlib import AsyncExitStack

import pytest

from app.web.console import hub as hubs
from app.web.console import room as rooms
from app.web.console import stream as streams
from app.web.console.forms import Tokens
from domain.access import Role
from domain.errors import Forbidden, Unavailable
from domain.secrecy import Secret
from tests.app.live_world import Board, Source, with_board

TOKEN = re.compile(r'name="csrf" value="([^"]*)"')
LONG = 3_600.0


@pytest.fixture
def board(clock, monkeypatch):
    """A page at which nobody looks unless it rings."""
    with_board(monkeypatch)
    monkeypatch.setattr(hubs, "DEAF", LONG)
    monkeypatch.setattr(rooms, "PAUSE", 0.02)
    return Board(clock)


@pytest.fixture
def anna(board):
    return board.person()


def source(person, path="/live/board", **more):
    return Source(person.world.app, person.cookie, path, **more)


async def left_alone(board):
    """Nobody looks on, and nothing of it goes on."""
    async with asyncio.timeout(5):
        await board.hub.emptied()
    return not board.hub._rooms and not board.hub._kept


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


async def test_nobody_looks_on_after_she_has_signed_out(board, anna):
    boris = board.person(company=anna.company)
    async with source(anna) as hers, source(boris) as his:
        await hers.next(), await his.next()
        del board.signed[anna.cookie]
        board.said["words"] = "secret"
        board.hub.changed([anna.id])
        board.say(anna.company)

        assert [(await hers.next()).kind, await hers.next()] == ["resync", None]
        assert "secret" in await his.next()


async def test_another_role_is_another_page(board, anna):
    async with source(anna) as stream:
        await stream.next()
        board.change_role(anna, Role.VIEWER)
        board.hub.changed([anna.company])

        assert [(await stream.next()).kind, await stream.next()] == ["resync", None]
    async with source(anna) as again:
        assert again.code == 403


async def test_a_session_is_looked_at_now_and_then_though_nobody_says_anything(
    board, anna, monkeypatch
):
    monkeypatch.setattr(streams, "ASK_EVERY", 0.1)
    async with source(anna) as stream:
        await stream.next()
        del board.signed[anna.cookie]

        assert (await stream.next()).kind == "resync"


async def test_who_is_not_signed_in_is_sent_to_do_so_and_back_to_the_page(board):
    async with Source(board.app, "nobody", "/live/board?page=2") as stream:
        assert stream.code == 303
        assert stream.headers["location"] == "/sign-in?after=/board%3Fpage%3D2"


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


async def test_an_outage_passes_and_the_page_goes_on(board, anna, monkeypatch):
    async with source(anna) as stream:
        await stream.next()
        board.broken = Unavailable("The database does not answer.", cause="our_outage")
        board.say(anna.company, words="two")
        async with source(anna) as another:
            assert another.code == 503
        board.broken = None
        board.say(anna.company)

        assert (await stream.next()).data == '<p id="words">two</p>'


async def test_a_page_that_is_no_more_is_asked_for_as_a_whole(board, anna):
    async with source(anna) as stream:
        await stream.next()
        board.broken = Forbidden()
        board.say(anna.company)

        assert [(await stream.next()).kind, await stream.next()] == ["resync", None]
    async with source(anna) as again:
        assert again.code == 403
    assert await left_alone(board)


async def test_a_stream_ends_by_itself_so_that_its_browser_comes_back(board, anna, monkeypatch):
    monkeypatch.setattr(streams, "LIFE", (0.05, 0.05))
    async with source(anna) as stream:
        await stream.next()

        assert await stream.next() is None
    assert await left_alone(board)


async def test_silence_is_broken_for_the_proxies_between(board, anna, monkeypatch):
    monkeypatch.setattr(streams, "ALIVE", 0.02)
    async with source(anna) as stream:
        async with asyncio.timeout(5):
            while stream.comments < 3:
                await asyncio.sleep(0.01)


async def test_a_closed_tab_leaves_nothing_behind(board, anna):
    before = asyncio.all_tasks()
    async with source(anna) as one, source(anna) as two:
        await one.next(), await two.next()

    assert await left_alone(board)
    assert asyncio.all_tasks() == before


async def test_who_takes_nothing_is_let_go(board, anna, monkeypatch):
    monkeypatch.setattr(streams, "PATIENCE", 0.05)
    stuck = source(anna)
    take = stuck.send

    async def send(message):
        if b"event: replace" in message.get("body", b""):
            await asyncio.Event().wait()
        await take(message)

    stuck.send = send
    async with stuck:
        assert await stuck.next() is None
    assert await left_alone(board)


async def test_too_many_streams_of_one_person_are_refused_in_words(board, anna, monkeypatch):
    monkeypatch.setattr(hubs, "MOST", 2)
    boris = board.person(company=anna.company)
    async with source(anna), source(anna), source(boris) as his:
        async with source(anna) as third:
            await third.next()
            assert third.code == 429
        assert his.code == 200
    async with source(anna) as again:
        assert again.code == 200


async def test_at_the_end_all_streams_end_at_once(board, anna):
    async with source(anna) as one, source(board.person()) as two:
        await one.next(), await two.next()
        board.hub.close()

        assert [await one.next(), await two.next()] == [None, None]
        assert await left_alone(board)
    async with source(anna) as late:
        assert late.code == 503

"""How streams of open pages end: with a session, a page, a tab, a server; and what they survive."""

import asyncio
import re

import pytest

from app.web.console import hub as hubs
from app.web.console import stream as streams
from domain.access import Role
from domain.errors import Forbidden, Unavailable
from domain.fleet import FLEET
from tests.app.live_world import Source, quiet_board, source

TOKEN = re.compile(r'name="csrf" value="([^"]*)"')


@pytest.fixture
def board(clock, monkeypatch):
    return quiet_board(clock, monkeypatch)


@pytest.fixture
def anna(board):
    return board.person()


async def left_alone(board):
    """Nobody looks on, and nothing of it goes on."""
    async with asyncio.timeout(5):
        await board.hub.emptied()
    return not board.hub._rooms and not board.hub._kept


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


async def test_nothing_of_other_companies_is_shown_to_who_is_of_the_staff_no_more(board, anna):
    vera = board.person(staff=True)
    async with source(vera, "/live/staff") as stream:
        await stream.next()
        board.dismiss(vera)
        board.said["words"] = "secret"
        board.hub.changed([FLEET])
        board.say(anna.company)

        assert [(await stream.next()).kind, await stream.next()] == ["resync", None]
    async with source(vera, "/live/staff") as again:
        assert again.code == 403


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


async def test_an_outage_passes_and_the_page_goes_on(board, anna, monkeypatch):
    async with source(anna) as stream:
        await stream.next()
        board.broken = Unavailable("The database does not answer.", cause="our_outage")
        board.say(anna.company, words="two")
        async with source(anna) as another:
            assert another.code == 503
            assert (await stream.next()).kind == "away"
        board.broken = None
        board.say(anna.company)

        assert (await stream.next()).kind == "back"
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

"""A page follows a run by itself: from the worker's hands to her browser, over real HTTP."""

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager
from html import unescape
from types import SimpleNamespace
from uuid import uuid4

import asyncpg
import httpx
import pytest

from app.accounts.browser import begin
from infrastructure.clock import system_clock
from sandbox.servers import free_port
from tests.app.console_world import HIDDEN, OURS
from tests.infrastructure.loopback import NO_TLS
from tests.process import Process
from tests.stories.city import answered
from tests.stories.town import Shop

PATIENCE = 30.0
SUCCEEDED = '<span class="state" data-state="succeeded">'
JOIN = """
INSERT INTO members (tenant_id, user_id, role, joined_at)
SELECT m.tenant_id, $2, m.role, m.joined_at FROM members m JOIN people p USING (user_id)
WHERE lower(p.email) = $1 RETURNING tenant_id
"""
EXIST = """
INSERT INTO people (tenant_id, user_id, email, full_name, password_hash, registered_at)
VALUES ($1, $1, $2, 'Борис', '', now())
"""


@pytest.fixture
async def shop(town):
    """Connected; its sheet is still to come, and with it the first sync."""
    shop = Shop(await town.person(), await town.seller(), await town.spreadsheet())
    await shop.connect_token()
    return shop


@pytest.fixture
async def browser(shop):
    async with signed_in(shop.person) as browser:
        yield browser


def unknown(person, address=None):
    """A browser at her place, in which nobody has signed in."""
    return httpx.AsyncClient(
        base_url=address or person.product.address,
        headers={"accept": "text/html", "accept-language": "en", "x-forwarded-for": person.ip},
        timeout=PATIENCE,
        trust_env=False,
        verify=NO_TLS,
        limits=httpx.Limits(max_connections=None),
    )


@asynccontextmanager
async def signed_in(person, address=None):
    """A browser in which she has signed in."""
    async with unknown(person, address) as browser:
        known = {"email": person.email, "password": person.password}
        answer = await browser.post("/sign-in", data=known, headers=OURS)
        assert answer.status_code == 303, answer.text
        person.product.secrets.add(browser.cookies["session"])
        yield browser


@asynccontextmanager
async def following(browser, shop, last=""):
    """The events of the shop's page, as they come."""
    headers = {"accept": "text/event-stream"} | ({"last-event-id": last} if last else {})
    path = f"/live/start?shop={shop.id}"
    async with browser.stream("GET", path, headers=headers) as answer:
        assert answer.status_code == 200, await answer.aread()
        yield Events(answer)


class Events:
    """Of one answer."""

    def __init__(self, answer):
        self.chunks, self.text = answer.aiter_text(), ""

    async def next(self):
        """The next one; None when the server has ended the answer."""
        async with asyncio.timeout(PATIENCE):
            while True:
                while "\n\n" not in self.text:
                    try:
                        self.text += await anext(self.chunks)
                    except StopAsyncIteration:
                        return None
                event, _, self.text = self.text.partition("\n\n")
                fields = [line.partition(": ")[::2] for line in event.splitlines()]
                if "event" in (named := dict(fields)):
                    data = "\n".join(value for name, value in fields if name == "data")
                    return SimpleNamespace(kind=named["event"], data=data, id=named.get("id"))

    async def until(self, words):
        """All events up to the one that says this."""
        seen = []
        while not seen or words not in seen[-1].data:
            seen.append(await self.next())
        return seen


async def test_a_page_follows_a_sync_to_its_end(shop, browser):
    async with following(browser, shop) as events:
        assert "data-step=" in (await events.next()).data
        await shop.connect_sheet()
        seen = await events.until(SUCCEEDED)

    assert seen[-1].kind == "replace"


async def test_who_comes_back_gets_what_was_missed_and_nothing_else(shop, browser):
    async with following(browser, shop) as events:
        before = await events.next()
    await shop.connect_sheet()
    await shop.ended()

    async with following(browser, shop, before.id) as events:
        missed = (await events.until(SUCCEEDED))[-1]
    async with following(browser, shop, missed.id) as events:
        given = {"shopId": shop.id, "readyBy": "09:00"}
        await shop.person.change("setSchedule", "schedule { readyBy }", **given)
        later = await events.until('id="steps"')

    assert missed.data not in [each.data for each in later]


async def test_what_a_page_shows_is_her_own_companys_alone(town, shop, browser):
    stranger = await town.person()
    async with signed_in(stranger) as other, following(other, shop) as events:
        first = await events.next()

    assert shop.id not in first.data
    assert "data-step=" in first.data


async def test_signing_out_in_one_tab_ends_the_streams_of_all(shop, browser):
    token = unescape(HIDDEN.search((await browser.get("/start")).text)[1])
    async with following(browser, shop) as one, following(browser, shop) as two:
        await one.next(), await two.next()
        out = await browser.post("/sign-out", data={"csrf": token}, headers=OURS)
        assert out.status_code == 303

        for events in (one, two):
            while (await events.next()).kind != "resync":
                pass
            assert await events.next() is None
    answer = await browser.get("/live/start")
    assert answer.headers["location"] == "/sign-in?after=/start"


async def test_two_hundred_pages_are_told(shop, browser):
    async with AsyncExitStack() as held:
        theirs = [await held.enter_async_context(colleague(shop.person)) for _ in range(9)]
        pages = [following(each, shop) for each in (browser, *theirs) for _ in range(20)]
        streams = await asyncio.gather(*(held.enter_async_context(each) for each in pages))
        first = await asyncio.gather(*(each.next() for each in streams))
        crowded = await browser.get("/live/start")

        await shop.connect_sheet()
        await asyncio.gather(*(each.until(SUCCEEDED) for each in streams))

    assert len({each.id for each in first}) == 1
    assert crowded.status_code == 429
    assert "Twenty of your open pages update themselves already." in crowded.text


@asynccontextmanager
async def colleague(person):
    """A browser of somebody in the same company, in the same role; nobody can be invited yet."""
    database = await asyncpg.connect(person.product.environ["DATABASE_URL"])
    try:
        other = uuid4()
        company = await database.fetchval(JOIN, person.email.lower(), other)
        await database.execute(EXIST, other, f"{other}@example.com")
        session, rows = begin(other, company, system_clock())
        for statement, row in rows:
            await database.execute(statement, *row)
    finally:
        await database.close()
    async with unknown(person) as browser:
        browser.cookies["session"] = session.token
        yield browser


async def test_open_pages_do_not_hold_up_a_restart(town, shop):
    product = town.city.product
    port = str(free_port())
    command = ["app", "serve", "--web", "--supervised"]
    environ = {**product.environ, "API_PORT": port}
    web = Process("restarted-web", command, product.folder, **environ)
    address = f"http://127.0.0.1:{port}"
    try:
        answered(f"{address}/health/live", web)
        async with signed_in(shop.person, address) as one, following(one, shop) as events:
            await events.next()
            code = await asyncio.to_thread(web.terminate)
            while await events.next():
                pass
    finally:
        web.kill()

    assert code == 0

"""News of runs: told at once, then together, to whoever listens; a lost Redis costs nobody a run."""

import asyncio
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from domain.errors import Unavailable
from domain.news import LETTERS, called, companies
from infrastructure.redis import news as told
from infrastructure.redis.news import News


@pytest.fixture
async def redis(redis_url):
    async with Redis.from_url(redis_url, decode_responses=True) as redis:
        yield redis


@pytest.fixture
async def news(redis):
    """Of an installation of its own."""
    news = News(redis, f"test-{uuid4().hex}")
    yield news
    await news.close()


class Heard:
    """What an ear was called with."""

    def __init__(self):
        self.calls = asyncio.Queue()

    def __call__(self, those):
        self.calls.put_nowait(set(those))

    async def next(self):
        async with asyncio.timeout(10):
            return await self.calls.get()


async def cut(redis):
    """Every ear on this logical database, which is ours alone."""
    number = str(redis.connection_pool.connection_kwargs.get("db", 0))
    for client in await redis.client_list(_type="pubsub"):
        if client["db"] == number:
            await redis.client_kill(client["addr"])


def test_what_is_called_out_is_understood():
    ids = [uuid4() for _ in range(3)]

    assert list(companies(called(ids))) == ids
    assert list(companies(called(()))) == []


@pytest.mark.parametrize("foreign", ["hello", "x" * LETTERS, "{}" * 40])
def test_what_nobody_of_ours_says_may_mean_all(foreign):
    assert list(companies(foreign)) == []


async def test_the_first_news_are_told_at_once_and_those_after_it_together(news, monkeypatch):
    monkeypatch.setattr(told, "PAUSE", 0.1)
    one, *others = [uuid4() for _ in range(5)]
    heard = Heard()
    async with news.listening(heard):
        news.tell(one)
        assert await heard.next() == {one}
        for each in others * 20:
            news.tell(each)

        assert await heard.next() == set(others)


async def test_installations_on_one_redis_do_not_hear_each_other(news, redis):
    heard, other = Heard(), News(redis, f"test-{uuid4().hex}")
    company = uuid4()
    async with news.listening(heard):
        other.tell(uuid4())
        await other._telling
        news.tell(company)

        assert await heard.next() == {company}
    await other.close()


async def test_an_ear_says_when_its_connection_is_gone(news, redis):
    async with news.listening(Heard()) as deaf:
        assert not deaf()
        await cut(redis)
        async with asyncio.timeout(10):
            while not deaf():
                await asyncio.sleep(0.01)


async def test_an_ear_notices_that_nobody_answers_any_more(news, monkeypatch):
    monkeypatch.setattr(told, "QUIET", 0.05)
    async with news.listening(Heard()) as deaf:
        await asyncio.sleep(0.3)
        assert not deaf()

        monkeypatch.setattr("redis.asyncio.client.PubSub.ping", lambda _: asyncio.sleep(0))
        async with asyncio.timeout(10):
            while not deaf():
                await asyncio.sleep(0.01)


async def test_without_redis_telling_is_for_nothing_and_listening_says_so():
    async with Redis.from_url("redis://127.0.0.1:1", decode_responses=True) as away:
        news = News(away)
        news.tell(uuid4())
        await news.close()

        with pytest.raises(Unavailable):
            async with news.listening(Heard()):
                pass


async def test_after_its_end_nothing_is_told(redis):
    news = News(redis, f"test-{uuid4().hex}")
    await news.close()

    news.tell(uuid4())

    assert news._telling is None

"""One city for all stories of a process; each story has its own person, seller and sheet."""

import asyncio
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest

from tests.databases import empty_database
from tests.stories.city import KIND, City, Outside, Product, opened
from tests.stories.leaks import leaks
from tests.stories.old_tool import FORMER
from tests.stories.town import Town


@pytest.fixture(scope="package")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("city")


@pytest.fixture(scope="package")
def outside(folder):
    """The marketplace and Google."""
    outside = Outside(folder)
    yield outside
    outside.process.terminate()


@pytest.fixture(scope="package")
def city(folder, outside, postgres_url, redis_url):
    """The product as most people run it: with a service secret of Wildberries, and on the `.env` of
    the old tool."""
    environ = outside.environ() | {"GOOGLE_SHEET_NAME": FORMER}
    if KIND != "base":
        environ |= outside.secret
    with product("city", folder, postgres_url, redis_url, environ) as made:
        yield founded(City(outside, made))


@pytest.fixture(scope="package")
def second_city(folder, outside, postgres_url, redis_url):
    """Another installation, whose companies pay and whose operator has no service secret unless the
    sellers' tokens need it, with a robot of its own."""
    number = int(urlsplit(redis_url).path.strip("/"))
    redis = urlsplit(redis_url)._replace(path=f"/{15 - number}").geturl()
    environ = outside.environ("second") | outside.paid
    if KIND == "secret":
        environ |= outside.secret
    with product("second", folder, postgres_url, redis, environ) as made:
        outside.send_messages(made.address)
        yield City(outside, made)


@pytest.fixture
async def town(city, request):
    city.product.forget_quotas()
    async with Town(city, request.node.name) as town:
        yield town


@pytest.fixture
def founder(city, town):
    """The shop of the city's first company, for stories that leave everything as it is."""
    city.founder.move(town)
    return city.founder


def founded(city):
    """The city with its first company, `founder`: a shop that works."""

    async def found():
        async with Town(city, "the founder") as town:
            return await town.shop()

    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        city.founder = runner.run(found())
    return city


@contextmanager
def product(name, folder, postgres_url, redis_url, environ):
    """Prepared and open; when it is closed, nothing it wrote may hold a secret."""
    database = f"{urlsplit(postgres_url).path.lstrip('/')}_{name}"
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        url = runner.run(empty_database(postgres_url, database))
        made = Product(name, folder, {**environ, "DATABASE_URL": url, "REDIS_URL": redis_url})
        runner.run(made.prepare())
    with opened(made):
        yield made
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        assert runner.run(leaks(made)) == []

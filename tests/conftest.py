"""One PostgreSQL and one Valkey for a whole run of tests, and a corner of each for every process.

With pytest-xdist the controller starts them and its workers are told the addresses; without it the
first test that asks does. TEST_DATABASE_URL and TEST_REDIS_URL name real servers instead: the role
there needs CREATEDB and CREATEROLE, databases named `…_main` and `…_gw0` are dropped and made anew,
and the logical Redis databases from 0 on are emptied.
"""

import asyncio
import os
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest
from redis import Redis

from app.collector import calm
from infrastructure.postgres.migrations import migrate
from sandbox.servers import postgres, valkey
from tests.databases import connected, empty_database
from tests.memory import passing_folder
from tests.process import nursery

pytest.register_assert_rewrite("tests.given")

STARTED = pytest.StashKey[tuple[dict[str, str], ExitStack]]()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node):
    """In xdist's controller, once for each worker it starts."""
    node.workerinput["servers"] = addresses(node.config)


def pytest_collection_finish():
    """As the product does once it has started: what is there by now stays."""
    calm()


def pytest_unconfigure(config):
    nursery.end()
    if STARTED in config.stash:
        config.stash[STARTED][1].close()


@pytest.fixture(scope="session")
async def postgres_url(request, worker):
    """A database that is empty at the start and that this process alone works in."""
    server = urlsplit(addresses(request.config)["postgres"])
    name = f"{server.path.lstrip('/')}_{worker}"
    return await empty_database(server.geturl(), name)


@pytest.fixture(scope="session")
def redis_url(request, worker):
    """A logical database that is empty at the start and that this process alone works in."""
    number = 0 if worker == "main" else int(worker.removeprefix("gw"))
    url = urlsplit(addresses(request.config)["redis"])._replace(path=f"/{number}").geturl()
    with Redis.from_url(url) as redis:
        redis.flushdb()
    return url


@pytest.fixture(scope="session")
def worker(request):
    """The name of this process among those of the run: main without xdist, else gw0, gw1 …"""
    return getattr(request.config, "workerinput", {}).get("workerid", "main")


@pytest.fixture(scope="session")
async def migrated_url(postgres_url):
    """The same database, with the schema of this version."""
    async with connected(postgres_url, 1) as database:
        await migrate(database)
    return postgres_url


@pytest.fixture(scope="session")
async def pool(migrated_url):
    """This process's connections, open from test to test."""
    async with connected(migrated_url, 5) as pool:
        yield pool


@pytest.fixture
async def database(pool):
    """Tests share the tables; each works with tenants of its own, and gives back what it borrows."""
    yield pool
    assert in_use(pool) == 0


@pytest.fixture(autouse=True)
async def _no_task_outlives_its_test():
    """All tests of a process have one loop. What ends by itself is given time to."""
    before = asyncio.all_tasks()
    yield
    if left := asyncio.all_tasks() - before - {asyncio.current_task()}:
        _, endless = await asyncio.wait(left, timeout=10)
        assert not endless


def in_use(pool):
    """Connections that somebody has borrowed."""
    reading, writing = pool.engine.pool.checkedout(), pool._pool
    return reading + (writing.get_size() - writing.get_idle_size() if writing else 0)


def addresses(config):
    """Of the servers of this run; starts what does not run yet."""
    told = getattr(config, "workerinput", {}).get("servers")
    if told:
        return told
    if STARTED not in config.stash:
        with ExitStack() as held:
            config.stash[STARTED] = (start_servers(held), held.pop_all())
    return config.stash[STARTED][0]


def start_servers(held):
    folder = held.enter_context(passing_folder())
    real = {name: os.environ.get(f"TEST_{name}_URL") for name in ("DATABASE", "REDIS")}
    return {
        "postgres": real["DATABASE"]
        or held.enter_context(
            postgres(folder / "postgres", durable=False, settings={"max_connections": "300"})
        ).url,
        "redis": real["REDIS"]
        or held.enter_context(valkey(folder / "valkey", append_only=False)).url,
    }

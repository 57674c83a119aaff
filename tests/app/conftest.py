"""The doors, over HTTP, with a real database and a real Valkey behind them."""

import os
from datetime import UTC, datetime
from types import SimpleNamespace
from uuid import uuid4

import httpx
import pytest
from litestar import Litestar
from redis.asyncio import Redis

from app.accounts import read
from app.accounts.accounts import Accounts
from app.accounts.routes import router
from app.audit import verifier
from app.errors import answer
from app.handle import Handle
from app.web.body import JsonRequest
from app.web.door import Doors
from domain import subscription, tenant, user
from domain.secrecy import Secret
from infrastructure.crypto.keyring import NAMES, Keyring
from infrastructure.crypto.passwords import BcryptPasswords
from infrastructure.crypto.tokens import JwtTokens
from infrastructure.postgres.codec import Codec
from infrastructure.postgres.event_store import EventStore
from infrastructure.redis.limiter import RedisLimiter
from tests.app.billing_world import Till, stripe
from tests.app.billing_world import paying as paying_world
from tests.app.console_world import World as ConsoleWorld
from tests.app.engine_world import Engine
from tests.app.operating import Fleet
from tests.app.stripe_world import Door

SECRET_KEY = Secret("a secret key for the tests only")


class StoppedClock:
    """Goes on when a test says so."""

    def __init__(self):
        self.turn_back()

    def turn_back(self):
        self.now = datetime(2026, 11, 23, 4, 40, tzinfo=UTC)

    def __call__(self):
        return self.now


@pytest.fixture(scope="session")
def one_clock():
    """The same for all tests of a process, because the one console of them looks at it."""
    return StoppedClock()


@pytest.fixture
def clock(one_clock):
    one_clock.turn_back()
    return one_clock


@pytest.fixture(scope="session")
def ring():
    return Keyring(**{name: os.urandom(32) for name in NAMES})


@pytest.fixture(scope="session")
async def redis(redis_url):
    async with Redis.from_url(redis_url) as redis:
        yield redis


@pytest.fixture
def limiter(redis, ring):
    """With no limit touched yet."""
    return RedisLimiter(redis, ring.blind, prefix=f"{uuid4()}:")


@pytest.fixture(scope="session")
def passwords(ring):
    cheap = BcryptPasswords(ring.pepper, cost=4, threads=2)
    yield cheap
    cheap.close()


@pytest.fixture
def accounts(database, clock, ring, limiter, passwords):
    kinds = [("user", user.Event), ("tenant", tenant.Event), ("subscription", subscription.Event)]
    store = EventStore(database, Codec(kinds), clock, read.PROJECTION.project)
    return Accounts(
        handle=Handle(store),
        people=database,
        passwords=passwords,
        tokens=JwtTokens(SECRET_KEY, clock),
        keys=ring,
        limiter=limiter,
        clock=clock,
    )


@pytest.fixture
async def accounts_door(accounts, clock):
    """The accounts' routes alone, with one proxy of ours before them."""
    app = Litestar(
        route_handlers=[router(accounts)],
        exception_handlers={Exception: answer},
        middleware=[Doors(clock, proxies=1)],
        request_class=JsonRequest,
        openapi_config=None,
        logging_config=None,
    )
    # No lifespan: these routes have nothing to start, and pytest-asyncio would end it in another
    # task than it began in, which anyio forbids.
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://t") as http:
        yield http


@pytest.fixture(scope="session")
def one_console(pool, one_clock, ring, redis, passwords):
    """All tests of a process have one, because it takes long to make."""
    limiter = RedisLimiter(redis, ring.blind, prefix=f"{uuid4()}:")
    return ConsoleWorld(pool, one_clock, ring, limiter, passwords)


@pytest.fixture
def console(one_console, database, clock):
    """The whole web side, for people at their browsers: its neighbours know nothing yet."""
    one_console.forget()
    return one_console


@pytest.fixture
async def vera(console):
    """One of those who run the servers, at her browser."""
    return await console.staff()


@pytest.fixture
async def fleet(database, clock):
    """What the operator's pages look at, made by hand; nothing of it is there before or after."""
    fleet = Fleet(database, clock)
    await fleet.clear()
    yield fleet
    await fleet.clear()


@pytest.fixture
async def stripe_door(database, clock):
    """Where Stripe knocks, in test mode."""
    door = Door(database, clock)
    yield door
    await door.close()


@pytest.fixture
def anna(accounts_door):
    """A person who comes from her own network and may register, sign in, refresh, sign out."""
    return Person(accounts_door, f"Anna.{uuid4().hex[:12]}@Example.com", "secure123", "192.0.2.7")


class Person(SimpleNamespace):
    def __init__(self, door, email, password, ip):
        super().__init__(door=door, email=email, password=password, ip=ip)

    async def post(self, path, body=None, **headers):
        headers = {"X-Forwarded-For": self.ip, **headers}
        return await self.door.post(path, json=body, headers=headers)

    async def register(self, **changes):
        body = {"email": self.email, "password": self.password, "full_name": "Анна Иванова"}
        return await self.post("/auth/register", {**body, **changes})

    async def sign_in(self, **changes):
        body = {"email": self.email, "password": self.password}
        return await self.post("/auth/login", {**body, **changes})

    async def refresh(self, token):
        return await self.post("/auth/refresh", {"refresh_token": token})

    async def sign_out(self, access_token):
        return await self.post("/auth/logout", Authorization=f"Bearer {access_token}")


@pytest.fixture
async def engine(database, redis_url):
    async with database.driver() as driver:
        await driver.execute("DELETE FROM job_runs; DELETE FROM lanes")
    engine = Engine(database, redis_url)
    yield engine
    await engine.queue.close()


@pytest.fixture
async def paying(database):
    """Companies that pay."""
    async with paying_world(database) as world:
        yield world


@pytest.fixture
async def till(console):
    """A Stripe that the people of the console pay through."""
    async with stripe(console.database) as door:
        till = Till(console.database, console.clock, console.accounts.handle, door, console.key)
        console.provider.real = till.payments
        yield till


@pytest.fixture
def verify(tmp_path):
    """Verify bytes as an exported log: the exit code, and what is said."""

    def call(content, *options):
        file, said = tmp_path / "audit.jsonl", []
        file.write_bytes(content)
        return verifier.main([str(file), *options], said.append), "\n".join(said)

    return call

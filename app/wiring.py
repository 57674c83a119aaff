"""The only place that knows which adapter stands behind which port."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any
from uuid import UUID

import aiohttp
from asyncpg.exceptions import UndefinedTableError
from redis.asyncio import Redis
from redis.exceptions import ResponseError

import app.accounts.read
import app.billing.read
import app.stock.reactions
import app.stock.read
from app.accounts.accounts import Accounts
from app.accounts.company import companies_of
from app.graphql.context import Ports
from app.handle import Handle
from app.runs.dispatch import Dispatch
from app.runs.execute import Execute
from app.settings import Google as GoogleSettings
from app.settings import Settings, Single
from app.settings import Wildberries as WildberriesSettings
from app.stock.connect import TOKEN
from app.stock.jobs import Sync
from app.web.health import Check, NotReady
from domain import subscription, tenant, user
from domain.budget import Buckets
from domain.errors import Refused
from domain.fact import fact
from domain.ports import Access, Budget, Clock, Marketplace, Recorded, Sheet
from domain.secrecy import Vault
from infrastructure.arq import Queue, work
from infrastructure.clock import system_clock
from infrastructure.crypto import keyring, rotation
from infrastructure.crypto.master import MasterKeys
from infrastructure.crypto.passwords import BcryptPasswords
from infrastructure.crypto.tokens import JwtTokens
from infrastructure.crypto.vault import DataVault
from infrastructure.google.absent import NoGoogle
from infrastructure.google.client import Addresses
from infrastructure.google.credentials import account
from infrastructure.google.sheets import GoogleSheets
from infrastructure.postgres.codec import Codec
from infrastructure.postgres.database import Database
from infrastructure.postgres.event_store import EventStore
from infrastructure.postgres.ledger import PostgresLedger, ask
from infrastructure.postgres.migrations import migrate, pending
from infrastructure.postgres.schedules import PostgresSchedules
from infrastructure.postgres.steps import Steps
from infrastructure.postgres.stock import PostgresStock
from infrastructure.postgres.upkeep import Upkeep
from infrastructure.redis.budget import RedisBudget
from infrastructure.redis.limiter import RedisLimiter
from infrastructure.wildberries.hosts import Hosts
from infrastructure.wildberries.marketplace import Wildberries
from infrastructure.wildberries.pace import Pace

FACTS = (("tenant", tenant.Event), ("user", user.Event), ("subscription", subscription.Event))
PROJECTIONS = (app.accounts.read.project, app.stock.read.project, app.billing.read.project)
REACTIONS = (app.stock.reactions.react,)

CODEC = Codec(FACTS)
SLOTS = 10
"""Runs that one worker has in hands: they mostly wait for neighbours."""


def follow(recorded: Recorded) -> Iterator[tuple[str, Sequence[Any]]]:
    """Everything that is written with a fact: rows of the read tables, and runs."""
    for project in PROJECTIONS:
        yield from project(recorded)
    for react in REACTIONS:
        for run in react(recorded):
            yield ask(run, recorded)


@fact
class Product:
    """The adapters of one process, open."""

    settings: Settings
    database: Database
    redis: Redis
    queue: Queue
    handle: Handle
    vault: Vault
    accounts: Accounts
    marketplace: Marketplace
    sheet: Sheet


class NotMigrated(Refused):
    """The database has no tables yet. Run `stock-tracker migrate`."""


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Product]:
    """Raises WrongMasterKey, or what an unreachable database raises."""
    async with AsyncExitStack() as held:
        database = Database(settings.database_url.reveal())
        held.push_async_callback(database.close)
        redis = Redis.from_url(settings.redis_url.reveal(), decode_responses=True)
        held.push_async_callback(redis.aclose)
        queue = Queue(settings.redis_url.reveal())
        held.push_async_callback(queue.close)
        session = await held.enter_async_context(aiohttp.ClientSession())
        master = MasterKeys(settings.master_key)
        async with database.driver() as driver:
            try:
                keys = await keyring.load(driver, master)
            except UndefinedTableError as empty:
                raise NotMigrated from empty
        passwords = BcryptPasswords(keys.pepper)
        held.callback(passwords.close)
        handle = Handle(EventStore(database, CODEC, system_clock, follow))
        budget = RedisBudget(redis)
        sheet = spreadsheets(settings.google, budget)
        held.push_async_callback(sheet.close)
        yield Product(
            settings=settings,
            database=database,
            redis=redis,
            queue=queue,
            handle=handle,
            vault=DataVault(database.driver, master, system_clock),
            accounts=Accounts(
                handle=handle,
                people=database,
                passwords=passwords,
                tokens=JwtTokens(settings.secret_key, system_clock),
                keys=keys,
                limiter=RedisLimiter(redis),
                clock=system_clock,
            ),
            marketplace=_wildberries(session, settings.wildberries, budget),
            sheet=sheet,
        )


@fact
class Alone:
    """The outside for the old single-user job: budgets in memory, nothing kept."""

    marketplace: Marketplace
    sheet: Sheet
    clock: Clock


@asynccontextmanager
async def alone(single: Single) -> AsyncIterator[Alone]:
    """Without a database and without Redis."""
    budget = Buckets()
    async with aiohttp.ClientSession() as session:
        sheet = spreadsheets(single.google, budget)
        try:
            yield Alone(
                marketplace=_wildberries(session, single.wildberries, budget),
                sheet=sheet,
                clock=system_clock,
            )
        finally:
            await sheet.close()


async def prepare(settings: Settings) -> None:
    """Migrate the database, and make the keys that live in it."""
    database = Database(settings.database_url.reveal(), pool_size=2)
    try:
        await migrate(database)
        async with database.driver() as driver:
            master = MasterKeys(settings.master_key)
            await keyring.make(driver, master)
            await keyring.load(driver, master)
        await Upkeep(database, system_clock)()
    finally:
        await database.close()


async def rotate_keys(settings: Settings) -> int:
    """Wrap every kept key under the first master key; afterwards the others may leave."""
    database = Database(settings.database_url.reveal(), pool_size=1)
    try:
        async with database.writing() as driver:
            return await rotation.rotate(driver, MasterKeys(settings.master_key))
    finally:
        await database.close()


async def run_worker(product: Product, *, slots: int = SLOTS) -> None:
    """Ask for what is due, hand out what is asked for, and do it; until cancelled."""
    ledger = PostgresLedger(product.database, system_clock)

    async def room() -> int:
        return 2 * slots - await product.queue.length()

    dispatch = Dispatch(
        ledger=ledger,
        schedules=PostgresSchedules(product.database, system_clock),
        upkeep=Upkeep(product.database, system_clock),
        hand_over=product.queue.hand_over,
        room=room,
    )
    execute = Execute(
        ledger=ledger,
        jobs={"sync": _sync(product)},
        memory_of=lambda task: Steps(product.database, task),
        clock=system_clock,
        worker=f"{socket.gethostname()}:{os.getpid()}",
    )
    async with asyncio.TaskGroup() as loops:
        loops.create_task(dispatch.run())
        loops.create_task(work(product.queue, execute, slots=slots))


def checks(product: Product) -> list[Check]:
    """What must work for this process to be of use."""

    async def database() -> None:
        async with product.database.driver() as driver:
            await driver.fetchval("SELECT 1")

    async def migrations() -> None:
        now, newest = await pending(product.database)
        if now != newest:
            raise NotReady(f"the database is at revision {now}, this version needs {newest}")

    async def redis() -> None:
        policy: str | None = None
        await product.redis.ping()
        with suppress(ResponseError):  # hosting platforms forbid CONFIG
            policy = (await product.redis.config_get("maxmemory-policy"))["maxmemory-policy"]
        if policy not in ("noeviction", None):
            raise NotReady(f"maxmemory-policy is {policy!r}: runs could be dropped silently")

    async def encryption() -> None:
        ring = MasterKeys(product.settings.master_key)
        about = (b"check",)
        if ring.unwrap(ring.wrap(b"round trip", about), about) != b"round trip":
            raise NotReady("what was sealed does not open")

    return [
        Check("database", database, "Start PostgreSQL, or correct DATABASE_URL."),
        Check("migrations", migrations, "Run `stock-tracker migrate`."),
        Check("redis", redis, "Start Redis or Valkey with `maxmemory-policy noeviction`."),
        Check("encryption", encryption, "Correct ENCRYPTION_MASTER_KEY."),
    ]


def neighbours(product: Product) -> list[Check]:
    """The outside. Not needed to be ready: without it runs wait."""
    network = "Check the network, and the addresses (…_URL) if you set them."
    return [
        Check("marketplace", product.marketplace.reach, network),
        Check("google", product.sheet.reach, f"Check GOOGLE_SERVICE_ACCOUNT…. {network}"),
    ]


def graphql(product: Product) -> Ports:
    """What resolvers may reach."""
    return Ports(
        database=product.database,
        handle=product.handle,
        clock=system_clock,
        marketplaces={"wildberries": product.marketplace},
        sheet=product.sheet,
        vault=product.vault,
        companies_of=lambda person: companies_of(product.database, person),
        decode=CODEC.decode,
    )


def spreadsheets(settings: GoogleSettings, budget: Budget) -> GoogleSheets | NoGoogle:
    """Google as the operator set it up."""
    if settings.account is None:
        return NoGoogle()
    addresses = Addresses(sheets=settings.sheets_url, drive=settings.drive_url)
    return GoogleSheets(account(settings.account.reveal()), budget, system_clock, addresses)


def _wildberries(
    session: aiohttp.ClientSession, settings: WildberriesSettings, budget: Budget
) -> Wildberries:
    hosts = Hosts(
        content=settings.content,
        analytics=settings.analytics,
        statistics=settings.statistics,
        marketplace=settings.marketplace,
        common=settings.common,
    )
    secret = settings.service_secret.reveal() if settings.service_secret else None
    bearer = settings.auth_style == "bearer"
    pace = Pace(speed=settings.speed)
    return Wildberries(
        session, hosts, budget, system_clock, secret=secret, bearer=bearer, pace=pace
    )


def _sync(product: Product) -> Sync:
    async def open_token(tenant_id: UUID, token_id: UUID) -> Access:
        token = await product.vault.open(tenant_id, token_id, TOKEN)
        return Access(token=token.decode())

    return Sync(
        book=PostgresStock(product.database, system_clock),
        database=product.database,
        marketplace=product.marketplace,
        sheet=product.sheet,
        handle=product.handle,
        clock=system_clock,
        open_token=open_token,
    )

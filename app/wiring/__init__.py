"""The only package that knows which adapter stands behind which port: what one process opens."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import Protocol, TypeVar

import aiohttp
from asyncpg.exceptions import UndefinedTableError
from redis.asyncio import Redis

import app.accounts.read
from app import collector
from app.accounts.accounts import Accounts
from app.accounts.company import companies_of
from app.accounts.erase import confirmed
from app.ahead import Ahead
from app.audit.export import Exports
from app.audit.origins import keep_origin
from app.audit.seal import Sealing
from app.billing.limits import CompanyPlans
from app.graphql.context import Ports
from app.handle import Handle
from app.history import History
from app.lane import Lane
from app.pace import Pace
from app.settings import Settings
from app.stock.report import Reports
from app.wiring.billing import Billing, Ground, billing
from app.wiring.facts import CODEC, SHAPES, follow
from app.wiring.outside import counting, levels, mail, principals, wildberries
from domain.errors import Refused
from domain.fact import fact
from domain.flow_port import Flows
from domain.lending import TRIAL
from domain.limits import Plans
from domain.ports import Allowance, Breaker, Budget, Level, Marketplace
from domain.post import Post
from domain.principals import Principals
from domain.secrecy import Signer, Vault
from infrastructure.arq import Queue
from infrastructure.clock import system_clock
from infrastructure.crypto import keyring, rotation
from infrastructure.crypto.keyring import Keyring
from infrastructure.crypto.master import MasterKeys
from infrastructure.crypto.passwords import BcryptPasswords
from infrastructure.crypto.tokens import JwtTokens
from infrastructure.crypto.vault import DataVault
from infrastructure.postgres.bell import Bell
from infrastructure.postgres.consumers import Consumers
from infrastructure.postgres.database import Database
from infrastructure.postgres.event_store import EventStore
from infrastructure.postgres.feed import Feed
from infrastructure.postgres.migrations import migrate
from infrastructure.postgres.notices import PostgresBooks
from infrastructure.postgres.novelties import PostgresNovelties
from infrastructure.postgres.stock_bodies import Unpacked
from infrastructure.postgres.upkeep import Upkeep
from infrastructure.redis.breaker import RedisBreaker
from infrastructure.redis.limiter import RedisLimiter
from infrastructure.redis.news import News
from infrastructure.wildberries.marketplace import Wildberries

AT_ONCE = 3.0
"""Seconds that a read which nobody waits for sleeps for its budget. For longer it gives its slot to
others, and holds up no worker that is to leave."""


@fact
class Product:
    """The adapters of one process, open. Without `billing` nobody pays."""

    settings: Settings
    database: Database
    redis: Redis
    queue: Queue
    handle: Handle
    history: History
    bell: Bell
    news: News
    vault: Vault
    accounts: Accounts
    exports: Exports
    reports: Reports
    breaker: Breaker
    marketplace: Marketplace
    flows: Flows
    principals: Principals
    post: Post
    budgets: Callable[[], Awaitable[Sequence[tuple[Allowance, Level]]]]
    ahead: Ahead
    billing: Billing | None
    plans: Plans


class NotMigrated(Refused):
    """The database has no tables yet. Run `stock-tracker migrate`."""


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Product]:
    """Raises WrongMasterKey, or what an unreachable database raises."""
    async with AsyncExitStack() as held:
        database = _held(held, Database(settings.database_url.reveal()))
        redis = Redis.from_url(settings.redis_url.reveal(), decode_responses=True)
        held.push_async_callback(redis.aclose)
        session = await held.enter_async_context(aiohttp.ClientSession())
        keys = await _keys(database, master := MasterKeys(settings.master_key))
        bell = _held(held, Bell(database))
        store = EventStore(database, CODEC, system_clock, follow, bell.ring)
        handle, history = Handle(store), History(store)
        budget, breaker = await counting(database, redis), RedisBreaker(redis)
        google = _held(held, principals(session, settings, budget, breaker))
        marketplace, flows = _sources(session, settings, budget, breaker, database)
        ground = Ground(database=database, master=master, session=session, handle=handle)
        paid = _billing(held, ground, settings)
        collector.calm()
        yield Product(
            settings=settings,
            database=database,
            redis=redis,
            queue=_held(held, Queue(settings.redis_url.reveal())),
            handle=handle,
            history=history,
            bell=bell,
            news=_held(held, News(redis)),
            vault=DataVault(database.driver, master, system_clock),
            accounts=Accounts(
                handle=handle,
                people=database,
                passwords=_passwords(held, keys),
                tokens=JwtTokens(settings.secret_key, system_clock),
                keys=keys,
                limiter=RedisLimiter(redis, keys.blind),
                clock=system_clock,
                trial=TRIAL if paid else None,
                part=paid.part if paid else None,
            ),
            exports=_exports(database, handle, history, keys),
            reports=_reports(database, held),
            breaker=breaker,
            marketplace=marketplace,
            flows=flows,
            principals=google,
            post=mail(settings.mail),
            budgets=partial(levels, budget, (*marketplace.allowances, *google.allowances)),
            ahead=Ahead(planning=marketplace, budget=budget, breaker=breaker),
            billing=paid,
            plans=_plans(database, settings),
        )


class _Closed(Protocol):
    async def close(self) -> None: ...


_T = TypeVar("_T", bound=_Closed)


def _held(held: AsyncExitStack, what: _T) -> _T:
    """It is closed with the rest."""
    held.push_async_callback(what.close)
    return what


def _passwords(held: AsyncExitStack, keys: Keyring) -> BcryptPasswords:
    passwords = BcryptPasswords(keys.pepper)
    held.callback(passwords.close)
    return passwords


def _plans(database: Database, settings: Settings) -> Plans:
    paid = settings.stripe is not None
    return CompanyPlans(database=database, clock=system_clock, billing=paid)


def _billing(held: AsyncExitStack, ground: Ground, settings: Settings) -> Billing | None:
    paid = settings.stripe
    return _held(held, billing(ground, paid, settings.public_url)) if paid else None


def _sources(
    session: aiohttp.ClientSession,
    settings: Settings,
    budget: Budget,
    breaker: Breaker,
    database: Database,
) -> tuple[Wildberries, Wildberries]:
    """For what somebody waits for, and for the rest. What they say anew is noted."""
    heard = PostgresNovelties(database, system_clock)
    opened = partial(wildberries, session, settings.wildberries, budget, breaker, novelties=heard)
    return opened(), opened(patience=AT_ONCE)


async def _keys(database: Database, master: MasterKeys) -> Keyring:
    async with database.driver() as driver:
        try:
            return await keyring.load(driver, master)
        except UndefinedTableError as empty:
            raise NotMigrated from empty


def _exports(database: Database, handle: Handle, history: History, signer: Signer) -> Exports:
    return Exports(
        database=database,
        handle=handle,
        sealing=Sealing(database=database, signer=signer, clock=system_clock),
        clock=system_clock,
        decode=CODEC.decode,
        history=history,
        actions=CODEC.types.keys(),
    )


def _reports(database: Database, held: AsyncExitStack) -> Reports:
    lane = Lane()
    held.callback(lane.close)
    return Reports(database=database, clock=system_clock, lane=lane, stored=Unpacked())


async def prepare(settings: Settings) -> None:
    """Migrate the database, and make the keys that live in it."""
    database = Database(settings.database_url.reveal(), pool_size=2)
    try:
        await migrate(database)
        async with database.driver() as driver:
            master = MasterKeys(settings.master_key)
            await keyring.make(driver, master)
            await keyring.load(driver, master)
        await Upkeep(database, SHAPES, system_clock)()
    finally:
        await database.close()


@asynccontextmanager
async def feeding(settings: Settings) -> AsyncIterator[tuple[Consumers, Bell]]:
    """What a reader of the feed needs, and nothing else."""
    database = Database(settings.database_url.reveal(), pool_size=2)
    try:
        yield Consumers(database, Feed(database, CODEC), system_clock), Bell(database)
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


def addressees(product: Product) -> PostgresBooks:
    """What is kept of whom mails go to."""
    return PostgresBooks(product.database)


def pace(product: Product) -> Pace:
    """How soon syncs may follow each other."""
    return Pace(
        database=product.database,
        handle=product.handle,
        plans=product.plans,
        clock=product.accounts.clock,
    )


def graphql(product: Product) -> Ports:
    """What resolvers may reach."""
    return Ports(
        database=product.database,
        handle=product.handle,
        history=product.history,
        clock=system_clock,
        marketplaces={"wildberries": product.marketplace},
        principals=product.principals,
        vault=product.vault,
        limiter=product.accounts.limiter,
        companies_of=lambda person: companies_of(product.database, person),
        decode=CODEC.decode,
        erase=partial(confirmed, product.accounts),
        actions=CODEC.types.keys(),
        keep_origin=partial(keep_origin, product.database, system_clock),
        is_staff=partial(app.accounts.read.is_staff, product.database),
        addressees=addressees(product),
        mails=product.post.on,
        lane=product.reports.lane,
        stored=product.reports.stored,
        ahead=product.ahead,
        payments=product.billing.payments if product.billing else None,
        inbox=product.billing.inbox if product.billing else None,
        wish=product.billing.wish if product.billing else None,
        base=product.settings.public_url,
        plans=product.plans,
    )

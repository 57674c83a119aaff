"""The outside as the operator set it up: marketplace, Google and mail, shared budgets or not."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

import aiohttp
from redis.asyncio import Redis

from app.google_settings import Google as GoogleSettings
from app.mail_settings import Mail as MailSettings
from app.settings import Settings, Single
from app.settings import Wildberries as WildberriesSettings
from app.stock.google_state import BACK
from domain.breaker import Breakers
from domain.budget import Buckets
from domain.errors import Unavailable
from domain.fact import fact
from domain.ports import Allowance, Breaker, Budget, Clock, Level, Marketplace, Novelties
from domain.principals import SignIn
from domain.sheet_port import Sheet
from infrastructure.clock import system_clock
from infrastructure.google.client import Addresses
from infrastructure.google.credentials import account
from infrastructure.google.principal import Client
from infrastructure.google.principals import TOKEN_PATH, Doors, GooglePrincipals
from infrastructure.google.sheets import Means, threads
from infrastructure.google.sign_in import GoogleSignIn, NoSignIn
from infrastructure.mail import NoPost, SmtpPost
from infrastructure.postgres.database import Database
from infrastructure.redis.budget import RedisBudget
from infrastructure.wildberries.hosts import Hosts
from infrastructure.wildberries.marketplace import Wildberries
from infrastructure.wildberries.pace import Pace
from infrastructure.wildberries.tape import Tape


@fact
class Alone:
    """The outside for the old single-user job: budgets and breakers in memory, nothing kept."""

    marketplace: Marketplace
    sheet: Sheet
    clock: Clock


@asynccontextmanager
async def alone(single: Single) -> AsyncIterator[Alone]:
    """Without a database and without Redis."""
    budget, breaker = Buckets(), Breakers(system_clock)
    async with aiohttp.ClientSession() as session:
        google = principals(session, single, budget, breaker)
        try:
            yield Alone(
                marketplace=wildberries(session, single.wildberries, budget, breaker),
                sheet=google.robot(next(iter(google.robots), "")),
                clock=system_clock,
            )
        finally:
            await google.close()


def principals(
    session: aiohttp.ClientSession, read: Settings | Single, budget: Budget, breaker: Breaker
) -> GooglePrincipals:
    """Google as the operator set it up."""
    settings = read.google
    means = Means(
        threads=threads(),
        budget=budget,
        breaker=breaker,
        clock=system_clock,
        addresses=Addresses(sheets=settings.sheets_url, drive=settings.drive_url),
    )
    pool = [account(each.reveal()) for each in settings.accounts]
    client = _client(settings)
    sign_in: SignIn = NoSignIn()
    if client is not None and isinstance(read, Settings):
        sign_in = GoogleSignIn(session, client, settings.accounts_url, read.public_url + BACK)
    doors = Doors(oauth=settings.oauth_url, client=client, sign_in=sign_in)
    return GooglePrincipals(pool, means, doors)


def _client(settings: GoogleSettings) -> Client | None:
    if settings.oauth is None:
        return None
    client_id, secret = settings.oauth
    return Client(client_id=client_id, secret=secret, token_uri=settings.oauth_url + TOKEN_PATH)


def mail(settings: MailSettings | None) -> SmtpPost | NoPost:
    """The mail server, if there is one."""
    if settings is None:
        return NoPost()
    return SmtpPost(
        url=settings.url,
        sender=settings.sender,
        encrypted=settings.encrypted,
        clock=system_clock,
    )


def wildberries(  # noqa: PLR0913 - what it stands among
    session: aiohttp.ClientSession,
    settings: WildberriesSettings,
    budget: Budget,
    breaker: Breaker,
    *,
    novelties: Novelties | None = None,
    tape: Tape | None = None,
    patience: float = Pace().patience,
) -> Wildberries:
    """Wildberries as the operator set it up. `patience`: waits up to so many seconds are slept."""
    hosts = Hosts(
        content=settings.content,
        analytics=settings.analytics,
        statistics=settings.statistics,
        marketplace=settings.marketplace,
        common=settings.common,
        supplies=settings.supplies,
    )
    secret = settings.service_secret.reveal() if settings.service_secret else None
    bearer = settings.auth_style == "bearer"
    pace = Pace(speed=settings.speed, patience=patience, address=settings.egress)
    return Wildberries(
        session,
        hosts,
        budget,
        breaker,
        system_clock,
        novelties=novelties,
        tape=tape,
        secret=secret,
        bearer=bearer,
        pace=pace,
    )


async def levels(
    budget: Budget, allowances: Sequence[Allowance]
) -> Sequence[tuple[Allowance, Level]]:
    """How much of each is left. Raises Unavailable."""
    return list(zip(allowances, await budget.levels(allowances), strict=True))


async def counting(database: Database, redis: Redis, prefix: str = "budget:") -> RedisBudget:
    """The calls of all processes. Where no shop was ever connected, nobody's quota was spent."""
    budget = RedisBudget(redis, prefix)
    async with database.driver() as driver:
        used = await driver.fetchval("SELECT EXISTS (SELECT FROM shops)")
    if not used:
        with suppress(Unavailable):
            await budget.begin()
    return budget

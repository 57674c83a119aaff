"""The outside as the operator set it up: marketplace, Google and mail, shared budgets or not."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp

from app.mail_settings import Mail as MailSettings
from app.settings import Google as GoogleSettings
from app.settings import Single
from app.settings import Wildberries as WildberriesSettings
from domain.breaker import Breakers
from domain.budget import Buckets
from domain.fact import fact
from domain.ports import Breaker, Budget, Clock, Marketplace, Novelties, Sheet
from infrastructure.clock import system_clock
from infrastructure.google.absent import NoGoogle
from infrastructure.google.client import Addresses
from infrastructure.google.credentials import account
from infrastructure.google.sheets import GoogleSheets
from infrastructure.mail import NoPost, SmtpPost
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
        sheet = spreadsheets(single.google, budget, breaker)
        try:
            yield Alone(
                marketplace=wildberries(session, single.wildberries, budget, breaker),
                sheet=sheet,
                clock=system_clock,
            )
        finally:
            await sheet.close()


def spreadsheets(
    settings: GoogleSettings, budget: Budget, breaker: Breaker
) -> GoogleSheets | NoGoogle:
    """Google as the operator set it up."""
    if settings.account is None:
        return NoGoogle()
    addresses = Addresses(sheets=settings.sheets_url, drive=settings.drive_url)
    key = account(settings.account.reveal())
    return GoogleSheets(key, budget, breaker, system_clock, addresses)


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
    pace = Pace(speed=settings.speed, patience=patience)
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

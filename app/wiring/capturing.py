"""A marketplace whose every answer is written down: on the budgets of all, for one reading."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import IO

import aiohttp

from app.wiring import Product
from app.wiring.outside import wildberries
from domain.ports import Access, Marketplace
from infrastructure.clock import system_clock
from infrastructure.redis.budget import RedisBudget
from infrastructure.wildberries.capture import Recording, recording
from infrastructure.wildberries.claims import read_claims
from infrastructure.wildberries.scrubbing import Scrub


@asynccontextmanager
async def captured(
    product: Product, access: Access, file: IO[bytes], *, hide_articles: bool
) -> AsyncIterator[tuple[Marketplace, Recording]]:
    """The file is complete when this is left. Raises Rejected for what is no token."""
    claims, settings = read_claims(access.token), product.settings.wildberries
    mac = product.accounts.keys.mac
    scrub = Scrub(
        blind=lambda text: mac("capture", text.encode()),
        seller_id=claims.seller_id,
        hide_articles=hide_articles,
    )
    secret = settings.service_secret is not None
    with recording(file, scrub, claims, system_clock, with_secret=secret) as made:
        async with aiohttp.ClientSession() as session:
            budget, breaker = RedisBudget(product.redis), product.breaker
            yield wildberries(session, settings, budget, breaker, tape=made.tape), made

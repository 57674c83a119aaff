"""The demo's operator: somebody who runs the servers and sees all sellers."""

from contextlib import suppress
from uuid import uuid4

import aiohttp

from app.accounts.erase import person_of
from app.demo_people import OPERATOR, signed_in
from app.settings import Settings
from app.staff import appoint
from app.wiring import opened
from domain.events import Origin
from domain.fleet import AlreadyStaff


async def operate(settings: Settings, base: str) -> None:
    """Register or sign in, and belong to the staff."""
    async with aiohttp.ClientSession() as session:
        await signed_in(session, base, OPERATOR)
    async with opened(settings) as product:
        person = await person_of(product.accounts, OPERATOR.email)
        origin = Origin(source="cli", actor=None, correlation=uuid4(), causation="cli:demo")
        with suppress(AlreadyStaff):
            await appoint(product.handle, person, origin)

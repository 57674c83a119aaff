"""What nobody does and yet happens to a shop: its token comes to its end, its hour passes unkept.

Every worker looks, and each such thing becomes one fact, whoever finds it and however often: the
decider says nothing twice.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID, uuid4

from app.handle import Ask, Handle
from app.history import TooNew
from domain import health, tenant
from domain.errors import Conflict, Refused
from domain.events import Origin, Stream
from domain.ports import Clock

CLOCK = "clock"
"""The cause of what nobody did."""
BATCH = 200
"""In one look: whoever has more to tell goes on in the next one."""

RECENT, WHOLE_EVERY = timedelta(hours=2), timedelta(minutes=10)
"""Hours that have just passed are looked at each time, older ones now and then."""


class Found(Protocol):
    """Where there may be something to tell, by (company, shop), the longest due first."""

    async def tokens(self, limit: int) -> Sequence[tuple[UUID, UUID]]:
        """Whose token is to be looked at."""

    async def missed(
        self, limit: int, since: datetime | None
    ) -> Sequence[tuple[UUID, UUID, datetime]]:
        """Who has not been fresh since that hour, and nobody has told it yet; of hours after
        `since` alone, for who was late long ago was looked at before."""


@dataclass
class Watch:
    """One look at all shops. Of what many are told of at once the rest follows with the next.
    `whole_at`: when those were looked at last who have been late for long: an hour may be found to
    be missed only after an outage, or because a sync never ends."""

    found: Found
    handle: Handle
    clock: Clock
    whole_at: datetime | None = None

    async def __call__(self) -> None:
        """Many at once become few transactions."""
        now = self.clock()
        tokens = await self.found.tokens(BATCH)
        looks = (
            (company, health.LookAtToken(shop_id=shop, at=now), now) for company, shop in tokens
        )
        await asyncio.gather(*(self._tell(*each) for each in looks))
        whole = self.whole_at is None or now - self.whole_at >= WHOLE_EVERY
        missed = await self.found.missed(BATCH, None if whole else now - RECENT)
        if whole and len(missed) < BATCH:
            self.whole_at = now
        reports = (
            (company, health.ReportMissed(shop_id=shop, hour=hour), hour)
            for company, shop, hour in missed
        )
        await asyncio.gather(*(self._tell(*each) for each in reports))

    async def _tell(self, company: UUID, command: health.Command, at: datetime) -> None:
        """One that somebody changes at this moment, or that only a newer version can read, is
        looked at again."""
        cause = f"{CLOCK}:{at.isoformat()}"
        origin = Origin(source="run", actor=None, correlation=uuid4(), causation=cause)
        stream = Stream(kind="tenant", tenant=company, id=company)
        ask = Ask(decider=tenant.decider, stream=stream, command=command)
        with suppress(Refused, Conflict, TooNew):
            await self.handle(ask, origin=origin)

"""What nobody does and yet happens to a shop: its token comes to its end, its hour passes unkept,
its sheet is open to us again, or a larger plan has begun.

Every worker looks, and each such thing becomes one fact, whoever finds it and however often: the
decider says nothing twice.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID, uuid4

from app.asker import UNASKED
from app.handle import Ask, Handle, RowsOf, nothing
from app.history import TooNew
from domain import health, shop, tenant
from domain.causation import CLOCK
from domain.errors import Conflict, Refused
from domain.events import Origin, Stream
from domain.ports import Clock

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

    async def shut(self, limit: int, since: datetime) -> Sequence[tuple[UUID, UUID]]:
        """Whose sheet has been closed to us, and that for another full hour since then."""

    async def lifted(self, limit: int) -> Sequence[tuple[UUID, UUID]]:
        """Whose sync had stopped for the plan's sake, where another plan has begun since."""


@dataclass
class Watch:
    """One look at all shops. Of what many are told of at once the rest follows with the next.
    `opens` tells whether a shop's sheet lets us in, at one call to Google. `whole_at`: when those
    were looked at last who have been late for long: an hour may be found to be missed only after an
    outage, or because a sync never ends. `looked_at`: when the last look was."""

    found: Found
    handle: Handle
    clock: Clock
    opens: Callable[[UUID, UUID], Awaitable[bool]]
    whole_at: datetime | None = None
    looked_at: datetime | None = None

    async def __call__(self) -> None:
        """Many at once become few transactions."""
        now = self.clock()
        since, self.looked_at = self.looked_at or now, now
        tokens = await self.found.tokens(BATCH)
        looks = (
            (company, health.LookAtToken(shop_id=shop_id, at=now), now)
            for company, shop_id in tokens
        )
        await asyncio.gather(*(self._tell(*each) for each in looks))
        whole = self.whole_at is None or now - self.whole_at >= WHOLE_EVERY
        missed = await self.found.missed(BATCH, None if whole else now - RECENT)
        if whole and len(missed) < BATCH:
            self.whole_at = now
        reports = (
            (company, health.ReportMissed(shop_id=shop_id, hour=hour), hour)
            for company, shop_id, hour in missed
        )
        await asyncio.gather(*(self._tell(*each) for each in reports))
        lifted = await self.found.lifted(BATCH)
        for company, shop_id in (*await self.found.shut(BATCH, since), *lifted):
            if (company, shop_id) in lifted or await self.opens(company, shop_id):
                unasked = (UNASKED, (company, f"sync:{shop_id}"))
                wish = shop.RequestSync(shop_id=shop_id)
                await self._tell(company, wish, now, lambda *_, once=unasked: [once])

    async def _tell(
        self, company: UUID, command: tenant.Command, at: datetime, rows: RowsOf = nothing
    ) -> None:
        """One that somebody changes at this moment, or that only a newer version can read, is
        looked at again."""
        cause = f"{CLOCK}:{at.isoformat()}"
        origin = Origin(source="run", actor=None, correlation=uuid4(), causation=cause)
        stream = Stream(kind="tenant", tenant=company, id=company)
        ask = Ask(decider=tenant.decider, stream=stream, command=command, rows=rows)
        with suppress(Refused, Conflict, TooNew):
            await self.handle(ask, origin=origin)

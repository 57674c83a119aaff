"""What came from the payment provider becomes runs: every worker looks, and none misses anything.

The inbox is the truth; that a message came is rung for, and found by the next look if that is lost.
"""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from app.billing.jobs import KIND, run_about
from app.billing.reading import ask
from app.handle import Handle
from app.history import TooNew
from domain import subscription
from domain.causation import CLOCK
from domain.errors import Conflict, Outside, Refused, Unavailable
from domain.events import Origin
from domain.ids import uuid7
from domain.inbox_port import Due, Inbox
from domain.payments_port import OWNED, Payments
from domain.ports import Clock
from domain.run import Wanted


def _(message: str) -> str:
    """Marks a message of the catalogue."""
    return message


BATCH = 500
ASKED = 50
"""Things that a look asks about at most: meanwhile nothing new is looked at."""
SOURCE = "stripe"
ORPHAN = _("Nobody here is this customer, so far.")


class Ends(Protocol):
    """Where the time of a plan may be up."""

    async def over(self, limit: int) -> Sequence[UUID]:
        """Companies whose plan in force has come to its end, the longest over first."""


@dataclass
class Sweep:
    """`wish` puts runs into the ledger; while the same work is alive it adds nothing."""

    inbox: Inbox
    payments: Payments
    ends: Ends
    handle: Handle
    clock: Clock
    wish: Callable[[Sequence[Wanted]], Awaitable[None]]

    async def __call__(self) -> None:
        """One look: what has an owner is worked on, what has none finds one, what is over ends."""
        linked = await self.inbox.link(ORPHAN, OWNED)
        now = self.clock()
        if due := await self.inbox.due(now, BATCH):
            await self.wish([self._wanted(each) for each in due])
        for tenant in await self.ends.over(BATCH):
            cause = f"{CLOCK}:{now.isoformat()}"
            origin = Origin(source="run", actor=None, correlation=uuid7(now), causation=cause)
            # One that a newer version knows more of is its affair, and holds up nobody else.
            with suppress(Refused, Conflict, TooNew):
                await self.handle(ask(tenant, subscription.Look(at=now)), origin=origin)
        await self._trace(linked.unknown[:ASKED])

    async def _trace(self, things: Sequence[str]) -> None:
        """Refunds and disputes name a charge alone, thin messages what they are about; whose that
        is, is asked once. While nobody answers, it is no use to ask about the next one."""
        for thing in things:
            try:
                customer = await self.payments.customer_of(thing)
            except Outside as no:
                await self.inbox.postpone(thing, no.cause, str(no))
                if isinstance(no, Unavailable):
                    return
                continue
            if customer is None:
                await self.inbox.postpone(thing, "orphan", ORPHAN)
            else:
                await self.inbox.belongs(thing, customer)

    def _wanted(self, due: Due) -> Wanted:
        return Wanted(
            tenant=due.tenant,
            run=run_about(due.about),
            cause=f"{KIND}:{due.newest}:{self.clock().isoformat()}",
            causation=due.newest,
            source=SOURCE,
        )

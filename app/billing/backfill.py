"""Messages of the payment provider that never reached the inbox are fetched into it."""

import logging
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from datetime import datetime

from domain.fact import fact
from domain.inbox_port import Delivery, Inbox, NotAnEvent
from domain.payments_port import Payments

BATCH = 100

log = logging.getLogger(__name__)


@fact
class Backfill:
    """`types`: what the provider was asked to send; of the rest it was never meant to come. `read`
    raises NotAnEvent."""

    inbox: Inbox
    payments: Payments
    read: Callable[[bytes], Delivery]
    types: Collection[str]

    async def __call__(self, since: datetime) -> int:
        """All since then, as far as the provider keeps them; how many were new. What is broken off
        and begun again fetches what is still lacking.

        Raises what the provider raises.
        """
        new = 0
        async for batch in self._batches(since):
            lacking = {*await self.inbox.lacking([each.key for each in batch])}
            for each in batch:
                if each.key in lacking:
                    await self.inbox.receive(each)
            new += len(lacking)
        return new

    async def _batches(self, since: datetime) -> AsyncIterator[Sequence[Delivery]]:
        batch: list[Delivery] = []
        async for body in self.payments.messages(since):
            try:
                message = self.read(body)
            except NotAnEvent as wrong:
                log.warning("a message of Stripe's is not fetched: %s", wrong)
                continue
            if message.type in self.types:
                batch.append(message)
            if len(batch) == BATCH:
                yield batch
                batch = []
        if batch:
            yield batch

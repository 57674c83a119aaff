"""Group commit without a timer: while a transaction is under way the next one collects.

A lone command waits for nobody; many at once share the round trips and the flush. Each has its own
answer, and one that the database refuses is found by carrying out its batch one by one.
"""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias
from uuid import UUID

from domain.errors import Conflict, Unavailable
from domain.events import Recorded, Stream
from infrastructure.postgres.append import Order

LANES = 2
"""Transactions under way at once, each on a connection of its own."""
MOST = 256
LARGEST = 1 << 20
"""Orders, and bytes of payload, in one batch."""

Write: TypeAlias = Callable[[Sequence[Order]], Awaitable[list[list[Recorded]]]]
"""Carries orders out in one transaction; nothing recorded means that a stream has moved."""


class Batches:
    """Orders of one stream each, and without rows of their own."""

    def __init__(self, write: Write) -> None:
        self._write = write
        self._queues: OrderedDict[UUID, deque[Order]] = OrderedDict()
        self._waiting = 0
        self._under_way: set[Stream] = set()
        self._lanes: set[asyncio.Task[None]] = set()  # held: the loop itself would let them go
        self._open = 0

    async def carry_out(self, order: Order) -> list[Recorded]:
        """Raises Conflict, Unavailable, or what the database says to this order alone."""
        self._queues.setdefault(order.changes[0].stream.tenant, deque()).append(order)
        self._waiting += 1
        if self._open < LANES:
            self._open += 1
            lane = asyncio.create_task(self._drain())
            self._lanes.add(lane)
            lane.add_done_callback(self._lanes.discard)
        return await order.done

    async def _drain(self) -> None:
        try:
            while batch := self._next():
                streams = {order.changes[0].stream for order in batch}
                self._under_way |= streams
                try:
                    await self._settle(batch)
                finally:
                    self._under_way -= streams
        finally:
            self._open -= 1

    def _next(self) -> list[Order]:
        """One of each tenant in turn, as long as there is room; of one stream only one, and not
        while another lane has one: who waits for a head would hold up that lane as well."""
        batch: list[Order] = []
        streams: set[Stream] = set()
        size = 0
        turns = deque(self._queues.items())
        while turns and len(batch) < MOST and size < LARGEST:
            tenant, queue = turns.popleft()
            stream = queue[0].changes[0].stream
            if stream in streams or stream in self._under_way:
                continue
            order = self._take(tenant, queue)
            if queue:
                turns.append((tenant, queue))
            if not order.done.done():
                batch.append(order)
                streams.add(stream)
                size += order.size
        return batch

    def _take(self, tenant: UUID, queue: deque[Order]) -> Order:
        """The tenant's first order; the tenant itself goes to the end of the line."""
        self._waiting -= 1
        order = queue.popleft()
        if queue:
            self._queues.move_to_end(tenant)
        else:
            del self._queues[tenant]
        return order

    async def _settle(self, batch: Sequence[Order]) -> None:
        try:
            answers = await self._write(batch)
        except Exception as error:  # noqa: BLE001 - whatever it is, somebody waits for it
            if len(batch) == 1 or isinstance(error, Unavailable):
                for order in batch:
                    _fail(order, error)
            else:
                for order in batch:
                    await self._settle([order])
        else:
            for order, recorded in zip(batch, answers, strict=True):
                if recorded:
                    _answer(order, recorded)
                else:
                    _fail(order, Conflict())


def _answer(order: Order, recorded: list[Recorded]) -> None:
    if not order.done.done():
        order.done.set_result(recorded)


def _fail(order: Order, error: Exception) -> None:
    if not order.done.done():
        order.done.set_exception(error)

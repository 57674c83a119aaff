"""The one way anything changes: read history, decide, append; what follows commits with it."""

import asyncio
import random
from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, TypeAlias
from uuid import UUID

from app.history import History, TooNew, fold
from domain.decider import Decider
from domain.errors import Conflict, Refused
from domain.events import Change, EventStore, Head, Origin, Recorded, Rows, Stream
from domain.fact import fact

TRIES = 8
PAUSE = 0.01
"""Seconds, at most, before the second try; twice as many before each further one."""
REMEMBERED = 10_000
"""Streams whose state is kept: a stale one costs a conflict, never a wrong answer."""

RowsOf: TypeAlias = Callable[[Any, Sequence[Any]], Rows]
"""Rows that follow from a decision: of the state before it, and the events."""


def nothing(_before: object, _events: Sequence[object]) -> Rows:
    """No rows, whatever is decided."""
    return ()


@fact
class Ask:
    """One command to one stream. `rows` are worked out anew for each try."""

    decider: Decider[Any, Any, Any]
    stream: Stream
    command: Any
    rows: RowsOf = nothing


@fact
class Answer:
    """What was recorded; `positions` alone when the same command had been carried out before."""

    positions: Sequence[int]
    recorded: Sequence[Recorded] = ()


class Handle:
    """Carries commands out. Several asks are one transaction: all happen or none does."""

    def __init__(self, store: EventStore) -> None:
        self._store = store
        self._history = History(store)
        self._known: OrderedDict[Stream, tuple[Any, Head]] = OrderedDict()

    async def __call__(
        self, *asks: Ask, origin: Origin, command_id: UUID | None = None, rows: Rows = ()
    ) -> Answer:
        """Raises what `decide` refuses, Taken for a row that is there, Conflict after all tries."""
        tenant = asks[0].stream.tenant
        for tried in range(TRIES):
            if tried:
                pause = PAUSE * 2 ** (tried - 1)
                await asyncio.sleep(random.uniform(0, pause))  # noqa: S311 - jitter
            if command_id is not None:
                before = await self._store.answered(tenant, command_id)
                if before is not None:
                    return Answer(positions=before)
            try:
                return await self._attempt(asks, origin, command_id, rows)
            except Conflict:
                for ask in asks:
                    self._known.pop(ask.stream, None)
        raise Conflict

    async def ensure(self, *asks: Ask) -> None:
        """Raise what `decide` refuses, and record nothing: for who has to do something elsewhere
        first, which cannot be taken back."""
        for ask in asks:
            await self._decide(ask)

    async def answered(self, tenant: UUID, command_id: UUID) -> Sequence[int] | None:
        """The positions of what this command led to, if it was carried out before: for who has to
        know before she asks whether there is anything to ask for."""
        return await self._store.answered(tenant, command_id)

    async def _attempt(
        self, asks: Sequence[Ask], origin: Origin, command_id: UUID | None, rows: Rows
    ) -> Answer:
        decided = [await self._decide(ask) for ask in asks]
        changes = [change for change, _ in decided]
        every = list(rows)
        for ask, (change, state) in zip(asks, decided, strict=True):
            every += ask.rows(state, change.events)
        recorded = await self._store.append(changes, origin, command_id=command_id, rows=every)
        for ask, (change, state) in zip(asks, decided, strict=True):
            gained = [each for each in recorded if each.stream == ask.stream]
            if state is not None:
                self._remember(ask.stream, fold(ask.decider, state, change.head, gained))
        return Answer(positions=[each.position for each in recorded], recorded=recorded)

    async def _decide(self, ask: Ask) -> tuple[Change, Any]:
        """From the kept state if it says yes: the append proves that right. A kept state that says
        no, or nothing, may be stale, and no append would tell: so that answer is never trusted.
        Without a state it is decided where a newer version went on, and no state matters."""
        known = self._known.get(ask.stream)
        if known is not None:
            with suppress(Refused):
                state, head = known
                if events := list(ask.decider.decide(state, ask.command)):
                    return Change(stream=ask.stream, head=head, events=events), state
        try:
            state, head = await self._up_to_date(ask, known)
        except TooNew as new:
            if not isinstance(ask.command, ask.decider.blind):
                raise
            state, head = None, await self._history.head(ask.stream, new.recorded)
        events = list(ask.decider.decide(state, ask.command))
        return Change(stream=ask.stream, head=head, events=events), state

    async def _up_to_date(self, ask: Ask, known: tuple[Any, Head] | None) -> tuple[Any, Head]:
        if known is None:
            fresh = await self._history.state(ask.decider, ask.stream)
        else:
            gained = await self._store.read(ask.stream, known[1].version)
            fresh = fold(ask.decider, *known, gained)
        self._remember(ask.stream, fresh)
        return fresh

    def _remember(self, stream: Stream, known: tuple[Any, Head]) -> None:
        self._known[stream] = known
        self._known.move_to_end(stream)
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)

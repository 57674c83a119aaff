"""What a stream has come to, now or at any moment before: its facts, folded."""

import hashlib
from typing import Any

import msgspec

from domain.decider import Decider
from domain.errors import Unavailable
from domain.events import NOW, START, EventStore, Form, Head, Kept, Moment, Recorded, Stream, Unread

PAGE = 200
"""Facts read at a time. Whoever folds as many keeps what they came to for the next one."""


class TooNew(Unavailable):
    """A newer version of Stock Tracker wrote here, or somebody who should not. This one must not
    decide on it."""

    def __init__(self, recorded: Recorded) -> None:
        message = f"{recorded.name} was recorded by a newer version of Stock Tracker. Update this."
        super().__init__(message, cause="our_outage")
        self.recorded = recorded


class History:
    """Streams as states. A long one is folded from the last kept state on."""

    def __init__(self, store: EventStore) -> None:
        self._store = store

    async def state(
        self, decider: Decider[Any, Any, Any], stream: Stream, until: Moment = NOW
    ) -> tuple[Any, Head]:
        """Raises TooNew."""
        page = await self._store.read(stream, until=until, limit=PAGE)
        if len(page) < PAGE:
            return fold(decider, decider.initial, START, page)
        kept = await self._store.kept(stream, form_of(decider), until)
        if kept is None:
            kept = _kept(decider, None, page)
            await self._store.keep(stream, form_of(decider), kept)
        return await self._go_on(decider, stream, kept, until)

    async def head(self, stream: Stream, last: Recorded) -> Head:
        """Where a stream stands now, seen from one of its facts on."""
        while page := await self._store.read(stream, last.version, limit=PAGE):
            last = page[-1]
        return Head(version=last.version, hash=last.hash)

    async def _go_on(
        self, decider: Decider[Any, Any, Any], stream: Stream, kept: Kept, until: Moment
    ) -> tuple[Any, Head]:
        while True:
            after = kept.head.version
            page = await self._store.read(stream, after, until=until, limit=PAGE)
            if len(page) < PAGE:
                return fold(decider, kept.state, kept.head, page)
            kept = _kept(decider, kept, page)
            await self._store.keep(stream, form_of(decider), kept)


def fold(
    decider: Decider[Any, Any, Any],
    state: Any,  # noqa: ANN401 - whatever the decider's state is
    head: Head,
    gained: list[Recorded],
) -> tuple[Any, Head]:
    """The state and head after some more facts. Raises TooNew: nobody decides on half a history."""
    for recorded in gained:
        if isinstance(recorded.event, Unread):
            raise TooNew(recorded)
        state = decider.evolve(state, recorded.event)
    return (
        (state, Head(version=gained[-1].version, hash=gained[-1].hash)) if gained else (state, head)
    )


def form_of(decider: Decider[Any, Any, Any]) -> Form:
    """Another one when the state's shape has changed, or what the same history comes to."""
    state = type(decider.initial)
    told = (decider.kind, decider.edition, msgspec.json.schema(state))
    return Form(state, hashlib.sha256(msgspec.json.encode(told)).digest())


def _kept(decider: Decider[Any, Any, Any], before: Kept | None, page: list[Recorded]) -> Kept:
    state = before.state if before else decider.initial
    state, head = fold(decider, state, START, page)
    times = [each.at for each in page] + ([before.latest] if before else [])
    return Kept(state=state, head=head, position=page[-1].position, latest=max(times))

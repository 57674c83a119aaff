"""What one source of stock said, folded by product: small enough to be kept with a run."""

from collections import defaultdict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime

import msgspec

from domain.place import Kind, Place
from domain.ports import Memory

Pieces = dict[int, int]


class Shelf(msgspec.Struct, gc=False):
    """One place and its pieces by nmID."""

    key: str
    kind: Kind
    name: str
    pieces: Pieces = msgspec.field(default_factory=lambda: defaultdict(int))

    def place(self) -> Place:
        """As the domain knows it."""
        return Place(key=self.key, kind=self.kind, name=self.name)


class Shelves(msgspec.Struct, gc=False):
    """A whole answer. `gaps` are pairs of `Unread` and cause; `unheard`: names of places that
    nobody knew, counted or not."""

    at: datetime
    shelves: list[Shelf]
    to_client: Pieces | None = None
    returns: Pieces | None = None
    gaps: list[tuple[str, str]] = []
    noticed: list[str] = []
    unheard: list[str] = []


def shelf(place: Place) -> Shelf:
    """An empty one."""
    return Shelf(key=place.key, kind=place.kind, name=place.name)


async def remembered(memory: Memory, step: str, read: Callable[[], Awaitable[Shelves]]) -> Shelves:
    """The answer this run already has, or a new one, kept before it is used."""
    kept = await memory.recall(step)
    if kept:
        with suppress(msgspec.MsgspecError):  # kept by another version of the program
            return _DECODER.decode(kept)
    shelves = await read()
    await memory.keep(step, msgspec.msgpack.encode(shelves))
    return shelves


_DECODER = msgspec.msgpack.Decoder(Shelves)

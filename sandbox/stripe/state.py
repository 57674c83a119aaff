"""The account as one JSON file, so a second run goes on with the same subscriptions."""

import heapq
from typing import Any

import msgspec

from sandbox.stripe.book import Book, Kept
from sandbox.stripe.errors import Json
from sandbox.stripe.settings import Hook, Settings
from sandbox.stripe.store import Delivery, Event, Timer

_VERSION = 1
_SAME = (
    "shift",
    "kinds",
    "timers",
    "waiting",
    "billed",
    "offers",
    "gone",
    "changes",
    "hooks",
    "outbox",
    "answers",
    "settings",
)


class _State(msgspec.Struct):
    version: int
    shift: int
    kinds: dict[str, dict[str, Json]]
    events: list[Event]
    timers: list[Timer]
    waiting: dict[str, list[Json]]
    billed: dict[str, list[str]]
    offers: dict[str, Json]
    gone: dict[str, Json]
    changes: int
    hooks: dict[str, Hook]
    outbox: list[Delivery]
    answers: dict[str, Kept]
    settings: Settings


def dumped(book: Book) -> bytes:
    """All that outlives the process: not the faults, nor the storm."""
    same: dict[str, Any] = {name: getattr(book, name) for name in _SAME}
    return msgspec.json.encode(_State(_VERSION, events=[*book.events.values()], **same))


def restored(book: Book, raw: bytes) -> None:
    """Put what `dumped` gave into a book; ValueError for another version."""
    version = msgspec.json.decode(raw)["version"]
    if version != _VERSION:
        raise ValueError(f"sandbox state has version {version}, wanted {_VERSION}")
    state = msgspec.json.decode(raw, type=_State)
    for name in _SAME:
        setattr(book, name, getattr(state, name))
    heapq.heapify(book.timers)
    book.events = {each.id: each for each in state.events}
    book.delivered.extend(book.outbox)

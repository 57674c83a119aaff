"""Facts as stored bytes and back: names, schema versions, JSON by msgspec.

A stored name is the stream's kind and the class in snake case: `tenant.sheet_connected`.
The shapes are checked in as `tests/snapshots/events.json`; a change there needs an upcaster.
"""

import re
from collections.abc import Iterable
from types import UnionType
from typing import TypeAlias, get_args

import msgspec

SCHEMA_VERSION = 1

Kinds: TypeAlias = Iterable[tuple[str, object]]
"""(kind, its event type or union of event types)."""


class Codec:
    """Knows every fact that may be stored."""

    def __init__(self, kinds: Kinds) -> None:
        self.types: dict[str, type] = {
            f"{kind}.{_snake(event)}": event for kind, events in kinds for event in _members(events)
        }
        self._names = {(name.split(".")[0], event): name for name, event in self.types.items()}
        self._decoders: dict[str, msgspec.json.Decoder[object]] = {
            name: msgspec.json.Decoder(event) for name, event in self.types.items()
        }
        self._encoder = msgspec.json.Encoder()

    def encode(self, kind: str, event: object) -> tuple[str, bytes]:
        """(stored name, payload)."""
        return self._names[kind, type(event)], self._encoder.encode(event)

    def decode(self, name: str, payload: bytes) -> object:
        """The fact that was stored."""
        return self._decoders[name].decode(payload)


def _members(events: object) -> tuple[type, ...]:
    return get_args(events) if isinstance(events, UnionType) else (events,)


def _snake(event: type) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", event.__name__).lower()

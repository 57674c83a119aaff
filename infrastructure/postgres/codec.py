"""Facts as stored bytes and back: names, schema versions, JSON by msgspec.

A stored name is the stream's kind and the class in snake case: `tenant.sheet_connected`.
The shapes are checked in as `tests/snapshots/events.json`; a change there needs an upcaster.
"""

import re
from collections.abc import Callable, Iterable
from types import UnionType
from typing import Any, TypeAlias, get_args

import msgspec

from domain.events import Unread
from domain.fact import fact

Kinds: TypeAlias = Iterable[tuple[str, object]]
"""(kind, its event type or union of event types)."""

Told: TypeAlias = dict[str, Any]
"""A payload, decoded."""

UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
"""What decoding raises of a payload in another shape."""


@fact
class Upcaster:
    """Makes a stored payload of one schema version one of the next: pure, and never changed."""

    name: str
    version: int
    up: Callable[[Told], Told]


class Codec:
    """Knows every fact that may be stored, in every shape it ever had."""

    def __init__(self, kinds: Kinds, upcasters: Iterable[Upcaster] = ()) -> None:
        self.types: dict[str, type] = {
            f"{kind}.{_snake(event)}": event for kind, events in kinds for event in _members(events)
        }
        self._upcasters = _chained(upcasters, self.types)
        self._names = {(name.split(".")[0], event): name for name, event in self.types.items()}
        self.current: dict[tuple[str, int], msgspec.json.Decoder[object]] = {
            (name, self.version(name)): msgspec.json.Decoder(event)
            for name, event in self.types.items()
        }
        self._encoder = msgspec.json.Encoder()

    def version(self, name: str) -> int:
        """The schema version that this code writes: one more than it has upcasters."""
        return len(self._upcasters.get(name, ())) + 1

    def encode(self, kind: str, event: object) -> tuple[str, int, bytes]:
        """(stored name, schema version, payload)."""
        name = self._names[kind, type(event)]
        return name, self.version(name), self._encoder.encode(event)

    def decode(self, name: str, version: int, payload: bytes) -> object:
        """The fact that was stored, in today's shape; Unread if this version cannot read it: only
        a newer one knows it, or somebody changed what was stored."""
        try:
            decoder = self.current.get((name, version))
            return (
                self._older(name, version, payload) if decoder is None else decoder.decode(payload)
            )
        except UNREADABLE:
            return Unread(schema_version=version, payload=payload)

    def _older(self, name: str, version: int, payload: bytes) -> object:
        if name not in self.types or not 1 <= version <= self.version(name):
            return Unread(schema_version=version, payload=payload)
        told = msgspec.json.decode(payload, type=Told)
        for upcaster in self._upcasters[name][version - 1 :]:
            told = upcaster.up(told)
        return msgspec.convert(told, self.types[name], str_keys=True)


def _chained(
    upcasters: Iterable[Upcaster], types: dict[str, type]
) -> dict[str, tuple[Upcaster, ...]]:
    """By name, from version 1 on. Raises ValueError for a chain with a hole or without a fact."""
    chains: dict[str, tuple[Upcaster, ...]] = {}
    for each in sorted(upcasters, key=lambda upcaster: (upcaster.name, upcaster.version)):
        chain = chains.get(each.name, ())
        if each.name not in types or each.version != len(chain) + 1:
            message = f"No way leads from {each.name} version {len(chain) + 1} to today's shape"
            raise ValueError(message)
        chains[each.name] = (*chain, each)
    return chains


def _members(events: object) -> tuple[type, ...]:
    return get_args(events) if isinstance(events, UnionType) else (events,)


def _snake(event: type) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", event.__name__).lower()

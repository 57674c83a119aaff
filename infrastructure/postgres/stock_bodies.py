"""What is kept of stock as one body, compressed: snapshots, tabs, levels."""

import zlib
from collections.abc import Mapping
from dataclasses import replace

import msgspec

from domain.levels import Level
from domain.ports import TabState
from domain.snapshot import Snapshot

_pack = msgspec.msgpack.Encoder()
_snapshot = msgspec.msgpack.Decoder(Snapshot)
_levels = msgspec.msgpack.Decoder(dict[int, Level])
_tab = msgspec.msgpack.Decoder(TabState)


def packed(what: Snapshot | TabState | Mapping[int, Level]) -> bytes:
    """A body of it, for `Unpacked` to open."""
    return zlib.compress(_pack.encode(what), 1)


class Unpacked:
    """Implements `Stored`."""

    def snapshot(self, body: bytes) -> Snapshot:
        """Brands and subjects repeat, and each is held once."""
        found = _snapshot.decode(zlib.decompress(body))
        return replace(found, brands=_once(found.brands), subjects=_once(found.subjects))

    def tab(self, state: bytes) -> TabState:
        """What is known of a tab."""
        return _tab.decode(zlib.decompress(state))

    def levels(self, body: bytes) -> Mapping[int, Level]:
        """Products that were low or out."""
        return _levels.decode(zlib.decompress(body))


def _once(texts: tuple[str, ...]) -> tuple[str, ...]:
    held: dict[str, str] = {}
    return tuple(held.setdefault(each, each) for each in texts)

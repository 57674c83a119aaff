"""A stored fact as it is read: the columns of its row, and the value made of them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from domain.events import Origin, Recorded, Stream
from infrastructure.postgres.codec import Codec

# The driver needs a microsecond to make one time of its own; a double holds them until 2242.
COLUMNS = """position, event_id, kind, tenant_id, stream_id, version,
  date_part('epoch', at) AS seconds, source, actor_id, correlation_id, causation, command_id, name,
  schema_version, payload, hash"""

# A NamedTuple's own __new__ is written in Python: three of them were half the time of a fact.
_tuple = tuple.__new__


def recorded_of(codec: Codec, row: Sequence[Any]) -> Recorded:
    """From a row of COLUMNS. An event that only a newer version knows is Unread."""
    position, event_id, kind, tenant, stream_id, version, seconds, source, actor, *rest = row
    correlation, causation, command_id, name, schema_version, payload, link = rest
    envelope = (
        position,
        event_id,
        _tuple(Stream, (kind, tenant, stream_id)),
        version,
        datetime.fromtimestamp(seconds, UTC),
        _tuple(Origin, (source, actor, correlation, causation)),
        command_id,
        name,
        codec.decode(name, schema_version, payload),
        link,
    )
    return _tuple(Recorded, envelope)

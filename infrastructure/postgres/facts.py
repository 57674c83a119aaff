"""A stored fact as it is read: the columns of its row, and the value made of them."""

import asyncpg

from domain.ports import Origin, Recorded, Stream
from infrastructure.postgres.codec import Codec

COLUMNS = """position, event_id, tenant_id, kind, stream_id, version, at, source, actor_id,
  correlation_id, causation, command_id, name, schema_version, payload, hash"""


def recorded_of(codec: Codec, row: asyncpg.Record) -> Recorded:
    """From a row of COLUMNS. An event that only a newer version knows is Unread."""
    (
        position,
        event_id,
        tenant,
        kind,
        stream_id,
        version,
        at,
        source,
        actor,
        correlation,
        causation,
        command_id,
        name,
        schema_version,
        payload,
        link,
    ) = row
    return Recorded(
        position=position,
        event_id=event_id,
        stream=Stream(kind=kind, tenant=tenant, id=stream_id),
        version=version,
        at=at,
        origin=Origin(source=source, actor=actor, correlation=correlation, causation=causation),
        command_id=command_id,
        name=name,
        event=codec.decode(name, schema_version, payload),
        hash=link,
    )

"""The one statement that appends: many commands at once, each with an answer of its own.

Heads are won by compare-and-set, only then are positions drawn, so a lost race burns none. The hash
chain of a stream: hash = SHA-256(hash before ‖ position ‖ digest), digest = SHA-256 over the
envelope and the payload as stored. The first hash before is 32 zeros.
"""

import asyncio
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg

from domain.events import Change, Origin, Recorded, Rows
from domain.ids import uuid7
from infrastructure.postgres.codec import Codec

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
_tuple = tuple.__new__  # as in `facts`

# Locks are taken in one order, new heads first: two batches never wait for each other in a ring.
APPEND = """
WITH asked AS (
  SELECT * FROM unnest($1::int[], $2::uuid[], $3::text[], $4::uuid[], $5::int[], $6::int[])
    AS t (k, tenant_id, kind, stream_id, expected, version)
), begun AS (
  INSERT INTO heads (tenant_id, kind, stream_id, version)
  SELECT tenant_id, kind, stream_id, version FROM asked WHERE expected = 0
  ORDER BY tenant_id, kind, stream_id
  ON CONFLICT DO NOTHING RETURNING tenant_id, kind, stream_id
), locked AS MATERIALIZED (
  SELECT h.tenant_id, h.kind, h.stream_id, a.version
  FROM asked a JOIN heads h USING (tenant_id, kind, stream_id)
  WHERE a.expected > 0 AND h.version = a.expected
  ORDER BY h.tenant_id, h.kind, h.stream_id FOR NO KEY UPDATE OF h
), moved AS (
  UPDATE heads h SET version = l.version FROM locked l
  WHERE (h.tenant_id, h.kind, h.stream_id) = (l.tenant_id, l.kind, l.stream_id)
  RETURNING h.tenant_id, h.kind, h.stream_id
), won AS (
  SELECT a.k FROM asked a
  LEFT JOIN (SELECT * FROM begun UNION ALL SELECT * FROM moved) w
    USING (tenant_id, kind, stream_id)
  GROUP BY a.k HAVING count(*) = count(w.tenant_id)
), numbered AS (
  SELECT e.*, nextval('event_position') AS position FROM (
    SELECT n.* FROM unnest($7::int[], $8::fact_to_append[]) WITH ORDINALITY AS n (
      k, tenant_id, kind, stream_id, version, event_id, name, schema_version, at, source, actor_id,
      correlation_id, causation, command_id, asking, payload, digest, before, nth)
    JOIN won USING (k) ORDER BY nth) e
), remembered AS (
  INSERT INTO commands (tenant_id, command_id, positions, at)
  SELECT asking, command_id, array_agg(position ORDER BY nth), min(at)
  FROM numbered WHERE command_id IS NOT NULL GROUP BY k, asking, command_id
)
INSERT INTO events (tenant_id, kind, stream_id, version, position, event_id, name, schema_version,
                    at, source, actor_id, correlation_id, causation, command_id, payload, hash)
SELECT tenant_id, kind, stream_id, version, position, event_id, name, schema_version, at, source,
       actor_id, correlation_id, causation, command_id, payload,
       chain(before, int8send(position) || digest)
         OVER (PARTITION BY tenant_id, kind, stream_id ORDER BY version)
FROM numbered RETURNING event_id, position, hash
"""


# The same for what is asked most: a lone fact more for a stream that is there.
APPEND_ONE = """
WITH moved AS (
  UPDATE heads SET version = $4
  WHERE tenant_id = $1 AND kind = $2 AND stream_id = $3 AND version = $4 - 1
  RETURNING nextval('event_position') AS position
)
INSERT INTO events (tenant_id, kind, stream_id, version, event_id, name, schema_version, at, source,
                    actor_id, correlation_id, causation, payload, position, hash)
SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, position,
       sha256($15 || int8send(position) || $14)
FROM moved RETURNING event_id, position, hash
"""

# The same for many such commands.
APPEND_EACH = """
WITH locked AS MATERIALIZED (
  SELECT a.* FROM unnest($1::fact_to_append[]) a
  JOIN heads h USING (tenant_id, kind, stream_id) WHERE h.version = a.version - 1
  ORDER BY a.tenant_id, a.kind, a.stream_id FOR NO KEY UPDATE OF h
), moved AS (
  UPDATE heads h SET version = l.version FROM locked l
  WHERE (h.tenant_id, h.kind, h.stream_id) = (l.tenant_id, l.kind, l.stream_id)
  RETURNING l.*, nextval('event_position') AS position
)
INSERT INTO events (tenant_id, kind, stream_id, version, position, event_id, name, schema_version,
                    at, source, actor_id, correlation_id, causation, payload, hash)
SELECT tenant_id, kind, stream_id, version, position, event_id, name, schema_version, at, source,
       actor_id, correlation_id, causation, payload,
       sha256(before || int8send(position) || digest)
FROM moved RETURNING event_id, position, hash
"""


class Order(NamedTuple):
    """One command's facts, encoded, and what commits with them. `done` is where its answer goes."""

    changes: Sequence[Change]
    origin: Origin
    at: datetime
    command_id: UUID | None
    rows: Rows
    written: Sequence[tuple[Any, ...]]
    done: asyncio.Future[list[Recorded]]

    @property
    def size(self) -> int:
        """Bytes of payload."""
        return sum(len(row[PAYLOAD]) for row in self.written)


VERSION, EVENT_ID, NAME, COMMAND_ID, PAYLOAD = 3, 4, 5, 12, 14


def written(
    codec: Codec,
    changes: Sequence[Change],
    at: datetime,
    origin: Origin,
    command_id: UUID | None,
) -> list[tuple[Any, ...]]:
    """Each event as a row of the statement, less the number of its command."""
    asking = changes[0].stream.tenant
    rows = []
    for change in changes:
        stream, version = change.stream, change.head.version
        for event in change.events:
            version += 1
            name, schema_version, payload = codec.encode(stream.kind, event)
            identity = (stream.tenant, stream.kind, stream.id, version, uuid7(at))
            signed = (origin.source, origin.actor, origin.correlation, origin.causation, command_id)
            envelope = (*identity, name, schema_version, at, *signed)
            digest = digest_of(envelope, payload)
            rows.append((*envelope, asking, payload, digest, change.head.hash))
    return rows


async def append(driver: asyncpg.Connection, orders: Sequence[Order]) -> list[list[Recorded]]:
    """What was recorded of each order, nothing where one of its streams has moved. An order of
    several streams must be alone: what it half won is undone by rolling back."""
    rows = [row for order in orders for row in order.written]
    if not rows:
        return [[] for _ in orders]
    if not all(map(_is_plain, orders)):
        numbers = [k for k, order in enumerate(orders) for _ in order.written]
        answer = await driver.fetch(APPEND, *_heads(orders), numbers, rows)
    elif len(rows) > 1:
        answer = await driver.fetch(APPEND_EACH, rows)
    else:
        answer = await driver.fetch(APPEND_ONE, *rows[0][:COMMAND_ID], *rows[0][PAYLOAD:])
    places = {event_id: (position, link) for event_id, position, link in answer}
    return [_recorded(order, places) for order in orders]


def digest_of(envelope: Sequence[Any], payload: bytes) -> bytes:
    """SHA-256 over every stored column but position and hash, each length-prefixed."""
    tenant, kind, stream, version, event_id, name, schema_version, at, *signed = envelope
    source, actor, correlation, causation, command_id = signed
    parts = (
        tenant.bytes,
        kind.encode(),
        stream.bytes,
        version.to_bytes(4, "big"),
        event_id.bytes,
        name.encode(),
        schema_version.to_bytes(2, "big"),
        ((at - EPOCH) // MICROSECOND).to_bytes(8, "big"),
        source.encode(),
        actor.bytes if actor else b"",
        correlation.bytes,
        causation.encode(),
        command_id.bytes if command_id else b"",
        payload,
    )
    return hashlib.sha256(b"".join([len(e).to_bytes(4, "big") + e for e in parts])).digest()


def _is_plain(order: Order) -> bool:
    """One fact more for a stream that is there, and no id to be remembered by."""
    return len(order.written) == 1 and order.command_id is None and order.written[0][VERSION] > 1


def _heads(orders: Sequence[Order]) -> Iterable[Sequence[Any]]:
    """Column by column: the command, the stream, and the versions between which it is to move."""
    heads = []
    for k, order in enumerate(orders):
        for change in order.changes:
            stream, version, gained = change.stream, change.head.version, len(change.events)
            if gained:
                heads.append((k, stream.tenant, stream.kind, stream.id, version, version + gained))
    return zip(*heads, strict=True)


def _recorded(order: Order, places: Mapping[UUID, tuple[int, bytes]]) -> list[Recorded]:
    facts = ((change.stream, event) for change in order.changes for event in change.events)
    recorded = []
    for row, (stream, event) in zip(order.written, facts, strict=True):
        place = places.get(row[EVENT_ID])
        if place is None:
            return []
        envelope = (
            *(place[0], row[EVENT_ID], stream, row[VERSION], order.at, order.origin),
            *(order.command_id, row[NAME], event, place[1]),
        )
        recorded.append(_tuple(Recorded, envelope))
    return recorded

"""The append-only store: what happened, and in the same transaction all that follows from it.

One statement appends: heads are won by compare-and-set, only then are positions drawn, so a lost
race burns none. The hash chain of a stream: hash = SHA-256(hash before ‖ position ‖ digest),
digest = SHA-256 over the envelope and the payload as stored. The first hash before is 32 zeros.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg

from domain.errors import Conflict, Taken
from domain.fact import fact
from domain.ids import uuid7
from domain.ports import Change, Clock, Origin, Recorded, Rows, Stream
from infrastructure.postgres.codec import SCHEMA_VERSION, Codec
from infrastructure.postgres.database import Database

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@fact
class Order:
    """What all events of one append share."""

    at: datetime
    origin: Origin
    command_id: UUID | None


Follow: TypeAlias = Callable[[Recorded], Iterable[tuple[str, Sequence[Any]]]]
"""What follows from a fact: (statement, row) for read tables and runs."""

_READ = """
SELECT position, event_id, version, at, name, payload, hash, source, actor_id, correlation_id,
       causation, command_id
FROM events WHERE tenant_id = $1 AND kind = $2 AND stream_id = $3 AND version > $4 ORDER BY version
"""

_APPEND = """
WITH asked AS (
  SELECT * FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::int[], $5::int[])
    AS t (tenant_id, kind, stream_id, expected, version)
), begun AS (
  INSERT INTO heads (tenant_id, kind, stream_id, version)
  SELECT tenant_id, kind, stream_id, version FROM asked WHERE expected = 0
  ON CONFLICT DO NOTHING RETURNING 1
), moved AS (
  UPDATE heads h SET version = a.version FROM asked a
  WHERE a.expected > 0 AND h.tenant_id = a.tenant_id AND h.kind = a.kind
    AND h.stream_id = a.stream_id AND h.version = a.expected
  RETURNING 1
), won AS (
  SELECT (SELECT count(*) FROM begun) + (SELECT count(*) FROM moved)
       = (SELECT count(*) FROM asked) AS all_of_them
), numbered AS (
  SELECT e.*, nextval('event_position') AS position
  FROM unnest($6::uuid[], $7::text[], $8::uuid[], $9::int[], $10::uuid[], $11::text[],
              $12::bytea[], $13::bytea[], $14::bytea[]) WITH ORDINALITY
    AS e (tenant_id, kind, stream_id, version, event_id, name, payload, digest, before, n), won
  WHERE won.all_of_them
)
INSERT INTO events (tenant_id, kind, stream_id, version, position, event_id, name, schema_version,
                    at, source, actor_id, correlation_id, causation, command_id, payload, hash)
SELECT tenant_id, kind, stream_id, version, position, event_id, name, $15, $16, $17, $18, $19, $20,
       $21, payload,
       chain(before, int8send(position) || digest)
         OVER (PARTITION BY tenant_id, kind, stream_id ORDER BY version)
FROM numbered ORDER BY n RETURNING position, hash
"""

_REMEMBER = """
INSERT INTO commands (tenant_id, command_id, positions, at) VALUES ($1, $2, $3, $4)
ON CONFLICT DO NOTHING RETURNING 1
"""

_ANSWERED = "SELECT positions FROM commands WHERE tenant_id = $1 AND command_id = $2"


class EventStore:
    """`follow` says what else is written with a fact."""

    def __init__(self, database: Database, codec: Codec, clock: Clock, follow: Follow) -> None:
        self._database = database
        self._codec = codec
        self._clock = clock
        self._follow = follow

    async def read(self, stream: Stream, after: int = 0) -> list[Recorded]:
        """The stream's facts after version `after`, in order."""
        async with self._database.driver() as driver:
            rows = await driver.fetch(_READ, stream.tenant, stream.kind, stream.id, after)
        return [self._recorded(stream, row) for row in rows]

    async def answered(self, tenant: UUID, command_id: UUID) -> Sequence[int] | None:
        """The positions that this command already led to, if it was carried out before."""
        async with self._database.driver() as driver:
            positions: Sequence[int] | None = await driver.fetchval(_ANSWERED, tenant, command_id)
        return positions

    async def append(
        self,
        changes: Sequence[Change],
        origin: Origin,
        *,
        command_id: UUID | None = None,
        rows: Rows = (),
    ) -> list[Recorded]:
        """All the changes, what follows from them, and `rows` before both; or nothing.

        Raises Conflict when a stream has moved, or the same command was carried out meanwhile;
        Taken when one of `rows` changed nothing because its like is there already.
        """
        order = Order(at=self._clock(), origin=origin, command_id=command_id)
        async with self._database.writing() as driver:
            for statement, row in rows:
                if (await driver.execute(statement, *row)).endswith(" 0"):
                    raise Taken
            recorded = await self._insert(driver, changes, order)
            if command_id is not None:
                positions = [each.position for each in recorded]
                tenant = changes[0].stream.tenant
                if not await driver.fetchval(_REMEMBER, tenant, command_id, positions, order.at):
                    raise Conflict
            for statement, batch in _batched(recorded, self._follow):
                await driver.executemany(statement, batch)
        return recorded

    async def _insert(
        self, driver: asyncpg.Connection, changes: Sequence[Change], order: Order
    ) -> list[Recorded]:
        asked = [each for each in changes if each.events]
        if not asked:
            return []
        new = [self._written(each, n, order) for each in asked for n in range(len(each.events))]
        answer = await driver.fetch(
            _APPEND,
            *_columns([_head(each) for each in asked]),
            *_columns([row for _, row in new]),
            SCHEMA_VERSION,
            order.at,
            order.origin.source,
            order.origin.actor,
            order.origin.correlation,
            order.origin.causation,
            order.command_id,
        )
        if not answer:
            raise Conflict
        pairs = zip(new, answer, strict=True)
        return [replace(fresh, position=p, hash=h) for (fresh, _), (p, h) in pairs]

    def _written(self, change: Change, n: int, order: Order) -> tuple[Recorded, tuple[Any, ...]]:
        """The event in its envelope, position still unknown, and as a row of `_APPEND`."""
        stream, event = change.stream, change.events[n]
        name, payload = self._codec.encode(stream.kind, event)
        fresh = Recorded(
            position=0,
            event_id=uuid7(order.at),
            stream=stream,
            version=change.head.version + 1 + n,
            at=order.at,
            origin=order.origin,
            command_id=order.command_id,
            event=event,
        )
        digest = digest_of(fresh, name, SCHEMA_VERSION, payload)
        identity = (stream.tenant, stream.kind, stream.id, fresh.version, fresh.event_id)
        return fresh, (*identity, name, payload, digest, change.head.hash)

    def _recorded(self, stream: Stream, row: asyncpg.Record) -> Recorded:
        return Recorded(
            position=row["position"],
            event_id=row["event_id"],
            stream=stream,
            version=row["version"],
            at=row["at"],
            origin=Origin(
                source=row["source"],
                actor=row["actor_id"],
                correlation=row["correlation_id"],
                causation=row["causation"],
            ),
            command_id=row["command_id"],
            event=self._codec.decode(row["name"], row["payload"]),
            hash=row["hash"],
        )


def digest_of(recorded: Recorded, name: str, schema_version: int, payload: bytes) -> bytes:
    """SHA-256 over every stored column but position and hash, each length-prefixed."""
    origin = recorded.origin
    parts = (
        recorded.stream.tenant.bytes,
        recorded.stream.kind.encode(),
        recorded.stream.id.bytes,
        recorded.version.to_bytes(4, "big"),
        recorded.event_id.bytes,
        name.encode(),
        schema_version.to_bytes(2, "big"),
        ((recorded.at - EPOCH) // timedelta(microseconds=1)).to_bytes(8, "big"),
        origin.source.encode(),
        origin.actor.bytes if origin.actor else b"",
        origin.correlation.bytes,
        origin.causation.encode(),
        recorded.command_id.bytes if recorded.command_id else b"",
        payload,
    )
    sha = hashlib.sha256()
    for part in parts:
        sha.update(len(part).to_bytes(4, "big") + part)
    return sha.digest()


def _head(change: Change) -> tuple[Any, ...]:
    stream, version = change.stream, change.head.version
    return stream.tenant, stream.kind, stream.id, version, version + len(change.events)


def _columns(rows: Sequence[tuple[Any, ...]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]


def _batched(
    recorded: Iterable[Recorded], follow: Follow
) -> Iterable[tuple[str, list[Sequence[Any]]]]:
    batches: dict[str, list[Sequence[Any]]] = defaultdict(list)
    for each in recorded:
        for statement, row in follow(each):
            batches[statement].append(row)
    return batches.items()

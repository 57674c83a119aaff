"""Seals: signed statements of where every stream of a tenant stands, so nobody rewrites unseen.

A seal is made of one snapshot of the tenant's streams and names the seal before it. Its signature
is over the bytes as kept, after the name of the format and a line feed. Two who seal one tenant at
the same moment take the same number, and the database lets one of them keep it.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol, TypeAlias
from uuid import UUID

from domain.errors import Conflict, Unknown
from domain.events import START, Head
from domain.fact import fact
from domain.ports import Clock
from domain.secrecy import Signer

FORMAT = "stock-tracker.seal/1"
AGE = timedelta(days=1)
"""What has changed is sealed again when its last seal is as old as this."""
BATCH = 200
"""Tenants in one transaction."""
TRIES = 20
VERSIONS = range(2**31)
NOTHING = "There is nothing to seal: no history is kept of this company. Check its id."

Driver: TypeAlias = Any
"""asyncpg's connection."""

_STANDING = """
SELECT h.tenant_id, h.kind, h.stream_id, e.version, e.hash FROM heads h
LEFT JOIN LATERAL (
  SELECT version, hash FROM events WHERE tenant_id = h.tenant_id AND kind = h.kind
    AND stream_id = h.stream_id ORDER BY version DESC LIMIT 1) e ON true
WHERE h.tenant_id = ANY($1::uuid[])
UNION ALL
SELECT tenant_id, NULL, NULL, count(*), NULL FROM events
WHERE tenant_id = ANY($1::uuid[]) GROUP BY tenant_id
"""
_LAST = """
SELECT s.* FROM unnest($1::uuid[]) AS t (id) CROSS JOIN LATERAL (
  SELECT tenant_id, number, body FROM seals
  WHERE tenant_id = t.id ORDER BY number DESC LIMIT 1) s
"""
_KEEP = """
INSERT INTO seals (tenant_id, number, at, body, signature)
SELECT * FROM unnest($1::uuid[], $2::int[], $3::timestamptz[], $4::bytea[], $5::bytea[])
ORDER BY 1 ON CONFLICT DO NOTHING RETURNING tenant_id
"""
# Versions of a stream have no holes, so their heads add up to the number of facts. The time of a
# seal is read from its signed body: the column is anybody's who owns the table.
_CHANGED = """
SELECT h.tenant_id, h.events, s.body
FROM (SELECT tenant_id, sum(version) AS events FROM heads WHERE tenant_id >= $1
      GROUP BY tenant_id ORDER BY tenant_id LIMIT $2) h
LEFT JOIN LATERAL (SELECT body FROM seals WHERE tenant_id = h.tenant_id
                   ORDER BY number DESC LIMIT 1) s ON true
ORDER BY h.tenant_id
"""


class Owner(Protocol):
    """The database as its owner: heads are nobody else's to read."""

    def driver(self) -> AbstractAsyncContextManager[Driver]:
        """asyncpg's connection, each statement for itself."""

    def writing(self) -> AbstractAsyncContextManager[Driver]:
        """asyncpg's connection in a transaction."""


@fact
class Standing:
    """Where a stream stands: its last version, and the link of that."""

    kind: str
    stream_id: UUID
    version: int
    hash: bytes


@fact
class Seal:
    """As kept. `body` are the exact bytes that were signed, after FORMAT and a line feed."""

    tenant: UUID
    number: int
    at: datetime
    body: bytes
    signature: bytes
    heads: Sequence[Standing]
    events: int


@fact
class Said:
    """What a seal says in its body; nothing beside that is signed."""

    at: datetime
    events: int
    heads: Mapping[tuple[str, UUID], Head]


@fact
class Sealing:
    """Makes seals and keeps them."""

    database: Owner
    signer: Signer
    clock: Clock

    async def __call__(self, tenant: UUID) -> Seal:
        """One of this very moment. Raises Unknown if nothing is recorded of this tenant, Conflict
        if others keep being first."""
        for _ in range(TRIES):
            if sealed := await self._seal([tenant]):
                return sealed[0]
        raise Conflict

    async def changed(self, age: timedelta = AGE) -> int:
        """Seal each tenant whose facts are more than its last seal says, if that is `age` old.

        Returns how many. Harmless when several processes do it at once.
        """
        before, first, count = self.clock() - age, UUID(int=0), 0  # zeros are the fleet's
        while page := await self._page(first):
            due = [each["tenant_id"] for each in page if _is_due(each, before)]
            count += len(await self._seal(due, before)) if due else 0
            first = UUID(int=page[-1]["tenant_id"].int + 1)
        return count

    async def _page(self, first: UUID) -> Sequence[Mapping[str, Any]]:
        async with self.database.driver() as driver:
            page: Sequence[Mapping[str, Any]] = await driver.fetch(_CHANGED, first, BATCH)
        return page

    async def _seal(self, tenants: Sequence[UUID], before: datetime | None = None) -> list[Seal]:
        """Those kept; with `before`, none of a tenant who got one after that."""
        async with self.database.writing() as driver:
            # First the seals, then the streams: these can only be further than those say.
            last = {row["tenant_id"]: row for row in await driver.fetch(_LAST, tenants)}
            if before:
                tenants = [
                    t for t in tenants if t not in last or _is_old(said(last[t]["body"]), before)
                ]
            rows = await driver.fetch(_STANDING, tenants)
            if tenants and not any(row["kind"] for row in rows):
                raise Unknown(NOTHING)
            at = self.clock()
            seals = [self._sealed(*each, last, at) for each in _by_tenant(rows)]
            columns = [(s.tenant, s.number, s.at, s.body, s.signature) for s in seals]
            kept = await driver.fetch(_KEEP, *zip(*columns, strict=True)) if seals else []
        mine = {row["tenant_id"] for row in kept}
        return [each for each in seals if each.tenant in mine]

    def _sealed(
        self,
        tenant: UUID,
        heads: Sequence[Standing],
        events: int,
        last: Mapping[UUID, Mapping[str, Any]],
        at: datetime,
    ) -> Seal:
        before = last.get(tenant)
        number = before["number"] + 1 if before else 1
        previous = hashlib.sha256(before["body"]).digest() if before else START.hash
        body = canonical(
            {
                "format": FORMAT,
                "tenant": str(tenant),
                "number": number,
                "at": moment(at),
                "previous": previous.hex(),
                "heads": [[h.kind, str(h.stream_id), h.version, h.hash.hex()] for h in heads],
                "events": events,
            }
        )
        signature = self.signer.sign(signed(FORMAT, body))
        return Seal(
            tenant=tenant,
            number=number,
            at=at,
            body=body,
            signature=signature,
            heads=heads,
            events=events,
        )


def canonical(statement: Mapping[str, object]) -> bytes:
    """JSON with sorted names and no spaces, in UTF-8."""
    text = json.dumps(statement, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def signed(form: str, body: bytes) -> bytes:
    """What a signature is over: a signature of one format is none of another."""
    return f"{form}\n".encode() + body


def said(body: bytes) -> Said | None:
    """None for a body that somebody broke."""
    try:
        told = json.loads(body)
        heads = {
            (str(kind), UUID(stream)): Head(
                version=VERSIONS.index(version), hash=bytes.fromhex(link)
            )
            for kind, stream, version, link in told["heads"]
        }
        at = datetime.fromisoformat(told["at"]).astimezone(UTC)
        return Said(at=at, events=told["events"], heads=heads)
    except (ValueError, TypeError, LookupError, AttributeError, OverflowError, RecursionError):
        return None


def moment(at: datetime) -> str:
    """To the microsecond, in UTC: as exact as it is stored."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _by_tenant(
    rows: Sequence[Mapping[str, Any]],
) -> list[tuple[UUID, list[Standing], int]]:
    """(tenant, its streams in order, its number of facts) of each."""
    heads: dict[UUID, list[Standing]] = defaultdict(list)
    events: dict[UUID, int] = {}
    for row in rows:
        if row["kind"] is None:
            events[row["tenant_id"]] = row["version"]
        else:
            heads[row["tenant_id"]].append(_standing(row))
    return [
        (tenant, sorted(each, key=lambda h: (h.kind, str(h.stream_id))), events.get(tenant, 0))
        for tenant, each in sorted(heads.items())
    ]


def _standing(row: Mapping[str, Any]) -> Standing:
    """Of a stream whose facts were all deleted, its beginning: the last seal says otherwise."""
    return Standing(
        kind=row["kind"],
        stream_id=row["stream_id"],
        version=row["version"] or START.version,
        hash=row["hash"] or START.hash,
    )


def _is_due(row: Mapping[str, Any], before: datetime) -> bool:
    """Never sealed; or long ago, and something happened since."""
    told = said(row["body"]) if row["body"] else None
    return told is None or (_is_old(told, before) and told.events != row["events"])


def _is_old(told: Said | None, before: datetime) -> bool:
    """Broken, or made before that, or in a future that no clock's error explains: then the next
    seal is due, and will tell of it."""
    return told is None or not before < told.at <= before + 2 * AGE

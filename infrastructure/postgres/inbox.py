"""The inbox of what Stripe sent: one statement keeps a message and what is to be done about it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, TypeAlias

from domain.access import Everyone
from domain.inbox_port import (
    AT_ONCE,
    DAILY,
    PAUSES,
    Backlog,
    Delivery,
    Due,
    EventKey,
    Linked,
    Message,
    Pending,
    Place,
    Seals,
    State,
    Wanted,
)
from domain.ports import Clock
from domain.secrecy import WrongMasterKey
from infrastructure.gather import Gather
from infrastructure.postgres.database import Database
from infrastructure.postgres.inbox_due import due
from infrastructure.postgres.inbox_listing import (
    backlog,
    chosen,
    columns_of,
    counted,
    key_of,
    listed,
    one,
)
from infrastructure.postgres.inbox_orphans import belongs, let_go, link

PENDING = "pending"

Row: TypeAlias = tuple[object, ...]

# In the order of the key: two processes that are sent the same ones would wait for each other.
# A key that was erased meanwhile may still be in this process's memory; what it sealed is not kept.
_RECEIVE = """
WITH kept AS (
  INSERT INTO stripe_inbox (account, livemode, event_id, type, thin, api_version, created,
                            received_at, subject, customer, about, tenant_hint, standing, sha256,
                            sealed)
  SELECT account, livemode, event_id, type, thin, api_version, created, received_at, subject,
    customer, about, tenant_hint, standing, sha256, CASE WHEN there THEN sealed END
  FROM unnest($1::text[], $2::bool[], $3::text[], $4::text[], $5::bool[], $6::text[],
    $7::timestamptz[], $8::timestamptz[], $9::text[], $10::text[], $11::text[], $12::uuid[],
    $13::text[], $14::bytea[], $15::bytea[])
    AS c (account, livemode, event_id, type, thin, api_version, created, received_at, subject,
          customer, about, tenant_hint, standing, sha256, sealed)
  LEFT JOIN LATERAL (
    SELECT wrapped IS NOT NULL AS there FROM stripe_keys k WHERE k.subject = c.subject LIMIT 1
  ) k ON true
  ORDER BY account, livemode, event_id
  ON CONFLICT DO NOTHING RETURNING account, livemode, event_id, seq, about, received_at, standing
)
INSERT INTO stripe_pending (account, livemode, event_id, seq, about, since, due_at, tries, cause,
                            why)
SELECT account, livemode, event_id, seq, about, received_at, received_at, 0, '', ''
FROM kept WHERE standing = 'pending'
"""
_LACKING = """
SELECT account, livemode, event_id FROM unnest($1::text[], $2::bool[], $3::text[])
  AS k (account, livemode, event_id)
WHERE NOT EXISTS (SELECT FROM stripe_inbox i
  WHERE (i.account, i.livemode, i.event_id) = (k.account, k.livemode, k.event_id))
"""
# The others are not read: of one customer there may wait any number.
_PENDING = f"""
SELECT i.account, i.livemode, i.event_id, i.seq, type, thin, api_version, created, i.customer,
  tenant_hint, tries, i.subject, wrapped, sealed
FROM (
  SELECT account, livemode, event_id, tries FROM stripe_pending WHERE about = $1
  ORDER BY tries, seq LIMIT {AT_ONCE}
) p
JOIN stripe_inbox i USING (account, livemode, event_id)
LEFT JOIN stripe_keys k ON k.subject = i.subject
ORDER BY created, i.seq
"""  # noqa: S608 - constants only
_BODY = """
SELECT i.subject, event_id, wrapped, sealed
FROM stripe_inbox i LEFT JOIN stripe_keys k ON k.subject = i.subject
WHERE account = $1 AND livemode = $2 AND event_id = $3
"""
_POSTPONE = """
UPDATE stripe_pending
SET tries = tries + 1, cause = $2, why = $3, due_at = $4::timestamptz
  + coalesce(($5::interval[])[tries + 1], CASE WHEN tenant_id IS NULL THEN $6::interval END)
WHERE about = $1 AND ($7::bigint[] IS NULL OR seq = ANY ($7))
"""
_AGAIN = """
WITH these AS (
  SELECT i.account, i.livemode, i.event_id, i.seq, i.about
  FROM stripe_inbox i
  LEFT JOIN stripe_pending p USING (account, livemode, event_id)
  LEFT JOIN stripe_unclaimed u USING (account, livemode, event_id)
  WHERE i.standing IN ('pending', 'ignored') AND i.livemode = $2 AND {these}
), sought_again AS (
  DELETE FROM stripe_unclaimed u USING these t
  WHERE (u.account, u.livemode, u.event_id) = (t.account, t.livemode, t.event_id)
)
INSERT INTO stripe_pending (account, livemode, event_id, seq, about, since, due_at, tries, cause,
                            why)
SELECT account, livemode, event_id, seq, about, $1, $1, 0, '', '' FROM these
ON CONFLICT (account, livemode, event_id)
DO UPDATE SET due_at = excluded.due_at, tries = 0, cause = '', why = ''
"""
_RETRY = _AGAIN.format(
    these="(i.account, i.livemode, i.event_id) IN "
    "(SELECT * FROM unnest($3::text[], $4::bool[], $5::text[]))"
)
_HANDLED = """
WITH gone AS (DELETE FROM stripe_pending WHERE about = $1 AND seq = ANY ($2::bigint[])) SELECT 1
"""


class PostgresInbox:
    """Implements `domain.inbox_port.Inbox`. `types`: what is worked on; of everything else it is
    only kept that it came. `livemode`: whether ours is the mode with real money."""

    def __init__(
        self,
        database: Database,
        seals: Seals,
        clock: Clock,
        *,
        types: Collection[str],
        livemode: bool,
    ) -> None:
        self._database = database
        self._seals = seals
        self._clock = clock
        self._types = types
        self._livemode = livemode
        self._received = Gather(self._keep)

    async def receive(self, delivery: Delivery) -> None:
        """See the port. Many at once share a statement."""
        key = delivery.key
        sealed = await self._seals.seal(delivery.subject, key.event_id, delivery.body)
        await self._received(
            (
                *_args(key),
                delivery.type,
                delivery.thin,
                delivery.api_version,
                delivery.created,
                self._clock(),
                delivery.subject,
                delivery.customer,
                delivery.about,
                delivery.tenant_hint,
                self._standing(delivery),
                sha256(delivery.body).digest(),
                sealed,
            )
        )

    async def _keep(self, rows: Sequence[Row]) -> Sequence[None]:
        async with self._database.driver() as driver:
            await driver.execute(_RECEIVE, *zip(*rows, strict=True))
        return [None] * len(rows)

    async def lacking(self, keys: Sequence[EventKey]) -> Sequence[EventKey]:
        """See the port."""
        async with self._database.driver() as driver:
            return [key_of(row) for row in await driver.fetch(_LACKING, *columns_of(keys))]

    async def pending(self, about: str) -> Sequence[Pending]:
        """See the port."""
        async with self._database.driver() as driver:
            rows = await driver.fetch(_PENDING, about)
        return [
            Pending(
                key=key_of(row),
                seq=row["seq"],
                type=row["type"],
                thin=row["thin"],
                api_version=row["api_version"],
                created=row["created"],
                customer=row["customer"],
                tenant_hint=row["tenant_hint"],
                tries=row["tries"],
                **self._said(row),
            )
            for row in rows
        ]

    async def due(self, now: datetime, limit: int) -> Sequence[Due]:
        """See the port."""
        return await due(self._database, now, limit)

    async def postpone(
        self, about: str, cause: str, why: str, seqs: Sequence[int] | None = None
    ) -> None:
        """See the port."""
        args = (about, cause, why, self._clock(), PAUSES, DAILY, seqs)
        async with self._database.driver() as driver:
            await driver.execute(_POSTPONE, *args)

    async def belongs(self, about: str, customer: str) -> None:
        """See the port."""
        await belongs(self._database, self._clock(), about, customer)

    async def link(self, why: str, ask: Collection[str]) -> Linked:
        """See the port."""
        return await link(self._database, self._clock(), why, ask)

    async def let_go(self, before: datetime) -> int:
        """See the port."""
        return await let_go(self._database, before)

    async def retry(self, keys: Sequence[EventKey]) -> int:
        """See the port."""
        async with self._database.driver() as driver:
            done = await driver.execute(_RETRY, self._clock(), self._livemode, *columns_of(keys))
        return _number(done)

    async def replay(self, wanted: Wanted) -> int:
        """See the port."""
        these, args = chosen(wanted, 2)
        async with self._database.driver() as driver:
            statement = _AGAIN.format(these=these)
            done = await driver.execute(statement, self._clock(), self._livemode, *args)
        return _number(done)

    def handled(self, about: str, seqs: Sequence[int]) -> tuple[str, Sequence[Any]]:
        """See the port."""
        return _HANDLED, (about, seqs)

    async def backlog(self) -> Backlog:
        """See the port."""
        return await backlog(self._database)

    async def messages(
        self, scope: Everyone, wanted: Wanted, first: int, after: Place | None = None
    ) -> Sequence[Message]:
        """See the port."""
        return await listed(self._database, scope, wanted, first, after)

    async def count(self, scope: Everyone, wanted: Wanted, most: int) -> int:
        """See the port."""
        return await counted(self._database, scope, wanted, most)

    async def message(self, scope: Everyone, key: EventKey) -> Message | None:
        """See the port."""
        return await one(self._database, scope, key)

    async def body(self, scope: Everyone, key: EventKey) -> bytes | None:
        """See the port."""
        async with self._database.reading(scope) as connection:
            row = (await connection.exec_driver_sql(_BODY, _args(key))).mappings().first()
        return self._opened({**row}) if row else None

    def _standing(self, delivery: Delivery) -> str:
        if delivery.key.account:
            return State.OTHER_ACCOUNT
        if delivery.key.livemode != self._livemode:
            return State.OTHER_MODE
        return PENDING if delivery.type in self._types else State.IGNORED

    def _said(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """What it says, or why that is not to be known."""
        try:
            return {"body": self._opened(row), "shut": ""}
        except WrongMasterKey as no:
            return {"body": None, "shut": str(no)}

    def _opened(self, row: Mapping[str, Any]) -> bytes | None:
        if row["sealed"] is None or row["wrapped"] is None:
            return None
        return self._seals.open(row["subject"], row["event_id"], row["wrapped"], row["sealed"])


def _args(key: EventKey) -> tuple[str, bool, str]:
    return key.account, key.livemode, key.event_id


def _number(said: str) -> int:
    """Of rows that changed, as PostgreSQL says it: UPDATE 3."""
    return int(said.rpartition(" ")[2])

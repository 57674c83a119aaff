"""The append-only store: what happened, and in the same transaction all that follows from it."""

import asyncio
from collections.abc import Callable, Collection, Sequence
from uuid import UUID

import msgspec
from asyncpg.exceptions import DeadlockDetectedError, UniqueViolationError

from domain.errors import Conflict, Taken
from domain.events import NOW, Change, Form, Head, Kept, Moment, Origin, Recorded, Rows, Stream
from domain.ports import Clock
from infrastructure.postgres import following
from infrastructure.postgres.append import Order, append, written
from infrastructure.postgres.batches import Batches
from infrastructure.postgres.codec import Codec
from infrastructure.postgres.database import Database
from infrastructure.postgres.facts import COLUMNS, facts_of
from infrastructure.postgres.following import Follow

_READ = f"""
SELECT {COLUMNS} FROM events e
WHERE tenant_id = $1 AND kind = $2 AND stream_id = $3 AND version > $4
  AND ($5::bigint IS NULL OR position <= $5)
  AND ($6::timestamptz IS NULL OR version < coalesce((
    SELECT min(version) FROM events WHERE tenant_id = $1 AND kind = $2 AND stream_id = $3
      AND version > $4 AND at > $6), 2147483647))
ORDER BY version LIMIT $7
"""  # noqa: S608 - constants only

_ANSWERED = "SELECT positions FROM commands WHERE tenant_id = $1 AND command_id = $2"
_REMEMBER = "INSERT INTO commands (tenant_id, command_id, positions, at) VALUES ($1, $2, '{}', $3)"

_KEPT = """
SELECT version, hash, position, latest, state FROM states
WHERE tenant_id = $1 AND kind = $2 AND stream_id = $3 AND shape = $4
  AND ($5::bigint IS NULL OR position <= $5) AND ($6::timestamptz IS NULL OR latest <= $6)
ORDER BY version DESC LIMIT 1
"""
_KEEP = """
INSERT INTO states (tenant_id, kind, stream_id, shape, version, hash, position, latest, state)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING
"""


# To plan a statement over many facts takes longer than to carry it out. A plan that is kept must
# not be one for tables that were empty when it was made.
PLANNED_ONCE = ("plan_cache_mode = force_generic_plan", "enable_seqscan = off")


class EventStore:
    """`follow` says what else is written with a fact; `committed` is told of each commit, by the
    companies whose facts it brought."""

    def __init__(
        self,
        database: Database,
        codec: Codec,
        clock: Clock,
        follow: Follow,
        committed: Callable[[Collection[UUID]], None] = lambda _: None,
    ) -> None:
        self._database = database
        self._codec = codec
        self._clock = clock
        self._follow = follow
        self._committed = committed
        self._batches = Batches(self._write)

    async def read(
        self, stream: Stream, after: int = 0, *, until: Moment = NOW, limit: int | None = None
    ) -> list[Recorded]:
        """See the port."""
        args = (stream.tenant, stream.kind, stream.id, after, until.position, until.at, limit)
        async with self._database.driver() as driver:
            rows = await driver.fetch(_READ, *args)
        return list(facts_of(self._codec, rows))

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

        A change of one stream, without rows, shares its transaction with others of this process.
        Raises Conflict when a stream has moved, the same command was carried out meanwhile, or the
        server undid this one to end a deadlock;
        Taken when one of `rows` changed nothing because its like is there already.
        """
        at = self._clock()
        order = Order(
            changes=changes,
            origin=origin,
            at=at,
            command_id=command_id,
            rows=rows,
            written=written(self._codec, changes, at, origin, command_id),
            done=asyncio.get_running_loop().create_future(),
        )
        try:
            if rows or len(changes) > 1 or not order.written:
                return await self._alone(order)
            return await self._batches.carry_out(order)
        except DeadlockDetectedError as chosen:
            raise Conflict from chosen
        except UniqueViolationError as twice:
            if twice.table_name != "commands":
                raise
            raise Conflict from twice

    async def kept(self, stream: Stream, form: Form, until: Moment = NOW) -> Kept | None:
        """See the port."""
        key = (stream.tenant, stream.kind, stream.id, form.digest)
        async with self._database.driver() as driver:
            row = await driver.fetchrow(_KEPT, *key, until.position, until.at)
        if row is None:
            return None
        version, link, position, latest, state = row
        return Kept(
            state=msgspec.json.decode(state, type=form.type),
            head=Head(version=version, hash=link),
            position=position,
            latest=latest,
        )

    async def keep(self, stream: Stream, form: Form, kept: Kept) -> None:
        """See the port."""
        key = (stream.tenant, stream.kind, stream.id, form.digest)
        state = msgspec.json.encode(kept.state)
        place = (kept.head.version, kept.head.hash, kept.position, kept.latest)
        async with self._database.driver() as driver:
            await driver.execute(_KEEP, *key, *place, state)

    async def _alone(self, order: Order) -> list[Recorded]:
        async with self._database.writing(*PLANNED_ONCE) as driver:
            for statement, row in order.rows:
                if (await driver.execute(statement, *row)).endswith(" 0"):
                    raise Taken
            (recorded,) = await append(driver, [order])
            if order.written and not recorded:
                raise Conflict
            if order.command_id is not None and not order.written:
                tenant = order.changes[0].stream.tenant
                await driver.execute(_REMEMBER, tenant, order.command_id, order.at)
            await following.write(driver, [recorded], self._follow)
        self._committed(_companies([order]))
        return recorded

    async def _write(self, orders: Sequence[Order]) -> list[list[Recorded]]:
        async with self._database.writing(*PLANNED_ONCE) as driver:
            answers = await append(driver, orders)
            await following.write(driver, answers, self._follow)
        self._committed(_companies(orders))
        return answers


def _companies(orders: Sequence[Order]) -> Collection[UUID]:
    return {change.stream.tenant for order in orders for change in order.changes}

"""What people do about runs, carried out: each act is a fact, and the ledger changes with it.

Whether a run is there, and how it stands, the ledger alone knows: so it is asked again within the
transaction of the fact, with its row in hand. What is no longer so leaves no fact behind.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import BigInteger, Uuid, column, select, table

from app.asker import Asker
from app.handle import Answer, Handle
from app.pace import Pace
from app.read_models import Database
from app.runs.acts import matching
from app.runs.acts.reactions import bulk_key
from app.runs.acts.subjects import Subject, live_by_key, subjects
from domain import fleet, run_acts
from domain.access import Everyone, Role, Scope
from domain.errors import Invalid, Taken
from domain.fact import fact
from domain.ports import Clock
from domain.run_acts import RunEnding, RunFinished, RunUnderWay, UnknownRun

Row: TypeAlias = tuple[str, Sequence[Any]]
Settle: TypeAlias = Callable[[Database, Scope, str, datetime], Awaitable[str]]
"""Times of day in the query are those of the moment's zone."""


def _(message: str) -> str:
    """Marks a message of the catalogue."""
    return message


ENDED: Mapping[str, str] = {
    "succeeded": _("This run has succeeded: there is nothing left to cancel."),
    "failed": _("This run has failed: there is nothing left to cancel."),
    "cancelled": _("This run is cancelled already."),
}
"""Why a finished run cannot be cancelled, by its state."""

# In this order, as all who follow a fact take them: another one would wait in a ring.
_HEAD = """
SELECT count(*) FROM (SELECT FROM heads WHERE tenant_id = $1 AND kind = $2 AND stream_id = $1
                      FOR NO KEY UPDATE) AS head
"""
_LANE = "SELECT count(*) FROM (SELECT FROM lanes WHERE tenant_id = $1 FOR UPDATE) AS lane"

# Each finds nothing where the act would be in vain.
_LIVE = """
SELECT 1 FROM job_runs WHERE tenant_id = $1 AND run_id = $2 AND cancelling IS NULL FOR UPDATE
"""
_WAITS = """
SELECT 1 FROM job_runs WHERE tenant_id = $1 AND run_id = $2 AND cancelling IS NULL
  AND state = 'waiting' AND handed_at IS NULL AND due_at > $3 FOR UPDATE
"""
_ENDED = """
SELECT 1 FROM job_history h WHERE tenant_id = $1 AND run_id = $2 AND NOT EXISTS (
  SELECT FROM job_runs r WHERE r.tenant_id = $1 AND r.key = $3)
"""
_UNASKED = """
SELECT 1 WHERE NOT EXISTS (SELECT FROM job_runs WHERE tenant_id = $1 AND key = $2)
"""


class CompanyMissing(Invalid):
    """A shop is put on hold in its company: say which one."""


@fact
class Acted:
    """The run to look at now, and whether anything was changed for it."""

    run_id: UUID
    changed: bool


@fact
class Acts:
    """Whoever asks has been told apart before: an asker acts in the company of her scope. `settle`
    makes of a query what may stay on record, and be read in the same way later."""

    database: Database
    handle: Handle
    clock: Clock
    pace: Pace
    settle: Settle = matching.settled

    async def cancel(self, asker: Asker, run_id: UUID) -> Acted:
        """In any live state. Raises UnknownRun, RunFinished."""
        asker.demand(Role.MEMBER)
        if not await self._repeated(asker):
            run = await self._subject(asker, run_id)
            if run.cancelling:
                return Acted(run_id=run_id, changed=False)
            _ensure_live(run)
            command = run_acts.CancelRun(run_id=run_id, kind=run.kind, shop_id=run.shop_id)
            try:
                await self._tell(asker, command, (_LIVE, (asker.scope.tenant, run_id)))
            except Taken:
                _ensure_live(await self._subject(asker, run_id))
                return Acted(run_id=run_id, changed=False)
        return Acted(run_id=run_id, changed=True)

    async def retry(self, asker: Asker, run_id: UUID) -> Acted:
        """A finished one is done again, a waiting one is tried at once; where the same work is
        asked for already, that run is the answer. Raises UnknownRun, RunUnderWay, RunEnding, and
        TooOften for a sync that did not fail."""
        asker.demand(Role.MEMBER)
        if (before := await self._repeated(asker)) is not None:
            return await self._made_before(asker, before, run_id)
        run = await self._subject(asker, run_id)
        if run.kind == "sync" and run.shop_id is not None:
            await self.pace.ensure(asker, run.shop_id)
        if run.finished:
            return await self._again(asker, run)
        if run.cancelling:
            raise RunEnding
        if run.state == "running":
            raise RunUnderWay
        command = run_acts.HastenRun(run_id=run_id, kind=run.kind, shop_id=run.shop_id)
        try:
            await self._tell(asker, command, (_WAITS, (asker.scope.tenant, run_id, self.clock())))
        except Taken:
            return Acted(run_id=run_id, changed=False)
        return Acted(run_id=run_id, changed=True)

    async def bulk(
        self,
        asker: Asker,
        act: run_acts.Act,
        query: str | None,
        run_ids: Sequence[UUID] = (),
        zone: tzinfo = UTC,
    ) -> Acted:
        """A run that does it to each of those that `query` means to who reads the clock of `zone`,
        or to these; one that lives for the same is the answer. Raises Invalid, RunEnding."""
        asker.demand(Role.MEMBER)
        settled = None if query is None else await self._settled(asker, query, zone)
        picked = tuple(dict.fromkeys(run_ids))
        command = run_acts.RequestBulk(act=act, query=settled, run_ids=picked)
        key = bulk_key(act, settled, picked)
        try:
            made = await self._tell(asker, command, (_UNASKED, (asker.scope.tenant, key)))
        except Taken:
            live = await self._live(asker, key)
            return live or await self.bulk(asker, act, query, run_ids, zone)
        return Acted(run_id=await self._id_of(asker, made), changed=True)

    async def hold(self, asker: Asker, kind: str | None, shop_id: UUID | None) -> None:
        """Pause them, in the company or, as the fleet, in all. Raises UnknownKind, UnknownShop."""
        asker.demand(Role.ADMIN)
        if asker.scope.tenant == fleet.FLEET:
            _ensure_everywhere(shop_id)
            await asker.tell(self.handle, fleet.HoldRuns(kind=kind))
        else:
            await asker.tell(self.handle, run_acts.HoldRuns(kind=kind, shop_id=shop_id))

    async def release(self, asker: Asker, kind: str | None, shop_id: UUID | None) -> None:
        """The same pause ends. Raises UnknownKind, UnknownShop."""
        asker.demand(Role.ADMIN)
        if asker.scope.tenant == fleet.FLEET:
            _ensure_everywhere(shop_id)
            await asker.tell(self.handle, fleet.ReleaseRuns(kind=kind))
        else:
            await asker.tell(self.handle, run_acts.ReleaseRuns(kind=kind, shop_id=shop_id))

    async def _again(self, asker: Asker, run: Subject) -> Acted:
        tenant = asker.scope.tenant
        command = run_acts.RetryRun(run_id=run.run_id, kind=run.kind, shop_id=run.shop_id)
        try:
            made = await self._tell(asker, command, (_ENDED, (tenant, run.run_id, run.key)))
        except Taken:
            live = await self._live(asker, run.key)
            return live or await self.retry(asker, run.run_id)
        return Acted(run_id=await self._id_of(asker, made), changed=True)

    async def _live(self, asker: Asker, key: str) -> Acted | None:
        """The run that is asked for already; None when it has ended in this moment."""
        live = await live_by_key(self.database, asker.scope, key)
        if live is None:
            return None
        if live.cancelling:
            raise RunEnding
        return Acted(run_id=live.run_id, changed=False)

    async def _subject(self, asker: Asker, run_id: UUID) -> Subject:
        found = await subjects(self.database, asker.scope, [run_id])
        if run_id not in found:
            raise UnknownRun(field="runId")
        return found[run_id]

    async def _tell(self, asker: Asker, command: run_acts.RunCommand, condition: Row) -> Answer:
        """Raises Taken where the condition finds nothing any more."""
        tenant = asker.scope.tenant
        kind = fleet.STREAM.kind if tenant == fleet.FLEET else "tenant"
        rows = (_HEAD, (tenant, kind)), (_LANE, (tenant,)), condition
        return await asker.tell(self.handle, command, lambda _before, _events: rows)

    async def _settled(self, asker: Asker, query: str, zone: tzinfo) -> str:
        scope: Scope = asker.scope
        if asker.scope.tenant == fleet.FLEET:
            scope = Everyone(person=asker.scope.person, reason=query)
        return await self.settle(self.database, scope, query, self.clock().astimezone(zone))

    async def _repeated(self, asker: Asker) -> Sequence[int] | None:
        if asker.command_id is None:
            return None
        return await self.handle.answered(asker.scope.tenant, asker.command_id)

    async def _made_before(self, asker: Asker, before: Sequence[int], run_id: UUID) -> Acted:
        """The new run, or the same one if it was hastened."""
        made = await self._id_of(asker, Answer(positions=before))
        known = await subjects(self.database, asker.scope, [made])
        return Acted(run_id=made if known else run_id, changed=True)

    async def _id_of(self, asker: Asker, made: Answer) -> UUID:
        """The fact's id, which its run has too."""
        if made.recorded:
            return made.recorded[0].event_id
        query = select(_events.c.event_id).where(
            _events.c.tenant_id == asker.scope.tenant, _events.c.position == made.positions[0]
        )
        async with self.database.reading(asker.scope) as connection:
            found: UUID = (await connection.execute(query)).scalar_one()
        return found


_events = table(
    "events",
    *(column(each, Uuid) for each in ("tenant_id", "event_id")),
    column("position", BigInteger),
)


def _ensure_live(run: Subject) -> None:
    if run.finished:
        raise RunFinished(ENDED[run.state])


def _ensure_everywhere(shop_id: UUID | None) -> None:
    if shop_id is not None:
        raise CompanyMissing(field="shopId")

"""Who works: as those who run the servers see them, and how one of them is asked to go."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, TypeAlias

from sqlalchemy import text

from app.asker import Asker
from app.handle import Ask, Handle
from app.read_models import Database
from domain import fleet
from domain.access import Everyone
from domain.errors import Taken, Unknown
from domain.fact import fact
from domain.run import LOST_AFTER, SILENT_AFTER

MOST = 500
"""Workers that are looked at; nobody has as many."""

State: TypeAlias = Literal["working", "draining", "silent", "lost"]


class UnknownWorker(Unknown):
    """There is no such worker any more: it has ended, or was lost an hour ago."""


@fact
class WorkerRow:
    """One process. `busy` of its `slots` have a run; one that drains takes no more. `had`: how many
    had one when it last said so, or when they were given to others."""

    worker: str
    version: str
    slots: int
    busy: int
    had: int
    started_at: datetime
    heartbeat_at: datetime
    draining: bool

    def state(self, now: datetime) -> State:
        """What may be expected of it; of one that is silent it is not known."""
        unheard = now - self.heartbeat_at
        if unheard > LOST_AFTER:
            return "lost"
        if unheard >= SILENT_AFTER:
            return "silent"
        return "draining" if self.draining else "working"


@fact
class Crew:
    """All of them, as one: `slots` of those that take runs, and how many of these have one.
    `versions` of those that live, the one that most have first."""

    slots: int
    busy: int
    versions: Sequence[str]

    @staticmethod
    def of(rows: Sequence[WorkerRow], now: datetime) -> "Crew":
        """Without the lost ones, and those of whom it is not known."""
        living = [row for row in rows if row.state(now) not in {"silent", "lost"}]
        taking = [row for row in living if row.state(now) == "working"]
        versions = [row.version for row in living]
        return Crew(
            slots=sum(row.slots for row in taking),
            busy=sum(row.busy for row in taking),
            versions=sorted(set(versions), key=lambda each: (-versions.count(each), each)),
        )


# What a worker says of its runs is a heartbeat late; the ledger knows. O(runs under way).
ROWS = """
SELECT worker, version, slots, coalesce(r.runs, 0) AS busy, w.busy AS had, started_at, heartbeat_at,
  draining
FROM workers w LEFT JOIN (
  SELECT worker, count(*) AS runs FROM job_runs WHERE state = 'running' GROUP BY worker
) r USING (worker)
"""
_ALL = text(f"{ROWS} ORDER BY worker LIMIT :most")
_DRAIN = """
UPDATE workers SET drain_asked = true, draining = true WHERE worker = $1 AND NOT draining
"""


async def workers(database: Database, everyone: Everyone) -> Sequence[WorkerRow]:
    """All that live, and those that were lost within the hour."""
    async with database.reading(everyone) as connection:
        rows = await connection.execute(_ALL, {"most": MOST})
    return [WorkerRow(**row) for row in rows.mappings()]


async def drain(
    database: Database, handle: Handle, everyone: Everyone, asker: Asker, worker: str
) -> None:
    """Ask it to take no more runs, to end those it has, and to go; nothing for one that drains
    already. Raises UnknownWorker. Whoever calls this has seen to it that the asker belongs to the
    staff."""
    found = {row.worker: row for row in await workers(database, everyone)}
    if worker not in found:
        raise UnknownWorker
    if found[worker].draining:
        return
    ask = Ask(
        decider=fleet.decider,
        stream=fleet.STREAM,
        command=fleet.DrainWorker(worker=worker),
        rows=lambda _before, _events: [(_DRAIN, (worker,))],
    )
    origin = asker.origin._replace(source="staff")
    try:
        await handle(ask, origin=origin, command_id=asker.command_id)
    except Taken:  # somebody was quicker, or it went in this very moment
        return

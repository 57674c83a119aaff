"""Lanes as people look at them: whose runs are in hand, whose are next, and who waits for what.

Those with runs in hand come first, then those in turn, then those that wake at an hour, then those
whose runs are all on hold. What is in hand is bounded by the fleet; of the others only the lanes of
one page are read, and those that are held are looked for only where something is.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, NamedTuple
from uuid import UUID

from msgspec import Meta
from sqlalchemy import DateTime, bindparam, text

from app.read_models import Database
from app.runs.standing import reasons_of
from app.runs.waiting import Reason
from domain.access import Everyone, Scope
from domain.fact import fact

MOST_WAITING = 1000
"""A lane's waiting runs are counted up to here."""


class Key(NamedTuple):
    """After which lane a page begins: `hour` is that of waking."""

    group: Annotated[int, Meta(ge=0, le=3)]
    turn: Annotated[int, Meta(ge=-1, le=2**63 - 1)]
    hour: Annotated[datetime, Meta(tz=True)]
    tenant: UUID


class Held(StrEnum):
    """How much of a lane is on hold; a kind that is held for all companies does not count."""

    NO = ""
    PARTLY = "partly"
    WHOLLY = "wholly"


class LaneState(StrEnum):
    """Why a lane moves, or does not: the first of these that is true."""

    PAUSED = "paused"
    AT_ITS_CAP = "at_its_cap"
    NEXT = "next"
    IN_TURN = "in_turn"
    WORKING = "working"
    WAKES = "wakes"
    IDLE = "idle"


@fact
class LaneRow:
    """One company's lane. `handed`: its runs that left it and have not ended, `running` among them.
    `waiting` is exact below MOST_WAITING. `due_at` is that of `run_id`, which is due
    first; `wake_at`: nothing is due before. `company` is its name."""

    tenant_id: UUID
    company: str
    weight: int
    cap: int
    handed: int
    running: int
    waiting: int
    due_at: datetime | None
    run_id: UUID | None
    wake_at: datetime | None
    ready: bool
    first: bool
    held: Held
    key: Key

    def state(self, now: datetime) -> LaneState:
        """In one word."""
        overdue = self.due_at is not None and self.due_at <= now
        asleep = not self.ready and (self.wake_at is None or self.wake_at > now)
        found: Sequence[tuple[bool, LaneState]] = (
            (self.held is Held.WHOLLY, LaneState.PAUSED),
            (self.handed >= self.cap, LaneState.AT_ITS_CAP),
            (self.ready and overdue and self.first, LaneState.NEXT),
            (self.ready and overdue, LaneState.IN_TURN),
            (self.handed > 0, LaneState.WORKING),
            (overdue and asleep, LaneState.PAUSED),
            (self.due_at is not None, LaneState.WAKES),
        )
        return next((state for true, state in found if true), LaneState.IDLE)


_NO_HOUR = datetime(1970, 1, 1, tzinfo=UTC)
_BEFORE_ALL = Key(0, -1, _NO_HOUR, UUID(int=0))
_HAND = """
hand AS MATERIALIZED (
  SELECT tenant_id, count(*) AS handed, count(*) FILTER (WHERE state = 'running') AS running
  FROM job_runs WHERE handed_at IS NOT NULL GROUP BY tenant_id
)
"""
# Such a lane is asleep without an hour, as is one that has nothing to do.
_HELD = """
NOT l.ready AND l.wake_at IS NULL
AND (EXISTS (SELECT FROM holds WHERE fleet)
  OR l.tenant_id IN (SELECT h.tenant_id FROM holds h WHERE NOT h.fleet))
AND EXISTS (SELECT FROM job_runs j
  WHERE j.tenant_id = l.tenant_id AND j.state = 'waiting' AND j.handed_at IS NULL)
AND NOT EXISTS (SELECT FROM hand WHERE hand.tenant_id = l.tenant_id)
"""
_GROUPS: Sequence[str] = (
    """
    SELECT 0 AS rank, l.vtime AS turn, CAST(:no_hour AS timestamptz) AS hour, l.*
    FROM hand CROSS JOIN LATERAL (
      SELECT * FROM lanes WHERE lanes.tenant_id = hand.tenant_id LIMIT 1) l
    WHERE (l.vtime, l.tenant_id) > (:turn_0, CAST(:tenant_0 AS uuid))
    ORDER BY l.vtime, l.tenant_id LIMIT :limit
    """,
    """
    SELECT 1 AS rank, l.vtime AS turn, CAST(:no_hour AS timestamptz) AS hour, l.*
    FROM lanes l
    WHERE l.ready AND (l.vtime, l.tenant_id) > (:turn_1, CAST(:tenant_1 AS uuid))
      AND NOT EXISTS (SELECT FROM hand WHERE hand.tenant_id = l.tenant_id)
    ORDER BY l.vtime, l.tenant_id LIMIT :limit
    """,
    """
    SELECT 2 AS rank, CAST(0 AS bigint) AS turn, l.wake_at AS hour, l.* FROM lanes l
    WHERE NOT l.ready AND (l.wake_at, l.tenant_id) > (:hour_2, CAST(:tenant_2 AS uuid))
      AND NOT EXISTS (SELECT FROM hand WHERE hand.tenant_id = l.tenant_id)
    ORDER BY l.wake_at, l.tenant_id LIMIT :limit
    """,
    f"""
    SELECT 3 AS rank, CAST(0 AS bigint) AS turn, CAST(:no_hour AS timestamptz) AS hour, l.*
    FROM lanes l WHERE {_HELD} AND l.tenant_id > CAST(:tenant_3 AS uuid)
    ORDER BY l.tenant_id LIMIT :limit
    """,  # noqa: S608 - constants of ours
)
_ALL_LANES = f"""
SELECT tenant_id FROM hand UNION ALL
SELECT tenant_id FROM lanes l WHERE l.ready
  AND NOT EXISTS (SELECT FROM hand WHERE hand.tenant_id = l.tenant_id) UNION ALL
SELECT tenant_id FROM lanes l WHERE NOT l.ready AND l.wake_at IS NOT NULL
  AND NOT EXISTS (SELECT FROM hand WHERE hand.tenant_id = l.tenant_id) UNION ALL
SELECT tenant_id FROM lanes l WHERE {_HELD}
"""  # noqa: S608 - constants of ours
_OWN = "SELECT 0 AS rank, l.vtime AS turn, CAST(:no_hour AS timestamptz) AS hour, l.* FROM lanes l"
_FIRST = "(SELECT tenant_id FROM lanes WHERE ready ORDER BY vtime, tenant_id LIMIT 1)"
_DETAILS = """
SELECT l.tenant_id, coalesce(n.name, '') AS company, l.weight, l.cap, l.ready, l.wake_at,
  coalesce(hand.handed, 0) AS handed, coalesce(hand.running, 0) AS running, queued.waiting,
  soonest.due_at, soonest.run_id, l.rank, l.turn, l.hour,
  CASE WHEN still.wholly THEN 'wholly' WHEN still.partly THEN 'partly' ELSE '' END
    AS held,
  coalesce(l.tenant_id = {first}, false) AS first
FROM (SELECT * FROM listed ORDER BY rank, turn, hour, tenant_id LIMIT :limit) l
LEFT JOIN hand USING (tenant_id)
LEFT JOIN labels n ON n.tenant_id = l.tenant_id AND n.id = l.tenant_id
CROSS JOIN LATERAL (SELECT count(*) AS waiting FROM (
  SELECT FROM job_runs j WHERE j.tenant_id = l.tenant_id AND j.state = 'waiting'
    AND j.handed_at IS NULL LIMIT :most) few) queued
LEFT JOIN LATERAL (
  SELECT j.due_at, j.run_id FROM job_runs j WHERE j.tenant_id = l.tenant_id AND j.state = 'waiting'
    AND j.handed_at IS NULL ORDER BY j.due_at LIMIT 1) soonest ON true
CROSS JOIN LATERAL (
  SELECT bool_or(h.kind IS NULL AND h.shop_id IS NULL) AS wholly,
    bool_or(NOT h.fleet) AS partly
  FROM holds h WHERE h.fleet OR h.tenant_id = l.tenant_id) still
ORDER BY l.rank, l.turn, l.hour, l.tenant_id
"""


async def lanes(
    database: Database, scope: Scope, after: Key | None, limit: int
) -> Sequence[LaneRow]:
    """Those with runs in hand or to come, from after this key on; to a company its own."""
    if not isinstance(scope, Everyone):
        if after is not None:
            return []
        return await _read(database, scope, [_OWN], "NULL::uuid", {"limit": limit})
    at = after or _BEFORE_ALL
    said: dict[str, Any] = {"limit": limit}
    for group in range(at.group, len(_GROUPS)):
        key = at if group == at.group else _BEFORE_ALL
        said |= {f"{name}_{group}": getattr(key, name) for name in ("turn", "hour", "tenant")}
    return await _read(database, scope, _GROUPS[at.group :], _FIRST, said)


async def reasons_in(
    database: Database, scope: Scope, rows: Sequence[LaneRow], now: datetime
) -> Mapping[UUID, Reason]:
    """By company: why the run waits that is due first in its lane."""
    first = {(row.tenant_id, row.run_id) for row in rows if row.run_id is not None}
    found = await reasons_of(database, scope, sorted(first), now)
    return {tenant_id: found[run_id] for tenant_id, run_id in first if run_id in found}


async def count_lanes(database: Database, scope: Scope, most: int) -> int:
    """How many of them there are; `most` + 1 means more than that."""
    listed = _ALL_LANES if isinstance(scope, Everyone) else "SELECT tenant_id FROM lanes"
    query = text(f"WITH {_HAND} SELECT count(*) FROM (SELECT FROM ({listed}) l LIMIT :most) few")  # noqa: S608 - constants of ours
    async with database.reading(scope) as connection:
        found: int = (await connection.execute(query, {"most": most + 1})).scalar_one()
    return found


async def _read(
    database: Database, scope: Scope, groups: Sequence[str], first: str, said: Mapping[str, Any]
) -> Sequence[LaneRow]:
    listed = " UNION ALL ".join(f"({group})" for group in groups)
    sql = f"WITH {_HAND}, listed AS ({listed}) {_DETAILS.format(first=first)}"
    given = {**said, "most": MOST_WAITING, "no_hour": _NO_HOUR}
    named = {name: value for name, value in given.items() if f":{name}" in sql}
    times = [bindparam(name, type_=DateTime(timezone=True)) for name in named if "hour" in name]
    async with database.reading(scope) as connection:
        rows = await connection.execute(text(sql).bindparams(*times), named)
    return [_row(dict(row)) for row in rows.mappings()]


def _row(row: dict[str, Any]) -> LaneRow:
    key = Key(row.pop("rank"), row.pop("turn"), row.pop("hour"), row["tenant_id"])
    return LaneRow(**{**row, "held": Held(row["held"])}, key=key)

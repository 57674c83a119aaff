"""What waiting runs wait for, read for a whole page at once; a look at a few rows for each."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import RowMapping, Uuid, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY

from app.read_models import Database
from app.runs.holds import WIDEST, hold_in
from app.runs.read import RunRow
from app.runs.waiting import Reason, Waits, reason
from domain.access import Scope
from domain.run import SILENT_AFTER

AHEAD = 100
"""Runs whose turn is before are counted up to here; one more says that there are more."""
USUAL_CAP = 10
"""Of a company that has no lane yet."""

# What keeps a run back is what `_HAND_OUT` in the ledger's lanes asks for; a test holds them
# together.
_WAITS = text(f"""
SELECT r.run_id, r.kind, r.due_at, r.why AS told, r.attempt, r.handed_at, r.cancelling,
  coalesce(l.cap, :usual) AS cap, w.workers, w.slots, w.busy,
  h.*,
  (SELECT outcome FROM job_attempts t WHERE (t.tenant_id, t.run_id) = (r.tenant_id, r.run_id)
   ORDER BY t.attempt DESC LIMIT 1) AS last,
  (SELECT count(*) FROM job_runs o
   WHERE o.tenant_id = r.tenant_id AND o.handed_at IS NOT NULL) AS under_way,
  (SELECT count(*) FROM (
     SELECT FROM job_runs o WHERE o.tenant_id = r.tenant_id AND o.state = 'waiting'
       AND o.handed_at IS NULL AND o.due_at <= :now
       AND (o.priority, o.due_at, o.run_id) < (r.priority, r.due_at, r.run_id)
       AND (o.cancelling IS NOT NULL OR NOT EXISTS (
         SELECT FROM holds h WHERE (h.fleet OR h.tenant_id = o.tenant_id)
         AND (h.kind IS NULL OR h.kind = o.kind) AND (h.shop_id IS NULL OR h.shop_id = o.shop_id)))
     LIMIT :most) sooner) AS ahead
FROM job_runs r
LEFT JOIN lanes l ON l.tenant_id = r.tenant_id
LEFT JOIN LATERAL (
  {WIDEST.format(tenant="r.tenant_id", kind="r.kind", shop="r.shop_id")}
) h ON true
CROSS JOIN (
  SELECT count(*) AS workers, coalesce(sum(slots), 0) AS slots, coalesce(sum(busy), 0) AS busy
  FROM workers WHERE heartbeat_at >= :alive AND NOT draining) w
WHERE r.tenant_id = ANY (:tenants) AND r.run_id = ANY (:runs) AND r.state = 'waiting'
""").bindparams(  # noqa: S608 - constants only
    bindparam("tenants", type_=ARRAY(Uuid)),
    bindparam("runs", type_=ARRAY(Uuid)),
)


async def reasons(
    database: Database, scope: Scope, runs: Sequence[RunRow], now: datetime
) -> Mapping[UUID, Reason]:
    """By run; those that do not wait have none."""
    waiting = [(each.tenant_id, each.run_id) for each in runs if each.state == "waiting"]
    return await reasons_of(database, scope, waiting, now)


async def reasons_of(
    database: Database, scope: Scope, runs: Sequence[tuple[UUID, UUID]], now: datetime
) -> Mapping[UUID, Reason]:
    """The same of runs that are known by company and id alone."""
    if not runs:
        return {}
    named = {
        "tenants": list({tenant_id for tenant_id, _ in runs}),
        "runs": [run_id for _, run_id in runs],
        "now": now,
        "alive": now - SILENT_AFTER,
        "most": AHEAD + 1,
        "usual": USUAL_CAP,
    }
    async with database.reading(scope) as connection:
        rows = (await connection.execute(_WAITS, named)).mappings().all()
    return {row["run_id"]: reason(_waits(row), now) for row in rows}


def _waits(row: RowMapping) -> Waits:
    own = {name: row[name] for name in Waits.__dataclass_fields__ if name != "hold"}
    return Waits(hold=hold_in(row), **own)

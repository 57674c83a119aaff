"""What a fact asks of the ledger, written with it: a run, the end of one, that it may go on.

The lane comes first and the run after it, as everywhere (see `lanes`).
"""

from collections.abc import Sequence
from typing import Any, assert_never

from domain.events import Recorded
from domain.run import PATIENT, URGENT, Again, Hasten, Resume, Run, Stop, Wish
from infrastructure.postgres.lanes import WAKE, WAKE_DUE
from infrastructure.postgres.ledger import PEOPLE, ask

# A finished run of the time when no key was kept has that of its shop.
_AGAIN = """
INSERT INTO job_runs (tenant_id, run_id, kind, shop_id, key, cause_key, source, correlation_id,
                      causation, due_at, why, args, priority, created_at)
SELECT tenant_id, $3, kind, shop_id,
  CASE key WHEN '' THEN concat(kind, ':', coalesce(shop_id, run_id)) ELSE key END,
  concat($3::uuid, ':again'), $4, $5, concat('event:', $3::uuid), $6, '', args, $7, $6
FROM job_history WHERE tenant_id = $1 AND run_id = $2
ON CONFLICT DO NOTHING
"""
# Whoever asks anew from now on asks for a run of her own: `again`, when this one has ended.
_STOP = """
UPDATE job_runs SET cancelling = $3, again = false, due_at = least(due_at, $4),
  priority = least(priority, $5)
WHERE tenant_id = $1 AND run_id = $2 AND cancelling IS NULL
"""
_HASTEN = """
UPDATE job_runs SET due_at = least(due_at, $3), priority = least(priority, $4)
WHERE tenant_id = $1 AND run_id = $2 AND state = 'waiting'
"""


def grant(wish: Wish, cause: Recorded) -> Sequence[tuple[str, Sequence[Any]]]:
    """The statements and rows that do it."""
    tenant, at, origin = cause.tenant, cause.at, cause.origin
    woken = (WAKE, (tenant,))
    priority = URGENT if origin.source in PEOPLE else PATIENT
    match wish:
        case Run():
            return ask(wish, cause)
        case Again(run_id=run_id):
            signed = (cause.event_id, origin.source, origin.correlation)
            return woken, (_AGAIN, (tenant, run_id, *signed, at, priority))
        case Stop(run_id=run_id, why=why):
            return woken, (_STOP, (tenant, run_id, why, at, URGENT))
        case Hasten(run_id=run_id):
            return woken, (_HASTEN, (tenant, run_id, at, priority))
        case Resume(everyone=True):
            return ((WAKE_DUE, (at,)),)
        case Resume():
            return (woken,)
        case _:
            assert_never(wish)

"""Where a person leaves traces: the rows that an erasure takes, in the order that is safe.

Each statement answers with one row whatever it finds, because rows of an append that change nothing
are taken for a refusal. Runs go before what runs write, and refresh tokens before their sessions:
who holds one of them then waits for nothing that is going. Whoever keeps a request's origin holds
its person meanwhile: so she goes first, and then all origins that were kept until that moment.
"""

from collections.abc import Sequence
from typing import Any, TypeAlias
from uuid import UUID

from app.accounts.accounts import People

Row: TypeAlias = tuple[str, Sequence[Any]]

RUNS = ("job_runs", "run_steps")
"""The steps of a run go with it."""
OF_A_COMPANY = (
    "labels",
    "secrets",
    "data_keys",
    "origins",
    "schedules",
    "promises",
    "bookmarks",
    "cards",
    "orders",
    "order_states",
    "supply_goods",
    "supplies",
    "flows",
    "capabilities",
    "extents",
    "reconciliations",
    "discrepancies",
    "places",
    "snapshots",
    "sheet_tabs",
    "stock_current",
    "stock_daily",
    "stock_levels",
    "job_attempts",
    "job_history",
    "run_minutes",
    "run_failures",
    "lanes",
    "notices_told",
    "stripe_pending",
)
"""All that is kept for a company besides its facts and what is projected from them."""
TOKENS = ("refresh_tokens",)
OF_A_PERSON = ("people", "sessions", "labels", "secrets", "data_keys", "mail_days")


def _each(tables: Sequence[str]) -> str:
    gone = (
        f"gone_{n} AS (DELETE FROM {table} WHERE tenant_id = ANY ($1))"  # noqa: S608 - constants only
        for n, table in enumerate(tables)
    )
    return f"WITH {', '.join(gone)} SELECT 1"


STOP = _each(RUNS[:1])
EMPTY = _each(OF_A_COMPANY)
SIGN_OUT = _each(TOKENS)
FORGET = _each(OF_A_PERSON)

LOGIN = "WITH gone AS (DELETE FROM logins WHERE user_id = $1) SELECT 1"
# What Stripe sent about them was sealed under these keys. One that is not there yet is not made any
# more: so nothing that still comes is kept either, but that it came.
SHRED = """
WITH hers AS (SELECT customer FROM billing_customers WHERE tenant_id = ANY ($1)), subjects AS (
  SELECT customer AS subject FROM hers UNION SELECT unnest($1)::text
  UNION SELECT subject FROM stripe_keys WHERE customer IN (SELECT customer FROM hers)
), gone AS (
  INSERT INTO stripe_keys AS k (subject, made_at) SELECT subject, now() FROM subjects
  ON CONFLICT (subject) DO UPDATE SET wrapped = NULL WHERE k.wrapped IS NOT NULL
) SELECT 1
"""

# A company is called like its founder unless she said otherwise.
NAMESAKES = """
WITH gone AS (
  DELETE FROM labels l USING people p
  WHERE l.tenant_id = $1 AND p.tenant_id = $2 AND p.user_id = $2 AND l.name = p.full_name
) SELECT 1
"""
# In each company on its own, by its index; OFFSET 0 keeps the planner from reading all the log.
# A company that she left long ago is among them.
ORIGINS = """
WITH hers AS (
  SELECT a.tenant_id, a.correlation_id FROM tenants t, LATERAL (
    SELECT tenant_id, correlation_id FROM audit_entries
    WHERE tenant_id = t.tenant_id AND actor_id = $1 OFFSET 0) a
), gone AS (
  DELETE FROM origins o USING hers h
  WHERE o.tenant_id = h.tenant_id AND o.correlation_id = h.correlation_id
), own AS (DELETE FROM origins WHERE tenant_id = $1) SELECT 1
"""
# Finds nothing when she joined another company in the meantime.
ONLY_THERE = """
SELECT 1 WHERE NOT EXISTS (SELECT FROM members WHERE user_id = $1 AND tenant_id <> ALL ($2))
"""

# The facts are asked as well: a read table alone must not decide what is deleted.
_DESERTED = """
SELECT tenant_id FROM tenants t
WHERE NOT EXISTS (SELECT FROM members m WHERE m.tenant_id = t.tenant_id) AND (
  SELECT count(*) > 0 AND count(*) = 2 * count(*) FILTER (WHERE name = 'tenant.member_left')
  FROM events e WHERE e.tenant_id = t.tenant_id AND e.kind = 'tenant'
    AND e.stream_id = t.tenant_id AND e.name IN ('tenant.member_joined', 'tenant.member_left'))
"""


def of_person(person: UUID) -> Sequence[Row]:
    """Who she is, how she signs in, and where she came from."""
    return [
        (SIGN_OUT, ([person],)),
        (FORGET, ([person],)),
        (LOGIN, (person,)),
        (ORIGINS, (person,)),
    ]


def of_company(company: UUID) -> Sequence[Row]:
    """All of a company that nobody is left in."""
    return [(STOP, ([company],)), (EMPTY, ([company],)), (SHRED, ([company],))]


async def sweep(people: People) -> None:
    """What a worker still wrote for companies that were deserted while it was at work there."""
    async with people.driver() as driver:
        deserted = [row["tenant_id"] for row in await driver.fetch(_DESERTED)]
        for statement in (STOP, EMPTY, SHRED) if deserted else ():
            await driver.execute(statement, deserted)

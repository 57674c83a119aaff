"""What those who run the servers see of what Stripe sent: pages of it, the newest first, and how
much is not done."""

from collections.abc import Mapping, Sequence
from typing import Any

from domain.access import Everyone
from domain.inbox_port import COUNTED, Backlog, EventKey, Message, Place, State, Wanted
from infrastructure.postgres.database import Database

# Of `p`, what of a message is pending. Whoever it is of was looked for in vain, or by nobody yet:
# then it waits like a company's.
ORPHANED = "p.tenant_id IS NULL AND p.tries > 0"
WAITING = "p.due_at IS NOT NULL AND (p.tenant_id IS NOT NULL OR p.tries = 0)"
FAILED = "p.tenant_id IS NOT NULL AND p.due_at IS NULL"

_STATE = f"""
CASE WHEN {ORPHANED} THEN 'orphan'
  WHEN {WAITING} THEN 'waiting'
  WHEN {FAILED} THEN 'failed'
  WHEN u.event_id IS NOT NULL THEN 'unclaimed'
  WHEN i.standing = 'pending' THEN 'done'
  ELSE i.standing END
"""
_OVER = "p.event_id IS NULL AND u.event_id IS NULL"
_OF_STATE: Mapping[State, str] = {
    State.WAITING: WAITING,
    State.ORPHAN: ORPHANED,
    State.UNCLAIMED: "p.event_id IS NULL AND u.event_id IS NOT NULL",
    State.FAILED: FAILED,
    State.DONE: f"{_OVER} AND i.standing = 'pending'",
    **{
        state: f"{_OVER} AND i.standing = '{state}'"
        for state in (State.IGNORED, State.OTHER_MODE, State.OTHER_ACCOUNT)
    },
}
_LIST = f"""
SELECT i.account, i.livemode, i.event_id, i.seq, i.type, i.thin, i.api_version, i.created,
  i.received_at, i.customer, i.about, coalesce(p.tenant_id, b.tenant_id, i.tenant_hint) AS tenant,
  {_STATE} AS state, i.sha256, i.sealed IS NOT NULL AND k.wrapped IS NOT NULL AS readable,
  coalesce(p.tries, 0) AS tries, p.due_at, coalesce(p.cause, '') AS cause,
  coalesce(p.why, '') AS why
FROM stripe_inbox i
LEFT JOIN stripe_pending p USING (account, livemode, event_id)
LEFT JOIN stripe_unclaimed u USING (account, livemode, event_id)
LEFT JOIN stripe_keys k ON k.subject = i.subject
LEFT JOIN billing_customers b ON b.customer = coalesce(nullif(i.customer, ''), k.customer)
WHERE {{these}} ORDER BY i.received_at DESC, i.seq DESC LIMIT $1
"""  # noqa: S608 - constants only

_COUNT = """
SELECT count(*) FROM (
  SELECT FROM stripe_inbox i
  LEFT JOIN stripe_pending p USING (account, livemode, event_id)
  LEFT JOIN stripe_unclaimed u USING (account, livemode, event_id)
  WHERE {these} LIMIT $1) few
"""
_BACKLOG = f"""
SELECT
  (SELECT count(*) FROM (SELECT FROM stripe_pending p WHERE {WAITING} LIMIT $1) w)::int AS waiting,
  (SELECT count(*) FROM (SELECT FROM stripe_pending p WHERE {ORPHANED} LIMIT $1) o)::int AS orphans,
  (SELECT count(*) FROM (SELECT FROM stripe_pending p WHERE {FAILED} LIMIT $1) f)::int AS failed,
  (SELECT min(since) FROM stripe_pending p WHERE {WAITING}) AS oldest
"""  # noqa: S608 - constants only
_ONE = _LIST.format(these="(i.account, i.livemode, i.event_id) = ($2, $3, $4)")


async def listed(
    database: Database, scope: Everyone, wanted: Wanted, first: int, after: Place | None
) -> Sequence[Message]:
    """See the port."""
    these, args = chosen(wanted, 1)
    if after is not None:
        these += f" AND (i.received_at, i.seq) < (${len(args) + 2}, ${len(args) + 3})"
        args = [*args, *after]
    async with database.reading(scope) as connection:
        found = await connection.exec_driver_sql(_LIST.format(these=these), (first, *args))
    return [_message(**row) for row in found.mappings()]


async def counted(database: Database, scope: Everyone, wanted: Wanted, most: int) -> int:
    """See the port."""
    these, args = chosen(wanted, 1)
    async with database.reading(scope) as connection:
        found = await connection.exec_driver_sql(_COUNT.format(these=these), (most + 1, *args))
        number: int = found.scalar_one()
    return number


async def one(database: Database, scope: Everyone, key: EventKey) -> Message | None:
    """See the port."""
    this = (key.account, key.livemode, key.event_id)
    async with database.reading(scope) as connection:
        found = await connection.exec_driver_sql(_ONE, (1, *this))
        return next((_message(**row) for row in found.mappings()), None)


async def backlog(database: Database) -> Backlog:
    """See the port."""
    async with database.driver() as driver:
        row = await driver.fetchrow(_BACKLOG, COUNTED)
    return Backlog(**row)


def chosen(wanted: Wanted, before: int) -> tuple[str, list[Any]]:
    """A condition over `i`, the inbox, `p`, what of it is pending, and `u`, what is unclaimed; its
    arguments are numbered after `before` others."""
    asked = (
        ("i.type = ", wanted.type),
        ("i.customer = ", wanted.customer),
        ("i.received_at >= ", wanted.since),
        ("i.received_at < ", wanted.until),
    )
    given = [(condition, value) for condition, value in asked if value is not None]
    parts = [f"{each}${n}" for n, (each, _) in enumerate(given, before + 1)]
    if wanted.state is not None:
        parts.append(_OF_STATE[wanted.state])
    return " AND ".join(parts) or "true", [value for _, value in given]


def key_of(row: Mapping[str, Any]) -> EventKey:
    """Of a row that has its three columns."""
    return EventKey(account=row["account"], livemode=row["livemode"], event_id=row["event_id"])


def columns_of(keys: Sequence[EventKey]) -> tuple[list[str], list[bool], list[str]]:
    """The three columns of all of them, for `unnest`."""
    return (
        [key.account for key in keys],
        [key.livemode for key in keys],
        [key.event_id for key in keys],
    )


def _message(*, account: str, livemode: bool, event_id: str, state: str, **rest: Any) -> Message:  # noqa: ANN401 - columns by name
    key = EventKey(account=account, livemode=livemode, event_id=event_id)
    return Message(key=key, state=State(state), **rest)

"""How soon a shop may be synced again: what its company's plan says, for all who ask for a sync."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import DateTime, Text, text

from app.asker import Asker
from app.handle import Handle
from app.read_models import Database
from domain.access import TenantScope
from domain.fact import fact
from domain.limits import PLAN_INTERVAL, PRESSES, Plans, ensure_now
from domain.ports import Clock

# What was only shown once more was no sync: nothing was read for it.
_LAST = text("""
WITH good AS (
  SELECT run_id, finished_at FROM job_history
  WHERE shop_id = :shop AND kind = 'sync' AND state = 'succeeded' AND NOT args ? 'snapshot'
  ORDER BY run_id DESC LIMIT 1
)
SELECT finished_at, EXISTS (
  SELECT FROM job_history f
  WHERE f.shop_id = :shop AND f.kind = 'sync' AND f.state = 'failed' AND f.run_id > good.run_id
) AS failed FROM good
""").columns(finished_at=DateTime(timezone=True))
_BY_HAND = text("""
SELECT created_at FROM job_history
WHERE shop_id = :shop AND kind = 'sync' AND state = 'succeeded' AND created_at > :since
  AND source IN ('user', 'api_token') AND NOT args ? 'snapshot'
ORDER BY run_id DESC OFFSET :but LIMIT 1
""").columns(created_at=DateTime(timezone=True))
_LIVE = text("""
SELECT coalesce((
  SELECT error_type FROM job_attempts a
  WHERE (a.tenant_id, a.run_id) = (r.tenant_id, r.run_id) ORDER BY attempt DESC LIMIT 1
), '') AS waits FROM job_runs r WHERE r.key = :key
""").columns(waits=Text)


async def last_good(
    database: Database, scope: TenantScope, shop_id: UUID
) -> tuple[datetime | None, bool]:
    """When the last good sync of a shop ended, and whether one has failed since."""
    async with database.reading(scope) as connection:
        row = (await connection.execute(_LAST, {"shop": shop_id})).first()
    return (row.finished_at, row.failed) if row else (None, False)


@fact
class Pace:
    """Asked before a person asks for a sync. What follows from a change of hers is never held up,
    and neither is what we do ourselves."""

    database: Database
    handle: Handle
    plans: Plans
    clock: Clock

    async def ask_for_sync(self, asker: Asker, shop_id: UUID) -> None:
        """In the name of a person who only wishes for one. Raises as `ensure` does."""
        await self.ensure(asker, shop_id)
        await asker.ask_for_sync(self.handle, shop_id)

    async def ensure(self, asker: Asker, shop_id: UUID) -> None:
        """Raises TooOften for the sixth within the plan's interval. After one that failed there is
        nothing to wait for; one that is asked for already is the answer; and what was asked for
        before is so again."""
        allowed = await self.plans.allowed(asker.scope)
        if allowed is None or _is_ours(asker) or await self._asked(asker, shop_id):
            return
        _, failed = await last_good(self.database, asker.scope, shop_id)
        if failed:
            return
        now = self.clock()
        since = now - timedelta(minutes=allowed.limits.interval)
        these = {"shop": shop_id, "since": since, "but": PRESSES - 1}
        async with self.database.reading(asker.scope) as connection:
            asked = await connection.scalar(_BY_HAND, these)
        ensure_now(allowed, asked, now)

    async def _asked(self, asker: Asker, shop_id: UUID) -> bool:
        if asker.command_id is not None and (
            await self.handle.answered(asker.scope.tenant, asker.command_id) is not None
        ):
            return True
        async with self.database.reading(asker.scope) as connection:
            waits = await connection.scalar(_LIVE, {"key": f"sync:{shop_id}"})
        return waits is not None and waits != PLAN_INTERVAL


def _is_ours(asker: Asker) -> bool:
    return asker.origin.source == "staff" or asker.origin.actor is None

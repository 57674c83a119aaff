"""How far back a plan lets her people look. What is older is kept: a dearer plan shows it."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from app.graphql.context import Ports
from app.read_models import Database
from app.stock.report.kept import Kept, kept_at, last_moment
from domain.access import TenantScope
from domain.errors import Invalid
from domain.fact import fact
from domain.limits import Allowed, Plans, ensure_history
from domain.plan import LIMITS, Plan
from domain.ports import Clock
from domain.snapshot import MOSCOW

KEPT = LIMITS[Plan.ENTERPRISE].history
"""Days that are kept: a plan limits what is shown, and may become another one."""


@fact
class Reach:
    """Of the company of a scope. A day is one of Moscow, and today is the first of them."""

    database: Database
    plans: Plans
    clock: Clock

    async def days(self, scope: TenantScope, days: int) -> Sequence[date]:
        """The last days, today included. Raises Invalid, HistoryTooLong."""
        if not 1 <= days <= KEPT:
            raise Invalid(f"`days` must be 1 to {KEPT}.", field="days")
        ensure_history(await self.plans.allowed(scope), days, "days")
        today = self.clock().astimezone(MOSCOW).date()
        return [today - timedelta(days=back) for back in range(days)]

    async def ensure(
        self,
        scope: TenantScope,
        shop_id: UUID,
        kept: Kept,
        asked: date | datetime | None,
        field: str,
    ) -> None:
        """May the figures that answer for what was asked be shown? Those that were in force when
        the plan's history begins always may: so the newest are hers, however old they are. Raises
        HistoryTooLong."""
        allowed, now = await self.plans.allowed(scope), self.clock()
        until, first = last_moment(asked, now, field), self._first(allowed, now)
        if first is None or first <= until:
            return
        known = await kept_at(self.database, scope, shop_id, first, field)
        if known.snapshot_id != kept.snapshot_id:
            days = (now.astimezone(MOSCOW).date() - until.astimezone(MOSCOW).date()).days + 1
            ensure_history(allowed, days, field)

    async def since(self, scope: TenantScope, kept: datetime | None) -> datetime | None:
        """From when on figures may be looked at, of what is kept since then."""
        first = self._first(await self.plans.allowed(scope), self.clock())
        return max(kept, first) if kept and first else kept

    def _first(self, allowed: Allowed | None, now: datetime) -> datetime | None:
        if allowed is None:
            return None
        day = now.astimezone(MOSCOW).date() - timedelta(days=allowed.limits.history - 1)
        return datetime.combine(day, time.min, MOSCOW).astimezone(UTC)


def reach(ports: Ports) -> Reach:
    """For who asks over the API."""
    return Reach(database=ports.database, plans=ports.plans, clock=ports.clock)

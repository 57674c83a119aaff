"""What a plan means to a shop's syncs: a schedule is no faster, and products are no more.

A schedule that is too fast is refused; one that has become so, because a plan ended, is slowed and
stays as it was wished. Too many products stop the sync before the marketplace is asked for more
than their cards, so the schedule goes on trying, and finds out by itself when they fit again.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from app.asker import Asker
from app.cron import shortest_pause
from app.handle import Handle
from app.pace import last_good
from app.read_models import Database
from app.stock.read import ShopRow
from domain.access import TenantScope
from domain.fact import fact
from domain.limits import (
    PLAN_INTERVAL,
    Allowed,
    Plans,
    ensure_pause,
    ensure_products,
    grown,
    possible_at,
    slowed,
    too_fast,
)
from domain.ports import Clock, Memory
from domain.run import Task, Wait
from domain.schedule import Schedule
from domain.shop import SetSchedule
from domain.start import MARGIN

BY_CLOCK = "schedule"
"""The source of runs that a schedule asked for."""


async def set_schedule(
    handle: Handle, plans: Plans, asker: Asker, command: SetSchedule, now: datetime
) -> None:
    """Raises TooOften, and what the decider refuses."""
    allowed = await plans.allowed(asker.scope)
    if allowed is not None:
        pause = shortest_pause(command.schedule, now)
        ensure_pause(allowed, pause, "cron" if command.schedule.cron else "readyBy")
    await asker.tell(handle, command)


def slowed_by(allowed: Allowed | None, schedule: Schedule, now: datetime) -> timedelta:
    """How far apart its syncs are kept; nothing where it keeps to the plan by itself."""
    if allowed is None or not too_fast(allowed, shortest_pause(schedule, now)):
        return timedelta(0)
    return timedelta(minutes=allowed.limits.interval)


@fact
class Limiting:
    """Of the syncs of a shop. `postpone`: what is promised of it is so no sooner than then."""

    database: Database
    plans: Plans
    clock: Clock
    postpone: Callable[[UUID, UUID, datetime], Awaitable[None]]

    async def wait(
        self, scope: TenantScope, row: ShopRow, task: Task, memory: Memory
    ) -> Wait | None:
        """Until when, if it is too soon for this run of a schedule.

        It waits once: who hastens it then has a reason, such as another sheet, and what is only
        wished for is refused at the door. A schedule that keeps to its plan is never held up,
        however late the sync before was.
        """
        if task.source != BY_CLOCK or await memory.recall(PLAN_INTERVAL) is not None:
            return None
        allowed, now = await self.plans.allowed(scope), self.clock()
        pause = shortest_pause(row.schedule, now) if allowed else None
        if allowed is None or pause is None or not too_fast(allowed, pause):
            return None
        last, _ = await last_good(self.database, scope, row.shop_id)
        until = possible_at(allowed, last)
        if until is None or until <= now:
            return None
        await self.postpone(row.tenant_id, row.shop_id, until + MARGIN)
        await memory.keep(PLAN_INTERVAL, b"waited")
        return Wait(until=until, why=str(slowed(allowed, pause)), cause=PLAN_INTERVAL)

    async def count(self, scope: TenantScope, products: int) -> Sequence[str]:
        """What a sync that goes on with so many says of it. Raises TooManyProducts."""
        allowed = await self.plans.allowed(scope)
        ensure_products(allowed, products)
        told = grown(allowed, products)
        return [str(told)] if told else []

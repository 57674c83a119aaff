"""Somebody takes the report along: counted, then streamed, by every door.

It is no fact: nothing changes by it, and it holds what she sees in her sheet and reads over the API
as often as she likes; a program that takes it each hour would write history that stays for ever.
The audit log's own export is one, for it carries people's addresses and proves who saw them. What
the staff take of another company is on record as every look of theirs is.
"""

from datetime import timedelta
from uuid import UUID

from litestar.response import Stream

from app.errors import TooMany
from app.stock.reach import Reach
from app.stock.report import Reports
from app.stock.report.wish import Wish
from domain.access import Role, TenantScope
from domain.fact import fact
from domain.secrecy import Limiter

REPORTS, BURST = 60, 10
"""Files of one company: per hour, and at once."""


@fact
class Taking:
    """What a file by request needs."""

    reports: Reports
    reach: Reach
    limiter: Limiter

    async def __call__(self, scope: TenantScope, shop_id: UUID, wish: Wish) -> Stream:
        """The file. Raises Forbidden, HistoryTooLong, TooMany, and what `Reports.meant` raises."""
        scope.demand(Role.VIEWER)
        shop, kept = await self.reports.meant(scope, shop_id, wish)
        await self.reach.ensure(scope, shop_id, kept, wish.at, "at")
        await self._count(scope)
        made = await self.reports.begin(scope, shop, kept, wish)
        headers = {"Content-Disposition": made.disposition}
        return Stream(self.reports.stream(made), media_type=made.media_type, headers=headers)

    async def _count(self, scope: TenantScope) -> None:
        """Raises TooMany: each holds up those who wait behind it."""
        hour = timedelta(hours=1)
        verdict = await self.limiter.hit(f"reports:{scope.tenant}", REPORTS, hour, burst=BURST)
        if not verdict.allowed:
            raise TooMany(verdict.retry_after, of="reports")

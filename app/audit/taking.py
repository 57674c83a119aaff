"""Somebody takes the log along: counted, recorded as a fact, then streamed, by every door."""

from datetime import timedelta

from litestar.response import Stream

from app.asker import Asker
from app.audit.export import Exports
from app.audit.export.asked import Wish
from app.audit.origins import keep_origin
from app.audit.seal import Owner
from app.errors import TooMany
from app.web.door import Door
from domain.access import Role, TenantScope
from domain.fact import fact
from domain.secrecy import Limiter

EXPORTS, BURST = 60, 10
"""Exports of one company: per hour, and at once."""


@fact
class Taking:
    """What an export by request needs."""

    exports: Exports
    owner: Owner
    limiter: Limiter

    async def __call__(self, asker: Asker, door: Door | None, wished: Wish) -> Stream:
        """The file. Without a door none is kept: the staff's is no business of the company.

        Raises Forbidden, TooMany, WrongQuery.
        """
        asker.demand(Role.ADMIN)
        await self._count(asker.scope)
        wanted = await self.exports.wanted(asker.scope, wished)
        await self.exports.record(asker, wished, wanted)
        if door is not None:
            await keep_origin(self.owner, self.exports.clock, asker, door)
        made = await self.exports.begin(asker.scope, wished, wanted)
        named = {"Content-Disposition": f'attachment; filename="{made.filename}"'}
        return Stream(self.exports.stream(made), media_type=made.media_type, headers=named)

    async def _count(self, scope: TenantScope) -> None:
        """Raises TooMany: each export is a fact and a seal that stay for ever."""
        hour = timedelta(hours=1)
        verdict = await self.limiter.hit(f"exports:{scope.tenant}", EXPORTS, hour, burst=BURST)
        if not verdict.allowed:
            raise TooMany(verdict.retry_after, of="exports")

"""Who asks, and how what she asks reaches her company's stream."""

from contextlib import suppress
from typing import TypeAlias
from uuid import UUID

from app.handle import Answer, Ask, Handle, RowsOf, nothing
from domain import fleet, shop, tenant
from domain.access import Role, TenantScope
from domain.errors import Taken
from domain.events import Origin, Stream
from domain.fact import fact

Command: TypeAlias = tenant.Command | fleet.Command

UNASKED = """
SELECT 1 WHERE NOT EXISTS (
  SELECT FROM job_runs WHERE tenant_id = $1 AND key = $2 AND cancelling IS NULL
    AND (state = 'running' OR handed_at IS NOT NULL OR due_at <= now() + interval '5 seconds'))
"""
"""Finds nothing while the run is under way or about to be; one that waits for long may be hastened.
It stands in the transaction of the wish itself: of many at once exactly one is recorded."""


@fact
class Asker:
    """A signed-in caller of one request. The same `command_id` again is the same change again."""

    scope: TenantScope
    origin: Origin
    command_id: UUID | None = None

    def demand(self, least: Role) -> None:
        """Raise Forbidden unless her role is at least this one."""
        self.scope.demand(least)

    async def tell(self, handle: Handle, command: Command, rows: RowsOf = nothing) -> Answer:
        """Carry the command out on her own company: there is no way to name another one. Where all
        companies are meant, the fleet stands in its place."""
        stream = Stream(kind="tenant", tenant=self.scope.tenant, id=self.scope.tenant)
        ask = Ask(decider=tenant.decider, stream=stream, command=command, rows=rows)
        if self.scope.tenant == fleet.FLEET:
            ask = Ask(decider=fleet.decider, stream=fleet.STREAM, command=command, rows=rows)
        return await handle(ask, origin=self.origin, command_id=self.command_id)

    async def ask_for_sync(self, handle: Handle, shop_id: UUID) -> None:
        """Ask for a sync of the shop, unless one is under way: then nothing is recorded."""
        unasked = (UNASKED, (self.scope.tenant, f"sync:{shop_id}"))
        with suppress(Taken):
            command = shop.RequestSync(shop_id=shop_id)
            await self.tell(handle, command, lambda _before, _events: [unasked])

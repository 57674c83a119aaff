"""Who asks, and how what she asks reaches her company's stream."""

from typing import TypeAlias
from uuid import UUID

from app.handle import Answer, Ask, Handle
from domain import tenant
from domain.access import Role, TenantScope
from domain.fact import fact
from domain.ports import Origin, Rows, Stream

Command: TypeAlias = tenant.Command


@fact
class Asker:
    """A signed-in caller of one request. The same `command_id` again is the same request again."""

    scope: TenantScope
    origin: Origin
    command_id: UUID | None = None

    def demand(self, least: Role) -> None:
        """Raise Forbidden unless her role is at least this one."""
        self.scope.demand(least)

    async def tell(self, handle: Handle, command: Command, rows: Rows = ()) -> Answer:
        """Carry the command out on her own company: there is no way to name another one."""
        stream = Stream(kind="tenant", tenant=self.scope.tenant, id=self.scope.tenant)
        ask = Ask(decider=tenant.decider, stream=stream, command=command)
        return await handle(ask, origin=self.origin, command_id=self.command_id, rows=rows)

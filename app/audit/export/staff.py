"""Exports from the command line, by who runs the servers: on record, with the reason."""

from uuid import UUID, uuid4

from app.asker import Asker
from app.audit.export import Exports
from app.audit.export.asked import Wish
from app.new_file import new_file
from app.staff import reason_of
from domain import fleet, tenant
from domain.access import Role, TenantScope
from domain.events import Origin


async def export_for_staff(
    exports: Exports, company: UUID, reason: str, wish: Wish, to: str | None
) -> None:
    """To a file that is there whole or not at all, or to the standard output.

    Raises UnknownTenant; WrongQuery; Refused for a file that is there; Invalid for a reason that
    says nothing or names somebody.
    """
    scope = TenantScope(tenant=company, person=uuid4(), role=Role.OWNER)
    origin = Origin(source="cli", actor=None, correlation=uuid4(), causation="cli:audit export")
    asker = Asker(scope=scope, origin=origin)
    why = reason_of(reason, "--reason")
    with new_file(to) as file:
        wanted = await exports.wanted(scope, wish)
        of = fleet if company == fleet.FLEET else tenant
        await asker.tell(exports.handle, of.ReadAsStaff(reason=why))
        await exports.record(asker, wish, wanted)
        async for piece in exports.stream(await exports.begin(scope, wish, wanted)):
            file.write(piece)
        file.flush()

"""Those who run the servers: who they are, and how they look at other people's data.

Every look is on record: at all companies in the fleet's stream, into one of them in its own, where
its people see it. Once a day for each person and reason: a page that is opened again adds nothing.
"""

import re
from dataclasses import replace
from datetime import date
from uuid import UUID, uuid5

from app.asker import Asker
from app.handle import Ask, Handle
from app.web.console import Visitor
from domain import fleet, tenant
from domain.access import Everyone, Role, Scope, TenantScope
from domain.errors import Invalid
from domain.events import Origin, Rows


def _(message: str) -> str:
    """Marks a message of the catalogue."""
    return message


LONGEST_REASON = 200
CONSOLE = "console"
"""The reason of who looks at pages."""

NO_REASON = _("Give a reason of 1 to 200 characters, such as a ticket's number.")
NAMED = _("The reason stays for ever: name a ticket there, never a person or her address.")

_MARK = "UPDATE people SET staff = $2 WHERE tenant_id = $1 AND user_id = $1"


async def appoint(handle: Handle, person: UUID, origin: Origin) -> None:
    """From her next request on. Raises AlreadyStaff."""
    await _tell(handle, fleet.AppointStaff(user_id=person), origin, [(_MARK, (person, True))])


async def dismiss(handle: Handle, person: UUID, origin: Origin) -> None:
    """From her next request on. Raises NotStaff."""
    await _tell(handle, fleet.DismissStaff(user_id=person), origin, [(_MARK, (person, False))])


def reason_of(text: str, field: str) -> str:
    """A reason as it may stand on record for ever. Raises Invalid, which names `field`."""
    reason = " ".join(text.split())
    if not reason or len(reason) > LONGEST_REASON or not reason.isprintable():
        raise Invalid(NO_REASON, field=field)
    if re.search(r"\S@\S", reason):
        raise Invalid(NAMED, field=field)
    return reason


async def everyone(handle: Handle, asker: Asker, today: date, reason: str) -> Everyone:
    """What the staff may read of all companies. Whoever calls this has seen to it that the asker
    belongs to the staff."""
    person = asker.scope.person
    ask = Ask(decider=fleet.decider, stream=fleet.STREAM, command=fleet.ReadAsStaff(reason=reason))
    await handle(ask, origin=_as_staff(asker), command_id=uuid5(person, f"{today}:{reason}"))
    return TenantScope.everyone(person, reason)


async def inside(handle: Handle, asker: Asker, today: date, company: UUID, reason: str) -> Asker:
    """The same person as an owner of this company, for reading and for commands. Raises
    UnknownTenant; whoever calls this has seen to it that the asker belongs to the staff. The fleet
    may stand there as well: what belongs to all companies."""
    person = asker.scope.person
    scope = TenantScope(tenant=company, person=person, role=Role.OWNER)
    there = Asker(scope=scope, origin=_as_staff(asker))
    if company == fleet.FLEET:
        await everyone(handle, asker, today, reason)
        return there
    once = replace(there, command_id=uuid5(person, f"{today}:{reason}"))
    await once.tell(handle, tenant.ReadAsStaff(reason=reason))
    return there


async def looking(handle: Handle, visitor: Visitor) -> Scope:
    """What a page of the console shows: to the staff all companies, to everybody else her own."""
    if not visitor.staff:
        return visitor.scope
    return await everyone(handle, visitor.asker, visitor.now.date(), CONSOLE)


async def acting(handle: Handle, visitor: Visitor, company: UUID) -> Asker:
    """In whose name a page shows details of this company or changes them: her own, or the staff's.
    Raises UnknownTenant for what is not hers to see, Forbidden for what is not hers to do."""
    if company == visitor.scope.tenant:
        visitor.asker.demand(visitor.least)
        return visitor.asker
    if not visitor.staff:
        raise tenant.UnknownTenant
    return await inside(handle, visitor.asker, visitor.now.date(), company, CONSOLE)


async def _tell(handle: Handle, command: fleet.Command, origin: Origin, rows: Rows) -> None:
    ask = Ask(decider=fleet.decider, stream=fleet.STREAM, command=command)
    await handle(ask, origin=origin, rows=rows)


def _as_staff(asker: Asker) -> Origin:
    return asker.origin._replace(source="staff")

"""What a resolver is given: the product's ports, and who asks."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Protocol, TypeAlias
from uuid import UUID, uuid5

import msgspec
import strawberry

from app.ahead import Ahead
from app.asker import Asker
from app.errors import ForStaff
from app.handle import Handle
from app.history import History
from app.lane import Lane
from app.pace import Pace
from app.read_models import Database
from app.staff import everyone, inside, reason_of
from app.web.door import Door
from domain.access import Everyone, Role, Scope, TenantScope
from domain.events import Origin
from domain.fact import fact
from domain.fleet import FLEET
from domain.inbox_port import Inbox
from domain.limits import Plans
from domain.payments_port import Payments
from domain.ports import Clock, Marketplace
from domain.post import Addressees
from domain.principals import Principals
from domain.run import Wanted
from domain.secrecy import Limiter, NotSignedIn, Secret, Vault
from domain.sheet_port import Stored
from domain.tenant import UnknownTenant


class Caller(Protocol):
    """A signed-in person: what she may read, and how her commands are signed."""

    @property
    def scope(self) -> TenantScope: ...
    @property
    def origin(self) -> Origin: ...


@fact
class Ports:
    """Everything a resolver may reach.

    `marketplaces` by the name that facts carry; `companies_of` a person: (id, name, role); `decode`
    turns a stored fact back: (name, schema version, payload), Unread if only a newer version can;
    `erase` a person, if the asker may and this is the asker's own password; `actions` are the names
    of all facts that this version knows; `keep_origin` of a change that came through a door;
    `is_staff`: does this person run the servers; `addressees`: what is kept of whom mails
    go to, and `mails`: are any sent; `lane` is where what is `stored` is opened; `ahead`
    is what plans of syncs are made of, `plans` what companies may use; `payments`: who they pay
    through, `inbox`: what that sent, and `wish`: what puts runs into the ledger that come of it;
    None where nothing is paid for. `base`: where people find the console.
    """

    database: Database
    handle: Handle
    history: History
    clock: Clock
    marketplaces: Mapping[str, Marketplace]
    principals: Principals
    vault: Vault
    limiter: Limiter
    companies_of: Callable[[UUID], Awaitable[Sequence[tuple[UUID, str, Role]]]]
    decode: Callable[[str, int, bytes], object]
    erase: Callable[[Asker, UUID, Secret], Awaitable[None]]
    actions: Collection[str]
    keep_origin: Callable[[Asker, Door], Awaitable[None]]
    is_staff: Callable[[UUID], Awaitable[bool]]
    addressees: Addressees
    mails: bool
    lane: Lane
    stored: Stored
    ahead: Ahead
    plans: Plans
    payments: Payments | None = None
    inbox: Inbox | None = None
    wish: Callable[[Sequence[Wanted]], Awaitable[None]] | None = None
    base: str = ""

    @property
    def pace(self) -> Pace:
        """How soon syncs may follow each other."""
        return Pace(database=self.database, handle=self.handle, plans=self.plans, clock=self.clock)


@fact
class Context:
    """One request. Without an asker only the schema itself may be asked for; `key` is what she
    calls it, so that it can be sent again."""

    ports: Ports
    asker: Asker | None
    language: str
    key: UUID | None = None

    @property
    def who(self) -> Asker:
        """Raises NotSignedIn: the handler's own check comes first, this one is the second lock."""
        if self.asker is None:
            raise NotSignedIn
        return self.asker

    @property
    def scope(self) -> TenantScope:
        """What she may read."""
        return self.who.scope


Info: TypeAlias = strawberry.Info[Context, None]


AsStaff: TypeAlias = Annotated[
    str | None,
    strawberry.argument(
        description="For who runs the servers: all companies are meant, for this reason, which "
        "stays on record. A ticket's number, never a name."
    ),
]


AS_STAFF = "asStaff"
"""What the argument is called that those who run the servers give a reason in."""
FOR_STAFF = "Only the staff who run the servers may ask for this: with a reason, in `asStaff`."
NOT_YOURS = (
    "Only the staff who run the servers may use `asStaff`. Leave it out: then your own company is "
    "meant."
)


async def scope_of(info: Info, as_staff: str | None) -> Scope:
    """What the caller may read: her company; with a reason all of them, if she is of the staff.
    Raises ForStaff, Invalid."""
    if as_staff is None:
        return info.context.scope
    ports, who = info.context.ports, info.context.who
    if not await ports.is_staff(who.scope.person):
        raise ForStaff(NOT_YOURS, field=AS_STAFF)
    reason = reason_of(as_staff, AS_STAFF)
    return await everyone(ports.handle, who, ports.clock().date(), reason)


async def everyone_of(info: Info, as_staff: str | None) -> Everyone:
    """All companies: for what belongs to none of them. Raises ForStaff for who sees her own alone,
    Invalid."""
    scope = await scope_of(info, as_staff)
    if not isinstance(scope, Everyone):
        raise ForStaff(FOR_STAFF, field=AS_STAFF)
    return scope


async def acting(info: Info, given: object, company: UUID | None, as_staff: str | None) -> Asker:
    """Who asks for this change: she in her own company, or, with a reason, one of the staff in any,
    or in the place of all when no company is named. Raises ForStaff, Invalid, UnknownTenant."""
    who, ports = asker_of(info, given), info.context.ports
    if as_staff is None:
        if company not in {None, who.scope.tenant}:
            raise UnknownTenant(field="tenantId")
        return who
    if not await ports.is_staff(who.scope.person):
        raise ForStaff(NOT_YOURS, field=AS_STAFF)
    reason = reason_of(as_staff, AS_STAFF)
    there = await inside(ports.handle, who, ports.clock().date(), company or FLEET, reason)
    return replace(there, command_id=who.command_id)


def asker_of(info: Info, given: object) -> Asker:
    """Who asks for this change. With a key, the change has an id of the key, the field and all that
    is given: one key never answers for another change, in this document or in a later one."""
    context = info.context
    if context.key is None:
        return context.who
    told = msgspec.json.encode((info.path.key, info.field_name, given), order="deterministic")
    return replace(context.who, command_id=uuid5(context.key, told.decode()))

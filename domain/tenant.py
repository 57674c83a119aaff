"""The tenant: a company, its people and its shops.

Read from top to bottom: what can happen, what we remember, what may be asked, how we answer.
Names of companies, people and shops are labels outside the facts: they can be deleted.
"""

from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from datetime import datetime
from typing import TypeAlias, TypeVar
from uuid import UUID

from domain import notices, run_acts, shop, writer
from domain.access import Role
from domain.decider import Decider
from domain.errors import Refused, Unknown
from domain.fact import fact
from domain.limits import ensure_shop

T = TypeVar("T")

# What can happen


@fact
class Registered:
    owner_id: UUID


@fact
class MemberJoined:
    user_id: UUID
    role: Role


@fact
class MemberLeft:
    user_id: UUID


@fact
class AuditExported:
    """Somebody took facts recorded in [since, until) with her; None is without an end.

    `filter`: what else they had to be, `source=run`; None: all were taken. Ids stand there, and
    never a name."""

    format: str
    since: datetime | None
    until: datetime | None
    filter: str | None = None


@fact
class ReadByStaff:
    """We looked into this company's data. `reason` is why: a ticket's number, never a name."""

    reason: str


OwnEvent: TypeAlias = Registered | MemberJoined | MemberLeft | AuditExported | ReadByStaff
Event: TypeAlias = OwnEvent | shop.Event | run_acts.Event | notices.Event


# What we remember


@fact
class Tenant:
    exists: bool = False
    members: Mapping[UUID, Role] = field(default_factory=dict)
    shops: Mapping[UUID, shop.Shop] = field(default_factory=dict)
    holds: run_acts.Holds = ()
    choices: notices.Choices = field(default_factory=dict)


def evolve(tenant: Tenant, event: Event) -> Tenant:
    match event:
        case Registered():
            return replace(tenant, exists=True)
        case MemberJoined(user_id=user_id, role=role):
            return replace(tenant, members={**tenant.members, user_id: role})
        case MemberLeft(user_id=user_id):
            left, rest = _without(tenant.members, user_id), _without(tenant.choices, user_id)
            return replace(tenant, members=left, choices=rest)
        case notices.NoticesChosen(user_id=user_id, kinds=kinds, at_night=at_night):
            choice = notices.Choice(kinds=kinds, at_night=at_night)
            return replace(tenant, choices={**tenant.choices, user_id: choice})
        case AuditExported() | ReadByStaff():
            return tenant
        case run_acts.RunsHeld() | run_acts.RunsReleased():
            return replace(tenant, holds=run_acts.held(tenant.holds, event))
        case (
            run_acts.RunCancelled()
            | run_acts.RunRetried()
            | run_acts.RunHastened()
            | run_acts.BulkRequested()
        ):
            return tenant
        case shop.ShopConnected(shop_id=shop_id):
            return replace(tenant, shops={**tenant.shops, shop_id: shop.connected(event)})
        case shop.ShopDisconnected(shop_id=shop_id):
            return replace(tenant, shops=_without(tenant.shops, shop_id))
        case _:
            changed = shop.evolve(tenant.shops[event.shop_id], event)
            return replace(tenant, shops={**tenant.shops, event.shop_id: changed})


def _without(those: Mapping[UUID, T], gone: UUID) -> Mapping[UUID, T]:
    return {key: each for key, each in those.items() if key != gone}


# What may be asked


@fact
class Register:
    owner_id: UUID


@fact
class Leave:
    """The last one to leave disconnects the shops: nobody could do so after her. Another one takes
    along what she let us do in her name."""

    user_id: UUID


@fact
class ExportAudit:
    format: str
    since: datetime | None
    until: datetime | None
    filter: str | None = None


@fact
class ReadAsStaff:
    reason: str


OwnCommand: TypeAlias = Register | Leave | ExportAudit | ReadAsStaff
Command: TypeAlias = (
    OwnCommand | shop.ConnectShop | shop.Command | run_acts.Command | notices.Command
)


# How we answer


class AlreadyRegistered(Refused):
    """This company is already registered."""


class UnknownTenant(Unknown):
    """There is no such company."""


class UnknownMember(Unknown):
    """There is no such member of this company."""


class LastOwner(Refused):
    """The others would have no owner. Make one of them an owner, or let them leave first."""


def decide(tenant: Tenant, command: Command) -> Iterator[Event]:
    match command:
        case Register() if tenant.exists:
            raise AlreadyRegistered
        case Register(owner_id=owner_id):
            yield Registered(owner_id=owner_id)
            yield MemberJoined(user_id=owner_id, role=Role.OWNER)
        case _ if not tenant.exists:
            raise UnknownTenant
        case shop.ConnectShop() if not tenant.members:  # asked before the last one left
            raise UnknownTenant
        case Leave(user_id=user_id):
            yield from _leave(tenant, user_id)
        case ExportAudit(format=form, since=since, until=until, filter=chosen):
            yield AuditExported(format=form, since=since, until=until, filter=chosen)
        case ReadAsStaff(reason=reason):
            yield ReadByStaff(reason=reason)
        case shop.ConnectShop():
            yield from _connect(tenant, command)
        case (
            run_acts.CancelRun()
            | run_acts.RetryRun()
            | run_acts.HastenRun()
            | run_acts.RequestBulk()
        ):
            yield from run_acts.decide(command)
        case run_acts.HoldRuns() | run_acts.ReleaseRuns():
            yield from _hold(tenant, command)
        case notices.ChooseNotices() | notices.MuteNotices():
            yield from _choose(tenant, command)
        case _:
            yield from _of_shop(tenant, command)


def _hold(
    tenant: Tenant, command: run_acts.HoldRuns | run_acts.ReleaseRuns
) -> Iterator[run_acts.Event]:
    if command.shop_id is not None:
        _ensure_shop(tenant, command.shop_id)
    yield from run_acts.hold(tenant.holds, command)


def _choose(tenant: Tenant, command: notices.Command) -> Iterator[notices.Event]:
    person = command.user_id
    if person not in tenant.members:
        raise UnknownMember(field="personId")
    yield from notices.decide(tenant.choices.get(person), tenant.members[person], command)


def _of_shop(tenant: Tenant, command: shop.Command) -> Iterator[Event]:
    yield from shop.decide(_ensure_shop(tenant, command.shop_id), command)
    if isinstance(command, shop.DisconnectShop):
        its = [each for each in tenant.holds if each.shop_id == command.shop_id]
        yield from run_acts.release(its)


def _ensure_shop(tenant: Tenant, shop_id: UUID) -> shop.Shop:
    if shop_id not in tenant.shops:
        raise shop.UnknownShop(field="shopId")
    return tenant.shops[shop_id]


def _leave(tenant: Tenant, user_id: UUID) -> Iterator[Event]:
    if user_id not in tenant.members:
        raise UnknownMember(field="personId")
    rest = _without(tenant.members, user_id)
    if rest and Role.OWNER not in rest.values():
        raise LastOwner
    if not rest:
        for shop_id in tenant.shops:
            yield shop.ShopDisconnected(shop_id=shop_id)
        yield from run_acts.release(tenant.holds)
    else:
        hers = (each for each, at in tenant.shops.items() if at.writer.signed_by == user_id)
        yield from (writer.GoogleSignedOut(shop_id=each) for each in hers)
    yield MemberLeft(user_id=user_id)


def _connect(tenant: Tenant, command: shop.ConnectShop) -> Iterator[shop.Event]:
    account = (command.marketplace, command.seller_id)
    for shop_id, known in tenant.shops.items():
        if (known.marketplace, known.seller_id) == account:
            yield from shop.replace_token(shop_id, known, command)
            return
    ensure_shop(command.allowed, len(tenant.shops))
    yield from shop.connect(command)


decider = Decider("tenant", Tenant(), decide, evolve, edition=7)

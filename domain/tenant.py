"""The tenant: a company, its people and its shops.

Read from top to bottom: what can happen, what we remember, what may be asked, how we answer.
Names of companies, people and shops are labels outside the facts: they can be deleted.
"""

from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from types import MappingProxyType
from typing import TypeAlias
from uuid import UUID

from domain import shop
from domain.access import Role
from domain.decider import Decider
from domain.errors import Refused, Unknown
from domain.fact import fact

# What can happen


@fact
class Registered:
    owner_id: UUID


@fact
class MemberJoined:
    user_id: UUID
    role: Role


Event: TypeAlias = Registered | MemberJoined | shop.Event


# What we remember


@fact
class Tenant:
    exists: bool = False
    members: Mapping[UUID, Role] = field(default_factory=lambda: MappingProxyType({}))
    shops: Mapping[UUID, shop.Shop] = field(default_factory=lambda: MappingProxyType({}))


def evolve(tenant: Tenant, event: Event) -> Tenant:
    match event:
        case Registered():
            return replace(tenant, exists=True)
        case MemberJoined(user_id=user_id, role=role):
            return replace(tenant, members={**tenant.members, user_id: role})
        case shop.ShopConnected(shop_id=shop_id):
            return replace(tenant, shops={**tenant.shops, shop_id: shop.connected(event)})
        case shop.ShopDisconnected(shop_id=shop_id):
            left = {key: each for key, each in tenant.shops.items() if key != shop_id}
            return replace(tenant, shops=left)
        case _:
            changed = shop.evolve(tenant.shops[event.shop_id], event)
            return replace(tenant, shops={**tenant.shops, event.shop_id: changed})


# What may be asked


@fact
class Register:
    owner_id: UUID


Command: TypeAlias = Register | shop.ConnectShop | shop.Command


# How we answer


class AlreadyRegistered(Refused):
    """This company is already registered."""


class UnknownTenant(Unknown):
    """There is no such company."""


def decide(tenant: Tenant, command: Command) -> Iterator[Event]:
    match command:
        case Register() if tenant.exists:
            raise AlreadyRegistered
        case Register(owner_id=owner_id):
            yield Registered(owner_id=owner_id)
            yield MemberJoined(user_id=owner_id, role=Role.OWNER)
        case _ if not tenant.exists:
            raise UnknownTenant
        case shop.ConnectShop():
            yield from _connect(tenant, command)
        case _:
            known = tenant.shops.get(command.shop_id)
            if known is None:
                raise shop.UnknownShop(field="shopId")
            yield from shop.decide(known, command)


def _connect(tenant: Tenant, command: shop.ConnectShop) -> Iterator[shop.Event]:
    account = (command.marketplace, command.seller_id)
    for shop_id, known in tenant.shops.items():
        if (known.marketplace, known.seller_id) == account:
            yield from shop.replace_token(shop_id, known, command)
            return
    yield from shop.connect(command)


decider = Decider("tenant", Tenant(), decide, evolve)

"""Who may see and do what: roles inside a company, and the scope no read goes without."""

from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

from domain.errors import Forbidden
from domain.fact import fact


class Role(StrEnum):
    """What a person is in one company. Each may do what the next one may, and more."""

    OWNER = "owner"
    ADMIN = "admin"
    MEMBER = "member"
    VIEWER = "viewer"


_RANK = (Role.VIEWER, Role.MEMBER, Role.ADMIN, Role.OWNER)


@fact
class TenantScope:
    """What a caller may read: one company, as one person with one role."""

    tenant: UUID
    person: UUID
    role: Role

    def may(self, least: Role) -> bool:
        """Is the role at least this one?"""
        return _RANK.index(self.role) >= _RANK.index(least)

    def demand(self, least: Role) -> None:
        """Raise Forbidden unless it is."""
        if not self.may(least):
            raise Forbidden

    @staticmethod
    def everyone(person: UUID, reason: str) -> "Everyone":
        """What one of those who run the servers may read. `app.staff.everyone` makes it, after it
        has put it on record."""
        return Everyone(person=person, reason=reason)


@fact
class Everyone:
    """All companies, as one of those who run the servers, for a reason that is on record."""

    person: UUID
    reason: str


Scope: TypeAlias = TenantScope | Everyone
"""What a read may see."""

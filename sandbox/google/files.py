"""A spreadsheet as a file of Drive: its owner, its shares, and safe steps to change it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Final, Literal, TypeAlias

from sandbox.google.changes.change import Change
from sandbox.google.formulas.evaluate import Calculation
from sandbox.google.model.book import Book

Role: TypeAlias = Literal["owner", "writer", "commenter", "reader"]
ANYONE: Final = "anyone"
STRENGTH: Final = {"owner": 3, "writer": 2, "commenter": 1, "reader": 1, "": 0}


@dataclass(slots=True)
class Setting:
    """What all files share: the clock of NOW(), and how Google treats what it leaves unsaid."""

    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    pasted_blanks_clear: bool = True


@dataclass(slots=True)
class Permission:
    """A share: with an address, or with anyone who has the link."""

    id: str
    email: str
    role: Role
    kind: str = "user"


@dataclass(slots=True)
class File:
    """A spreadsheet in somebody's Drive."""

    setting: Setting
    book: Book
    created: datetime
    modified: datetime
    permissions: list[Permission] = field(default_factory=list)
    made_by: str = ""
    """The program that made it in her name, if one did."""

    @property
    def id(self) -> str:
        return self.book.id

    @property
    def owner(self) -> str:
        return self.book.owner

    def role(self, email: str) -> str:
        """What this address may do; an empty text means nothing."""
        held = [p.role for p in self.permissions if p.email in (email.lower(), ANYONE)]
        return max(held, key=STRENGTH.__getitem__, default="")

    def share(self, email: str, role: Role = "writer", kind: str = "user") -> Permission:
        """Open the file for an address, or change what it may do."""
        address = ANYONE if kind == ANYONE else email.lower()
        self.unshare(address)
        self.permissions.append(Permission(_permission_id(address), address, role, kind))
        return self.permissions[-1]

    def unshare(self, email: str) -> None:
        self.permissions = [p for p in self.permissions if p.email != email.lower()]

    def seen(self) -> Calculation:
        """What the file shows at this moment."""
        return Calculation(self.book, self.setting.clock())

    def draft(self, who: str) -> Change:
        """A copy to change; give it to `adopt` when every part of it went well."""
        setting = self.setting
        return Change(self.book.copy(), who, setting.clock(), setting.pasted_blanks_clear)

    def adopt(self, change: Change) -> None:
        """Make the draft the file, as one step."""
        self.book.adopt(change.book)
        self.modified = self.setting.clock()


def _permission_id(address: str) -> str:
    if address == ANYONE:
        return "anyoneWithLink"
    return str(int.from_bytes(blake2b(address.encode(), digest_size=8).digest()))

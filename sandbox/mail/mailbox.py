"""What came in, and what goes wrong with what comes next."""

import re
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Literal

from msgspec import Struct

MOST = 500
"""Letters that are kept: the newest."""


class Fault(Struct, forbid_unknown_fields=True):
    """What goes wrong, so many times, with letters to addresses that match.

    refuse: answers `code` and `said`. slow: answers after `seconds`. cut: hangs up.
    At the address (`rcpt`), once all of it was sent (`data`), or at parting (`quit`).
    """

    at: Literal["rcpt", "data", "quit"] = "rcpt"
    mode: Literal["refuse", "slow", "cut"] = "refuse"
    code: int = 451
    said: str = "Try again later"
    match: str = ""
    seconds: float = 0.0
    times: int = 1


@dataclass(frozen=True, slots=True)
class Letter:
    """One that was taken. `login` is whoever signed in to send it."""

    number: int
    at: datetime
    sender: str
    recipients: tuple[str, ...]
    login: str
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        """As its headers and bodies are read."""
        message = message_from_bytes(self.raw, policy=default)
        assert isinstance(message, EmailMessage)  # noqa: S101 - the policy's own kind
        return message

    def body(self, kind: Literal["plain", "html"]) -> str:
        """The text, or what a screen shows; nothing if it has none."""
        part = self.message.get_body((kind,))
        return "" if part is None else str(part.get_content())


@dataclass(slots=True)
class Mailbox:
    """Everybody's letters, the newest first."""

    letters: deque[Letter] = field(default_factory=lambda: deque(maxlen=MOST))
    waiting: list[Fault] = field(default_factory=list)
    taken: int = 0

    def take(
        self, at: datetime, sender: str, recipients: tuple[str, ...], login: str, raw: bytes
    ) -> None:
        self.taken += 1
        self.letters.appendleft(Letter(self.taken, at, sender, recipients, login, raw))

    def letter(self, number: int) -> Letter | None:
        """None for one that is not kept."""
        return next((each for each in self.letters if each.number == number), None)

    def to(self, address: str) -> list[Letter]:
        """What somebody got."""
        return [each for each in self.letters if address in each.recipients]

    def fault(self, at: str, address: str) -> Fault | None:
        """The one that strikes here, used up once."""
        for fault in self.waiting:
            if fault.at == at and re.search(fault.match, address):
                fault.times -= 1
                self.waiting = [each for each in self.waiting if each.times > 0]
                return fault
        return None

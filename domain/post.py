"""Mail: what one holds, and the server that is asked to carry it."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

from domain.fact import fact

HERS_AWAY = "mail_address_away"
"""Only this address has to wait: others are let in."""


@fact
class Letter:
    """A mail to one person. `ident` is the same when it is sent once more; `off`: the address that
    turns such mail off by one POST (RFC 8058). Holds her address: never printed, logged or kept."""

    to: str
    subject: str
    text: str
    html: str
    language: str
    ident: str
    off: str

    def __repr__(self) -> str:
        return "Letter(***)"


class Post(Protocol):
    """The mail server. What it says is never repeated: it may quote an address."""

    @property
    def on(self) -> bool:
        """Is there one at all?"""

    async def reach(self) -> None:
        """Are we let in? Raises as `send` does."""

    async def send(self, letter: Letter) -> None:
        """Hand it over. Raises Rejected (`mail_address`: there is nobody there; `mail_refused`: it
        will not take this from us; `mail_off`) and Unavailable (`mail_away`, `mail_login`,
        HERS_AWAY)."""


class Addressees(Protocol):
    """What is kept of a person so that she can be written to."""

    async def failed(self, person: UUID, at: datetime | None) -> None:
        """Since then there is nobody at her address; None: there may be."""

    async def speak(self, person: UUID, language: str) -> None:
        """She is written to in this language."""

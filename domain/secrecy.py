"""What must stay secret, and what the domain needs from those who keep it so."""

import hmac
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Protocol
from uuid import UUID

from domain.errors import Refused, Unknown
from domain.fact import fact


class Secret:
    """A text that never shows itself: it prints as ***. `reveal` it only where it is used."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself."""
        return self._text

    def __repr__(self) -> str:
        return "***"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self._text.encode(), other._text.encode())

    def __hash__(self) -> int:
        return hash(self._text)


# Refusals


class SecretGone(Unknown):
    """This secret is no longer kept. Enter it again."""


class NotSignedIn(Refused):
    """Sign in first: POST /auth/login, then send `Authorization: Bearer <access token>`."""


class TokenExpired(NotSignedIn):
    """The access token has expired. Get a new one from POST /auth/refresh."""


class WrongMasterKey(Exception):
    """ENCRYPTION_MASTER_KEY does not open what is kept here. Put back the key that sealed it: in a
    comma-separated list the first key seals, all of them open."""


# Ports


class Vault(Protocol):
    """Seals secrets. What is sealed opens only for its own tenant, id and field."""

    async def seal(
        self, tenant: UUID, secret_id: UUID, field: str, secret: bytes
    ) -> tuple[str, Sequence[Any]]:
        """A statement and its row: they belong into `rows` of the command that names the id."""

    async def open(self, tenant: UUID, secret_id: UUID, field: str) -> bytes:
        """Raises SecretGone when it was deleted or never kept, WrongMasterKey when it is shut."""


class Passwords(Protocol):
    """Slow on purpose; runs outside the event loop. Raises Unavailable when too many wait."""

    def check(self, password: str) -> None:
        """Raises Invalid, naming the field, for a password that is too short, long or common."""

    async def hash(self, password: str) -> str:
        """Raises Invalid as `check` does."""

    async def verify(self, password: str, hashed: str | None) -> bool:
        """None costs the same and is False: an unknown user cannot be told by the clock."""


class Keys(Protocol):
    """Keys that live as long as the data they belong to."""

    def email_key(self, email: str) -> bytes:
        """The same for one address in any letter case; says nothing to who has not the key."""


class Signer(Protocol):
    """Signs what others check without us: Ed25519 (RFC 8032)."""

    @property
    def public(self) -> bytes:
        """The public key, 32 bytes; may be shown to anybody."""

    def sign(self, message: bytes) -> bytes: ...


@fact
class Grant:
    """Whom an access token speaks for."""

    person: UUID
    tenant: UUID
    session: UUID


class Tokens(Protocol):
    """Access tokens: short-lived and signed."""

    lifetime: timedelta

    def issue(self, grant: Grant) -> str: ...

    def read(self, token: str) -> Grant:
        """Raises NotSignedIn for anything that was not issued here, TokenExpired for an old one."""


@fact
class Verdict:
    """What a limiter says. `retry_after` is in seconds, 0 when allowed."""

    allowed: bool
    remaining: int
    retry_after: float


class Limiter(Protocol):
    """Counts for all processes together; alone, and more strictly if asked, while Redis is away."""

    async def hit(  # noqa: PLR0913 - a quota has this many sides
        self,
        key: str,
        limit: int,
        period: timedelta,
        *,
        burst: int,
        cost: int = 1,
        strict: bool = False,
    ) -> Verdict:
        """Spend `cost` of `burst`, which grows back at `limit` per `period`."""

    async def forget(self, key: str) -> None:
        """Begin anew with a full bucket."""

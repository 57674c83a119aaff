"""Wildberries tokens: made for the sandbox, read as the gateway reads them.

Claims as documented (knowledge base, "Как устроен токен"): id, sid, exp, s (a bit per
category, 30 for read-only), acc, for, t. Real signatures are ES256 with an unpublished key;
these have the same length and are checked, so that a forged token is refused here too.
"""

import hashlib
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from typing import Literal, TypeAlias
from uuid import NAMESPACE_URL, uuid5

import msgspec

from sandbox.wildberries.endpoints import (
    ANALYTICS,
    CONTENT,
    MARKETPLACE,
    STATISTICS,
    SUPPLIES,
)
from sandbox.wildberries.problems import NO_SCOPE

Kind: TypeAlias = Literal["base", "test", "personal", "service"]
ACC: dict[Kind, int] = {"base": 1, "test": 2, "personal": 3, "service": 4}
ALL_SCOPES = (CONTENT, ANALYTICS, MARKETPLACE, STATISTICS, SUPPLIES)
READ_ONLY_BIT = 30
LIFETIME_S = 180 * 86_400
SERVICE_ID = "sandbox-stock-service"
SERVICE_SECRET = "sandbox-service-secret"  # noqa: S105 -- opens the sandbox only
SECRET_HEADER = "x-client-secret"  # noqa: S105 -- a header's name
PARTS = 3
MALFORMED = "token problem; token is malformed"


class Claims(msgspec.Struct, kw_only=True):
    """What a token says of itself; ``for_`` is the claim ``for``."""

    id: str
    sid: str
    exp: int
    s: int
    acc: int
    for_: str = msgspec.field(name="for", default="")
    t: bool = False
    ent: int = 1

    def covers(self, scope: int | None) -> bool:
        return scope is None or bool(self.s >> scope & 1)


class BadToken(Exception):
    """The gateway answers 401 with this detail."""


def issue(  # noqa: PLR0913 -- every claim may be asked for
    seller_id: str,
    kind: Kind = "base",
    scopes: Iterable[int] = ALL_SCOPES,
    *,
    read_only: bool = True,
    expires: float | None = None,
    token_id: str | None = None,
) -> str:
    """A token of a seller; ``expires`` is epoch seconds, 180 days from now unless told."""
    mask = sum(1 << scope for scope in set(scopes))
    expires = time.time() + LIFETIME_S if expires is None else expires
    claims = Claims(
        id=token_id or str(uuid5(NAMESPACE_URL, f"{seller_id}:{kind}:{mask}")),
        sid=seller_id,
        exp=int(expires),
        s=mask | (1 << READ_ONLY_BIT if read_only else 0),
        acc=ACC[kind],
        for_={"personal": "self", "service": f"asid:{SERVICE_ID}"}.get(kind, ""),
        t=kind == "test",
    )
    header = {"alg": "ES256", "kid": "20261001v1", "typ": "JWT"}
    signed = b".".join(_armour(msgspec.json.encode(part)) for part in (header, claims))
    return f"{signed.decode()}.{_armour(_signature(signed)).decode()}"


def read(authorization: str | None, now: float) -> Claims:
    """The claims of an Authorization header, with or without "Bearer", or BadToken."""
    token = (authorization or "").strip()
    if token[:7].lower() == "bearer ":
        token = token[7:].strip()
    if not token:
        raise BadToken("empty Authorization header")
    claims = _decoded(token)
    if claims.exp <= now:
        raise BadToken("token expired")
    if claims.t or claims.acc == ACC["test"]:
        raise BadToken(NO_SCOPE)  # a test token opens Wildberries' own sandbox hosts only
    return claims


def _decoded(token: str) -> Claims:
    parts = token.split(".")
    if len(parts) != PARTS:
        raise BadToken(f"{MALFORMED}: token contains an invalid number of segments")
    try:
        payload, signature = (_bare(part) for part in parts[1:])
        claims = msgspec.json.decode(payload, type=Claims)
    except (ValueError, msgspec.MsgspecError) as broken:
        raise BadToken(f"{MALFORMED}: {broken}") from None
    if signature != _signature(f"{parts[0]}.{parts[1]}".encode()):
        raise BadToken("token problem; token signature is invalid")
    return claims


def _signature(signed: bytes) -> bytes:
    return hashlib.sha512(b"sandbox:" + signed).digest()


def _armour(raw: bytes) -> bytes:
    return urlsafe_b64encode(raw).rstrip(b"=")


def _bare(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))

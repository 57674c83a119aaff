"""Access tokens: JSON Web Tokens of one algorithm, one key, one purpose (RFC 8725, RFC 9068)."""

import secrets
from datetime import timedelta
from typing import Any
from uuid import UUID

import jwt
import msgspec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from domain.ports import Clock
from domain.secrecy import Grant, NotSignedIn, Secret, TokenExpired

ALGORITHM = "HS256"
TYPE = "at+jwt"
ISSUER = AUDIENCE = "stock-tracker"
SKEW = 5
"""Seconds that two of our clocks may differ."""


class Claims(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a token says (RFC 9068, 2.2); `tenant` and `sid` are ours."""

    iss: str
    aud: str
    sub: UUID
    tenant: UUID
    sid: UUID
    iat: int
    nbf: int
    exp: int
    jti: str


class JwtTokens:
    """Implements `domain.secrecy.Tokens`. Times are the clock's, not the library's."""

    def __init__(
        self, secret_key: Secret, clock: Clock, lifetime: timedelta = timedelta(minutes=10)
    ) -> None:
        self._key = _derive(secret_key.reveal())
        self._clock = clock
        self.lifetime = lifetime

    def issue(self, grant: Grant) -> str:
        """See the port."""
        now = int(self._clock().timestamp())
        claims = Claims(
            iss=ISSUER,
            aud=AUDIENCE,
            sub=grant.person,
            tenant=grant.tenant,
            sid=grant.session,
            iat=now,
            nbf=now,
            exp=now + int(self.lifetime.total_seconds()),
            jti=secrets.token_urlsafe(12),
        )
        return jwt.encode(msgspec.to_builtins(claims), self._key, ALGORITHM, headers={"typ": TYPE})

    def read(self, token: str) -> Grant:
        """See the port."""
        try:
            opened = jwt.decode_complete(
                token,
                self._key,
                algorithms=[ALGORITHM],
                audience=AUDIENCE,
                issuer=ISSUER,
                options={"verify_exp": False, "verify_nbf": False, "verify_iat": False},
            )
            claims = msgspec.convert(opened["payload"], Claims)
        except (jwt.InvalidTokenError, msgspec.ValidationError) as forged:
            raise NotSignedIn from forged
        self._check(opened["header"], claims)
        return Grant(person=claims.sub, tenant=claims.tenant, session=claims.sid)

    def _check(self, header: dict[str, Any], claims: Claims) -> None:
        now = self._clock().timestamp()
        if header.get("typ") != TYPE or claims.nbf > now + SKEW:
            raise NotSignedIn
        if claims.exp <= now:
            raise TokenExpired


def _derive(secret_key: str) -> bytes:
    """A key of its own for this purpose, of full length whatever the text's."""
    info = b"stock-tracker/access-token"
    return HKDF(SHA256(), 32, salt=None, info=info).derive(secret_key.encode())

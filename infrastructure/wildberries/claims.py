"""What a token says of itself: read for limits and explanations, never trusted.

Claims as documented by dev.wildberries.ru, "Как устроен токен": sid, exp, acc, for, t, and `s`,
a bit per category. The signing key is not published, so only a live call proves anything.
"""

from base64 import urlsafe_b64decode
from binascii import Error as NotBase64
from datetime import UTC, datetime
from typing import Annotated

import msgspec

from domain.both import Both
from domain.errors import Rejected
from domain.fact import fact
from domain.table.words import day
from infrastructure.wildberries.words import say

_SCOPES = {1: "content", 2: "analytics", 4: "marketplace", 5: "statistics", 10: "supplies"}
_READ_ONLY = 30
_KINDS = {1: "base", 2: "test", 3: "personal", 4: "service"}
_LONGEST = 4_096
_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=")


@fact
class Claims:
    """`kind`: base, test, personal, service. `scopes`: of those the product knows."""

    token_id: str
    seller_id: str
    kind: str
    scopes: tuple[str, ...]
    read_only: bool
    expires_at: datetime


def is_plain(kind: str, *, with_secret: bool) -> bool:
    """A Base token without the service's secret: it has the narrow limits."""
    return kind in ("base", "test") and not with_secret


class _Payload(msgspec.Struct):
    sid: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    exp: Annotated[int, msgspec.Meta(ge=0, le=32_503_680_000)]
    id: str = ""
    s: Annotated[int, msgspec.Meta(ge=0, le=2**62)] = 0
    acc: int = 0
    audience: str = msgspec.field(name="for", default="")
    t: bool = False


_DECODER = msgspec.json.Decoder(_Payload)


def read_claims(token: str) -> Claims:
    """The claims of a JWT. Raises Rejected (`token_dead`) for anything that is none."""
    payload = _decoded(_payload_of(token))
    return Claims(
        token_id=payload.id,
        seller_id=payload.sid,
        kind=_kind(payload),
        scopes=tuple(word for bit, word in _SCOPES.items() if payload.s >> bit & 1),
        read_only=bool(payload.s >> _READ_ONLY & 1),
        expires_at=datetime.fromtimestamp(payload.exp, UTC),
    )


def check_alive(claims: Claims, now: datetime) -> None:
    """Raises Rejected (`token_dead`) for a token past its term of 180 days."""
    if claims.expires_at <= now:
        ru, en = (day(claims.expires_at, language) for language in ("ru", "en"))
        raise Rejected(say("token_expired", on=Both(ru=ru, en=en)), cause="token_dead")


def _payload_of(token: str) -> str:
    if not token:
        raise _shapeless("поле пустое", "the field is empty")
    if len(token) > _LONGEST:
        raise _shapeless("он слишком длинный", "it is too long")
    if not _LETTERS.issuperset(token):
        raise _shapeless("в нём есть пробелы или посторонние знаки", "it holds foreign characters")
    parts = token.split(".")
    if len(parts) != len(("header", "payload", "signature")) or not all(parts):
        raise _shapeless("в нём должно быть три части через точку", "it has three parts and dots")
    return parts[1]


def _decoded(payload: str) -> _Payload:
    try:
        raw = urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
        return _DECODER.decode(raw)
    except (NotBase64, msgspec.MsgspecError):
        raise _shapeless("средняя часть не читается", "its middle part cannot be read") from None


def _kind(payload: _Payload) -> str:
    """`acc` may be missing in old tokens; `for` and `t` then tell."""
    if payload.acc in _KINDS:
        return _KINDS[payload.acc]
    if payload.t:
        return "test"
    if payload.audience.startswith("asid:"):
        return "service"
    return "personal" if payload.audience == "self" else "base"


def _shapeless(ru: str, en: str) -> Rejected:
    return Rejected(say("token_shape", what=Both(ru=ru, en=en)), cause="token_dead")

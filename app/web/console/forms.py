"""What a form sends, and the proof that it was our page that sent it.

Two locks (OWASP, Cross-Site Request Forgery Prevention): the browser's own word on where a request
comes from, and, for who is signed in, a token that is worth nothing with any other session.
"""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

from litestar import Request

from app.errors import WrongField
from domain.errors import Forbidden, Invalid
from domain.ids import id_in
from domain.secrecy import Secret


def _(message: str) -> str:
    """Marks a message of the catalogue."""
    return message


FORM = "application/x-www-form-urlencoded"
LARGEST = 64 * 1024
MOST_FIELDS = 2_000
"""Enough for a page of picked rows."""
SAFE = ("GET", "HEAD", "OPTIONS")
OURS = ("same-origin", "none")


class Forged(Forbidden):
    """This form did not come from our page, or the page is from before you signed in. Open the page
    again and repeat what you did: nothing was changed."""


class NotAForm(Invalid):
    """This is not a form that can be read here. Open the page again and repeat what you did."""


IDS: Mapping[str, str] = {
    "run": _(
        "The field “run” holds no run's id. Open the list of runs again and pick them there: "
        "nothing was changed."
    ),
    "shop": _(
        "The field “shop” holds no shop's id. Open the page of the shop again and repeat what you "
        "did: nothing was changed."
    ),
    "tenant": _(
        "The field “tenant” holds no company's id. Open the page again and repeat what you did: "
        "nothing was changed."
    ),
}
"""Fields that hold an id or nothing, in whichever form they stand; and what is said of another."""


class Form:
    """The fields of a form, by name."""

    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        self._pairs = tuple(pairs)

    def text(self, name: str, default: str = "") -> str:
        """The first value of this name, as sent."""
        return next((value for key, value in self._pairs if key == name), default)

    def every(self, name: str) -> list[str]:
        """All values of this name, such as rows that were picked."""
        return [value for key, value in self._pairs if key == name]

    def ensure_ids(self) -> None:
        """Raise WrongField for an id that is none."""
        for name, sentence in IDS.items():
            if any(each and id_in(each) is None for each in self.every(name)):
                raise WrongField(sentence, field=name)

    def __repr__(self) -> str:
        return "Form(***)"


class Tokens:
    """Makes and checks the tokens: an HMAC of the session under a key for this purpose alone."""

    def __init__(self, secret_key: Secret) -> None:
        self._key = _hmac(secret_key.reveal().encode(), b"stock-tracker/csrf")

    def of(self, session: UUID) -> str:
        """The token of a session's forms."""
        return _hmac(self._key, session.bytes).hex()

    def ensure(self, session: UUID, token: str) -> None:
        """Raise Forged for any other one, whatever its letters."""
        if not hmac.compare_digest(self.of(session).encode(), token.encode()):
            raise Forged


async def form_of(request: Request[Any, Any, Any]) -> Form:
    """Raises NotAForm."""
    if request.content_type[0] != FORM:
        raise NotAForm
    body = await request.body()
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            max_num_fields=MOST_FIELDS,
            errors="replace",
        )
    except ValueError as wrong:
        raise NotAForm from wrong
    return Form(pairs)


def ensure_same_site(request: Request[Any, Any, Any]) -> None:
    """Raise Forged unless the browser says that our own page sent this (Fetch Metadata), or, where
    it keeps silent, names our address (RFC 6454, 7). Neither is no browser of today."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        if site not in OURS:
            raise Forged
        return
    if _host(request.headers.get("origin", "")) != request.headers.get("host", "").lower():
        raise Forged


def _host(origin: str) -> str | None:
    """None for `null`, and for what is no origin."""
    try:
        return urlsplit(origin).netloc.lower() or None
    except ValueError:
        return None


def _hmac(key: bytes, message: bytes) -> bytes:
    return hmac.new(key, message, hashlib.sha256).digest()

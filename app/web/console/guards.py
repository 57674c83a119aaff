"""What every answer of the console forbids a browser (OWASP ASVS 5, 3.4)."""

from collections.abc import Mapping

from litestar.datastructures import MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# With `no-referrer` browsers send `Origin: null` with a form (Fetch, 3.2), which proves nothing.
GUARDS: Mapping[str, str] = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
STRICT = "max-age=31536000; includeSubDomains"
"""A year (RFC 6797); said over https alone, as it asks (7.2)."""


def guards(*, secure: bool) -> dict[str, str]:
    """The headers of one answer."""
    return {**GUARDS, "Strict-Transport-Security": STRICT} if secure else dict(GUARDS)


class Guarded(ASGIMiddleware):
    """Adds them, and keeps pages out of every cache unless a handler said otherwise."""

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        door = scope["state"].get("door")

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableScopeHeaders.from_message(message)
                for name, value in guards(secure=door is not None and door.secure).items():
                    headers[name] = value
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await next_app(scope, receive, answer)

"""The token endpoint over HTTP."""

from typing import Any
from urllib.parse import parse_qs

from litestar import Request, Response, Router, post
from litestar.response import Stream

from sandbox.google.drive import Drive
from sandbox.google.errors import Json, OAuthRefusal
from sandbox.google.http.call import Asked, answer, asked


def oauth_router(drive: Drive) -> Router:
    """POST /token with a JWT assertion, a refresh token or an authorization code; POST /revoke."""

    def work(call: Asked) -> Json:
        form = {name: many[-1] for name, many in parse_qs(call.body.decode()).items()}
        return drive.tokens.grant(form, call.url)

    @post("/token", status_code=200, include_in_schema=False)
    async def token(request: Request[Any, Any, Any]) -> Response[Any] | Stream:
        return await answer(drive, await asked(request), "Token", work)

    def revoked(call: Asked) -> Json:
        given = parse_qs(call.body.decode()).get("token", [""])[-1]
        consent = drive.accounts.consents.get(given)
        if consent is None:
            raise OAuthRefusal("invalid_token", "Token expired or revoked")
        drive.accounts.withdraw(consent.id)
        return {}

    @post("/revoke", status_code=200, include_in_schema=False)
    async def revoke(request: Request[Any, Any, Any]) -> Response[Any] | Stream:
        return await answer(drive, await asked(request), "Token", revoked)

    return Router("/", route_handlers=[token, revoke])

"""From a bearer token to a caller: checked against the database on every request.

So a role that changes, a session that ends and a person who leaves count from the next request on,
not from the end of an access token's ten minutes.
"""

from typing import Any
from uuid import UUID

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.di import Provide

from app.accounts import read, sessions
from app.accounts.accounts import Accounts
from app.web.door import Door, door_of
from domain.access import TenantScope
from domain.events import Origin
from domain.fact import fact
from domain.secrecy import NotSignedIn


@fact
class Caller:
    """Who asks, with what right, through which door."""

    scope: TenantScope
    session: UUID
    door: Door

    @property
    def origin(self) -> Origin:
        """For `handle`."""
        return sessions.origin_of(self.door, self.scope.person)


async def caller_of(accounts: Accounts, connection: ASGIConnection[Any, Any, Any, Any]) -> Caller:
    """Raises NotSignedIn, or one of its kinds: TokenExpired, SessionEnded."""
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise NotSignedIn
    grant = accounts.tokens.read(token.strip())
    found = await read.session_of(accounts.people, grant)
    if found is None or found[0] <= accounts.clock():
        raise sessions.SessionEnded
    scope = TenantScope(tenant=grant.tenant, person=grant.person, role=found[1])
    return Caller(scope=scope, session=grant.session, door=door_of(connection))


def provide_caller(accounts: Accounts) -> Provide:
    """The dependency `caller` for handlers that are not for everybody."""

    async def caller(request: Request[Any, Any, Any]) -> Caller:
        return await caller_of(accounts, request)

    return Provide(caller)

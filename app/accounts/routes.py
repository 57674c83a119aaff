"""POST /auth/register, /auth/login, /auth/refresh and /auth/logout."""

from http import HTTPStatus
from typing import Any

import msgspec
from litestar import Request, Router, post
from litestar.datastructures import ResponseHeader
from litestar.di import NamedDependency, Provide
from litestar.params import JSONBody

from app.accounts import signing
from app.accounts.accounts import Accounts
from app.accounts.guard import Caller, provide_caller
from app.accounts.sessions import Session
from app.web.door import door_of
from app.web.problem import problems
from domain.secrecy import Grant, Secret

BIGGEST_BODY = 64 * 1024


class Register(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A person who has no account yet. `company_name`: her own name, if left out."""

    email: str
    password: str
    full_name: str
    company_name: str | None = None

    def __repr__(self) -> str:
        return "Register(***)"


class Login(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Upper and lower case of the address do not matter."""

    email: str
    password: str

    def __repr__(self) -> str:
        return "Login(***)"


class Refresh(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The last refresh token that was given out; it is good for one use."""

    refresh_token: str

    def __repr__(self) -> str:
        return "Refresh(***)"


class Tokens(msgspec.Struct, frozen=True, kw_only=True):
    """Send `Authorization: Bearer <access_token>`; it lasts `expires_in` seconds."""

    access_token: str
    refresh_token: str
    token_type: str
    expires_in: int

    def __repr__(self) -> str:
        return "Tokens(***)"


PUBLIC = {"scope": "public"}
BAD_BODY = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
    HTTPStatus.TOO_MANY_REQUESTS,
)
UNAUTHORIZED = HTTPStatus.UNAUTHORIZED


@post(
    "/register",
    opt=PUBLIC,
    summary="Register a person and her company",
    responses=problems(*BAD_BODY, HTTPStatus.CONFLICT),
)
async def register(
    request: Request[Any, Any, Any], data: JSONBody[Register], accounts: NamedDependency[Accounts]
) -> Tokens:
    asked = signing.Registration(
        email=data.email,
        password=Secret(data.password),
        full_name=data.full_name,
        company_name=data.company_name,
    )
    return _tokens(accounts, await signing.register(accounts, door_of(request), asked))


@post(
    "/login",
    opt=PUBLIC,
    status_code=200,
    summary="Sign in",
    responses=problems(*BAD_BODY, UNAUTHORIZED, HTTPStatus.FORBIDDEN),
)
async def login(
    request: Request[Any, Any, Any], data: JSONBody[Login], accounts: NamedDependency[Accounts]
) -> Tokens:
    door, password = door_of(request), Secret(data.password)
    return _tokens(accounts, await signing.sign_in(accounts, door, data.email, password))


@post(
    "/refresh",
    opt=PUBLIC,
    status_code=200,
    summary="Get the next pair of tokens",
    responses=problems(*BAD_BODY, UNAUTHORIZED),
)
async def refresh(
    request: Request[Any, Any, Any], data: JSONBody[Refresh], accounts: NamedDependency[Accounts]
) -> Tokens:
    session = await signing.renew(accounts, door_of(request), data.refresh_token)
    return _tokens(accounts, session)


@post(
    "/logout",
    opt={"scope": "self"},
    status_code=204,
    summary="End this session",
    responses=problems(UNAUTHORIZED),
)
async def logout(caller: NamedDependency[Caller], accounts: NamedDependency[Accounts]) -> None:
    await signing.sign_out(accounts, caller)


def router(accounts: Accounts) -> Router:
    """The four of them, ready to be mounted."""
    return Router(
        path="/auth",
        route_handlers=[register, login, refresh, logout],
        dependencies={
            "accounts": Provide(lambda: accounts, sync_to_thread=False),
            "caller": provide_caller(accounts),
        },
        request_max_body_size=BIGGEST_BODY,
        response_headers=[ResponseHeader(name="Cache-Control", value="no-store")],
        tags=["Accounts"],
    )


def _tokens(accounts: Accounts, session: Session) -> Tokens:
    grant = Grant(person=session.person, tenant=session.company, session=session.id)
    return Tokens(
        access_token=accounts.tokens.issue(grant),
        refresh_token=session.token,
        token_type="bearer",  # noqa: S106 - a scheme, not a secret
        expires_in=int(accounts.tokens.lifetime.total_seconds()),
    )

"""Errors from outside: one table, for REST and for GraphQL."""

from uuid import UUID

import asyncpg
import httpx
import pytest
import redis
from litestar import Litestar, get
from litestar.params import FromPath, FromQuery
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.errors import STATUS, TooMany, UserError, answer, problem_of, user_error
from app.stock.connect import TurnedDown
from domain import errors, shop, tenant, user
from domain.errors import Conflict, Forbidden, Invalid, Malformed, Refused, Rejected, Unavailable
from domain.secrecy import NotSignedIn, TokenExpired, WrongMasterKey


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (user.AlreadyRegistered(field="email"), 409, "ALREADY_REGISTERED"),
        (shop.UnknownShop(field="shopId"), 404, "UNKNOWN_SHOP"),
        (shop.SheetMissing(), 409, "SHEET_MISSING"),
        (tenant.UnknownTenant(), 404, "UNKNOWN_TENANT"),
        (Invalid("Too long.", field="cron"), 422, "INVALID"),
        (Forbidden(), 403, "FORBIDDEN"),
        (NotSignedIn(), 401, "NOT_SIGNED_IN"),
        (TokenExpired(), 401, "TOKEN_EXPIRED"),
        (TooMany(1.2), 429, "TOO_MANY"),
        (Conflict(), 409, "CONFLICT"),
        (Rejected("The token is dead.", cause="token_dead"), 422, "TOKEN_DEAD"),
        (Unavailable("Later.", cause="busy"), 503, "BUSY"),
        (Malformed("Not JSON.", cause="shape"), 502, "SHAPE"),
        (PoolTimeout(), 503, "SERVICE_UNAVAILABLE"),
        (ConnectionRefusedError(), 503, "SERVICE_UNAVAILABLE"),
        (TimeoutError(), 503, "SERVICE_UNAVAILABLE"),
        (WrongMasterKey("x"), 500, "INTERNAL_SERVER_ERROR"),
        (KeyError("secret"), 500, "INTERNAL_SERVER_ERROR"),
    ],
)
def test_an_error_has_one_status_and_one_code(error, status, code):
    problem = problem_of(error)

    assert (problem.status, problem.code) == (status, code)
    assert problem.detail
    assert "secret" not in problem.detail


def caused(kind, cause, **details):
    """What SQLAlchemy makes of an error of the driver's."""
    driver = Exception("secret")
    driver.__cause__ = cause
    return kind("SELECT secret", {}, driver, **details)


@pytest.mark.parametrize(
    "error",
    [
        asyncpg.CannotConnectNowError("the database system is in recovery mode"),
        asyncpg.ConnectionDoesNotExistError("connection was closed"),
        asyncpg.AdminShutdownError("terminating connection"),
        asyncpg.exceptions.CrashShutdownError("terminating connection"),
        asyncpg.TooManyConnectionsError("sorry, too many clients already"),
        asyncpg.InterfaceError("connection is closed"),
        caused(InterfaceError, None),
        caused(OperationalError, None),
        caused(DBAPIError, None, connection_invalidated=True),
        caused(DBAPIError, asyncpg.AdminShutdownError("terminating connection")),
        redis.ConnectionError("refused"),
        FileNotFoundError("the database's socket"),
    ],
    ids=repr,
)
def test_a_database_that_comes_back_soon_is_not_our_fault(error):
    problem = problem_of(error)

    assert (problem.status, problem.code) == (503, "SERVICE_UNAVAILABLE")
    assert problem.detail.endswith("Try again in a few seconds.")


@pytest.mark.parametrize(
    "error",
    [
        asyncpg.UndefinedTableError("no such table"),
        asyncpg.DataError("invalid input for query argument $1"),
        caused(IntegrityError, asyncpg.UniqueViolationError("twice")),
        caused(DBAPIError, asyncpg.DataError("invalid input for query argument $1")),
    ],
    ids=repr,
)
def test_a_database_that_says_we_are_wrong_is(error):
    assert problem_of(error).status == 500


def test_every_refusal_has_a_sentence_and_a_status_of_its_own_kind():
    def all_kinds(cls):
        return {cls}.union(*(all_kinds(each) for each in cls.__subclasses__()))

    for kind in all_kinds(Refused) - {TooMany, TurnedDown}:
        problem = problem_of(kind())
        assert 400 <= problem.status < 500, kind
        assert problem.detail.endswith((".", "`.")), kind


def test_the_table_names_every_branch_of_the_tree():
    for name in ("Refused", "Unknown", "Invalid", "Forbidden", "Conflict", "Outside"):
        assert getattr(errors, name) in STATUS


def test_what_may_be_tried_again_says_when():
    assert problem_of(TooMany(1.2)).headers == {"Retry-After": "2"}
    assert problem_of(Unavailable("Later.", cause="busy")).headers == {"Retry-After": "5"}


def test_graphql_gets_code_message_and_path():
    assert user_error(shop.UnknownShop(field="shopId")) == UserError(
        code="UNKNOWN_SHOP",
        message="There is no such shop. `shops` lists yours.",
        path=("shopId",),
    )
    assert user_error(Invalid("No.", field="schedule.cron")).path == ("schedule", "cron")
    assert user_error(Conflict()).path == ()


@get("/number/{n:int}", sync_to_thread=False)
def number(n: FromPath[int], limit: FromQuery[int]) -> int:
    if limit == 0:
        raise ZeroDivisionError("the reason")
    return n // limit


async def test_a_wrong_parameter_is_named():
    answered = await ask("/number/1?limit=abc")

    assert (answered.status_code, answered.json()["field"]) == (422, "limit")


async def test_a_missing_parameter_is_named():
    answered = await ask("/number/1")

    assert (answered.status_code, answered.json()["code"]) == (422, "INVALID")
    assert "limit" in answered.json()["detail"]


async def test_what_nobody_expected_is_a_500_without_the_reason():
    answered = await ask("/number/1?limit=0")

    assert answered.status_code == 500
    assert answered.headers["content-type"].startswith("application/problem+json")
    assert "reason" not in answered.text
    assert UUID(answered.json()["request_id"])


async def ask(path):
    app = Litestar(
        [number], exception_handlers={Exception: answer}, openapi_config=None, logging_config=None
    )
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://t") as http:
        return await http.get(path)

"""What an error looks like from outside: one table for REST (RFC 9457) and for GraphQL.

A refusal says what is wrong and how to cure it. Anything else is our own affair: the caller gets an
id, the log gets the reason.
"""

import logging
import math
import traceback
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException

from app.outage import away
from app.web.body import NotJson, WrongMediaType
from app.web.door import REQUEST_ID, door_of
from app.web.languages import translated
from app.web.problem import MEDIA_TYPE
from app.web.query import WrongQuery
from domain.errors import (
    Conflict,
    Forbidden,
    Invalid,
    Malformed,
    Outside,
    Refused,
    Rejected,
    Unavailable,
    Unknown,
)
from domain.fact import fact
from domain.inbox_port import NotAnEvent, NotSigned
from domain.secrecy import NotSignedIn

log = logging.getLogger(__name__)


class TooMany(Refused):
    """Too many requests."""

    def __init__(self, retry_after: float, of: str = "attempts") -> None:
        self.retry_after = math.ceil(retry_after)
        super().__init__(f"Too many {of}. Try again in {self.retry_after} seconds.")


class ForStaff(Forbidden):
    """Only the staff who run the servers may do this. What is your company's own is in your
    menu."""

    @property
    def code(self) -> str:
        """To a program it is like any other right that she has not."""
        return "FORBIDDEN"


class WrongField(Invalid):
    """A field of this form does not hold what the page had put there. Open the page again and
    repeat what you did: nothing was changed."""


class TooManyOpen(Refused):
    """Twenty of your open pages update themselves already. Close some of them: until then this one
    shows what there was when you opened it."""


STATUS: Mapping[type[Exception], int] = {
    NotJson: 400,
    NotSigned: 400,
    NotAnEvent: 400,
    NotSignedIn: 401,
    Forbidden: 403,
    Unknown: 404,
    WrongMediaType: 415,
    WrongQuery: 400,
    WrongField: 400,
    Invalid: 422,
    TooMany: 429,
    TooManyOpen: 429,
    Refused: 409,
    Conflict: 409,
    Rejected: 422,
    Unavailable: 503,
    Malformed: 502,
    Outside: 502,
}

SENTENCES: Mapping[int, str] = {
    404: "There is nothing at this address. /docs lists what there is.",
    405: "This address does not answer to this method.",
    413: "The body is too large. Send less at once.",
    500: "Something went wrong on our side. Nothing was changed. Tell us the request id.",
    503: "A part of the system does not answer at the moment. Try again in a few seconds.",
}


@fact
class UserError:
    """A refusal as GraphQL mutations return it. `path` leads to the argument, if it is one's."""

    code: str
    message: str
    path: tuple[str, ...]


@fact
class Problem:
    """`errors` has (field, sentence) for each; details beyond the status come from refusals."""

    status: int
    code: str
    detail: str
    errors: Sequence[tuple[str, str]] = ()
    headers: Mapping[str, str] | None = None


def user_error(error: Refused | Conflict | Outside) -> UserError:
    """For GraphQL's `userErrors`."""
    problem = problem_of(error)
    field = problem.errors[0][0] if problem.errors else ""
    return UserError(
        code=problem.code, message=problem.detail, path=tuple(field.split(".")) if field else ()
    )


def answer(request: Request[Any, Any, Any], error: Exception) -> Response[dict[str, Any]]:
    """Litestar's handler for every exception: `exception_handlers={Exception: answer}`."""
    problem, request_id = problem_of(error), str(door_of(request).correlation)
    if problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error("request %s failed: %s", request_id, describe(error))
    body = {
        "type": f"urn:stock-tracker:problem:{problem.code.lower().replace('_', '-')}",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": translated(problem.detail, "en"),
        "code": problem.code,
        "request_id": request_id,
    }
    if problem.errors:
        body["field"] = problem.errors[0][0]
        body["errors"] = [
            {"field": field, "message": translated(sentence, "en")}
            for field, sentence in problem.errors
        ]
    headers = {REQUEST_ID: request_id, "Cache-Control": "no-store", **(problem.headers or {})}
    return Response(
        body,
        status_code=problem.status,
        headers=headers,
        media_type=MEDIA_TYPE,
    )


def problem_of(error: Exception) -> Problem:
    """What may be said about an error."""
    match error:
        case HTTPException():
            return _of_litestar(error)
        case Refused():
            return _problem(error, error.code, error.problems)
        case Outside():
            return _problem(error, error.cause.upper())
        case Conflict():
            return _problem(error, "CONFLICT")
        case _:
            status = _status(error)
            return Problem(status=status, code=HTTPStatus(status).name, detail=SENTENCES[status])


def describe(error: BaseException) -> str:
    """For the log: where and what, but only the first line of a message. A database adds the row
    that offended it below, and that row may hold a person's data."""
    frames = "".join(traceback.format_tb(error.__traceback__))
    first = str(error).partition("\n")[0]
    told = f"{type(error).__qualname__}: {first}\n{frames}"
    return told if error.__cause__ is None else f"{told}because of {describe(error.__cause__)}"


def _problem(error: Exception, code: str, errors: Sequence[tuple[str, str]] = ()) -> Problem:
    status = _status(error)
    headers: dict[str, str] = {}
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, TooMany):
        headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, Unavailable):
        headers["Retry-After"] = "5"
    detail = str(error) or (error.__doc__ or "").strip()
    return Problem(status=status, code=code, detail=detail, errors=errors, headers=headers)


def _of_litestar(error: HTTPException) -> Problem:
    if isinstance(error, ValidationException):
        return _of_validation(error)
    status = error.status_code
    detail = SENTENCES.get(status, error.detail)
    code = HTTPStatus(status).name
    return Problem(status=status, code=code, detail=detail, headers=error.headers)


def _of_validation(error: ValidationException) -> Problem:
    """Parameters of path and query; a body that is not there at all."""
    extra = error.extra if isinstance(error.extra, list) else []
    errors = [(str(each.get("key", "")), str(each.get("message", ""))) for each in extra]
    if any(field == "data" for field, _ in errors):
        return Problem(status=400, code="NOT_JSON", detail="The body is missing: send JSON.")
    said = [(field, f"`{field}` is not right: {message}") for field, message in errors]
    detail = " ".join(sentence for _, sentence in said) or error.detail
    return Problem(status=422, code="INVALID", detail=detail, errors=said)


def _status(error: Exception) -> int:
    if away(error):
        return HTTPStatus.SERVICE_UNAVAILABLE
    found = (STATUS[each] for each in type(error).__mro__ if each in STATUS)
    return next(found, HTTPStatus.INTERNAL_SERVER_ERROR)

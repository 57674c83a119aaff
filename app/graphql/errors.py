"""What may be said about an error: refusals in words, our own faults as an id, values never.

GraphQL's library quotes what it was given. A marketplace token stands in those values, so every
quotation is cut: it would end in proxies' logs and on screens that are shared.
"""

import logging
import re
from collections.abc import Collection, Sequence
from typing import Any

import strawberry
from graphql import GraphQLError

from app.errors import describe, user_error
from app.web.languages import translated
from domain.errors import Conflict, Outside, Refused

log = logging.getLogger(__name__)


@strawberry.type(description="Why a change was refused, and what to do about it.")
class UserError:
    code: str = strawberry.field(description="Stable and machine-readable: UNKNOWN_SHOP …")
    message: str = strawberry.field(
        description="A sentence for a person, with the cure; in the "
        "language of the header Accept-Language, Russian without one."
    )
    path: list[str] = strawberry.field(description="Leads to the argument that is wrong.")


def refusals() -> Any:  # noqa: ANN401 - as Strawberry's fields are typed
    """The field `user_errors` of a payload."""
    return strawberry.field(default_factory=list, description="Empty when it worked.")


_INSTEAD: Sequence[tuple[str, str]] = (
    (r",? [Ff]ound:? .*", "."),
    (r"(cannot represent [^:]*): .*", r"\1."),
    (r"Unexpected (\w+) ['\"].*", r"Unexpected \1."),
    (r"Value '.*' does not exist", "This value does not exist"),
)
_QUOTES = [(re.compile(pattern, re.DOTALL), instead) for pattern, instead in _INSTEAD]


def user_errors(
    error: Refused | Conflict | Outside, language: str, beside: Collection[str] = ()
) -> list[UserError]:
    """A refusal, as a mutation returns it: it speaks of something in `input`, or of an argument
    `beside` that."""
    told = user_error(error)
    message = translated(told.message, language)
    inside = [] if {*told.path[:1]} & {*beside} else ["input"]
    return [UserError(code=told.code, message=message, path=[*inside, *told.path])]


def unquoted(message: str) -> str:
    """The library's message without the value it quotes."""
    for pattern, instead in _QUOTES:
        message = pattern.sub(instead, message)
    return message


def refusal(message: str, code: str) -> dict[str, Any]:
    """One error of a request that was not carried out."""
    return {"message": message, "extensions": {"code": code}}


def of_request(error: GraphQLError, code: str) -> dict[str, Any]:
    """A document or variables that are wrong."""
    told = refusal(unquoted(error.message), code)
    if error.locations:
        told["locations"] = [each.formatted for each in error.locations]
    return told


def of_field(error: GraphQLError, request_id: str, language: str) -> dict[str, Any]:
    """A field that could not be answered. What we did not expect goes to the log alone."""
    cause = error.original_error
    if isinstance(cause, Refused | Conflict | Outside):
        known = user_errors(cause, language)[0]
        told = refusal(known.message, known.code)
        told["extensions"]["argument"] = known.path[1:]
    else:
        log.error("request %s failed: %s", request_id, describe(cause or error))
        told = refusal(f"Something went wrong on our side. Request {request_id}.", "INTERNAL")
    told["extensions"]["requestId"] = request_id
    return told | {"path": error.path}

"""How a problem looks in OpenAPI: RFC 9457, with our members."""

from http import HTTPStatus

import msgspec
from litestar.openapi import ResponseSpec

MEDIA_TYPE = "application/problem+json"


class FieldProblem(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong with one field, as a sentence."""

    field: str
    message: str


class ProblemBody(msgspec.Struct, frozen=True, kw_only=True):
    """`code` is stable: branch on it. `detail` is for people. `request_id` is for us."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str
    field: str | None = None
    errors: list[FieldProblem] | None = None


def problems(*statuses: HTTPStatus) -> dict[int, ResponseSpec]:
    """For a handler's `responses`."""
    return {
        int(status): ResponseSpec(
            ProblemBody, description=status.phrase, media_type=MEDIA_TYPE, generate_examples=False
        )
        for status in statuses
    }

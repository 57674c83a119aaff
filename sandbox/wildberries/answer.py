"""What a stand-in says back, before the web framework sees it: easy to build, easy to spoil."""

from collections.abc import Mapping
from typing import Any

import msgspec
from litestar import Response

JSON = "application/json"
PROBLEM = "application/problem+json"


class Answer(msgspec.Struct, frozen=True):
    """A status, a body and its headers."""

    status: int
    body: bytes
    media: str = JSON
    headers: Mapping[str, str] = {}

    def with_headers(self, headers: Mapping[str, str]) -> "Answer":
        return msgspec.structs.replace(self, headers={**self.headers, **headers})

    def response(self) -> Response[bytes]:
        return Response(
            self.body,
            status_code=self.status,
            media_type=self.media,
            headers=dict(self.headers),
        )


class Refused(Exception):
    """A call ends here, with this answer."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.body.decode())
        self.answer = answer


def ok(value: Any) -> Answer:  # noqa: ANN401 -- whatever JSON can hold
    return Answer(200, msgspec.json.encode(value))


def json(status: int, value: Any, media: str = JSON) -> Answer:  # noqa: ANN401 -- as above
    return Answer(status, msgspec.json.encode(value), media)

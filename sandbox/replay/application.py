"""The hosts of Wildberries behind one recording: its one seller, with a token like the captured."""

import time
from collections.abc import Callable
from typing import Any

import msgspec
from litestar import Litestar, Request, Response, route
from litestar.datastructures import State

from sandbox.replay.answers import Answers, Asked
from sandbox.replay.recording import Recording
from sandbox.wildberries import problems, tokens
from sandbox.wildberries.answer import Answer, ok

SELLER = "00000000-0000-4000-8000-000000000001"
NAME = "Replay"
_BITS = {"content": 1, "analytics": 2, "marketplace": 4, "statistics": 5, "supplies": 10}


def token_of(recording: Recording) -> str:
    """A token of the kind and the scopes that the recording was made with."""
    about = recording.about
    scopes = [_BITS[each] for each in about.scopes if each in _BITS]
    return tokens.issue(SELLER, msgspec.convert(about.token_kind, type=tokens.Kind), scopes)


def replaying(recording: Recording, clock: Callable[[], float] = time.time) -> Litestar:
    """What was answered, for whoever has the token. No limits: how fast one may ask was no part of
    what was told."""
    answers = Answers(recording, clock)

    @route("/{host:str}/{rest:path}", http_method=["GET", "POST"], status_code=200)
    async def handle(request: Request[Any, Any, State]) -> Response[bytes]:
        host, rest = request.path_params["host"], str(request.path_params["rest"])
        refused = _refused(request.headers.get("authorization"), clock())
        if answer := refused or _made_up(rest):
            return answer.response()
        body, query = await request.body(), dict(request.query_params)
        return answers.to(Asked(host, request.method, rest, query, body)).response()

    return Litestar(route_handlers=[handle], openapi_config=None, logging_config=None)


def _refused(authorization: str | None, now: float) -> Answer | None:
    try:
        claims = tokens.read(authorization, now)
    except tokens.BadToken as bad:
        return problems.gateway(401, str(bad), now)
    if claims.sid != SELLER:
        return problems.gateway(401, "token withdrawn", now)
    return None


def _made_up(path: str) -> Answer | None:
    """What is asked when a shop is connected, and never in a sync."""
    if path == "/ping":
        return ok({"TS": "2026-11-23T12:00:00Z", "Status": "OK"})
    if path == "/api/v1/seller-info":
        return ok({"name": NAME, "sid": SELLER, "tradeMark": NAME})
    return None

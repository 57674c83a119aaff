"""One API call from its bytes to its answer: sign-in, quota, faults, record."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote

import msgspec
from litestar import Request, Response
from litestar.response import Stream

from sandbox.google.drive import Drive
from sandbox.google.errors import Json, Refusal
from sandbox.google.faults import Call, Fault
from sandbox.google.masks import Mask, parse_mask
from sandbox.google.tokens import Principal

_JSON = "application/json; charset=UTF-8"


@dataclass(slots=True)
class Asked:
    """What a handler needs to know of a request."""

    method: str
    path: str
    params: dict[str, list[str]]
    body: bytes
    authorization: str
    url: str
    who: Principal | None = None

    @property
    def caller(self) -> Principal:
        """The signed-in principal; 401 without one."""
        if self.who is None:
            raise Refusal(401)
        return self.who

    @property
    def mask(self) -> Mask:
        return parse_mask(self.param("fields") or "*")

    def param(self, name: str) -> str | None:
        return self.params.get(name, [None])[-1]

    def flag(self, name: str) -> bool:
        return self.param(name) in ("true", "True", "1")


async def asked(request: Request[Any, Any, Any]) -> Asked:
    """Read a request; the path stays percent-encoded so that a range may hold any letter."""
    raw = request.scope.get("raw_path") or request.scope["path"].encode()
    query = request.scope.get("query_string", b"").decode()
    return Asked(
        request.method,
        raw.decode().partition("?")[0],
        parse_qs(query, keep_blank_values=True),
        await request.body(),
        request.headers.get("authorization", ""),
        str(request.url).partition("?")[0],
    )


async def answer(
    drive: Drive, call: Asked, kind: str, work: Callable[[Asked], Json | None]
) -> Response[Any] | Stream:
    """Do the work between sign-in and record, with the fault that waits for it, if any."""
    name = f"{call.method} {unquote(call.path)}"
    fault: Fault | None = None
    try:
        if kind != "Token":
            call.who = drive.tokens.principal(call.authorization)
        fault = drive.faults.next(name, call.who.email if call.who else "")
        status, body = _done(call, fault, work)
    except Refusal as refusal:
        status, body = refusal.code, _encoded(refusal.body())
    who = call.who.email if call.who else ""
    drive.calls.made.append(Call(who, name, kind, status, len(call.body), len(body)))
    if fault is not None and fault.mode == "stall":
        await asyncio.sleep(fault.seconds)
    if fault is not None and fault.mode == "cut":
        return Stream(_half(body), media_type=_JSON, headers={"content-length": str(len(body))})
    return Response(body, status_code=status, media_type=_JSON)


def _done(
    call: Asked, fault: Fault | None, work: Callable[[Asked], Json | None]
) -> tuple[int, bytes]:
    if fault is not None and fault.mode == "refuse":
        raise _trouble(fault.status)
    done = work(call)
    if fault is not None and fault.mode == "lose":
        raise _trouble(fault.status)
    return (204, b"") if done is None else (200, _encoded(done))


def _trouble(status: int) -> Refusal:
    try:
        return Refusal(status)
    except KeyError:
        return Refusal(status, "Injected by the sandbox.")


def _encoded(body: Json) -> bytes:
    return msgspec.json.encode(body)


async def _half(body: bytes) -> AsyncIterator[bytes]:
    # The header promised the whole length: the server closes the connection on the client.
    yield body[: len(body) // 2]

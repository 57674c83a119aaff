"""Faults on order: what Wildberries does on a bad day, by method, seller and count."""

import asyncio
from typing import Annotated, Any, Literal

import msgspec

from sandbox.wildberries import problems
from sandbox.wildberries.answer import Answer, json
from sandbox.wildberries.buckets import plain

Kind = Literal[
    "401",
    "402",
    "403",
    "404",
    "429",
    "500",
    "503",
    "timeout",
    "slow",
    "truncated",
    "empty",
    "html",
    "other_shape",
    "disabled",
    "novel",
]
PATIENCE_S = 30.0


class Fault(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """One fault. ``endpoint`` is a name of the endpoint table or ``*``; ``times`` of None lasts
    until cleared; ``delay`` is seconds before the answer; ``retry`` is the X-Ratelimit-Retry of
    a 429, None for a 429 without the header.
    """

    endpoint: str
    kind: Kind
    seller: str | None = None
    times: Annotated[int, msgspec.Meta(ge=1)] | None = 1
    delay: Annotated[float, msgspec.Meta(ge=0)] = 0.0
    retry: float | None = None
    detail: str | None = None

    def hits(self, endpoint: str, seller: str | None) -> bool:
        return self.endpoint in ("*", endpoint) and self.seller in (None, seller)

    async def wait(self) -> None:
        if self.kind == "timeout":
            await asyncio.sleep(self.delay or PATIENCE_S)
        elif self.delay:
            await asyncio.sleep(self.delay)

    def refusal(self, now: float) -> Answer | None:
        """The answer given instead of the real one, or None for a fault that spoils it."""
        if self.kind == "disabled":
            return problems.disabled()
        if self.kind == "timeout":
            return json(504, {"message": "upstream request timeout"})
        if self.kind == "402":
            return problems.no_funds()
        if not self.kind.isdigit():
            return None
        answer = problems.gateway(int(self.kind), self.detail or DETAILS[self.kind], now)
        if self.kind == "429" and self.retry is not None:
            return answer.with_headers({"X-Ratelimit-Retry": plain(self.retry)})
        return answer

    def spoil(self, answer: Answer) -> Answer:
        """The real answer, damaged as ordered."""
        body = SPOILT.get(self.kind, answer.body)
        if self.kind == "truncated":
            body = answer.body[: len(answer.body) // 2]
        if self.kind == "novel":
            body = msgspec.json.encode(_novel(msgspec.json.decode(answer.body)))
        media = "text/html" if self.kind == "html" else answer.media
        return msgspec.structs.replace(answer, body=body, media=media)


DETAILS = {
    "401": "token withdrawn",
    "403": "access denied",
    "404": "path not found",
    "429": "Limited by global limiter, per seller",
    "500": "internal error",
    "503": "service unavailable",
}
SPOILT = {
    "empty": b"",
    "html": "<!doctype html><title>502</title><h1>Ведутся работы</h1>".encode(),
    "other_shape": b'{"result":{"rows":[{"value":"1"}]},"state":7}',
}


NEW_WORDS = {"Склад WB": "Склад партнёра", "new": "queued", "processing": "queued"}


def _novel(value: Any) -> Any:  # noqa: ANN401 -- whatever JSON can hold
    """The same as Wildberries may say it one day: a field more in every object, and new words."""
    if isinstance(value, list):
        return [_novel(each) for each in value]
    if not isinstance(value, dict):
        return value
    told = {name: _novel(each) for name, each in value.items()}
    for name in told.keys() & {"status", "warehouseType"}:
        told[name] = NEW_WORDS.get(told[name], told[name])
    return {**told, "futureField": {"buyer": "Иванова Анна", "phone": "+7 900 1234567"}}


class Faults:
    """The faults still ordered, oldest first."""

    def __init__(self) -> None:
        self.ordered: list[Fault] = []

    def order(self, fault: Fault) -> None:
        self.ordered.append(fault)

    def clear(self) -> None:
        self.ordered.clear()

    def take(self, endpoint: str, seller: str | None) -> Fault | None:
        """The fault that hits this call, counted down."""
        for fault in self.ordered:
            if fault.hits(endpoint, seller):
                self._count_down(fault)
                return fault
        return None

    def _count_down(self, fault: Fault) -> None:
        if fault.times is not None:
            fault.times -= 1
            if not fault.times:
                self.ordered.remove(fault)

"""Who sends: `python -m benchmarks.webhook_load PORT PATH SECONDS SECRET`, the same for everybody.

In a process of its own, over 32 connections that stay open; each sends the next event as soon as it
has been thanked. Every event is a new one, and all are made and signed before the first is sent.
The event is `subscription` of Stripe's published fixtures (stripe/openapi, MIT) in its envelope.
"""

import asyncio
import hmac
import json
import sys
import time
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import cast
from uuid import uuid4

import uvloop

CONNECTIONS = 32
MOST = 6_000
"""Events a second that are made: more than anybody takes."""
CUSTOMERS = 500

EVENT = Path(__file__).parent / "subscription_updated.json"
_END = b"\r\n\r\n"


class NotThanked(RuntimeError):
    """The answer was not 200."""


class Connection(asyncio.Protocol):
    """One event after the other, until `until`; `took` collects seconds."""

    def __init__(self, requests: Iterator[bytes], until: float, took: list[float]) -> None:
        self._requests, self._until, self._took = requests, until, took
        self._answer = b""
        self.over: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._send()

    def data_received(self, data: bytes) -> None:
        self._answer += data
        head, end, rest = self._answer.partition(_END)
        if not end or len(rest) < _length(head):
            return
        if not head.startswith(b"HTTP/1.1 200"):
            self._end(NotThanked(head.decode()))
            return
        self._took.append(time.perf_counter() - self._began)
        self._answer = b""
        self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        self._end(exc or ConnectionResetError())

    def _send(self) -> None:
        self._began = time.perf_counter()
        request = next(self._requests, None)
        if request is None or self._began >= self._until:
            self._end(None)
            self._transport.close()
        else:
            self._transport.write(request)

    def _end(self, why: Exception | None) -> None:
        if not self.over.done():
            self.over.set_exception(why) if why else self.over.set_result(None)


async def send(port: int, requests: Sequence[bytes], seconds: float) -> tuple[float, float, int]:
    """Events a second, the 99th percentile of milliseconds, events."""
    took: list[float] = []
    left = iter(requests)
    began = time.perf_counter()
    made = [
        asyncio.get_running_loop().create_connection(
            lambda: Connection(left, began + seconds, took), "127.0.0.1", port
        )
        for _ in range(CONNECTIONS)
    ]
    await asyncio.gather(*(connection.over for _, connection in await asyncio.gather(*made)))
    spent = time.perf_counter() - began
    return len(took) / spent, sorted(took)[int(0.99 * len(took))] * 1000, len(took)


def requests(path: str, secret: str, count: int) -> Iterator[bytes]:
    """Each as it goes over the wire."""
    event = json.loads(EVENT.read_text())
    customers = [f"cus_{uuid4().hex[:14]}" for _ in range(CUSTOMERS)]
    at = int(time.time())
    for number in range(count):
        event["id"] = f"evt_{uuid4().hex[:24]}"
        event["data"]["object"]["customer"] = customers[number % CUSTOMERS]
        body = json.dumps(event).encode()
        signed = hmac.new(secret.encode(), f"{at}.".encode() + body, sha256).hexdigest()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n"
            "Content-Type: application/json; charset=utf-8\r\n"
            f"Stripe-Signature: t={at},v1={signed}"
        )
        yield head.encode() + _END + body


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    raise NotThanked("no length: " + head.decode())


def main(port: str, path: str, seconds: str, secret: str) -> None:
    """Say the three figures as JSON."""
    ready = list(requests(path, secret, int(float(seconds) * MOST)))
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        print(json.dumps(runner.run(send(int(port), ready, float(seconds)))))


if __name__ == "__main__":
    main(*sys.argv[1:])

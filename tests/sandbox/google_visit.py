"""A visit to the Google stand-in: a seller's file, a robot it is shared with, a clock at hand."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from granian.constants import Interfaces
from granian.server.embed import Server
from httpx import Response
from litestar import Litestar
from litestar.testing import TestClient

from sandbox.google import Drive, Tab, app
from sandbox.google.accounts import Accounts, ServiceAccount
from sandbox.servers import free_port
from tests.sandbox.lent import door_of

SELLER = "seller@example.com"
MORNING = datetime(2026, 11, 23, 4, 40, tzinfo=UTC)


@cache
def robot() -> ServiceAccount:
    """One account for all visits: making its RSA key costs more than a whole test."""
    return Accounts().service()


class Clock:
    """The time of day in the sandbox, moved by hand; calling it gives seconds for quotas."""

    def __init__(self, now: datetime = MORNING) -> None:
        self.now = now

    def day(self) -> datetime:
        return self.now

    def seconds(self) -> float:
        return self.now.timestamp()

    def pass_by(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class Visit:
    """Calls of one robot to one file of the seller."""

    def __init__(self, drive: Drive, clock: Clock, client: TestClient[Litestar]) -> None:
        self.drive = drive
        self.clock = clock
        self.client = client
        self.robot = robot()
        drive.accounts.services[self.robot.email] = self.robot
        self.file = drive.create("Остатки", SELLER)
        self.file.share(self.robot.email)
        self.token = drive.tokens.issue(self.robot.email)

    @property
    def url(self) -> str:
        return f"/v4/spreadsheets/{self.file.id}"

    def call(self, method: str, path: str, **more: Any) -> Response:
        headers = {"authorization": f"Bearer {more.pop('token', self.token)}"}
        return self.client.request(method, path, headers=headers, **more)

    def ask(self, path: str, **params: Any) -> Any:
        return self.call("GET", self.url + path, params=params).json()

    def post(self, path: str, body: Any, **params: Any) -> Any:
        return self.call("POST", self.url + path, json=body, params=params).json()

    def batch(self, *requests: dict[str, Any], **more: Any) -> Any:
        """The answer of batchUpdate, or its error."""
        fields = {"fields": more.pop("fields")} if "fields" in more else {}
        return self.post(":batchUpdate", {"requests": [*requests], **more}, **fields)

    def refusal(self, *requests: dict[str, Any]) -> str:
        """The sentence with which a batch is refused."""
        return str(self.batch(*requests)["error"]["message"])

    def tab(self, title: str = "Лист1") -> Tab:
        return Tab(self.file, title)

    def fill(self, rows: list[list[Any]], at: str = "A1") -> None:
        body = {"values": rows}
        path = f"{self.url}/values/{at}?valueInputOption=RAW"
        assert self.call("PUT", path, json=body).status_code == 200

    def values(self, cells: str = "A1:Z100", **how: str) -> Any:
        return self.ask(f"/values/{cells}", **how).get("values", [])


@contextmanager
def visiting(**settings: Any) -> Iterator[Visit]:
    """A stand-in at 07:40 in Moscow, answering in this process."""
    clock = Clock()
    drive = Drive(**{"clock": clock.day, "timer": clock.seconds, **settings})
    with door_of(drive) as application, TestClient(application) as client:
        yield Visit(drive, clock, client)


@contextmanager
def listening(drive: Drive) -> Iterator[str]:
    """A server on a free port of loopback; its base address."""
    port = free_port()
    ready = threading.Event()
    held: dict[str, Any] = {}
    application = app(drive)

    async def serve() -> None:
        server = Server(application, port=port, interface=Interfaces.ASGI, log_enabled=False)
        held["stop"] = asyncio.get_running_loop().call_soon_threadsafe, server.stop
        task = asyncio.ensure_future(server.serve())
        for _ in range(500):
            with suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                break
            await asyncio.sleep(0.01)
        ready.set()
        await task

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        schedule, stop = held["stop"]
        schedule(stop)
        thread.join(10)

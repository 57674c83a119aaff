"""People at the console, over HTTP: with their own cookies, asking for pages or following one."""

import asyncio
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import quantiles
from uuid import UUID

import aiohttp
import asyncpg

from app.accounts.browser import begin
from infrastructure.clock import system_clock

STATIC = re.compile(r'(?:href|src)="(/static/[^"]+)"')
DONE = re.compile(rb" \xc2\xb7 ([0-9,]+)[^0-9,]")
"""How far a run says it is, on the page of its shop."""
LONGEST = 40


async def cookie(driver: asyncpg.Connection, person: UUID, company: UUID) -> str:
    """Of a browser in which she has signed in."""
    session, rows = begin(person, company, system_clock())
    for statement, row in rows:
        await driver.execute(statement, *row)
    return session.token


class Visitor:
    """Asks for one page after the other."""

    def __init__(self, http: aiohttp.ClientSession, address: str, session: str) -> None:
        self._http, self._address = http, address
        self._headers = {"Cookie": f"session={session}", "Accept": "text/html"}

    async def page(self, path: str) -> tuple[int, bytes, float]:
        """Its status, what came, and after how many milliseconds all of it was there."""
        began = time.perf_counter()
        async with self._http.get(
            self._address + path, headers=self._headers, allow_redirects=False
        ) as answer:
            content = await answer.read()
        return answer.status, content, (time.perf_counter() - began) * 1000

    async def weight(self, page: bytes) -> int:
        """Bytes of a page with all that it loads, as they come over the wire."""
        total = len(page)
        for path in sorted(set(STATIC.findall(page.decode()))):
            async with self._http.get(
                self._address + path, headers={"Accept-Encoding": "gzip"}
            ) as answer:
                await answer.read()
                total += int(answer.headers["Content-Length"])
        return total


@dataclass
class Follower:
    """A browser with a page open that updates itself; `at` says when each number arrived."""

    host: str
    port: int
    path: str
    session: str
    at: dict[int, float] = field(default_factory=dict)
    ready: asyncio.Event = field(default_factory=asyncio.Event)

    async def follow(self) -> None:
        """Until cancelled."""
        reader, writer = await asyncio.open_connection(self.host, self.port)
        asked = f"GET {self.path} HTTP/1.1\r\nHost: {self.host}\r\nAccept-Language: en\r\n"
        writer.write(f"{asked}Cookie: session={self.session}\r\n\r\n".encode())
        rest = b""
        try:
            while chunk := await reader.read(2**16):
                rest += chunk
                for found in DONE.finditer(rest):
                    done = int(found[1].replace(b",", b""))
                    self.at.setdefault(done, time.perf_counter())
                    self.ready.set()
                rest = rest[-LONGEST:]
        finally:
            writer.close()


def p95(samples: Sequence[float]) -> float:
    """The value that nineteen of twenty stay below."""
    return quantiles(samples, n=20)[-1]

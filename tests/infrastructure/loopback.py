"""Applications on loopback, in the process of the test: real HTTP, and one event loop to break."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from litestar import Litestar

from sandbox.google import Drive
from sandbox.stripe import Book
from sandbox.wildberries.market import Market
from tests.sandbox.lent import door_of

NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""For a client of httpx that stays on loopback: each would read the world's certificates anew."""


@asynccontextmanager
async def served(application: Litestar) -> AsyncIterator[str]:
    """An ASGI application on a free port of this process, for bodies of any size."""

    async def handle(request: web.Request) -> web.StreamResponse:
        return await _answer(application, request)

    server = web.Application(client_max_size=0)
    server.router.add_route("*", "/{path:.*}", handle)
    async with listening(server) as address:
        yield address


@asynccontextmanager
async def standing(seen: Book | Drive | Market) -> AsyncIterator[str]:
    """One of our stand-ins."""
    with door_of(seen) as application:
        async with served(application) as address:
            yield address


@asynccontextmanager
async def listening(server: web.Application) -> AsyncIterator[str]:
    """Any aiohttp application on a free port."""
    runner = web.AppRunner(server, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def _answer(application: Litestar, request: web.Request) -> web.StreamResponse:
    body = await request.read()
    sent: list[dict[str, Any]] = []
    unread = [{"type": "http.request", "body": body, "more_body": False}]
    answered = asyncio.Event()

    async def receive() -> dict[str, Any]:
        """The body, and then nothing until she has her answer and leaves."""
        if unread:
            return unread.pop()
        await answered.wait()
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)
        if message["type"] == "http.response.body" and not message.get("more_body"):
            answered.set()

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": "http",
        "path": request.path,
        "raw_path": request.raw_path.encode(),
        "query_string": request.query_string.encode(),
        "root_path": "",
        "headers": [(name.lower(), value) for name, value in request.raw_headers],
        "client": None,
        "server": None,
        "app": application,
        "state": {},
    }
    await application(scope, receive, send)  # type: ignore[arg-type]
    headers = [(name.decode(), value.decode()) for name, value in sent[0]["headers"]]
    whole = b"".join(message.get("body", b"") for message in sent[1:])
    if len(whole) < int(dict(headers).get("content-length", 0)):
        return await _broken_off(request, sent[0]["status"], headers, whole)
    kept = [header for header in headers if header[0] != "content-length"]
    return web.Response(status=sent[0]["status"], headers=kept, body=whole)


async def _broken_off(
    request: web.Request, status: int, headers: list[tuple[str, str]], part: bytes
) -> web.StreamResponse:
    """As a server does that has promised more: it hangs up."""
    response = web.StreamResponse(status=status, headers=headers)
    await response.prepare(request)
    await response.write(part)
    if request.transport is not None:
        request.transport.close()
    return response

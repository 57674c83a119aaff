"""The Stripe stand-in as one Litestar application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from litestar import Litestar, Request, Response, Router, get, route
from litestar.params import FromPath

from sandbox.stripe.book import Book
from sandbox.stripe.http.control import control_router
from sandbox.stripe.http.gate import serve, serve_thin
from sandbox.stripe.keeping import beating
from sandbox.stripe.page.routes import page_router


def routers(book: Book) -> list[Router]:
    """Everything the stand-in serves, under /stripe: `/stripe` is the SDK's base address."""
    handlers: list[Any] = [_api(book), _thin(book), control_router(book), page_router(book)]
    return [Router("/stripe", route_handlers=handlers, include_in_schema=False)]


def app(book: Book, keep_in: Path | None = None) -> Litestar:
    """A server of its own for one account, which may be kept in a file."""

    @asynccontextmanager
    async def kept(_app: Litestar) -> AsyncIterator[None]:
        async with beating(book, keep_in):
            yield

    return Litestar(
        route_handlers=routers(book),
        openapi_config=None,
        logging_config=None,
        lifespan=[kept],
    )


def _api(book: Book) -> Any:  # noqa: ANN401 -- Litestar's handler
    @route("/v1/{path:path}", http_method=["GET", "POST", "DELETE"], status_code=200)
    async def api(request: Request[Any, Any, Any], path: FromPath[str]) -> Response[bytes]:
        return await serve(book, request, path.strip("/"))

    return api


def _thin(book: Book) -> Any:  # noqa: ANN401 -- Litestar's handler
    @get("/v2/core/events/{ident:str}")
    async def event(request: Request[Any, Any, Any], ident: FromPath[str]) -> Response[bytes]:
        return serve_thin(book, request, ident)

    return event

"""The web side: one Litestar application, made when the server starts a process."""

import logging
from contextlib import AsyncExitStack
from typing import Any

from litestar import Litestar, Request
from litestar.di import Provide
from litestar.openapi import OpenAPIConfig
from litestar.types import Scope

from app import logs, settings
from app.accounts import routes
from app.accounts.guard import Caller, caller_of
from app.audit import routes as audit
from app.errors import answer, describe
from app.graphql.routes import graphql_routes
from app.outage import sentence
from app.schema import schema
from app.settings import Settings
from app.web.body import JsonRequest
from app.web.door import Doors
from app.web.health import Health
from app.web.reference import Reference, router
from app.wiring import Product, graphql, opened
from app.wiring.checks import checks

log = logging.getLogger(__name__)


def application(product: Product) -> Litestar:
    """All doors of the web side over open adapters."""

    async def caller(request: Request[Any, Any, Any]) -> Caller:
        return await caller_of(product.accounts, request)

    return Litestar(
        route_handlers=[
            Health,
            routes.router(product.accounts),
            audit.router(product.exports, product.database, product.accounts.limiter, caller),
            graphql_routes(schema, graphql(product), caller),
        ],
        dependencies={"checks": Provide(lambda: checks(product), sync_to_thread=False)},
        exception_handlers={Exception: answer},
        middleware=[Doors(product.accounts.clock, product.settings.trusted_proxies)],
        request_class=JsonRequest,
        openapi_config=OpenAPIConfig(
            title="Stock Tracker",
            version="1",
            description="Signing in, health, and the audit log. All else is GraphQL, at /graphql.",
            openapi_router=router(),
            render_plugins=[Reference()],
        ),
        logging_config=None,
    )


async def tried(read: Settings) -> None:
    """Raise what would stop the web side, before a server is there to dress it up."""
    async with opened(read):
        pass


class Web:
    """The ASGI callable. It opens its adapters with the server's lifespan, in the server's loop."""

    def __init__(self) -> None:
        self._held = AsyncExitStack()
        self._app: Litestar | None = None

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI's
        if scope["type"] == "lifespan":  # type: ignore[comparison-overlap]
            await self._live(receive, send)
        elif self._app is not None:
            await self._app(scope, receive, send)

    async def _live(self, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI's
        await receive()
        try:
            read = settings.load()
            logs.configure(read.logs.level, read.logs.file)
            self._app = application(await self._held.enter_async_context(opened(read)))
        except Exception as error:  # noqa: BLE001 - raised, it would be a traceback of the server's
            why = sentence(error) or describe(error)
            log.error("the web side cannot start: %s", why)  # noqa: TRY400 - told without frames
            await send({"type": "lifespan.startup.failed", "message": ""})
            return
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._held.aclose()
        await send({"type": "lifespan.shutdown.complete"})


asgi = Web()

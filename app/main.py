"""The web side: one Litestar application, made when the server starts a process."""

import asyncio
import logging
import signal
from collections.abc import Callable
from contextlib import AsyncExitStack
from functools import partial
from types import FrameType
from typing import Any

from litestar import Litestar, Request
from litestar.di import Provide
from litestar.openapi import OpenAPIConfig
from litestar.types import Scope

from app import logs, settings
from app.accounts import routes
from app.accounts.browser import signed_in
from app.accounts.guard import Caller, caller_of
from app.audit import routes as audit
from app.audit.origins import keep_origin
from app.billing import routes as billing
from app.errors import answer, describe
from app.graphql.routes import graphql_routes
from app.notices import routes as muting
from app.notices.routes import Muting
from app.outage import sentence
from app.pages import banner, choosing, links, pages, report_taking, taking
from app.schema import schema
from app.settings import Settings
from app.stock.report import routes as reports
from app.web.body import JsonRequest
from app.web.console import Console, Hub
from app.web.console.assets import static
from app.web.console.greeting import greeted
from app.web.console.mishaps import for_people, mishap
from app.web.console.routes import greeting
from app.web.console.routes import router as console
from app.web.door import Doors
from app.web.health import Health
from app.web.reference import Reference, router
from app.wiring import Product, graphql, opened
from app.wiring.checks import checks
from app.wiring.hearing import listening

log = logging.getLogger(__name__)


def application(product: Product, hub: Hub | None = None) -> Litestar:
    """All doors of the web side over open adapters. `hub` wakes pages that update themselves; one
    that nobody rings looks by itself."""

    async def caller(request: Request[Any, Any, Any]) -> Caller:
        return await caller_of(product.accounts, request)

    room, shown = _console(product, hub or Hub()), pages(product)
    for_her = greeted(mishap(product.accounts.clock), greeting(room, shown))
    return Litestar(
        route_handlers=[
            Health,
            routes.router(product.accounts),
            audit.router(taking(product), caller),
            muting.router(Muting(choose=choosing(product), links=links(product))),
            reports.router(report_taking(product), caller),
            billing.router(product.billing.webhook if product.billing else None),
            graphql_routes(schema, graphql(product), caller),
            static,
            console(room, shown),
        ],
        dependencies={"checks": Provide(lambda: checks(product), sync_to_thread=False)},
        exception_handlers={Exception: for_people(for_her, answer)},
        middleware=[Doors(product.accounts.clock, product.settings.trusted_proxies)],
        request_class=JsonRequest,
        openapi_config=OpenAPIConfig(
            title="Stock Tracker",
            version="1",
            description="Signing in, health, turning mails off, what Stripe sends, and files: the "
            "audit log, and the table of a shop. All else is GraphQL, at /graphql.",
            openapi_router=router(),
            render_plugins=[Reference()],
        ),
        logging_config=None,
    )


def _console(product: Product, hub: Hub) -> Console:
    return Console(
        identify=lambda request: signed_in(product.accounts, request),
        secret_key=product.settings.secret_key,
        clock=product.accounts.clock,
        limiter=product.accounts.limiter,
        hub=hub,
        keep_origin=partial(keep_origin, product.database, product.accounts.clock),
        banner=banner(product),
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
            product = await self._held.enter_async_context(opened(read))
            hub = await self._held.enter_async_context(listening(product))
            self._app = application(product, hub)
            _before_the_end(hub.close)
        except Exception as error:  # noqa: BLE001 - raised, it would be a traceback of the server's
            why = sentence(error) or describe(error)
            log.error("the web side cannot start: %s", why)  # noqa: TRY400 - told without frames
            await send({"type": "lifespan.startup.failed", "message": ""})
            return
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._held.aclose()
        await send({"type": "lifespan.shutdown.complete"})


def _before_the_end(close: Callable[[], None]) -> None:
    """When the process is asked to end. granian then waits for open answers, for ever, before it
    tells us; so streams are ended beside its own handler, which the loop calls by another road."""
    loop = asyncio.get_running_loop()
    for word in (signal.SIGTERM, signal.SIGINT):
        before = signal.getsignal(word)

        def ending(number: int, frame: FrameType | None, before: Any = before) -> None:  # noqa: ANN401 - as typeshed has it
            loop.call_soon_threadsafe(close)
            if callable(before):
                before(number, frame)

        signal.signal(word, ending)


asgi = Web()

"""The Litestar application: every host of Wildberries behind a prefix, and the control calls."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from litestar import Litestar, Request, Response, route
from litestar.datastructures import State
from litestar.exceptions import HTTPException

from sandbox.sellers import World
from sandbox.wildberries import (
    cabinet,
    cards,
    control,
    info,
    order_feed,
    orders,
    problems,
    remains,
    stocks,
    supplies,
    warehouses,
)
from sandbox.wildberries.answer import Refused
from sandbox.wildberries.call import Answering
from sandbox.wildberries.endpoints import ENDPOINTS, Endpoint
from sandbox.wildberries.gate import serve
from sandbox.wildberries.market import Market, Settings

Asked = Request[Any, Any, State]
ANSWERING: dict[str, Answering] = {
    "ping": info.ping,
    "seller_info": info.seller_info,
    "cards": cards.cards_list,
    "wb_warehouses": stocks.wb_warehouses,
    "seller_warehouses": stocks.seller_warehouses,
    "remains_create": remains.create,
    "remains_status": remains.status,
    "remains_download": remains.download,
    "orders": orders.supplier_orders,
    "warehouses": warehouses.warehouses,
    "stocks": warehouses.stocks,
    "order_feed": order_feed.order_feed,
    "cabinet": cabinet.products,
    "supplies": supplies.supplies,
    "supply": supplies.details,
    "supply_goods": supplies.goods,
}
SWITCHED_OFF = (
    "/supplies-api/api/v1/warehouses",
    "/supplies-api/api/v1/acceptance/options",
    "/supplies-api/api/v1/transit-tariffs",
    "/common-api/api/tariffs/v1/acceptance/coefficients",
)
"""Answered 404 by Wildberries itself since 2026-08-15 (release note 570)."""


def app(  # noqa: PLR0913 -- the settings, by name
    world: World,
    clock: Callable[[], float] = time.time,
    *,
    speed: float = 1.0,
    report_seconds: float = 5.0,
    report_polls: int = 0,
    orders_page: int = 80_000,
    keep_in: Path | None = None,
) -> Litestar:
    """A stand-in of this world; its ``state.market`` is the hand for tests in the same process.

    ``clock`` gives epoch seconds; see Settings for the rest.
    """
    settings = Settings(
        speed=speed,
        report_seconds=report_seconds,
        report_polls=report_polls,
        orders_page=orders_page,
        keep_in=keep_in,
    )
    return application(Market(world, clock, settings))


def application(market: Market) -> Litestar:
    """The application of a market that is already there."""
    market.keep()

    def not_found(_: Asked, problem: HTTPException) -> Response[bytes]:
        status = problem.status_code
        detail = "path not found" if status == 404 else problem.detail  # noqa: PLR2004 -- HTTP
        return problems.gateway(status, detail, market.clock()).response()

    return Litestar(
        route_handlers=[
            *(_handler(market, endpoint) for endpoint in ENDPOINTS),
            _switched_off(),
            control.router(market),
        ],
        exception_handlers={Refused: control.refused, HTTPException: not_found},
        openapi_config=None,
        logging_config=None,
        state=State({"market": market}),
    )


def _handler(market: Market, endpoint: Endpoint) -> Any:  # noqa: ANN401 -- Litestar's handler
    answering = ANSWERING[endpoint.name]

    @route(f"/{endpoint.host}{endpoint.path}", http_method=endpoint.method, status_code=200)
    async def handle(request: Asked) -> Response[bytes]:
        return await serve(market, endpoint, answering, request)

    return handle


def _switched_off() -> Any:  # noqa: ANN401 -- Litestar's handler
    @route(list(SWITCHED_OFF), http_method=["GET"], sync_to_thread=False)
    def gone() -> Response[bytes]:
        return problems.disabled("ag-supplies").response()

    return gone

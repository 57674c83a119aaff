"""A visit to the Wildberries stand-in: one seller, a clock at hand, tokens of every kind."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from httpx import Response
from litestar import Litestar
from litestar.testing import AsyncTestClient

from sandbox.sellers import Spec, World
from sandbox.wildberries import tokens
from sandbox.wildberries.market import Market, Settings
from tests.sandbox.lent import door_of

NOON = 1_795_424_400.0  # 2026-11-23 12:00 in Moscow
HOSTS = {
    "/ping": "common-api",
    "/api/v1/seller-info": "common-api",
    "/content": "content-api",
    "/api/v1/supplier": "statistics-api",
    "/api/v3": "marketplace-api",
    "/api/v1/supplies": "supplies-api",
    "/api": "seller-analytics-api",
    "/sandbox": "",
}
WB = "/api/analytics/v1/stocks-report/wb-warehouses"
OWN = "/api/analytics/v1/stocks-report/seller-warehouses"
CARDS = "/content/v2/get/cards/list"
ORDERS = "/api/v1/supplier/orders"
REMAINS = "/api/v1/warehouse_remains"
FEED = "/api/analytics/v1/order-feed"
CABINET = "/api/v2/stocks-report/products/products"
SUPPLIES = "/api/v1/supplies"
EVERY_GROUP = {f"groupBy{x}": "true" for x in ("Brand", "Subject", "Sa", "Nm", "Barcode", "Size")}


def cabinet_of(start: str, end: str, **more: Any) -> dict[str, Any]:
    """The body of a question for the cabinet's report, of all products."""
    return {
        "currentPeriod": {"start": start, "end": end},
        "stockType": "",
        "skipDeletedNm": False,
        "orderBy": {"field": "ordersCount", "mode": "asc"},
        "availabilityFilters": [
            "deficient",
            "actual",
            "balanced",
            "nonActual",
            "nonLiquid",
            "invalidData",
        ],
        "offset": 0,
        **more,
    }


class Visit:
    """Calls by the real paths; the host's prefix is put before them."""

    def __init__(self, market: Market, client: AsyncTestClient[Litestar]) -> None:
        self.market = market
        self.client = client
        self.seller = next(iter(self.market.world.sellers.values()))

    @property
    def now(self) -> float:
        return self.market.clock()

    async def ask(self, method: str, path: str, kind: str = "personal", **kwargs: Any) -> Response:
        token, secret = kwargs.pop("token", None), kwargs.pop("secret", None)
        token = token or tokens.issue(self.seller.id, kind, expires=self.now + 3600)
        headers = {"Authorization": token} | ({"X-Client-Secret": secret} if secret else {})
        prefix = next(host for start, host in HOSTS.items() if path.startswith(start))
        url = f"/{prefix}{path}" if prefix else path
        return await self.client.request(method, url, headers=headers, **kwargs)

    async def get(self, path: str, kind: str = "personal", **kwargs: Any) -> Response:
        return await self.ask("GET", path, kind, **kwargs)

    async def post(
        self, path: str, body: Any = None, kind: str = "personal", **kw: Any
    ) -> Response:
        return await self.ask("POST", path, kind, json={} if body is None else body, **kw)

    async def remains(self, groups: dict[str, str] = EVERY_GROUP) -> list[dict[str, Any]]:
        """The whole report, ordered and downloaded with full buckets and no waiting."""
        self.market.buckets.reset()
        made = (await self.get(REMAINS, params=groups)).json()["data"]["taskId"]
        return (await self.get(f"{REMAINS}/tasks/{made}/download")).json()


class Hands:
    """A clock that a test moves."""

    def __init__(self, now: float) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@asynccontextmanager
async def visiting(spec: Spec | None = None, **settings: Any) -> AsyncIterator[Visit]:
    """A stand-in of one seller at noon of 2026-11-23, answering in this process."""
    world = World.create(spec or Spec(products=60, places=4), now=NOON)
    market = Market(world, Hands(NOON), Settings(**{"report_seconds": 0, **settings}))
    with door_of(market) as application:
        async with AsyncTestClient(application) as client:
            yield Visit(market, client)

"""The Wildberries methods that are answered, with their limits, scopes and token types.

Facts of the seller API as of 2026-10-24 (wildberries-sdk 0.1.177) over the OpenAPI of
2026-08-18. Real hosts differ by name only; here each is a path prefix on one address.
"""

from typing import Literal

import msgspec

Plan = Literal["full", "basic"]
CONTENT, ANALYTICS, MARKETPLACE, STATISTICS, SUPPLIES = 1, 2, 4, 5, 10
HOSTS = {
    "common-api": None,
    "content-api": CONTENT,
    "seller-analytics-api": ANALYTICS,
    "statistics-api": STATISTICS,
    "marketplace-api": MARKETPLACE,
    "supplies-api": SUPPLIES,
}
"""Host name without its domain, and the token category (bit of ``s``) it asks for."""


class Limit(msgspec.Struct, frozen=True):
    """A token bucket: one request per ``interval`` seconds, at most ``burst`` saved up."""

    interval: float
    burst: int


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """One method. ``basic`` is the limit of a Base token without secret, None where it is
    refused; ``with_secret`` says whether a Base token with secret may call it; a 4XX answer
    counts as ``cost_4xx`` requests; ``bucket`` names the limit's group.
    """

    name: str
    host: str
    method: Literal["GET", "POST"]
    path: str
    full: Limit
    basic: Limit | None
    with_secret: bool = True
    cost_4xx: int = 1
    bucket: str

    @property
    def scope(self) -> int | None:
        return HOSTS[self.host]


def _endpoint(  # noqa: PLR0913 -- a row of the table below
    name: str,
    host: str,
    method: Literal["GET", "POST"],
    path: str,
    *,
    full: tuple[float, int],
    basic: tuple[float, int] | None,
    with_secret: bool = True,
    cost_4xx: int = 1,
) -> Endpoint:
    return Endpoint(
        name=name,
        host=host,
        method=method,
        path=path,
        full=Limit(*full),
        basic=basic and Limit(*basic),
        with_secret=with_secret,
        cost_4xx=cost_4xx,
        bucket=name if name != "ping" else f"ping:{host}",
    )


_STOCKS = "/api/analytics/v1/stocks-report"
_REMAINS = "/api/v1/warehouse_remains"
_A, _M, _S = "seller-analytics-api", "marketplace-api", "supplies-api"
_SUPPLIES, _EVERY_HALF_HOUR = (2.0, 10), (1_800.0, 1)
_EVERY_15_MINUTES, _EVERY_3_HOURS, _DAILY = (900.0, 1), (10_800.0, 1), (86_400.0, 1)
_LIVE = (0.2, 20)

ENDPOINTS = (
    *(_endpoint("ping", host, "GET", "/ping", full=(10.0, 99), basic=(10.0, 99)) for host in HOSTS),
    _endpoint(
        "seller_info", "common-api", "GET", "/api/v1/seller-info", full=(60.0, 10), basic=_DAILY
    ),
    _endpoint(
        "cards", "content-api", "POST", "/content/v2/get/cards/list", full=(0.6, 5), basic=(0.6, 5)
    ),
    _endpoint("wb_warehouses", _A, "POST", f"{_STOCKS}/wb-warehouses", full=(20.0, 1), basic=None),
    _endpoint(
        "seller_warehouses",
        _A,
        "POST",
        f"{_STOCKS}/seller-warehouses",
        full=(20.0, 1),
        basic=None,
        with_secret=False,
    ),
    _endpoint("remains_create", _A, "GET", _REMAINS, full=(60.0, 5), basic=_EVERY_15_MINUTES),
    _endpoint(
        "remains_status",
        _A,
        "GET",
        f"{_REMAINS}/tasks/{{task_id:str}}/status",
        full=(5.0, 5),
        basic=_EVERY_15_MINUTES,
    ),
    _endpoint(
        "remains_download",
        _A,
        "GET",
        f"{_REMAINS}/tasks/{{task_id:str}}/download",
        full=(60.0, 1),
        basic=_EVERY_15_MINUTES,
    ),
    _endpoint(
        "orders",
        "statistics-api",
        "GET",
        "/api/v1/supplier/orders",
        full=(60.0, 10),
        basic=_EVERY_3_HOURS,
    ),
    _endpoint("warehouses", _M, "GET", "/api/v3/warehouses", full=_LIVE, basic=_LIVE, cost_4xx=10),
    _endpoint(
        "stocks",
        _M,
        "POST",
        "/api/v3/stocks/{warehouse_id:str}",
        full=_LIVE,
        basic=_LIVE,
        cost_4xx=10,
    ),
    _endpoint(
        "order_feed",
        _A,
        "POST",
        "/api/analytics/v1/order-feed",
        full=(60.0, 1),
        basic=_EVERY_3_HOURS,
    ),
    _endpoint(
        "cabinet",
        _A,
        "POST",
        "/api/v2/stocks-report/products/products",
        full=(20.0, 3),
        basic=_EVERY_HALF_HOUR,
    ),
    _endpoint("supplies", _S, "POST", "/api/v1/supplies", full=_SUPPLIES, basic=_EVERY_HALF_HOUR),
    _endpoint(
        "supply",
        _S,
        "GET",
        "/api/v1/supplies/{supply_id:str}",
        full=_SUPPLIES,
        basic=_EVERY_HALF_HOUR,
    ),
    _endpoint(
        "supply_goods",
        _S,
        "GET",
        "/api/v1/supplies/{supply_id:str}/goods",
        full=_SUPPLIES,
        basic=_EVERY_HALF_HOUR,
    ),
)
NAMES = tuple(dict.fromkeys(endpoint.name for endpoint in ENDPOINTS))

"""The calls that are made and how often each may be: a bucket per seller and method.

Source: the limits of dev.wildberries.ru as of 2026-10-24 (period, limit, interval, burst; by
type of token). `basic` is the limit of a Base token without secret, None where it is refused;
`full` that of all others. A 4XX of the marketplace group counts as ten requests.
"""

from domain.both import Both
from domain.fact import fact
from infrastructure.wildberries.hosts import Host


@fact
class Limit:
    """At most `burst` requests saved up, one more every `interval` seconds."""

    burst: int
    interval: float


@fact
class Call:
    """One method. `title` is the cabinet's name of it, `category` what the token must include."""

    name: str
    host: Host
    path: str
    title: Both
    category: Both
    full: Limit
    basic: Limit | None = None
    method: str = "GET"
    cost_4xx: int = 1

    @property
    def endpoint(self) -> str:
        """What fails as a whole, for all sellers."""
        return f"{self.host} {self.method} {self.path}"

    def limit(self, *, plain: bool) -> Limit:
        """The limit for a token; a plain one that is refused here is not limited further."""
        return self.basic if plain and self.basic else self.full


CONTENT = Both(ru="Контент", en="Content")
ANALYTICS = Both(ru="Аналитика", en="Analytics")
STATISTICS = Both(ru="Статистика", en="Statistics")
MARKETPLACE = Both(ru="Маркетплейс", en="Marketplace")
SUPPLYING = Both(ru="Поставки", en="Supplies")
_QUARTER_HOUR = Limit(burst=1, interval=900)
_REPORT = Both(ru="Отчёт об остатках на складах", en="Stock report")


def _ping(host: Host, category: Both) -> Call:
    return Call(
        name=f"ping:{host}",
        host=host,
        path="/ping",
        title=Both(ru=f"Проверка подключения ({category.ru})", en=f"Connection ({category.en})"),
        category=category,
        full=Limit(burst=99, interval=10),
    )


PINGS = (
    _ping(Host.CONTENT, CONTENT),
    _ping(Host.ANALYTICS, ANALYTICS),
    _ping(Host.STATISTICS, STATISTICS),
    _ping(Host.MARKETPLACE, MARKETPLACE),
    _ping(Host.SUPPLIES, SUPPLYING),
)
SELLER_INFO = Call(
    name="seller_info",
    host=Host.COMMON,
    path="/api/v1/seller-info",
    title=Both(ru="Информация о продавце", en="Seller information"),
    category=Both(ru="любая", en="any"),
    full=Limit(burst=10, interval=60),
    basic=Limit(burst=1, interval=86_400),
)
CARDS = Call(
    name="cards",
    host=Host.CONTENT,
    method="POST",
    path="/content/v2/get/cards/list",
    title=Both(ru="Список карточек товаров", en="List of product cards"),
    category=CONTENT,
    full=Limit(burst=5, interval=0.6),
)
WB_WAREHOUSES = Call(
    name="wb_warehouses",
    host=Host.ANALYTICS,
    method="POST",
    path="/api/analytics/v1/stocks-report/wb-warehouses",
    title=Both(ru="Остатки на складах WB", en="Stock in WB's warehouses"),
    category=ANALYTICS,
    full=Limit(burst=1, interval=20),
)
SELLER_WAREHOUSES = Call(
    name="seller_warehouses",
    host=Host.ANALYTICS,
    method="POST",
    path="/api/analytics/v1/stocks-report/seller-warehouses",
    title=Both(ru="Остатки на складах продавца", en="Stock in the seller's warehouses"),
    category=ANALYTICS,
    full=Limit(burst=1, interval=20),
)
REMAINS_CREATE = Call(
    name="remains_create",
    host=Host.ANALYTICS,
    path="/api/v1/warehouse_remains",
    title=_REPORT,
    category=ANALYTICS,
    full=Limit(burst=5, interval=60),
    basic=_QUARTER_HOUR,
)
REMAINS_STATUS = Call(
    name="remains_status",
    host=Host.ANALYTICS,
    path="/api/v1/warehouse_remains/tasks/{task}/status",
    title=_REPORT,
    category=ANALYTICS,
    full=Limit(burst=5, interval=5),
    basic=_QUARTER_HOUR,
)
REMAINS_DOWNLOAD = Call(
    name="remains_download",
    host=Host.ANALYTICS,
    path="/api/v1/warehouse_remains/tasks/{task}/download",
    title=_REPORT,
    category=ANALYTICS,
    full=Limit(burst=1, interval=60),
    basic=_QUARTER_HOUR,
)
ORDERS = Call(
    name="orders",
    host=Host.STATISTICS,
    path="/api/v1/supplier/orders",
    title=Both(ru="Заказы", en="Orders"),
    category=STATISTICS,
    full=Limit(burst=10, interval=60),
    basic=Limit(burst=1, interval=10_800),
)
WAREHOUSES = Call(
    name="warehouses",
    host=Host.MARKETPLACE,
    path="/api/v3/warehouses",
    title=Both(ru="Склады продавца", en="Seller's warehouses"),
    category=MARKETPLACE,
    full=Limit(burst=20, interval=0.2),
    cost_4xx=10,
)
STOCKS = Call(
    name="stocks",
    host=Host.MARKETPLACE,
    method="POST",
    path="/api/v3/stocks/{warehouse}",
    title=Both(ru="Остатки на складах продавца", en="Stock in the seller's warehouses"),
    category=MARKETPLACE,
    full=Limit(burst=20, interval=0.2),
    cost_4xx=10,
)
FEED = Call(
    name="order_feed",
    host=Host.ANALYTICS,
    method="POST",
    path="/api/analytics/v1/order-feed",
    title=Both(ru="Лента заказов", en="Order feed"),
    category=ANALYTICS,
    full=Limit(burst=1, interval=60),
    basic=Limit(burst=1, interval=10_800),
)
CABINET = Call(
    name="cabinet",
    host=Host.ANALYTICS,
    method="POST",
    path="/api/v2/stocks-report/products/products",
    title=Both(ru="История остатков: данные по товарам", en="Stock history by product"),
    category=ANALYTICS,
    full=Limit(burst=3, interval=20),
    basic=Limit(burst=1, interval=1_800),
)


def _supply(name: str, path: str, ru: str, en: str, method: str = "GET") -> Call:
    return Call(
        name=name,
        host=Host.SUPPLIES,
        method=method,
        path=f"/api/v1/supplies{path}",
        title=Both(ru=ru, en=en),
        category=SUPPLYING,
        full=Limit(burst=10, interval=2),
        basic=Limit(burst=1, interval=1_800),
    )


SUPPLIES = _supply("supplies", "", "Список поставок", "List of supplies", "POST")
SUPPLY = _supply("supply", "/{supply}", "Детали поставки", "Details of a supply")
SUPPLY_GOODS = _supply("supply_goods", "/{supply}/goods", "Товары поставки", "Goods of a supply")

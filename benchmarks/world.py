"""A world to measure in: real servers, the sandbox in its own process, sellers of any size."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from secrets import randbits, token_urlsafe
from typing import Any
from uuid import UUID, uuid4

import aiohttp
from cryptography.fernet import Fernet

from app import settings
from app.asker import Asker
from app.demo_people import told
from app.handle import Ask
from app.stock.connect import Connect, Wish
from app.stock.writers import Writers
from app.supervise import Children
from app.wiring import Product, graphql, opened, prepare
from domain import tenant
from domain.access import Role, TenantScope
from domain.errors import Unavailable
from domain.events import Origin, Stream
from domain.fact import fact
from domain.secrecy import Secret
from infrastructure.postgres.database import Database
from infrastructure.wildberries.hosts import Hosts
from sandbox.servers import free_port, postgres, temporary_folder, valkey

NM_IDS = "SELECT nm_id FROM stock_current WHERE tenant_id = $1 AND shop_id = $2 ORDER BY nm_id"

BATCH = ":batchUpdate"
ORDERS = 6
"""Orders a day, in per cent of the products; two weeks of them are there at the first sync."""


@fact
class Seller:
    """An invented one. `tokens` by kind."""

    id: str
    tokens: Mapping[str, str]


@fact
class Shop:
    """Connected, with a file of its own."""

    tenant: UUID
    id: UUID
    seller: str


@fact
class Calls:
    """What a sync asked of its neighbours. `wildberries` holds `fbs`, the stock of her own
    warehouses by sizes, and leaves out `polls`, whether a report is ready; `written` are the bytes
    of what was to be changed at Google."""

    wildberries: int
    fbs: int
    polls: int
    google: int
    written: int


class World:
    """`environ` is what another process of the product needs to take part."""

    def __init__(
        self, address: str, robot: str, environ: Mapping[str, str], product: Product
    ) -> None:
        self.environ = environ
        self._address, self._robot, self._product = address, robot, product

    @property
    def database(self) -> Database:
        """The product's."""
        return self._product.database

    async def seller(self, products: int, places: int) -> Seller:
        """A new one; «Склад WB» counts as one place. Orders grow with the products, without end."""
        daily = products * ORDERS // 100
        size = {"products": products, "places": places, "daily_orders": daily}
        spec = {"seed": randbits(40), **size}
        made = await self._ask("POST", "/wildberries/sandbox/sellers", json=spec)
        return Seller(id=made["id"], tokens=made["tokens"])

    async def shop(self, seller: Seller, kind: str) -> Shop:
        """Of a new company, connected by the product's own use cases; its first sync is due."""
        company, person = uuid4(), uuid4()
        origin = Origin(source="cli", actor=person, correlation=uuid4(), causation="cli:bench")
        stream = Stream(kind="tenant", tenant=company, id=company)
        register = tenant.Register(owner_id=person)
        await self._product.handle(
            Ask(decider=tenant.decider, stream=stream, command=register), origin=origin
        )
        scope = TenantScope(tenant=company, person=person, role=Role.OWNER)
        asker, connect = Asker(scope=scope, origin=origin), self._connect()
        token = Secret(seller.tokens[kind])
        row, _ = await connect.shop(asker, Wish(marketplace="wildberries", token=token))
        await connect.spreadsheet(asker, row.shop_id, await self._file())
        return Shop(tenant=company, id=row.shop_id, seller=seller.id)

    async def sell(self, shop: Shop, one_in: int, pieces: int) -> None:
        """The stock of every so-manieth product becomes `pieces` at Wildberries."""
        async with self.database.driver() as driver:
            rows = await driver.fetch(NM_IDS, shop.tenant, shop.id)
        changes = [
            {"kind": "stock", "nm": row["nm_id"], "place": "Склад WB", "quantity": pieces}
            for row in rows[::one_in]
        ]
        await self._change(shop, changes)

    async def open_place(self, shop: Shop, name: str, pieces: int) -> None:
        """A warehouse of the seller's own, with so many pieces of her first product."""
        async with self.database.driver() as driver:
            nm = await driver.fetchval(f"{NM_IDS} LIMIT 1", shop.tenant, shop.id)
        goods = {"kind": "stock", "nm": nm, "place": name, "quantity": pieces}
        await self._change(shop, [{"kind": "add_place", "name": name}, goods])

    async def _change(self, shop: Shop, changes: list[dict[str, object]]) -> None:
        path = f"/wildberries/sandbox/sellers/{shop.seller}/changes"
        await self._ask("POST", path, json=changes)

    async def forget_calls(self) -> None:
        """Count from now on."""
        for path in ("/wildberries/sandbox/calls", "/sandbox/google/calls"):
            await self._ask("DELETE", path)

    async def calls(self) -> Calls:
        """Made since they were forgotten, counted by the sandbox."""
        counted = (await self._ask("GET", "/wildberries/sandbox/calls"))["by_endpoint"]
        polls = counted.pop("remains_status", 0)
        told = await self._ask("GET", "/sandbox/google/calls")
        google = told["total"]
        return Calls(
            wildberries=sum(counted.values()),
            fbs=counted.get("stocks", 0),
            polls=polls,
            google=google["reads"] + google["writes"] + google["drive"],
            written=sum(each["bytes"][0] for each in told["calls"] if BATCH in each["call"]),
        )

    def _connect(self) -> Connect:
        ports = graphql(self._product)
        return Connect(
            database=ports.database,
            handle=ports.handle,
            clock=ports.clock,
            marketplaces=ports.marketplaces,
            writers=Writers(principals=ports.principals, vault=ports.vault),
            plans=ports.plans,
        )

    async def _file(self) -> str:
        """A new file of the seller's, shared with us as she would share it."""
        headers, _ = await self._send("POST", "/sheets", data={"title": "Остатки"})
        file_id = headers["Location"].rpartition("/")[2]
        share = {"act": "share", "address": self._robot, "role": "writer"}
        await self._send("POST", f"/sheets/{file_id}/do", data=share)
        return f"https://docs.google.com/spreadsheets/d/{file_id}/edit"

    async def _ask(self, method: str, path: str, **body: object) -> Any:  # noqa: ANN401 - JSON
        _, answer = await self._send(method, path, **body)
        return json.loads(answer or b"null")

    async def _send(self, method: str, path: str, **body: Any) -> tuple[Mapping[str, str], bytes]:  # noqa: ANN401 - passed on
        async with aiohttp.ClientSession(raise_for_status=True) as http:
            address = f"{self._address}{path}"
            async with http.request(method, address, allow_redirects=False, **body) as answer:
                return answer.headers, await answer.read()


@asynccontextmanager
async def world() -> AsyncIterator[World]:
    """Everything on loopback, and nothing of it is left."""
    async with AsyncExitStack() as held:
        folder = held.enter_context(temporary_folder())
        servers = {
            "DATABASE_URL": held.enter_context(postgres(folder / "postgres")).url,
            "REDIS_URL": held.enter_context(valkey(folder / "valkey")).url,
        }
        children = Children()
        held.callback(children.stop)
        address = _sandbox(children, folder)
        stage = await told(f"{address}/sandbox/stage", lambda: _alive(children))
        environ = {**servers, **keys(), **_neighbours(address, stage)}
        read = settings.load(environ)
        await prepare(read)
        product = await held.enter_async_context(opened(read))
        robot = json.loads(stage["serviceAccount"])["client_email"]
        yield World(address, robot, environ, product)


def _sandbox(children: Children, folder: Path) -> str:
    port = free_port()
    options = ["--port", str(port), "--data", str(folder / "sandbox"), "--supervised"]
    children.start("sandbox", ["sandbox", *options], {}, folder / "sandbox.out")
    return f"http://127.0.0.1:{port}"


def _alive(children: Children) -> None:
    if ended := children.ended():
        raise Unavailable(f"The {ended[0]} ended with code {ended[1]}.", cause="not_up")


def keys() -> dict[str, str]:
    """New ones."""
    master, secret = Fernet.generate_key().decode(), token_urlsafe(48)
    return {"ENCRYPTION_MASTER_KEY": master, "SECRET_KEY": secret}


def _neighbours(address: str, stage: Mapping[str, Any]) -> dict[str, str]:
    hosts = Hosts.under(f"{address}/wildberries")
    return {
        "WILDBERRIES_CONTENT_URL": hosts.content,
        "WILDBERRIES_ANALYTICS_URL": hosts.analytics,
        "WILDBERRIES_STATISTICS_URL": hosts.statistics,
        "WILDBERRIES_MARKETPLACE_URL": hosts.marketplace,
        "WILDBERRIES_COMMON_URL": hosts.common,
        "WILDBERRIES_SUPPLIES_URL": hosts.supplies,
        "WILDBERRIES_SERVICE_SECRET": stage["serviceSecret"],
        "WILDBERRIES_SPEED": str(stage["speed"]),
        "GOOGLE_SERVICE_ACCOUNT": stage["serviceAccount"],
        "GOOGLE_SHEETS_URL": address,
        "GOOGLE_DRIVE_URL": address,
    }

"""An operator takes the answers of Wildberries home and has them served again: the same sheet."""

import asyncio
from datetime import UTC, datetime

import aiohttp
import pytest

from app.single import read_once
from domain.breaker import Breakers
from domain.budget import Buckets
from domain.ports import Access
from infrastructure.wildberries.hosts import Hosts
from infrastructure.wildberries.marketplace import Wildberries
from infrastructure.wildberries.pace import Pace
from sandbox.replay import load, replaying, token_of
from tests.infrastructure.loopback import served
from tests.process import run

PRODUCTS = """query ($shop: UUID!) { products(first: 50, shopId: $shop) { edges { node {
  nmId sku brand toClient returns orders stock places { name stock orders } } } } }"""


@pytest.fixture
def call(city, folder):
    async def call(module, *options):
        environ = city.product.environ
        return await asyncio.to_thread(run, module, *options, folder=folder, **environ)

    return call


async def replayed(path):
    """The snapshot that these answers make."""
    found, now = load(path), lambda: datetime.now(UTC)
    async with served(replaying(found)) as address, aiohttp.ClientSession() as session:
        adapter = Wildberries(
            session,
            Hosts.under(address),
            Buckets(),
            Breakers(now),
            now,
            secret="any" if found.about.with_secret else None,
            pace=Pace(speed=1_000, egress=0.0),
        )
        return await read_once(adapter, Access(token=token_of(found)))


def as_rows(snapshot):
    """By article what the API says of a product; blanks of places that hold nothing are left out."""
    columns = (snapshot.to_client, snapshot.returns, snapshot.orders, snapshot.stock)
    texts = (snapshot.skus, snapshot.brands)
    rows = zip(snapshot.nm_ids, *texts, *columns, strict=True)
    return {
        nm: (
            *told,
            {
                each.place.name: (each.stock[n], each.orders[n])
                for each in snapshot.places
                if each.stock[n] or each.orders[n]
            },
        )
        for n, (nm, *told) in enumerate(rows)
    }


async def test_a_captured_reading_makes_the_same_figures_when_it_is_replayed(town, call, tmp_path):
    shop = await town.shop(await town.seller(products=9, daily_orders=3))
    file = tmp_path / "shop.zip"

    told = await call("app", "capture", "--shop", shop.id, "-o", str(file), "--reason", "ticket 7")
    again = await call("app", "capture", "--shop", shop.id, "-o", str(file))
    products = await shop.person.ask(PRODUCTS, shop=shop.id)
    snapshot = await replayed(file)

    nodes = [edge["node"] for edge in products["products"]["edges"]]
    assert (told.returncode, again.returncode) == (0, 1), told.stderr
    assert "9 products in " in told.stdout
    assert "is there already" in again.stderr
    assert "tenant.read_by_staff" in await shop.facts()
    assert as_rows(snapshot) == {
        int(node["nmId"]): (
            node["sku"],
            node["brand"],
            *(node[name] for name in ("toClient", "returns", "orders", "stock")),
            {
                at["name"]: (at["stock"], at["orders"])
                for at in node["places"]
                if at["stock"] or at["orders"]
            },
        )
        for node in nodes
    }
    held = file.read_bytes()
    assert not any(secret.encode() in held for secret in shop.person.product.secrets)


async def test_a_file_that_is_no_capture_ends_the_sandbox_with_a_sentence(call, tmp_path):
    (tmp_path / "note.txt").write_text("hello")

    told = await call("sandbox", "--replay", str(tmp_path / "note.txt"))

    assert told.returncode == 2
    assert "note.txt: it is no whole zip file" in told.stderr
    assert "Traceback" not in told.stderr

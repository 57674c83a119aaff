"""A seller of the stand-in's marketplace: her tokens, what happens to her, and the truth."""

import asyncio
import time
from copy import copy

from sandbox.sellers import World, truth
from tests.stories.city import KIND

DAYS = 7
OWN = 9
"""Columns of a product before those of its places."""


class Seller:
    """A marketplace account that belongs to one story."""

    def __init__(self, town, described):
        self.town, self.id = town, described["id"]
        self.name, self.tokens = described["name"], described["tokens"]
        outside = town.city.outside
        self.control = f"{outside.address}/wildberries/sandbox"
        self.world = outside.data / "world.json"

    @classmethod
    async def open(cls, town, spec):
        url = f"{town.city.outside.address}/wildberries/sandbox/sellers"
        answer = await town.http.post(url, json=spec)
        assert answer.status_code == 201, answer.text
        seller = cls(town, answer.json())
        town.city.product.secrets |= set(seller.tokens.values())
        return seller

    async def change(self, *changes):
        """Let something happen: {"kind": "stock", "nm": …, "place": …, "quantity": …} …"""
        url = f"{self.control}/sellers/{self.id}/changes"
        answer = await self.town.http.post(url, json=list(changes))
        assert answer.is_success, answer.text

    async def fault(self, endpoint, kind, **more):
        """Trouble for her alone."""
        fault = {"endpoint": endpoint, "kind": kind, "seller": self.id, **more}
        answer = await self.town.http.post(f"{self.control}/faults", json=fault)
        assert answer.is_success, answer.text

    def seen_from(self, town):
        """The same seller in another story's hands."""
        other = copy(self)
        other.town = town
        town.city.product.secrets |= set(self.tokens.values())
        return other

    async def calls(self):
        """How often each method of the marketplace was called, by anybody."""
        return (await self.town.http.get(f"{self.control}/calls")).json()["by_endpoint"]

    async def set_stock(self, nm, quantity, place="Склад WB"):
        await self.change({"kind": "stock", "nm": nm, "place": place, "quantity": quantity})

    async def truth(self):
        """By nmID, what a sheet must say now."""
        world = await asyncio.to_thread(World.load, self.world)
        return truth(world.seller(self.id), time.time(), DAYS)

    async def table(self):
        """By nmID, the cells of its row by (place, caption); a place is "" for the product's."""
        world = await asyncio.to_thread(World.load, self.world)
        seller = world.seller(self.id)
        products = truth(seller, time.time(), DAYS)
        own = {place.id: place.name for place in seller.warehouses().values()}
        places = list(_places(products.values(), own))
        table = {nm: _row(product, places) for nm, product in products.items()}
        return _as_told(table, {each.name for each in seller.places if each.kind == "named"})


def _places(products, own):
    """Name, and how to count a product's pieces there; only of those that ever had any."""
    everywhere = [counts for each in products for counts in (each.stock, each.orders)]
    if any(counts.wb for counts in everywhere):
        yield "Склад WB", lambda counts: counts.wb
    for name in sorted({name for counts in everywhere for name, n in counts.named.items() if n}):
        yield name, lambda counts, name=name: counts.named.get(name, 0)
    held = {at for counts in everywhere for at, n in counts.sellers.items() if n}
    for at in sorted(held, key=own.__getitem__):
        yield own[at], lambda counts, at=at: counts.sellers.get(at, 0)
    if any(counts.unnamed for counts in everywhere):
        yield "Мои склады (склад не указан)", lambda counts: counts.unnamed


def _row(product, places):
    stock, orders = product.stock.total, product.orders.total
    row = {
        ("", "Бренд"): product.brand,
        ("", "Предмет"): product.subject,
        ("", "Артикул продавца"): product.vendor_code,
        ("", "Артикул товара (nmid)"): product.nm,
        ("", "В пути до покупателя"): product.to_client,
        ("", "В пути возвраты"): product.from_client,
        ("", "Заказы (всего)"): orders,
        ("", "Остатки (всего)"): stock,
        ("", "Оборачиваемость (дни)"): turnover(stock, orders),
    }
    for name, count in places:
        here, sold = count(product.stock), count(product.orders)
        row |= {
            (name, "Остатки"): here,
            (name, "Заказы"): sold,
            (name, "Оборач."): turnover(here, sold),
        }
    return row


def _as_told(table, named):
    """Where no named place holds anything, Wildberries names none: what lies there is unknown. The
    report that a plain Base token reads has a line for whatever lies somewhere."""
    told = [
        row
        for row in table.values()
        for at in row
        if at[0] in named and at[1] == "Остатки" and row[at]
    ]
    if told or KIND == "base":
        return table
    hidden = {(name, caption) for name in named for caption in ("Остатки", "Оборач.")}
    return {
        nm: {at: "" if at in hidden else value for at, value in row.items()}
        for nm, row in table.items()
    }


def turnover(stock, orders):
    """Days that the stock lasts, a tenth half-up; blank without orders."""
    return "" if not orders else (20 * stock * DAYS + orders) // (2 * orders) / 10

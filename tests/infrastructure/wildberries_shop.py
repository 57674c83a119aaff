"""A seller on loopback: the stand-in behind real HTTP, the real adapter before it, one clock."""

from collections import defaultdict
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import aiohttp

from domain.breaker import Breakers
from domain.budget import Buckets
from domain.capability import Known
from domain.novelty import Novelty
from domain.ports import Access
from domain.snapshot import Snapshot, period
from domain.stock import Card, Order, OrderCount, StockRead
from domain.taking import take
from infrastructure.wildberries.claims import read_claims
from infrastructure.wildberries.hosts import Hosts
from infrastructure.wildberries.marketplace import Wildberries
from infrastructure.wildberries.pace import Pace
from sandbox.sellers import Spec, World
from sandbox.wildberries import Fault, tokens
from sandbox.wildberries.market import Market, Settings
from tests.infrastructure.loopback import standing

NOON = 1_795_424_400.0  # 2026-11-23 12:00 in Moscow
WEEK = 7 * 86_400
LONG = Pace(patience=4_000.0, egress=0.0)


class Moment:
    """The time for everybody here; whoever sleeps moves it on."""

    def __init__(self) -> None:
        self.seconds = NOON
        self.slept: list[float] = []

    def __call__(self) -> datetime:
        return datetime.fromtimestamp(self.seconds, UTC)

    def epoch(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds


class Kept:
    """A run's memory, and how often it was used."""

    def __init__(self) -> None:
        self.steps: dict[str, bytes] = {}

    async def recall(self, step: str) -> bytes | None:
        return self.steps.get(step)

    async def keep(self, step: str, result: bytes) -> None:
        self.steps[step] = result


async def silent(step: str, done: int = 0, total: int | None = None) -> None:
    """Progress that nobody watches."""


class Noted:
    """What nobody had heard before, in a list."""

    def __init__(self) -> None:
        self.found: list[Novelty] = []

    async def note(self, found: Collection[Novelty]) -> None:
        self.found += found


class Shop:
    """The adapter, what stands behind it, and the ways a test reads through it."""

    def __init__(self, market: Any, wildberries: Wildberries, moment: Moment) -> None:
        self.market, self.wildberries, self.moment = market, wildberries, moment
        self.seller = next(iter(market.world.sellers.values()))
        self.memory = Kept()
        self.known: dict[str, Known] = defaultdict(Known)

    def access(self, kind: str = "personal", secret: str | None = None, **claims: Any) -> Access:
        claims.setdefault("expires", NOON + 86_400)
        return Access(token=tokens.issue(self.seller.id, kind, **claims), secret=secret)

    def fault(self, endpoint: str, kind: str, **more: Any) -> None:
        self.market.fault(Fault(endpoint=endpoint, kind=kind, **more))

    def calls(self, endpoint: str) -> int:
        return self.market.calls.by_endpoint[endpoint]

    def change(self, *changes: Any) -> None:
        self.market.world.change(self.seller.id, *changes, at=self.moment.seconds)

    async def cards(self, access: Access) -> dict[int, Card]:
        pages = [page async for page in self.wildberries.cards(access, None)]
        return {card.nm_id: card for page in pages for card in page.cards}

    async def stock(self, access: Access, cards: dict[int, Card] | None = None) -> StockRead:
        cards = await self.cards(access) if cards is None else cards
        known = self.known[read_claims(access.token).token_id]
        return await self.wildberries.stock(access, cards.values(), self.memory, silent, known)

    async def orders(self, access: Access, cursor: str | None = None) -> list[Order]:
        since = datetime.fromtimestamp(NOON - WEEK - 86_400, UTC)
        pages = self.wildberries.orders(access, cursor, since)
        return [order async for page in pages for order in page.orders]

    async def snapshot(self, access: Access) -> Snapshot:
        cards = await self.cards(access)
        counts = counted(await self.orders(access), self.moment())
        self.memory = Kept()
        return take(await self.stock(access, cards), cards, counts, period(self.moment()), ())


def counted(orders: list[Order], now: datetime) -> list[OrderCount]:
    """As the store of orders counts them: the last change of each srid, in the period."""
    last = {order.srid: order for order in sorted(orders, key=lambda order: order.changed_at)}
    days = period(now)
    return [
        OrderCount(nm_id=o.nm_id, by_seller=o.by_seller, warehouse=o.warehouse, pieces=1)
        for o in last.values()
        if not o.cancelled and days.first <= o.ordered_at.date() <= days.last
    ]


def pieces(stock: StockRead, key: str) -> dict[int, int]:
    """What lies at one place."""
    return next(dict(found) for place, found in stock.places.items() if place.key == key)


def filled(column: dict[int, int]) -> dict[int, int]:
    """Without the zeros."""
    return {nm: n for nm, n in column.items() if n}


@asynccontextmanager
async def open_shop(  # noqa: PLR0913 -- settings, by name
    spec: Spec | None = None,
    *,
    pace: Pace = LONG,
    secret: str | None = None,
    bearer: bool = False,
    novelties: Any = None,
    tape: Any = None,
    **settings: Any,
) -> AsyncIterator[Shop]:
    """A seller with all her doors open, at noon."""
    moment = Moment()
    world = World.create(spec or Spec(products=60, places=4), now=NOON)
    market = Market(world, moment.epoch, Settings(**settings))
    budget = Buckets(moment.epoch)
    async with standing(market) as address, aiohttp.ClientSession() as session:
        hosts = Hosts.under(address)
        adapter = Wildberries(
            session,
            hosts,
            budget,
            Breakers(moment),
            moment,
            novelties=novelties,
            tape=tape,
            secret=secret,
            bearer=bearer,
            pace=pace,
            sleep=moment.sleep,
        )
        yield Shop(market, adapter, moment)

"""`ONLY=planner`: 200 shops due at once, under the real limits, in a virtual clock.

The adapter, its budgets and breakers are the product's own, Wildberries is the sandbox without a
wire, and Google is its quota. The bound is the planner's: in no order could the calls be faster.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any, cast

import aiohttp

from app.stock.forecast import writing
from app.wiring.worker import SLOTS
from benchmarks import ahead
from benchmarks.figures import show, tell
from domain.breaker import Breakers
from domain.budget import Buckets
from domain.capability import Known
from domain.errors import Unavailable
from domain.planner import Extent, Holder, Need, Outlook, floor, plan
from domain.ports import Access
from infrastructure.google.faults import Voice
from infrastructure.google.quota import Quota
from infrastructure.wildberries.hosts import Hosts
from infrastructure.wildberries.marketplace import Wildberries
from infrastructure.wildberries.pace import Pace
from infrastructure.wildberries.ration import gate
from sandbox.sellers import Spec, World
from sandbox.wildberries import tokens

KINDS: Sequence[tuple[str, int]] = (("personal", 80), ("service", 40), ("secret", 40), ("base", 40))
"""Shops by token: `secret` is a Base token with the service's secret. Of the first kind, every
second one shares its seller with the one before."""
PRODUCTS, WORKERS = 300, 4
LATENCY = 0.3
"""Seconds until an answer of Wildberries or of Google."""
BEGINS = 1_795_406_400.0
"""The morning of a day: all of each catalogue is due."""


def measure() -> None:
    """With Google's quota, which is the narrowest, and without it."""
    tell("planner: a morning in a virtual clock")
    shops = sum(number for _, number in KINDS)
    for name, sheets in (("", True), ("_wildberries", False)):
        took, bound, calls, forbidden = ahead.run(partial(_measure, sheets=sheets))
        workload = f"{shops} shops due at once, {PRODUCTS} products each"
        peer = f"the planner's bound; {workload}{'' if sheets else ', nothing written'}"
        show(f"planner_ratio{name}", took, "s", peer=peer, peer_value=bound)
        peer = f"all calls to Wildberries; {workload}"
        show(f"planner_forbidden_calls{name}", forbidden, "calls", peer=peer, peer_value=calls)


async def _measure(*, sheets: bool) -> tuple[float, float, int, int]:
    """Seconds that it took, those of the bound; calls, and those that should not have been made."""
    loop = asyncio.get_running_loop()

    def now() -> float:
        return BEGINS + loop.time()

    def clock() -> datetime:
        return datetime.fromtimestamp(now(), UTC)

    world = World.create(*_specs(), now=BEGINS)
    pace = Pace()
    (egress,) = gate(pace)
    outside = ahead.Wildberries(world, now, LATENCY, ahead.Gate(egress))
    budget, breaker = Buckets(loop.time), Breakers(clock)

    def adapter(secret: str | None) -> Wildberries:
        session = cast("aiohttp.ClientSession", outside)
        hosts = Hosts.under("http://wildberries")
        return Wildberries(session, hosts, budget, breaker, clock, secret=secret, pace=pace)

    plain, trusted = adapter(None), adapter(tokens.SERVICE_SECRET)
    quota = Quota(budget=budget, clock=clock, sleep=asyncio.sleep, principal="robot", project="p")
    shops = [
        _Shop(trusted if kind == "secret" else plain, seller, kind, quota if sheets else None)
        for kind, seller in _sellers(world)
    ]
    needs = [shop.needs(clock()) for shop in shops]
    alone = max(plan(each, Outlook()).ends for each in needs)
    bound = max(alone, floor([need for each in needs for need in each], Outlook()))
    slots = asyncio.Semaphore(SLOTS * WORKERS)
    await asyncio.gather(*(shop.run(slots, now) for shop in shops))
    return loop.time(), bound, outside.market.calls.total, outside.forbidden


def _specs() -> Iterator[Spec]:
    for seed in range(sum(number for _, number in KINDS) - KINDS[0][1] // 2):
        yield Spec(seed=seed, products=PRODUCTS, places=4, daily_orders=20)


def _sellers(world: World) -> Iterator[tuple[str, str]]:
    """Kind and seller of each shop."""
    ids = iter(world.sellers)
    shared = KINDS[0][0]
    for kind, number in KINDS:
        for _ in range(number // 2 if kind == shared else number):
            yield from [(kind, next(ids))] * (2 if kind == shared else 1)


class _Shop:
    """One, and how far its sync is: what was read is not read again."""

    def __init__(
        self, marketplace: Wildberries, seller: str, kind: str, quota: Quota | None
    ) -> None:
        claimed = "base" if kind == "secret" else kind
        expires = BEGINS + 86_400
        token = tokens.issue(seller, cast("Any", claimed), expires=expires)
        self._marketplace, self._access = marketplace, Access(token=token)
        self._holder = Holder(seller_id=seller, kind=claimed)
        self._known, self._quota = Known(), quota
        self._steps: dict[str, bytes] = {}
        self._cards: dict[int, Any] = {}

    def needs(self, at: datetime) -> Sequence[Need]:
        """Of a first sync of the day."""
        extent = Extent(cards=PRODUCTS, sizes=PRODUCTS)
        reading = self._marketplace.needs(self._holder, self._known, extent, at)
        return [*reading, *(writing(self._quota.allowances()) if self._quota else ())]

    async def run(self, slots: asyncio.Semaphore, now: Callable[[], float]) -> None:
        """As a worker does it: who has to wait for long gives its slot to others."""
        while True:
            async with slots:
                try:
                    await self._sync()
                except Unavailable as wait:
                    until = wait.until.timestamp() if wait.until else now() + 60
                else:
                    return
            await asyncio.sleep(max(0.0, until - now()))

    async def _sync(self) -> None:
        if not self._cards:
            pages = self._marketplace.cards(self._access, None)
            self._cards = {card.nm_id: card async for page in pages for card in page.cards}
        cards = self._cards.values()
        await self._marketplace.stock(self._access, cards, self, _silent, self._known)
        if "orders" not in self._steps:
            since = datetime.fromtimestamp(BEGINS - 7 * 86_400, UTC)
            async for _ in self._marketplace.orders(self._access, None, since):
                pass
            self._steps["orders"] = b""
        if self._quota:
            await self._quota.take("read", Voice(address="robot"))
            await asyncio.sleep(LATENCY)
            await self._quota.take("write", Voice(address="robot"))
            await asyncio.sleep(LATENCY)

    async def recall(self, step: str) -> bytes | None:
        """As `domain.ports.Memory`."""
        return self._steps.get(step)

    async def keep(self, step: str, result: bytes) -> None:
        """As `domain.ports.Memory`."""
        self._steps[step] = result


async def _silent(step: str, done: int = 0, total: int | None = None) -> None:
    """Progress that nobody watches."""

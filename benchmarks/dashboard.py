"""`ONLY=dashboard`: the console over five million finished runs, and how soon an open page hears.

Pages come over HTTP from the product's own web process, as one of those who run the servers sees
them and as a seller does. An open page is followed by two hundred browsers; a delay is from the
commit of a run's progress, told as a worker tells it, to the fragment's arrival at each of them.
"""

import asyncio
import random
import time
from collections.abc import Iterator, Sequence
from http import HTTPStatus
from uuid import UUID

import aiohttp
import uvloop
from litestar.routes import HTTPRoute

from app.main import application
from app.web.console.mishaps import LIVE
from app.web.console.routes import NEEDS, Needs
from app.wiring import Product
from benchmarks import fleet_past
from benchmarks.figures import show, tell
from benchmarks.histories import Company
from benchmarks.running import bench
from benchmarks.visitors import Follower, Visitor, cookie, p95
from benchmarks.web import web

RUNS = 5_000_000
SAMPLES, WARM_UP = 120, 10
VIEWERS, STREAMS = 200, 20
"""Browsers that follow one page, and how many of them are one person's."""
CHANGES = 60
PAGE_BOUND, WEIGHT_BOUND, DELAY_BOUND = 60, 150, 1_000

_PROGRESS = """
UPDATE job_runs SET progress = jsonb_build_object('step', 'orders', 'done', $2::int)
WHERE tenant_id = $1
"""
_RUNS = "SELECT run_id FROM job_history WHERE tenant_id = $1 ORDER BY run_id DESC LIMIT $2"


def measure() -> None:
    """All of it on one database."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_measure())


async def _measure() -> None:
    async with bench() as made:
        async with made.product.database.driver() as driver:
            those = await fleet_past.fill(driver, RUNS)
        seller = those[0]
        owners = VIEWERS // STREAMS
        async with made.product.database.driver() as driver:
            people = await fleet_past.people(driver, seller.stream.tenant, owners + 1)
            cookies = [await cookie(driver, each, seller.stream.tenant) for each in people]
            rows = await driver.fetch(_RUNS, seller.stream.tenant, SAMPLES)
        runs = [row["run_id"] for row in rows]
        async with web(made.environ) as port, aiohttp.ClientSession(auto_decompress=False) as http:
            address = f"http://127.0.0.1:{port}"
            who = {"staff": cookies[-1], "a seller": cookies[0]}
            visitors = {name: Visitor(http, address, each) for name, each in who.items()}
            await _pages(visitors, list(_paths(made.product)), runs)
            await _delays(made.product, seller, port, cookies[:-1])


async def _pages(visitors: dict[str, Visitor], paths: Sequence[str], runs: Sequence[UUID]) -> None:
    figures: dict[tuple[str, str], tuple[float, float]] = {}
    for path in paths:
        for name, visitor in visitors.items():
            tell(f"dashboard: {path} as {name}")
            took: list[float] = []
            page = b""
            for number in range(SAMPLES + WARM_UP):
                run = str(runs[number % len(runs)])
                status, page, milliseconds = await visitor.page(path.replace("{run_id}", run))
                if status != HTTPStatus.OK:
                    break
                took.append(milliseconds)
            else:
                figures[path, name] = p95(took[WARM_UP:]), await visitor.weight(page) / 1024
    for (path, name), (took_most, _) in figures.items():
        peer = f"{path} as {name}; bound"
        show("page_p95_ms", took_most, "ms", peer=peer, peer_value=PAGE_BOUND)
    slowest = max(each for each, _ in figures.values())
    heaviest = max(each for _, each in figures.values())
    peer = f"the slowest of {len(figures)} pages; bound"
    show("dashboard_p95_ms", slowest, "ms", peer=peer, peer_value=PAGE_BOUND)
    peer = "the heaviest with all it loads, over the wire; bound"
    show("page_weight_kb", heaviest, "KB", peer=peer, peer_value=WEIGHT_BOUND)


async def _delays(made: Product, seller: Company, port: int, cookies: Sequence[str]) -> None:
    tell(f"dashboard: {VIEWERS} browsers follow a page")
    path = f"{LIVE}/start?shop={seller.shop_id}"
    followers = [Follower("127.0.0.1", port, path, cookies[n // STREAMS]) for n in range(VIEWERS)]
    following = [asyncio.create_task(each.follow()) for each in followers]
    tenant, delays = seller.stream.tenant, []
    await _progress(made, tenant, 1)
    await asyncio.gather(*(each.ready.wait() for each in followers))
    chance = random.Random(7)  # noqa: S311 - to be the same each time
    for done in range(2, CHANGES + 2):
        await asyncio.sleep(chance.uniform(0.3, 1.2))
        await _progress(made, tenant, done)
        changed = time.perf_counter()
        made.news.tell(tenant)
        while any(done not in each.at for each in followers):  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.005)
        delays += [(each.at[done] - changed) * 1000 for each in followers]
    for task in following:
        task.cancel()
    await asyncio.gather(*following, return_exceptions=True)
    peer = f"{VIEWERS} browsers, p95; bound"
    show("sse_delay_ms", p95(delays), "ms", peer=peer, peer_value=DELAY_BOUND)


async def _progress(made: Product, tenant: UUID, done: int) -> None:
    async with made.database.driver() as driver:
        await driver.execute(_PROGRESS, tenant, done)


def _paths(made: Product) -> Iterator[str]:
    """Pages that one has to sign in for, without those whose address names something but a run."""
    for route in application(made).routes:
        if not isinstance(route, HTTPRoute) or route.path.startswith(f"{LIVE}/"):
            continue
        needs = (each.opt.get(NEEDS) for each in route.route_handlers if "GET" in each.http_methods)
        asked = any(isinstance(each, Needs) and each.least is not None for each in needs)
        path = route.path_format
        if asked and "{" not in path.replace("{run_id}", ""):
            yield path

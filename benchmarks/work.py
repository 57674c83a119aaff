"""CPU and memory of the process that syncs; the sandbox, PostgreSQL and Valkey are others."""

from collections.abc import Mapping

from benchmarks.figures import show, tell
from benchmarks.syncing import Cost, syncing
from benchmarks.world import ORDERS, World

PRODUCTS = (1_000, 100, 10_000, 100_000)
"""A thousand first: the others are held against it."""

PLACES = 3
MOST_S, LARGEST_MIB = 8.0, 500
"""Of the largest shop: CPU of an unchanged sync, memory of any."""
FEW = 10_000
"""Up to so many products all is done three times, and the least CPU counts: others disturb it."""


async def measure(world: World) -> None:
    """First, unchanged and changed syncs of every size."""
    known: dict[str, Cost] = {}
    for products in PRODUCTS:
        tell(f"work: P={products:,} W={PLACES}")
        rounds = [await _round(world, products) for _ in range(3 if products <= FEW else 1)]
        for phase in rounds[0]:
            cost = min((each[phase] for each in rounds), key=lambda cost: cost.cpu_s)
            _show(phase, products, cost, known.setdefault(phase, cost))
        if products == PRODUCTS[-1]:
            _allowed(rounds[0])


async def _round(world: World, products: int) -> Mapping[str, Cost]:
    """One shop in a process of its own. What comes again is measured twice."""
    shop = await world.shop(await world.seller(products, PLACES), "personal")
    found: dict[str, Cost] = {}
    async with syncing(world) as process:
        found["first"] = await process.sync(shop)
        found["unchanged"] = _less(await process.sync(shop), await process.sync(shop))
        for pieces in (5_000, 6_000):
            await world.sell(shop, one_in=100, pieces=pieces)
            cost = await process.sync(shop)
            found["1 % changed"] = _less(found.get("1 % changed", cost), cost)
    return found


def _less(one: Cost, other: Cost) -> Cost:
    return min(one, other, key=lambda cost: cost.cpu_s)


def _show(phase: str, products: int, cost: Cost, thousand: Cost) -> None:
    workload = f"{phase} sync, P={products} W={PLACES}, {ORDERS} % of P ordered a day"
    peer = f"linear: P=1000 takes {thousand.cpu_s:.3f} s, times P/1000; {workload}"
    linear = thousand.cpu_s * products / PRODUCTS[0]
    show("sync_cpu_s", cost.cpu_s, "s", peer=peer, peer_value=linear)
    peer = f"allowed at P=100000; {workload}"
    show("sync_peak_mib", cost.peak_mib, "MiB", peer=peer, peer_value=LARGEST_MIB)


def _allowed(largest: Mapping[str, Cost]) -> None:
    size = f"P={PRODUCTS[-1]} W={PLACES}"
    cpu, peak = largest["unchanged"].cpu_s, max(cost.peak_mib for cost in largest.values())
    peer = f"allowed; unchanged sync, {size}, user and system of the worker alone"
    show("sync_cpu_100k_s", cpu, "s", peer=peer, peer_value=MOST_S)
    peer = f"allowed; the most of first, unchanged and changed syncs, {size}"
    show("sync_peak_100k_mib", peak, "MiB", peer=peer, peer_value=LARGEST_MIB)

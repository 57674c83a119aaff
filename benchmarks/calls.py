"""How often a sync asks Wildberries, counted by it, and that size does not matter."""

from benchmarks.figures import show, tell
from benchmarks.syncing import syncing
from benchmarks.world import Calls, Seller, World

SIZES = ((100, 3), (1_000, 3), (1_000, 30), (10_000, 3))
"""Products and places."""

KINDS = ("personal", "service", "base")
TOKENS = {"personal": "Personal", "service": "Service", "base": "Base + secret"}


async def measure(world: World) -> None:
    """Every size with every kind of token."""
    for products, places in SIZES:
        seller = await world.seller(products, places)
        for kind in KINDS:
            tell(f"calls: P={products:,} W={places}, {TOKENS[kind]}")
            _show(
                await _steady(world, seller, kind),
                f"{TOKENS[kind]}, P={products} W={places}",
                products,
            )


async def _steady(world: World, seller: Seller, kind: str) -> Calls:
    """A sync that is not the first; of one process, as in life."""
    shop = await world.shop(seller, kind)
    async with syncing(world) as process:
        await process.sync(shop)
        await world.forget_calls()
        await process.sync(shop)
        return await world.calls()


def _show(calls: Calls, workload: str, products: int) -> None:
    peer = f"the old tool's 3 + 2P calls; steady sync, {workload}"
    old = _old(products)
    show("wildberries_calls", calls.wildberries, "calls", peer=peer, peer_value=old)
    for name, part in (("fbs_calls", calls.fbs), ("report_polls", calls.polls)):
        if part:
            show(f"wildberries_{name}", part, "calls", peer=peer, peer_value=old)


def _old(products: int) -> int:
    return 3 + 2 * products

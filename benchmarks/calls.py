"""How often a sync asks its neighbours, counted by them, and that size does not matter."""

from benchmarks.figures import show, tell
from benchmarks.syncing import syncing
from benchmarks.world import Calls, Seller, Shop, World

SIZES = ((100, 3), (1_000, 3), (1_000, 30), (10_000, 3))
"""Products and places; the first write of the largest is the one that needs a second body."""

KINDS = ("personal", "service", "base")
TOKENS = {"personal": "Personal", "service": "Service", "base": "Base + secret"}


async def measure(world: World) -> None:
    """Every size with every kind of token; Google does not know tokens: one kind is enough."""
    for products, places in SIZES:
        seller = await world.seller(products, places)
        for kind in KINDS:
            tell(f"calls: P={products:,} W={places}, {TOKENS[kind]}")
            first, unchanged, changed = await _three(world, seller, kind)
            size = f"P={products} W={places}"
            _wildberries(unchanged, f"{TOKENS[kind]}, {size}", products)
            if kind == KINDS[0]:
                for name, calls in (("first", first), ("unchanged", unchanged)):
                    show_google(name, calls, size, products)
                show_google("changed", changed, f"{size}, 1 % of products changed", products)


async def _three(world: World, seller: Seller, kind: str) -> tuple[Calls, Calls, Calls]:
    """A first sync, one with nothing new, one with something; of one process, as in life."""
    shop = await world.shop(seller, kind)
    async with syncing(world) as process:

        async def counted(shop: Shop) -> Calls:
            await world.forget_calls()
            await process.sync(shop)
            return await world.calls()

        first, unchanged = await counted(shop), await counted(shop)
        await world.sell(shop, one_in=100, pieces=5_000)
        return first, unchanged, await counted(shop)


def _wildberries(calls: Calls, workload: str, products: int) -> None:
    peer = f"the old tool's 3 + 2P calls; steady sync, {workload}"
    old = _old(products)
    show("wildberries_calls", calls.wildberries, "calls", peer=peer, peer_value=old)
    for name, part in (("fbs_calls", calls.fbs), ("report_polls", calls.polls)):
        if part:
            show(f"wildberries_{name}", part, "calls", peer=peer, peer_value=old)


def show_google(name: str, calls: Calls, workload: str, products: int) -> None:
    """One figure of Google's."""
    peer = f"the old tool's 3 + 2P calls; {workload}"
    show(f"google_calls_{name}", calls.google, "calls", peer=peer, peer_value=_old(products))


def _old(products: int) -> int:
    return 3 + 2 * products

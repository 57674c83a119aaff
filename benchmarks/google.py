"""What a sync asks of Google, counted by it: calls, whatever the size, and bytes of changes."""

import msgspec

from benchmarks.figures import show, tell
from benchmarks.syncing import Syncing, syncing
from benchmarks.world import Shop, World
from domain.stock import ShopKey
from domain.table.cells import Cells
from domain.table.numbers import Value
from domain.table.place_columns import groups
from infrastructure.clock import system_clock
from infrastructure.postgres.stock import PostgresStock

PRODUCTS = (100, 1_000, 10_000, 100_000)
PLACES = 3
STEADY = 10
"""One product of so many has changed since the last sync, in an ordinary one."""
MANY = 10_000
"""From so many products on a first write is more than one body."""
NEW = "Новый склад"


async def measure(world: World) -> None:
    """Each size: a first sync, then what an ordinary day brings."""
    for products in PRODUCTS:
        tell(f"google: P={products:,} W={PLACES}")
        shop = await world.shop(await world.seller(products, PLACES), "personal")
        async with syncing(world) as process:
            await _measured(world, process, shop, products)


async def _measured(world: World, process: Syncing, shop: Shop, products: int) -> None:
    size = f"P={products} W={PLACES}"
    long = ", in bodies of 2 MB as Google advises" if products >= MANY else ""
    _show_calls("first", await _synced(world, process, shop), f"{size}{long}", products)
    _show_calls("unchanged", await _synced(world, process, shop), size, products)
    await world.sell(shop, one_in=STEADY, pieces=5_000)
    changed = await _synced(world, process, shop)
    workload = f"{size}, {100 // STEADY} % of products changed"
    _show_calls("changed", changed, workload, products)
    anew = await rewritten(world, shop)
    peer = f"clear and rewrite by updateCells; {workload}"
    show("google_bytes_ratio", changed[1] / anew, "", peer=peer, peer_value=1.0)
    await world.sell(shop, one_in=products, pieces=6_000)
    _show_calls("one_product", await _synced(world, process, shop), size, products)
    await world.open_place(shop, NEW, pieces=12)
    _show_calls("new_place", await _synced(world, process, shop), size, products)


async def _synced(world: World, process: Syncing, shop: Shop) -> tuple[int, int]:
    """Calls to Google, and bytes of what was written."""
    await world.forget_calls()
    await process.sync(shop)
    calls = await world.calls()
    return calls.google, calls.written


def _show_calls(name: str, made: tuple[int, int], workload: str, products: int) -> None:
    peer = f"the old tool's 3 + 2P calls; {workload}"
    show(f"google_calls_{name}", made[0], "calls", peer=peer, peer_value=3 + 2 * products)


async def rewritten(world: World, shop: Shop) -> int:
    """Bytes of the body that empties the tab and writes all of it, a value a cell."""
    book = PostgresStock(world.database, system_clock)
    latest = await book.latest(ShopKey(tenant=shop.tenant, shop=shop.id))
    assert latest, "the shop was synced"
    snapshot = latest[1]
    cells, products = Cells(snapshot), range(len(snapshot.nm_ids))
    places = [each.place for each in snapshot.places]
    tags = [tag for group in groups(places) for tag in group.tags]
    columns = [[_cell(cells, tag, value) for value in cells.values(tag, products)] for tag in tags]
    rows = [{"values": row} for row in zip(*columns, strict=True)]
    start = {"sheetId": 7001, "rowIndex": 2, "columnIndex": 0}
    clear = {"range": {"sheetId": 7001, "startRowIndex": 2}, "fields": "userEnteredValue"}
    write = {"start": start, "rows": rows, "fields": "userEnteredValue"}
    body = {"requests": [{"updateCells": clear}, {"updateCells": write}]}
    return len(msgspec.json.encode(body))


def _cell(cells: Cells, tag: str, value: Value) -> dict[str, object]:
    if value is None:
        return {}
    if isinstance(value, str):
        return {"userEnteredValue": {"stringValue": value}}
    number = value / 10 if cells.parts(tag) else value
    return {"userEnteredValue": {"numberValue": number}}

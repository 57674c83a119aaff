"""A file of hers, whose shop fills «Пополнение» beside «Stock Tracker»."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from domain.snapshot import Gap, Moving, Snapshot
from domain.table.replenishment import GROUP, Replenishing
from sandbox.google import Tab
from sandbox.google.model.formats import read
from tests.infrastructure.google_drive import Desk, open_desk, snapshot

REFILL = Replenishing(title="Пополнение")
TAGS = GROUP.tags
UNTOLD = Gap(source="supplies", columns=("coming",), cause="no_scope")


@asynccontextmanager
async def open_refill(locale: str = "ru_RU") -> AsyncIterator[Desk]:
    """Nothing is written yet."""
    async with open_desk(locale) as desk:
        desk.target = replace(desk.target, keyed=(REFILL,))
        yield desk


def moving(*rows: tuple[Any, ...], **more: Any) -> Snapshot:
    """Rows of (nmID, SKU, stock, orders, days on sale, on the way, buyout in tenths, idle days)."""
    ordered = sorted(rows)
    day = more.pop("day", 23)
    taken = snapshot(
        *(
            (nm, "Лён и Ко", "Полотенца", sku, 0, 0, left, sold, 0, 0)
            for nm, sku, left, sold, *_ in ordered
        ),
        day=day,
    )
    on_sale, coming, buyout, idle = zip(*(row[4:] for row in ordered), strict=True)
    moved = Moving(on_sale=on_sale, coming=coming, buyout=buyout, idle=idle, **more)
    return replace(taken, moving=moved)


def refill(desk: Desk) -> Tab:
    return Tab(desk.file, "Пополнение")


def row_of(desk: Desk, nm: int) -> dict[str, Any]:
    """A product's cells by tag, wherever it stands, in the columns of the first day."""
    tab = refill(desk)
    row = tab.column(0).index(nm)
    return {tag: tab.value(row, column) for column, tag in enumerate(TAGS)}


def placed(desk: Desk) -> list[Any]:
    """What stands in the key column from the first row of data on."""
    return [each for each in refill(desk).column(0, 4) if each is not None]


def look_of(desk: Desk, row: int, column: int) -> Any:
    """A cell's format."""
    return read(refill(desk).sheet.format(row, column))


def fill(desk: Desk, row: int, column: int) -> str:
    """#RRGGBB of a cell."""
    colour = look_of(desk, row, column).get("backgroundColorStyle", {}).get("rgbColor", {})
    return "".join(f"{round(255 * colour.get(part, 0)):02X}" for part in ("red", "green", "blue"))

"""Supplies to Wildberries' warehouses: the list of those under way, and what is in one of them.

POST /api/v1/supplies, GET …/{ID} and …/{ID}/goods (07-orders-fbw.yaml).
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import TypeVar

from domain.both import Both
from domain.flow import SENT, Good, Stage, Supply
from domain.snapshot import MOSCOW
from infrastructure.wildberries import answers, limits
from infrastructure.wildberries.answers import GoodRow, SupplyRow, moscow
from infrastructure.wildberries.gateway import Request, Visit
from infrastructure.wildberries.verdict import malformed, perhaps_gone

Row = TypeVar("Row", SupplyRow, GoodRow)

PAGE = 1_000
MADE_WITHIN = timedelta(days=180)
"""Older supplies are not under way any more, whatever their status says."""
_TOGETHER = Both(ru="страницы списка перекрываются", en="its pages overlap")


async def supplies(visit: Visit) -> Sequence[Supply]:
    """All that were sent within half a year."""
    today = visit.time.now().astimezone(MOSCOW).date()
    made = {
        "type": "createDate",
        "from": (today - MADE_WITHIN).isoformat(),
        "till": (today + timedelta(days=1)).isoformat(),
    }
    body = {"dates": [made], "statusIDs": sorted(SENT)}

    async def page(offset: int) -> list[SupplyRow]:
        request = Request(query=_from(offset), body=body)
        return await visit.call(limits.SUPPLIES, answers.SUPPLIES, request)

    rows = await _whole(page)
    found = {row.supply_id: _supply(row) for row in rows if row.supply_id and row.stage in SENT}
    if len(found) < sum(bool(row.supply_id) and row.stage in SENT for row in rows):
        raise malformed(limits.SUPPLIES, _TOGETHER)
    return list(found.values())


async def goods(visit: Visit, supply_id: int) -> Sequence[Good]:
    """What is in it, size by size; nothing of one that was recalled meanwhile."""

    async def page(offset: int) -> list[GoodRow]:
        request = Request(path={"supply": supply_id}, query=_from(offset))
        return await visit.call(limits.SUPPLY_GOODS, answers.SUPPLY_GOODS, request)

    with perhaps_gone():
        return [
            Good(
                nm_id=row.nm_id,
                quantity=row.quantity,
                accepted=row.accepted or 0,
                on_sale=row.on_sale or 0,
            )
            for row in await _whole(page)
        ]
    return ()


async def destination(visit: Visit, supply_id: int) -> str:
    """The warehouse it was brought to, or is meant for; empty where that is not told."""
    request = Request(path={"supply": supply_id})
    with perhaps_gone():
        found = await visit.call(limits.SUPPLY, answers.SUPPLY, request)
        return found.brought_to or found.meant_for or ""
    return ""


async def _whole(page: Callable[[int], Awaitable[list[Row]]]) -> list[Row]:
    rows = last = await page(0)
    while len(last) >= PAGE:
        last = await page(len(rows))
        rows += last
    return rows


def _from(offset: int) -> dict[str, str]:
    return {"limit": str(PAGE), "offset": str(offset)}


def _supply(row: SupplyRow) -> Supply:
    return Supply(
        supply_id=row.supply_id or 0,
        stage=Stage(row.stage),
        made_at=moscow(row.made_at),
        shipped_at=moscow(row.shipped_at) if row.shipped_at else None,
        changed_at=moscow(row.changed_at) if row.changed_at else None,
    )

"""What was taken just now is shown once more, where what moves was read after it: its tabs would be
a sync behind, which is a day for who is synced once a day. Wildberries is asked for nothing."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from app.stock.book import StockBook
from app.stock.reactions import sync_of
from app.stock.read import ShopRow
from domain.doubt import Standing
from domain.ids import uuid7
from domain.run import Run, Task
from domain.snapshot import Snapshot, period
from domain.stock import ShopKey

FRESH = timedelta(minutes=30)
"""How often Wildberries itself refreshes these reports."""
SNAPSHOT = "snapshot"
"""The argument that names what is to be shown once more."""


def fresh(snapshot: Snapshot, now: datetime) -> bool:
    """Would Wildberries say the same?"""
    return now - snapshot.taken_at <= FRESH and snapshot.period == period(now)


def showing(shop_id: UUID, snapshot_id: UUID) -> Run:
    """A sync like any other, so that two never write one sheet, and a slot that finds it alive is
    not lost: where the snapshot is no longer the newest, or no longer fresh, it reads."""
    return replace(sync_of(shop_id), args={SNAPSHOT: str(snapshot_id)})


async def shown_anew(
    book: StockBook, row: ShopRow, task: Task, now: datetime, history: int
) -> tuple[UUID, Snapshot] | None:
    """The snapshot that the run is to show, under another id: what moves is a part of it, and a
    snapshot is for ever the same sheet. None where it has to be read anew."""
    wanted = task.args.get(SNAPSHOT)
    key = ShopKey(tenant=row.tenant_id, shop=row.shop_id)
    latest = await book.latest(key) if wanted else None
    if latest is None or str(latest[0]) != wanted or not fresh(latest[1], now):
        return None
    if row.broken is not None or row.doubt == Standing.HELD:
        return None  # what stands above the numbers stays there
    new = uuid7(now), replace(latest[1], moving=None)
    await book.save(key, new, latest[1], history)
    return new

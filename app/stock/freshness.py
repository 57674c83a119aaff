"""How fresh a shop's numbers are, what was not read for them, and how they moved lately."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Date, DateTime, Integer, Text, Uuid, column, select, table, text
from sqlalchemy.dialects.postgresql import JSONB

from app.promises import PROMISED, promise_of
from app.read_models import Database
from app.stock.read import ShopRow
from domain.access import TenantScope
from domain.fact import fact
from domain.freshness import Freshness, Promise, standing
from domain.snapshot import MOSCOW, Gap, Period, period
from domain.start import MARGIN

SPAN = 30
"""Days that a product's line goes back."""


class Age(StrEnum):
    """What is said of the numbers first. LATE is meant as `domain.freshness` means it."""

    NONE = "none"
    FRESH = "fresh"
    LATE = "late"
    BROKEN = "broken"


@fact
class Fresh:
    """The newest snapshot of a shop. `gaps`: what the last good sync could not read; `promise`:
    what is kept of the shop's."""

    taken_at: datetime
    products: int
    gaps: Sequence[Gap]
    promise: Promise

    @property
    def period(self) -> Period:
        """The days whose orders are counted."""
        return period(self.taken_at)


_snapshots = table(
    "snapshots",
    *(column(name, Uuid) for name in ("shop_id", "snapshot_id")),
    column("taken_at", DateTime(timezone=True)),
    column("products", Integer),
)
_history = table(
    "job_history",
    *(column(name, Uuid) for name in ("shop_id", "run_id")),
    *(column(name, Text) for name in ("kind", "state")),
    column("result", JSONB),
)
_daily = table(
    "stock_daily",
    column("shop_id", Uuid),
    column("day", Date),
    column("nm_id", BigInteger),
    column("stock", Integer),
)

_PROMISED = text(f"{PROMISED} WHERE d.shop_id = :shop")


async def fresh(database: Database, scope: TenantScope, shop_id: UUID) -> Fresh | None:
    """None before the first snapshot. Ids of snapshots and of runs grow with time."""
    run, taken = _history.c, _snapshots.c
    ended = (
        select(run.result["gaps"])
        .where(run.shop_id == shop_id, run.kind == "sync", run.state == "succeeded")
        .order_by(run.run_id.desc())
        .limit(1)
        .scalar_subquery()
    )
    query = (
        select(taken.taken_at, taken.products, ended.label("gaps"))
        .where(taken.shop_id == shop_id)
        .order_by(taken.snapshot_id.desc())
        .limit(1)
    )
    async with database.reading(scope) as connection:
        row = (await connection.execute(query)).mappings().first()
        told = {"shop": shop_id, "margin": MARGIN}
        kept = (await connection.execute(_PROMISED, told)).mappings().first()
    if row is None:
        return None
    return Fresh(
        taken_at=row["taken_at"],
        products=row["products"],
        gaps=[_gap(each) for each in row["gaps"] or ()],
        promise=promise_of(kept) if kept else Promise(),
    )


def age(shop: ShopRow, found: Fresh | None, now: datetime) -> Age:
    """In one word."""
    if shop.broken:
        return Age.BROKEN
    if found is None:
        return Age.NONE
    late = standing(found.promise, now).freshness is Freshness.LATE
    return Age.LATE if late else Age.FRESH


async def lines(
    database: Database, scope: TenantScope, shop_id: UUID, products: Sequence[int], today: datetime
) -> Mapping[int, Sequence[tuple[date, int]]]:
    """(day, stock) of these products, as far as it was known, oldest first. Each day of each
    product is one probe of the key."""
    last = today.astimezone(MOSCOW).date()
    days = [last - timedelta(days=n) for n in range(SPAN)]
    row = _daily.c
    query = (
        select(row.nm_id, row.day, row.stock)
        .where(row.shop_id == shop_id, row.day.in_(days), row.nm_id.in_(products))
        .where(row.stock.is_not(None))
        .order_by(row.nm_id, row.day)
    )
    found: dict[int, list[tuple[date, int]]] = {each: [] for each in products}
    async with database.reading(scope) as connection:
        for nm_id, day, stock in await connection.execute(query):
            found[nm_id].append((day, stock))
    return found


def _gap(told: Mapping[str, Any]) -> Gap:
    return Gap(source=str(told.get("source", "")), columns=(), cause=str(told.get("cause", "")))

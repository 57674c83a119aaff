"""What a company uses of what its plan limits: the figures that the limits themselves go by."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import DateTime, Integer, Text, Time, Uuid, column, func, select, table

from app.cron import shortest_pause
from app.read_models import Database
from domain.access import TenantScope
from domain.fact import fact
from domain.limits import OVER_PLAN, Limit, holds
from domain.plan import Limits
from domain.schedule import CatchUp, Overlap, Told, kept
from domain.snapshot import MOSCOW

A_MINUTE = timedelta(minutes=1)

_shops = table(
    "shops",
    column("shop_id", Uuid),
    *(column(name, Text) for name in ("cron", "zone", "weekdays", "catch_up", "overlap", "broken")),
    column("ready_hour", Time),
)
_snapshots = table(
    "snapshots",
    *(column(name, Uuid) for name in ("shop_id", "snapshot_id")),
    column("taken_at", DateTime(timezone=True)),
    column("products", Integer),
)
_members = table("members", column("user_id", Uuid))
# Ids of snapshots grow with time, and the key is led by them.
_OF_SHOP = _snapshots.c.shop_id == _shops.c.shop_id
_NEWEST, _OLDEST = _snapshots.c.snapshot_id.desc(), _snapshots.c.snapshot_id
_PRODUCTS = select(_snapshots.c.products).where(_OF_SHOP).order_by(_NEWEST).limit(1)
_SINCE = select(_snapshots.c.taken_at).where(_OF_SHOP).order_by(_OLDEST).limit(1)
_SIZE = select(
    func.coalesce(func.max(_PRODUCTS.scalar_subquery()), 0),
    func.coalesce(func.bool_or(_shops.c.broken == OVER_PLAN), other=False),
).select_from(_shops)
_USAGE = select(
    *_shops.c,
    func.coalesce(_PRODUCTS.scalar_subquery(), 0).label("products"),
    _SINCE.scalar_subquery().label("since"),
)


@fact
class Size:
    """`products` of the largest shop, in its newest snapshot; `stopped`: a shop is not updated
    because it has too many."""

    products: int
    stopped: bool


@fact
class Usage:
    """`pace`: minutes between two times of the fastest schedule, None without one; `days` since the
    oldest figures that are kept, today included."""

    size: Size
    shops: int
    people: int
    days: int
    pace: int | None


@fact
class Bar:
    """One limit, and how much of it is used. Of the interval both are minutes, and less is more."""

    limit: Limit
    used: int
    may: int
    over: bool

    @property
    def filled(self) -> float:
        """The part that is used; above 1 for what is over."""
        if self.limit is Limit.INTERVAL:
            return self.may / self.used
        return self.used / max(self.may, 1)


async def size_of(database: Database, scope: TenantScope) -> Size:
    """All that a page which tells of something else has to know."""
    async with database.reading(scope) as connection:
        products, is_stopped = (await connection.execute(_SIZE)).one()
    return Size(products=products, stopped=is_stopped)


async def usage_of(database: Database, scope: TenantScope, now: datetime) -> Usage:
    """At this moment."""
    async with database.reading(scope) as connection:
        rows = (await connection.execute(_USAGE)).mappings().all()
        people = await connection.scalar(select(func.count()).select_from(_members))
    return Usage(
        size=Size(
            products=max((row["products"] for row in rows), default=0),
            stopped=any(row["broken"] == OVER_PLAN for row in rows),
        ),
        shops=len(rows),
        people=people or 0,
        days=max((_days(row["since"], now) for row in rows), default=0),
        pace=min(_paces(rows, now), default=None),
    )


def bars(usage: Usage, limits: Limits) -> Sequence[Bar]:
    """Of a plan's limits, or of those that another one would have."""
    used = {
        Limit.PRODUCTS: usage.size.products,
        Limit.INTERVAL: usage.pace,
        Limit.SHOPS: usage.shops,
        Limit.SEATS: usage.people,
        Limit.HISTORY: usage.days,
    }
    return [
        Bar(limit=each, used=n, may=getattr(limits, each), over=not holds(limits, each, n))
        for each, n in used.items()
        if n is not None
    ]


def _days(since: datetime | None, now: datetime) -> int:
    if since is None:
        return 0
    return (now.astimezone(MOSCOW).date() - since.astimezone(MOSCOW).date()).days + 1


def _paces(rows: Sequence[Any], now: datetime) -> Iterator[int]:
    """Most shops of a company share an hour."""
    for told in {_told(row) for row in rows}:
        pause = shortest_pause(kept(told), now)
        if pause is not None:
            yield max(pause // A_MINUTE, 1)


def _told(row: Any) -> Told:  # noqa: ANN401 - a row's columns by name
    """Shops from before there were policies have none."""
    policies = {
        "catch_up": row["catch_up"] or CatchUp.ONCE,
        "overlap": row["overlap"] or Overlap.SKIP,
    }
    return Told(**{name: row[name] for name in Told._fields} | policies)

"""Schedules as they are looked at: when each shop is due, what came of it last, and what is wrong.

A page costs its own rows, whatever the number of schedules. The late ones are those whom the first
page counts, found as it finds them.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, NamedTuple
from uuid import UUID

from msgspec import Meta
from sqlalchemy import (
    CTE,
    Boolean,
    DateTime,
    FromClause,
    Text,
    Uuid,
    and_,
    column,
    func,
    literal,
    select,
    table,
    text,
    true,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql import Select

from app.promises import LATE, NAMES, PROMISED, promise_of
from app.read_models import Database
from app.stock.read import DUE, KEY, SHOPS, ShopRow
from domain.access import Scope
from domain.fact import fact
from domain.freshness import Freshness, standing
from domain.start import MARGIN


class Key(NamedTuple):
    """After which schedule a page begins."""

    next_run_at: Annotated[datetime, Meta(tz=True)]
    shop_id: UUID


class Which(StrEnum):
    """Which schedules are looked at."""

    ALL = "all"
    LATE = "late"
    PAUSED = "paused"


class Health(StrEnum):
    """How it goes: the first of these that is true."""

    BROKEN = "broken"
    PAUSED = "paused"
    LATE = "late"
    FAILED = "failed"
    FINE = "fine"


@fact
class Planned:
    """A shop with its schedule. `company` is its name; `run_id` the run that lives or, without one,
    the last that ended; `late` is meant as `domain.freshness` means it."""

    shop: ShopRow
    company: str
    paused: bool
    late: bool
    run_id: UUID | None
    run_state: str | None

    @property
    def health(self) -> Health:
        """In one word."""
        if self.shop.broken:
            return Health.BROKEN
        if self.paused:
            return Health.PAUSED
        if self.late:
            return Health.LATE
        return Health.FAILED if self.run_state == "failed" else Health.FINE

    @property
    def key(self) -> Key:
        """For the page after it."""
        assert self.shop.next_run_at is not None  # noqa: S101 - for the type checker: it is planned
        return Key(self.shop.next_run_at, self.shop.shop_id)


_HOLDS = """
(h.kind IS NULL OR h.kind = 'sync') AND (h.shop_id IS NULL OR h.shop_id = schedules.shop_id)
"""
_PAUSED = f"""
SELECT EXISTS (SELECT FROM holds h
  WHERE (h.fleet OR h.tenant_id = schedules.tenant_id) AND {_HOLDS}) AS paused
"""  # noqa: S608 - constants of ours
_LIVE = """
SELECT r.run_id, r.state FROM job_runs r
WHERE r.tenant_id = schedules.tenant_id AND r.key = 'sync:' || schedules.shop_id
"""
_ENDED = """
SELECT e.run_id, e.state FROM job_history e
WHERE e.tenant_id = schedules.tenant_id AND e.shop_id = schedules.shop_id AND e.kind = 'sync'
ORDER BY e.run_id DESC LIMIT 1
"""
_LATE = f"""{LATE}
SELECT d.tenant_id, d.shop_id, d.next_run_at FROM late JOIN schedules d USING (tenant_id, shop_id)
"""  # noqa: S608 - constants of ours
_PROMISED = f"""{PROMISED}
WHERE (d.tenant_id, d.shop_id) = (schedules.tenant_id, schedules.shop_id)
"""
_HELD = """
SELECT DISTINCT due.* FROM holds h CROSS JOIN LATERAL (
  SELECT d.tenant_id, d.shop_id, d.next_run_at FROM schedules d
  WHERE d.tenant_id = h.tenant_id AND (h.shop_id IS NULL OR d.shop_id = h.shop_id)) due
WHERE h.kind IS NULL OR h.kind = 'sync'
"""
_FLEET_HELD = text(
    "SELECT EXISTS (SELECT FROM holds WHERE fleet AND shop_id IS NULL "
    "AND (kind IS NULL OR kind = 'sync'))"
)
_TIME = DateTime(timezone=True)
_company = table(
    "labels", column("tenant_id", Uuid), column("id", Uuid), column("name", Text)
).alias("company")


async def planned(  # noqa: PLR0913, PLR0917 - whose, which, and which page of them
    database: Database, scope: Scope, which: Which, now: datetime, after: Key | None, limit: int
) -> Sequence[Planned]:
    """Those whose run is next first, from after this key on."""
    async with database.reading(scope) as connection:
        among = await _among(connection, which, now)
        key = (among.c.next_run_at, among.c.shop_id)
        due = select(*(among.c[each] for each in KEY)).order_by(*key).limit(limit)
        if after is not None:
            begin = tuple_(literal(after.next_run_at, _TIME), literal(after.shop_id, Uuid))
            due = due.where(tuple_(*key) > begin)
        order = (DUE.c.next_run_at, DUE.c.shop_id)
        rows = await connection.execute(_select(due.cte("page")).order_by(*order))
    return [_row(dict(row), now) for row in rows.mappings()]


async def count_planned(database: Database, scope: Scope, most: int) -> int:
    """How many schedules there are; `most` + 1 means more than that."""
    few = select(DUE.c.shop_id).limit(most + 1).subquery()
    async with database.reading(scope) as connection:
        return (await connection.execute(select(func.count()).select_from(few))).scalar_one()


async def live_run(database: Database, scope: Scope, shop_id: UUID) -> UUID | None:
    """The one that syncs the shop now, or is about to."""
    query = text("SELECT run_id FROM job_runs WHERE key = :key").columns(run_id=Uuid)
    async with database.reading(scope) as connection:
        found: UUID | None = (await connection.execute(query, {"key": f"sync:{shop_id}"})).scalar()
    return found


def _select(page: CTE) -> Select[tuple[object, ...]]:
    """All that is shown of one page; a planner that saw the page's order and the rest at once would
    join everything before it."""
    paused = text(_PAUSED).columns(column("paused", Boolean)).lateral("still")
    runs = {"run_id": Uuid, "state": Text}
    live = text(_LIVE).columns(**runs).lateral("live")
    ended = text(_ENDED).columns(**runs).lateral("ended")
    kept = text(_PROMISED).bindparams(margin=MARGIN)
    promised = kept.columns(**dict.fromkeys(NAMES, _TIME)).lateral("promised")
    return (
        SHOPS.add_columns(
            func.coalesce(_company.c.name, "").label("company"),
            paused.c.paused,
            func.coalesce(live.c.run_id, ended.c.run_id).label("run_id"),
            func.coalesce(live.c.state, ended.c.state).label("run_state"),
            *promised.c,
        )
        .join(page, and_(*(page.c[each] == DUE.c[each] for each in KEY)))
        .outerjoin(
            _company,
            and_(_company.c.tenant_id == DUE.c.tenant_id, _company.c.id == DUE.c.tenant_id),
        )
        .outerjoin(paused, true())
        .outerjoin(live, true())
        .outerjoin(ended, true())
        .outerjoin(promised, true())
    )


async def _among(connection: AsyncConnection, which: Which, now: datetime) -> FromClause:
    """Where a page's schedules are looked for."""
    columns: dict[str, Any] = {**dict.fromkeys(KEY, Uuid), "next_run_at": _TIME}
    match which:
        case Which.LATE:
            found = text(_LATE).bindparams(now=now, margin=MARGIN)
            return found.columns(**columns).subquery("found")
        case Which.PAUSED if not (await connection.execute(_FLEET_HELD)).scalar_one():
            return text(_HELD).columns(**columns).subquery("held")
        case _:
            return DUE


def _row(row: dict[str, Any], now: datetime) -> Planned:
    promise = promise_of({name: row.pop(name) for name in NAMES})
    own = {name: row.pop(name) for name in ("company", "paused", "run_id", "run_state")}
    late = standing(promise, now).freshness is Freshness.LATE
    return Planned(shop=ShopRow(**row), late=late, **own)

"""A shop with all that its freshness depends on: the late ones of everybody, or all of a company.

The late ones are found by an index of their own; what stands in the way of each is looked up by its
keys, so nothing here grows with history.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, text

from app.promises import LATE, PROMISE, promise_of
from app.read_models import Database
from app.runs.holds import WIDEST, Hold, hold_in
from domain.access import Scope
from domain.fact import fact
from domain.freshness import Freshness, Promise, standing
from domain.lateness import Seen, Why, meant, why
from domain.schedule import Schedule, Told, kept
from domain.start import MARGIN

MOST_LATE = 500
"""So many are looked into, those who are late longest; all are counted."""

# `job_history` is asked only where no run is alive, a shop at a time, by its index.
_SHOP = f"""
SELECT s.tenant_id, s.shop_id, s.seller_id, s.spreadsheet_id, s.connected_at,
  s.broken, s.broken_since,
  coalesce(shop.name, '') AS name, coalesce(company.name, '') AS company,
  {", ".join(f"d.{each}" for each in Told._fields)},
  {PROMISE}, d.slot, tab.written_at,
  coalesce(live.run_id, ended.run_id) AS run_id, coalesce(live.state, ended.state) AS state,
  coalesce(live.why, ended.why, '') AS said, live.due_at,
  coalesce(trouble.error_type, CASE trouble.outcome WHEN 'lost' THEN 'lost' END) AS error,
  (SELECT min(n.at) FROM notices_told n
   WHERE (n.tenant_id, n.shop_id) = (s.tenant_id, s.shop_id) AND n.over_at IS NULL) AS mailed_at,
  h.*
FROM {{of}} s
LEFT JOIN schedules d USING (tenant_id, shop_id)
LEFT JOIN promises p USING (tenant_id, shop_id)
LEFT JOIN labels shop ON (shop.tenant_id, shop.id) = (s.tenant_id, s.shop_id)
LEFT JOIN labels company ON (company.tenant_id, company.id) = (s.tenant_id, s.tenant_id)
LEFT JOIN sheet_tabs tab ON (tab.tenant_id, tab.shop_id, tab.spreadsheet_id)
  = (s.tenant_id, s.shop_id, s.spreadsheet_id)
LEFT JOIN job_runs live
  ON (live.tenant_id, live.key) = (s.tenant_id, 'sync:' || s.shop_id::text)
LEFT JOIN LATERAL (
  SELECT r.run_id, r.state, r.why FROM job_history r
  WHERE live.run_id IS NULL AND (r.tenant_id, r.shop_id) = (s.tenant_id, s.shop_id)
    AND r.kind = 'sync' ORDER BY r.run_id DESC LIMIT 1
) ended ON true
LEFT JOIN LATERAL (
  SELECT a.error_type, a.outcome FROM job_attempts a
  WHERE (a.tenant_id, a.run_id) = (s.tenant_id, coalesce(live.run_id, ended.run_id))
    AND a.outcome IS NOT NULL AND a.outcome <> 'done' ORDER BY a.attempt DESC LIMIT 1
) trouble ON true
LEFT JOIN LATERAL (
  {WIDEST.format(tenant="s.tenant_id", kind="'sync'", shop="s.shop_id")}
) h ON true
"""  # noqa: S608 - constants only
_LATE_SHOPS = f"""{LATE}, first AS (
  SELECT * FROM late ORDER BY since, shop_id LIMIT :most
), chosen AS (
  SELECT shops.* FROM shops JOIN first USING (tenant_id, shop_id)
)
{_SHOP.format(of="chosen")}
"""  # noqa: S608 - constants only
_ONE_SHOP = f"{_SHOP.format(of='shops')} WHERE s.shop_id = :shop"
_ALL_SHOPS = f"{_SHOP.format(of='shops')} ORDER BY s.connected_at, s.shop_id LIMIT :most"


@fact
class ShopSeen:
    """One shop with all that its freshness depends on. `written_at`: when its sheet was changed
    last; `run_id` is its newest run, `due_at` when that goes on, `said` what it says of itself;
    `mailed_at`: when its people were first written to of what is not over yet."""

    tenant: UUID
    shop_id: UUID
    name: str
    company: str
    spreadsheet_id: str | None
    connected_at: datetime
    schedule: Schedule | None
    slot: datetime | None
    promise: Promise
    broken: str | None
    broken_since: datetime | None
    written_at: datetime | None
    run_id: UUID | None
    state: str | None
    said: str
    due_at: datetime | None
    error: str | None
    mailed_at: datetime | None
    hold: Hold | None
    why: Why
    freshness: Freshness
    late_since: datetime | None
    late_by: timedelta

    @property
    def since(self) -> datetime:
        """Late since then; for who is late."""
        assert self.late_since is not None  # noqa: S101 - for the type checker
        return self.late_since

    @property
    def stopped(self) -> Why | None:
        """What broke it, so that its numbers stand still: late yet or not, and whatever its newest
        run is at; None while nothing did."""
        return meant(self.broken) if self.broken else None

    @property
    def unfilled(self) -> bool:
        """Nothing stands in its sheet yet, and it is known why."""
        ran = self.state not in {None, "succeeded"}
        return self.promise.fresh_at is None and (ran or self.spreadsheet_id is None)

    @property
    def newest_was_late(self) -> bool:
        """By a minute or more, `late_by`; what came after that success was for no hour."""
        kept = self.promise.kept_at == self.promise.fresh_at
        return kept and self.late_by >= timedelta(minutes=1)

    @property
    def is_fresh(self) -> bool:
        """For its owner also what was filled before its first hour, though nobody counts it yet;
        and never one that stands still."""
        late = self.freshness is Freshness.LATE
        return not late and self.stopped is None and self.promise.fresh_at is not None


async def late_shops(
    database: Database, scope: Scope, now: datetime, *, workers: bool, most: int = MOST_LATE
) -> Sequence[ShopSeen]:
    """Who is late, the longest first, up to `most`. `workers`: is anybody there to work?"""
    told = {"now": now, "margin": MARGIN, "most": most}
    rows = await _rows(database, scope, _LATE_SHOPS, told)
    seen = [_shop(row, now, workers=workers) for row in rows]
    late = [each for each in seen if each.freshness is Freshness.LATE]
    return sorted(late, key=lambda each: (each.since, each.shop_id))


async def late_shop(
    database: Database, scope: Scope, shop_id: UUID, now: datetime
) -> ShopSeen | None:
    """This one, if it is late. Workers there are: one of them asks."""
    told = {"margin": MARGIN, "shop": shop_id}
    rows = await _rows(database, scope, _ONE_SHOP, told)
    seen = [_shop(row, now, workers=True) for row in rows]
    return next((each for each in seen if each.freshness is Freshness.LATE), None)


async def all_shops(
    database: Database, scope: Scope, now: datetime, most: int
) -> Sequence[ShopSeen]:
    """Fresh or not, in the order they were connected, up to `most`."""
    told = {"margin": MARGIN, "most": most}
    rows = await _rows(database, scope, _ALL_SHOPS, told)
    return [_shop(row, now, workers=True) for row in rows]


async def _rows(
    database: Database, scope: Scope, query: str, told: dict[str, Any]
) -> Sequence[RowMapping]:
    async with database.reading(scope) as connection:
        return (await connection.execute(text(query), told)).mappings().all()


def _shop(row: RowMapping, now: datetime, *, workers: bool) -> ShopSeen:
    promise = promise_of(row)
    found = standing(promise, now)
    hold = hold_in(row)
    seen = Seen(
        has_sheet=row["spreadsheet_id"] is not None,
        held=hold is not None and not hold.fleet,
        paused=hold is not None and hold.fleet,
        workers=workers,
        **{each: row[each] for each in ("broken", "state", "error")},
    )
    return ShopSeen(
        tenant=row["tenant_id"],
        name=row["name"] or row["seller_id"],
        promise=promise,
        schedule=_schedule(row),
        hold=hold,
        why=why(seen),
        freshness=found.freshness,
        late_since=found.since,
        late_by=found.late_by,
        **{each: row[each] for each in _AS_THEY_ARE},
    )


_AS_THEY_ARE = (
    *("shop_id", "company", "spreadsheet_id", "slot", "broken", "broken_since", "written_at"),
    *("connected_at", "run_id", "state", "said", "due_at", "error"),
    "mailed_at",
)


def _schedule(row: RowMapping) -> Schedule | None:
    """None for a row of another version that cannot be read."""
    told = Told(*(row[each] for each in Told._fields))
    try:
        return kept(told) if told.cron else None
    except ValueError:
        return None

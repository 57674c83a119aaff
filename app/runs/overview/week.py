"""A shop's last seven days as seven squares: on which of them was its sheet ready by its hour?

A day means what `domain.freshness` means: its hour is kept by a success after that slot's run was
to begin. Of late slots the promise itself knows; of older ones their finished runs tell, so this is
only for a promised hour: a cron schedule may have hundreds of them a day.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import text

from app.read_models import Database
from app.runs.overview.shops import ShopSeen
from app.web.console import Visitor
from app.web.console.formats import shortly
from domain.fact import fact
from domain.freshness import Promise
from domain.ids import uuid7
from domain.local_time import first_moment
from domain.schedule import ReadyBy
from domain.start import EARLIEST

DAYS, A_DAY = 7, timedelta(days=1)
MOST_RUNS = 60
"""Of one shop: eight a day."""

_ENDED = text("""
SELECT s.shop_id, r.* FROM unnest(CAST(:shops AS uuid[])) AS s (shop_id), LATERAL (
  SELECT h.created_at, h.finished_at, h.source = 'schedule' AS of_slot,
    h.state = 'succeeded' AS succeeded
  FROM job_history h
  WHERE h.tenant_id = :tenant AND h.shop_id = s.shop_id AND h.run_id >= :since
    AND h.kind = 'sync' AND (h.state = 'succeeded' OR h.source = 'schedule')
  ORDER BY h.run_id DESC LIMIT :most
) r ORDER BY s.shop_id
""")


@fact
class Ended:
    """A run that did; one `of_slot` was asked for when its slot's run was to begin."""

    created_at: datetime
    finished_at: datetime
    of_slot: bool
    succeeded: bool


_COLUMNS = ("created_at", "finished_at", "of_slot", "succeeded")


@fact
class Day:
    """`kind` is its class in the style sheet: ok, late, missed or rest; `words` say the same."""

    kind: str
    words: str


async def weeks(
    database: Database, visitor: Visitor, shops: Sequence[ShopSeen]
) -> Mapping[UUID, Sequence[Day]]:
    """By shop, the oldest day first; nothing for a shop without a promise, or whose first hour
    is still to come."""
    promised = {
        each.shop_id: (each, each.schedule.ready_by)
        for each in shops
        if each.schedule and each.schedule.ready_by and each.promise.fresh_at
    }
    empty: dict[UUID, Sequence[Day]] = {each.shop_id: () for each in shops}
    if not promised:
        return empty
    told = {
        "tenant": visitor.scope.tenant,
        "shops": list(promised),
        "since": uuid7(visitor.now - timedelta(days=DAYS + 1)),
        "most": MOST_RUNS,
    }
    async with database.reading(visitor.scope) as connection:
        rows = (await connection.execute(_ENDED, told)).mappings().all()
    ended = {
        shop_id: [Ended(**{name: row[name] for name in _COLUMNS}) for row in part]
        for shop_id, part in groupby(rows, lambda row: row["shop_id"])
    }
    return empty | {
        shop_id: _week(shop, promise, ended.get(shop_id, []), visitor)
        for shop_id, (shop, promise) in promised.items()
    }


def kind_of(shop: ShopSeen, hour: datetime, ended: Sequence[Ended]) -> str:
    """What became of a promised hour that has come: ready by it, later, or not at all."""
    if shop.late_since is not None and hour >= shop.late_since:
        return "missed"
    kept = [each for each in _kept(shop.promise, hour, ended) if each < hour - EARLIEST + A_DAY]
    if any(each <= hour for each in kept):
        return "ok"
    return "late" if kept else "missed"


def _kept(promise: Promise, hour: datetime, ended: Sequence[Ended]) -> Sequence[datetime]:
    """The successes that cover it. A slot whose run met another one has none of its own: then what
    was ready as early as a sheet may be counts."""
    kept_for, kept_at = promise.kept_for, promise.kept_at
    if kept_for and kept_at and (kept_for == hour or kept_for < hour < kept_at):
        return [kept_at]
    earliest = hour - EARLIEST
    begun = [each.created_at for each in ended if each.of_slot]
    start = min((each for each in begun if earliest <= each <= hour), default=earliest)
    return [each.finished_at for each in ended if each.succeeded and each.finished_at >= start]


def _week(
    shop: ShopSeen, promise: ReadyBy, ended: Sequence[Ended], visitor: Visitor
) -> Sequence[Day]:
    """A day rests without a promise, and where its hour came before the shop was connected or is
    still to come."""
    said = {
        "ok": visitor.say("ready by its hour"),
        "late": visitor.say("ready later"),
        "missed": visitor.say("not ready"),
        "rest": visitor.say("nothing promised"),
    }
    zone = ZoneInfo(promise.zone)
    today = visitor.now.astimezone(zone).date()

    def kind(on: date) -> str:
        hour = first_moment(datetime.combine(on, promise.at), zone)
        if on.isoweekday() not in promise.weekdays or not shop.connected_at < hour <= visitor.now:
            return "rest"
        return kind_of(shop, hour, ended)

    days = [today - timedelta(days=n) for n in reversed(range(DAYS))]
    kinds = [(on, kind(on)) for on in days]
    if all(kind == "rest" for _, kind in kinds):
        return ()
    return [
        Day(kind=kind, words=f"{shortly(on, visitor.language, today)}: {said[kind]}")
        for on, kind in kinds
    ]

"""A shop's last seven days as seven squares: on which of them was its sheet ready by its hour?

Read off its finished runs, so only for a promise: a cron schedule may have hundreds of them a day.
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
from domain.ids import uuid7
from domain.local_time import first_moment
from domain.schedule import ReadyBy
from domain.start import EARLIEST

DAYS, A_DAY = 7, timedelta(days=1)
MOST_RUNS = 60
"""Of one shop: eight a day."""

_SUCCEEDED = text("""
SELECT s.shop_id, r.finished_at FROM unnest(CAST(:shops AS uuid[])) AS s (shop_id), LATERAL (
  SELECT h.finished_at FROM job_history h
  WHERE h.tenant_id = :tenant AND h.shop_id = s.shop_id AND h.run_id >= :since
    AND h.kind = 'sync' AND h.state = 'succeeded' ORDER BY h.run_id DESC LIMIT :most
) r ORDER BY s.shop_id, r.finished_at
""")


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
        each.shop_id: (each.schedule.ready_by, each.connected_at)
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
        rows = (await connection.execute(_SUCCEEDED, told)).all()
    ended = {key: [row[1] for row in part] for key, part in groupby(rows, lambda row: row[0])}
    return empty | {
        shop_id: _week(promise, connected_at, ended.get(shop_id, []), visitor)
        for shop_id, (promise, connected_at) in promised.items()
    }


def kind_of(
    promise: ReadyBy, on: date, succeeded: Sequence[datetime], since: datetime, now: datetime
) -> str:
    """What became of the hour on one day: ready by it, later, or not at all; `rest` on a day
    without a promise, and where its hour is not between `since` and `now`."""
    zone = ZoneInfo(promise.zone)
    hour = first_moment(datetime.combine(on, promise.at), zone)
    begin, end = hour - EARLIEST, hour - EARLIEST + A_DAY
    if on.isoweekday() not in promise.weekdays or not since < hour <= now:
        return "rest"
    that_day = [each for each in succeeded if begin <= each < end]
    if any(each <= hour for each in that_day):
        return "ok"
    return "late" if that_day else "missed"


def _week(
    promise: ReadyBy, since: datetime, succeeded: Sequence[datetime], visitor: Visitor
) -> Sequence[Day]:
    said = {
        "ok": visitor.say("ready by its hour"),
        "late": visitor.say("ready later"),
        "missed": visitor.say("not ready"),
        "rest": visitor.say("nothing promised"),
    }
    today = visitor.now.astimezone(ZoneInfo(promise.zone)).date()
    days = [today - timedelta(days=n) for n in reversed(range(DAYS))]
    kinds = [(on, kind_of(promise, on, succeeded, since, visitor.now)) for on in days]
    if all(kind == "rest" for _, kind in kinds):
        return ()
    return [
        Day(kind=kind, words=f"{shortly(on, visitor.language)}: {said[kind]}") for on, kind in kinds
    ]

"""What the first page counts: shops by their promises, and figures that were kept as runs ended.

Nothing here grows with history. Of all shops a narrow table is counted once; who is late, came late
or is due next is read off indexes; the figures are a day of quarters and an hour of minutes.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.promises import HOUR
from app.read_models import Database
from app.runs.fleet.workers import ROWS, State, WorkerRow
from domain.access import Everyone, Scope
from domain.fact import fact
from domain.run import LOST_AFTER
from domain.start import MARGIN

A_DAY, AN_HOUR = timedelta(days=1), timedelta(hours=1)
MOST_WORKERS = 200

# Without LATE: on a bad day it is a table of all shops, which would be made, sorted and joined.
_COUNTS = f"""
WITH unasked AS (
  SELECT count(*) AS late, count(*) FILTER (WHERE p.kept_for IS NULL) AS never
  FROM schedules s LEFT JOIN promises p USING (tenant_id, shop_id)
  WHERE next_run_at <= :now AND {HOUR.format("s")} <= :now AND (p.owed <= :now) IS NOT TRUE
)
SELECT (SELECT count(*) FROM promises WHERE kept_for IS NOT NULL) AS judged,
  late + (SELECT count(*) FROM promises WHERE owed <= :now) AS late,
  never + (SELECT count(*) FROM promises WHERE owed <= :now AND kept_for IS NULL) AS never,
  (SELECT count(*) FROM promises WHERE kept_at > kept_for AND kept_at > :yesterday) AS tardy,
  (SELECT count(*) FROM promises WHERE owed > :now AND owed <= :soon)
  + (SELECT count(*) FROM schedules s WHERE next_run_at > :now AND next_run_at <= :soon
     AND {HOUR.format("s")} <= :soon) AS coming
FROM unasked
"""  # noqa: S608 - constants only

_MINUTES = text(
    "SELECT minute AS at, succeeded, failed, waited FROM fleet_minutes WHERE minute >= :since"
)
_QUARTERS = text(
    "SELECT quarter AS at, succeeded, failed, waited FROM fleet_quarters WHERE quarter >= :since"
)
_WORKERS = text(f"{ROWS} ORDER BY heartbeat_at < :lost, worker LIMIT :most")


@fact
class Counts:
    """`due` shops have been promised an hour that has come, or been kept early; of those who are
    fresh, `tardy` were so only after their hour, in the last day. `coming`: due by `soon`."""

    due: int
    late: int
    tardy: int
    coming: int
    soon: datetime

    @property
    def fresh(self) -> int:
        """By the definition of `domain.freshness`, whoever is due and not late."""
        return self.due - self.late


@fact
class Point:
    """What ended in one minute, or in a quarter of an hour."""

    at: datetime
    succeeded: int
    failed: int
    waited: Sequence[int]


@fact
class Fleet:
    """Of all companies. `hour` has a point for each minute and kind of run, `day` for each quarter
    of an hour; where none ended there is no point."""

    counts: Counts
    workers: Sequence[tuple[WorkerRow, State]]
    hour: Sequence[Point]
    day: Sequence[Point]

    @property
    def works(self) -> bool:
        """Is anybody there to do what is asked for?"""
        return any(state == "working" for _, state in self.workers)


async def counts(database: Database, scope: Scope, now: datetime) -> Counts:
    """The one number, and what goes with it."""
    async with database.reading(scope) as connection:
        return await _counts(connection, now)


async def fleet(database: Database, scope: Everyone, now: datetime) -> Fleet:
    """The counts with the workers, those lost within the hour too, and the figures. At once, for
    each transaction costs a page more than what is read in it."""
    told = {"lost": now - LOST_AFTER, "most": MOST_WORKERS}
    async with database.reading(scope) as connection:
        crew = await connection.execute(_WORKERS, told)
        rows = [WorkerRow(**row) for row in crew.mappings()]
        return Fleet(
            counts=await _counts(connection, now),
            workers=[(row, row.state(now)) for row in rows],
            hour=await _points(connection, _MINUTES, now - AN_HOUR),
            day=await _points(connection, _QUARTERS, now - A_DAY),
        )


async def _counts(connection: AsyncConnection, now: datetime) -> Counts:
    soon = now.replace(minute=0, second=0, microsecond=0) + AN_HOUR
    told = {"now": now, "margin": MARGIN, "soon": soon, "yesterday": now - A_DAY}
    row = (await connection.execute(text(_COUNTS), told)).one()
    return Counts(
        due=row.judged + row.never, late=row.late, tardy=row.tardy, coming=row.coming, soon=soon
    )


async def _points(
    connection: AsyncConnection, query: TextClause, since: datetime
) -> Sequence[Point]:
    rows = await connection.execute(query, {"since": since})
    return [Point(**row) for row in rows.mappings()]

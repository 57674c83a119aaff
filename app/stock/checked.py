"""The last check of a shop against its cabinet, as callers read it: its counts, and its lines."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from app.read_models import Database
from domain.access import TenantScope
from domain.cabinet import Figure, number
from domain.fact import fact
from domain.flow import Flow
from domain.reconciliation import Discrepancy, Reason

BEFORE = -1
"""Above the first line."""

_COUNTS = "day, at, taken_at, products, compared, equal, explained, unexplained"
_LAST = text(f"""
SELECT {_COUNTS} FROM reconciliations WHERE shop_id = :shop ORDER BY day DESC LIMIT 1
""")  # noqa: S608 - constants of ours
_DAYS = text(f"""
SELECT {_COUNTS} FROM reconciliations WHERE shop_id = :shop ORDER BY day DESC LIMIT :days
""")  # noqa: S608 - constants of ours
_MEANT = """
FROM discrepancies WHERE shop_id = :shop
  AND (CAST(:reason AS text) IS NULL OR CAST(:reason AS text) = ANY (reasons))
  AND (CAST(:figure AS text) IS NULL OR figure = CAST(:figure AS text))
  AND (CAST(:nm_id AS bigint) IS NULL OR nm_id = CAST(:nm_id AS bigint))
  AND (CAST(:explained AS boolean) IS NULL
    OR CAST(:explained AS boolean) = (reasons <> ARRAY['unexplained']))
"""
_LINES = text(f"""
SELECT line, nm_id, sku, figure, ours, cabinet, reasons {_MEANT} AND line > :after
ORDER BY line LIMIT :limit
""")
_COUNT = text(f"SELECT count(*) FROM (SELECT {_MEANT} LIMIT :most) AS few")  # noqa: S608
_REASONS = text("""
SELECT reason, count(*) AS lines FROM discrepancies, unnest(reasons) AS reason
WHERE shop_id = :shop GROUP BY reason
""")
_CAUSE = text("SELECT cause FROM flows WHERE shop_id = :shop AND source = :source")


@fact
class Checked:
    """One check, on the Moscow day `day`: of `compared` figures so many are `equal`."""

    day: date
    at: datetime
    taken_at: datetime
    products: int
    compared: int
    equal: int
    explained: int
    unexplained: int


@fact
class Meant:
    """Which lines; all that is given must be true."""

    reason: Reason | None = None
    figure: Figure | None = None
    nm_id: int | None = None
    explained: bool | None = None


async def last_check(database: Database, scope: TenantScope, shop_id: UUID) -> Checked | None:
    """None before the first."""
    async with database.reading(scope) as connection:
        row = (await connection.execute(_LAST, {"shop": shop_id})).mappings().first()
    return Checked(**row) if row else None


async def checks(
    database: Database, scope: TenantScope, shop_id: UUID, days: int
) -> Sequence[Checked]:
    """Those of the last `days` that had one, the newest first."""
    async with database.reading(scope) as connection:
        rows = await connection.execute(_DAYS, {"shop": shop_id, "days": days})
    return [Checked(**row) for row in rows.mappings()]


async def lines(  # noqa: PLR0913, PLR0917 - whose, which, and which page of them
    database: Database, scope: TenantScope, shop_id: UUID, meant: Meant, after: int, limit: int
) -> Sequence[tuple[int, Discrepancy]]:
    """With their numbers: those without a reason first, then by article."""
    told = {**_told(shop_id, meant), "after": after, "limit": limit}
    async with database.reading(scope) as connection:
        rows = await connection.execute(_LINES, told)
    return [_line(dict(row)) for row in rows.mappings()]


async def count(
    database: Database, scope: TenantScope, shop_id: UUID, meant: Meant, most: int
) -> int:
    """How many there are; `most` + 1 means more than that."""
    told = {**_told(shop_id, meant), "most": most + 1}
    async with database.reading(scope) as connection:
        found: int = (await connection.execute(_COUNT, told)).scalar_one()
    return found


async def by_reason(database: Database, scope: TenantScope, shop_id: UUID) -> Mapping[Reason, int]:
    """How many lines each has, of those that any has."""
    async with database.reading(scope) as connection:
        rows = {
            row.reason: row.lines for row in await connection.execute(_REASONS, {"shop": shop_id})
        }
    return {reason: rows[reason] for reason in reversed(Reason) if reason in rows}


async def refused(database: Database, scope: TenantScope, shop_id: UUID) -> str | None:
    """Why the report may not be read at the moment, in a word; None if it may."""
    told = {"shop": shop_id, "source": Flow.CABINET.value}
    async with database.reading(scope) as connection:
        found: str | None = (await connection.execute(_CAUSE, told)).scalar()
    return found


def _told(shop_id: UUID, meant: Meant) -> dict[str, Any]:
    return {"shop": shop_id, **asdict(meant)}


def _line(row: Mapping[str, Any]) -> tuple[int, Discrepancy]:
    return row["line"], Discrepancy(
        nm_id=row["nm_id"],
        sku=row["sku"],
        figure=Figure(row["figure"]),
        ours=number(row["ours"]),
        cabinet=number(row["cabinet"]),
        reasons=tuple(map(Reason, row["reasons"])),
    )

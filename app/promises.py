"""Which shops are late, in SQL: what `domain.freshness` means, read off two indexes.

Here, for all pages that say it, so that they say it of the same shops.
"""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from domain.freshness import Promise

HOUR = "CASE WHEN {0}.ready_hour IS NULL THEN {0}.slot + :margin ELSE {0}.slot END"
"""`domain.freshness.hour_of`, of a row of `schedules`; `:margin` is `domain.start.MARGIN`."""
LATE = f"""
WITH missed AS (
  SELECT tenant_id, shop_id, owed AS since FROM promises WHERE owed <= :now
  UNION ALL
  SELECT tenant_id, shop_id, {HOUR.format("s")} FROM schedules s
  WHERE next_run_at <= :now AND {HOUR.format("s")} <= :now
), late AS (
  SELECT tenant_id, shop_id, min(since) AS since FROM missed GROUP BY tenant_id, shop_id
)
"""  # noqa: S608 - constants only
"""The table `late` for a query that follows: the shops, and the hour that each missed first."""
PROMISE = f"""
p.owed, p.kept_for, p.kept_at, p.fresh_at, {HOUR.format("d")} AS coming, d.next_run_at AS starts
"""
"""What `promise_of` reads, of `promises p` and `schedules d`."""
PROMISED = f"""
SELECT {PROMISE} FROM schedules d LEFT JOIN promises p USING (tenant_id, shop_id)
"""  # noqa: S608 - constants only
"""The same as a query, to go on with WHERE."""
NAMES = tuple(each.name for each in fields(Promise))
"""Of those columns."""


def promise_of(row: Mapping[Any, Any]) -> Promise:
    """To be judged by `domain.freshness.standing`."""
    return Promise(**{name: row[name] for name in NAMES})

"""What the operator's pages cost: one range of one index each, whatever there is besides."""

import re
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from app.runs.fleet.failures import failures
from app.runs.fleet.lanes import count_lanes, lanes
from app.stock.planned import Which, planned
from domain.access import TenantScope
from tests.app.operating import Fleet, explained

NOW = datetime(2026, 11, 23, 4, 40, tzinfo=UTC)
MANY = """
INSERT INTO run_failures
SELECT gen_random_uuid(), lpad(to_hex(n % 4), 16, '0'), 'sync', 'Away', '', 2, now(),
  now() - n * interval '1 second', gen_random_uuid() FROM generate_series(1, 20000) n;
INSERT INTO lanes (tenant_id, ready, vtime, wake_at)
SELECT gen_random_uuid(), n % 99 = 0, n % 7, CASE WHEN n % 99 = 1 THEN now() END
FROM generate_series(1, 20000) n;
INSERT INTO shops (tenant_id, shop_id, marketplace, seller_id, token_id, token_kind, connected_at,
                   cron, zone)
SELECT md5('t' || n)::uuid, md5('s' || n)::uuid, 'wildberries', 's', md5('s' || n)::uuid, 'base',
  now(), '0 8 * * *', 'UTC' FROM generate_series(1, 20000) n;
INSERT INTO schedules (tenant_id, shop_id, cron, zone, next_run_at)
SELECT md5('t' || n)::uuid, md5('s' || n)::uuid, '0 8 * * *', 'UTC',
  '2026-11-23 05:00Z'::timestamptz + n % 100 * interval '1 second' FROM generate_series(1, 20000) n;
ANALYZE run_failures, lanes, shops, schedules, holds, promises, job_runs;
"""
SCANNED = re.compile(r"Seq Scan on (\w+)")
ROWS = re.compile(r"actual rows=([0-9.]+) loops=(\d+)")
LARGE = {"run_failures", "lanes", "shops", "schedules"}


@pytest.fixture
async def everyone(database):
    fleet = Fleet(database, lambda: NOW)
    await fleet.clear()
    async with database.driver() as driver:
        await driver.execute(MANY)
    yield TenantScope.everyone(uuid4(), "plans")
    await fleet.clear()
    async with database.driver() as driver:
        await driver.execute("DELETE FROM shops WHERE seller_id = 's'; ANALYZE shops, lanes")


async def test_no_page_of_the_operator_reads_a_whole_table(database, everyone):
    async with explained(database) as plans:
        causes = await failures(database, everyone, None, 3)
        await failures(database, everyone, causes[-1].key, 3)
        first = await lanes(database, everyone, None, 6)
        await lanes(database, everyone, first[-1].key, 6)
        await count_lanes(database, everyone, 50)
        for which in Which:
            found = await planned(database, everyone, which, NOW, None, 6)
        due = await planned(database, everyone, Which.ALL, NOW, None, 6)
        await planned(database, everyone, Which.ALL, NOW, due[-1].key, 6)

    assert (len(causes), len(first), len(due), found) == (3, 6, 6, [])
    assert len(plans) >= 9
    for plan in plans:
        assert not LARGE & set(SCANNED.findall(plan)), plan
        assert max(float(rows) * int(loops) for rows, loops in ROWS.findall(plan)) <= 4000, plan

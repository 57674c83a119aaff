"""How PostgreSQL finds a page of finished runs: one range of one index for each filter."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text, union_all

from app.runs.acts.subjects import naming
from app.runs.search import found
from app.runs.search.found import Wanted
from domain.access import Role, TenantScope
from tests.app.runs_world import NOW
from tests.app.test_graphql_audit_plans import Explain
from tests.databases import connected, of_its_own

MANY = """
INSERT INTO job_history (tenant_id, run_id, kind, shop_id, source, correlation_id, causation, state,
  why, attempt, created_at, finished_at, args, fingerprint)
SELECT ('00000000-0000-4000-8000-0000000000' || 10 + n % 40)::uuid,
  ('01a20000' || lpad(to_hex(n::bigint * 400000), 8, '0') || '7000800000000000')::uuid,
  'kind_' || n % 7, ('00000000-0000-4000-8000-00000000000' || n % 9)::uuid, 'user',
  gen_random_uuid(), 'x:1', (ARRAY['succeeded', 'failed', 'cancelled'])[1 + n % 3], '', 1, $1, $1,
  CASE WHEN n % 40 = 0 THEN jsonb_build_object('n', n) ELSE '{}' END,
  CASE WHEN n % 3 = 1 THEN 'alike_' || n % 20 END
FROM generate_series(1, 9000) n
"""
MINE = UUID("00000000-0000-4000-8000-000000000011")
"""One of forty companies."""
HALF = UUID("01a20000-6b49-d200-7000-800000000000")
SHOP = UUID("00000000-0000-4000-8000-000000000004")
ALIKE = ["alike_1", "alike_2"]
SINCE = datetime.fromtimestamp(0x01A200006B49 / 1000, UTC)
WHO = {
    "mine": TenantScope(tenant=MINE, person=uuid4(), role=Role.VIEWER),
    "all": TenantScope.everyone(uuid4(), "runs"),
}
BY_KEY, OF_SHOP = "pkey", "tenant_id_shop_id_run_id_idx"

FILTERS = [
    ("mine", Wanted(), [BY_KEY]),
    ("mine", Wanted(since=SINCE), [BY_KEY]),
    ("mine", Wanted(shops=[(MINE, SHOP)]), [OF_SHOP]),
    ("mine", Wanted(kinds=["kind_3"]), ["tenant_id_kind_run_id_idx"]),
    ("mine", Wanted(kinds=["kind_3", "kind_4"]), ["tenant_id_kind_run_id_idx"]),
    ("mine", Wanted(states=["failed"]), ["tenant_id_state_run_id_idx"]),
    ("mine", Wanted(states=["failed", "cancelled"]), ["tenant_id_state_run_id_idx"]),
    ("mine", Wanted(alike=ALIKE), ["tenant_id_fingerprint_run_id_idx"]),
    ("all", Wanted(), ["rest_run_id_idx"]),
    ("all", Wanted(tenants=[MINE, uuid4()]), [BY_KEY]),
    ("all", Wanted(shops=[(MINE, SHOP)]), [OF_SHOP]),
    ("all", Wanted(kinds=["kind_3"]), ["rest_kind_run_id_idx"]),
    ("all", Wanted(states=["failed", "cancelled"]), ["rest_state_run_id_idx"]),
    ("all", Wanted(alike=ALIKE), ["rest_fingerprint_run_id_idx"]),
]


@pytest.fixture(scope="module")
async def pool(postgres_url):
    """Of a database with thousands of runs."""
    async with of_its_own(postgres_url) as url, connected(url, 2) as pool:
        async with pool.driver() as driver:
            await driver.execute(MANY, NOW)
            await driver.execute("ANALYZE job_history")
        yield pool


async def plan(database, who, wanted):
    parts = [part.limit(51) for part in found._finished_parts(WHO[who], wanted)]
    both = union_all(*(part.subquery().select() for part in parts))
    async with found._reading(database, WHO[who], wanted) as connection:
        return "\n".join(row[0] for row in await connection.execute(Explain(both)))


def further(wanted, **place):
    return Wanted(**{each: getattr(wanted, each) for each in Wanted.__dataclass_fields__} | place)


@pytest.mark.parametrize(("who", "wanted", "indexes"), FILTERS)
async def test_each_filter_is_ranges_of_its_index_already_in_order(database, who, wanted, indexes):
    for asked in (wanted, further(wanted, before=HALF), further(wanted, after=HALF)):
        told = await plan(database, who, asked)

        assert all(index in told for index in indexes), told
        assert "Seq Scan" not in told
        assert "Sort" not in told
        assert "  Filter:" not in told
        assert told.count("Limit") == len(found._finished_parts(WHO[who], asked))


async def test_arguments_are_looked_up_and_never_searched_for(database):
    told = await plan(database, "all", Wanted(args=[[{"n": 40}, {"n": "40"}]]))

    assert "Bitmap Index Scan on job_history_rest_args_idx" in told
    assert "Seq Scan" not in told


async def test_runs_that_the_staff_names_are_looked_up_whosever_they_are(database):
    query = naming([HALF, uuid4()])
    async with database.reading(WHO["all"]) as connection:
        told = "\n".join(row[0] for row in await connection.execute(Explain(query)))

    assert "rest_run_id_idx" in told
    assert "Seq Scan on job_history" not in told


async def test_names_are_ranges_of_an_index_too(database):
    statement = (
        "EXPLAIN (COSTS OFF) SELECT id FROM labels "
        "WHERE lower(name) ~>=~ 'a' AND lower(name) ~<~ 'b'"
    )
    async with database.reading(WHO["all"]) as connection:
        await connection.execute(text("SET LOCAL enable_seqscan = off"))
        told = "\n".join(row[0] for row in await connection.execute(text(statement)))

    assert "labels_by_name" in told


async def test_the_rarest_filter_leads_and_the_others_narrow(database):
    both = Wanted(kinds=["kind_3"], states=["failed"])
    told = await plan(database, "mine", both)

    assert "tenant_id_state_run_id_idx" in told
    assert "Filter: (kind = 'kind_3'::text)" in told


def test_ranges_are_few_whatever_is_typed():
    many = Wanted(tenants=[uuid4() for _ in range(20)], states=["failed", "cancelled"])

    assert len(found._finished_parts(WHO["all"], many)) == 20

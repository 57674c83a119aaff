"""How PostgreSQL finds a page: one range of one index for each filter, never slower further down."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import ClauseElement, Executable

from app.audit import entries
from app.audit.entries import Wanted
from app.audit.export.read import _SPAN
from domain.access import Role, TenantScope
from tests.app.graphql_world import NOW
from tests.databases import connected, of_its_own

MANY = """
INSERT INTO audit_entries (tenant_id, position, at, name, actor_id, source, correlation_id, target_id)
SELECT $1, 1000000000 + n, $2::timestamptz + n / 3 * interval '1 minute', 'tenant.of_kind_' || n % 7,
       ('00000000-0000-4000-8000-00000000000' || n % 9)::uuid, 'door_' || n % 5, md5((n / 4)::text)::uuid,
       ('00000000-0000-4000-8000-00000000000' || n % 6)::uuid
FROM generate_series(1, 6000) n
"""
SOMEBODY = UUID("00000000-0000-4000-8000-000000000003")
TWO = (SOMEBODY, UUID("00000000-0000-4000-8000-000000000004"))
LATER = NOW + timedelta(hours=20)

SINGLE = [
    (Wanted(), "audit_by_time"),
    (Wanted(since=NOW, until=LATER), "audit_by_time"),
    (Wanted(actor=SOMEBODY), "audit_by_actor"),
    (Wanted(actor=uuid4()), "audit_by_actor"),
    (Wanted(actions=["tenant.of_kind_3"]), "audit_by_name"),
    (Wanted(actions=["tenant.never"]), "audit_by_name"),
    (Wanted(targets=[SOMEBODY]), "audit_by_target"),
    (Wanted(source="door_3"), "audit_by_source"),
    (Wanted(correlation=uuid4()), "audit_by_correlation"),
]
SEVERAL = [
    (Wanted(actions=["tenant.of_kind_3", "tenant.of_kind_4"]), "audit_by_name"),
    (Wanted(targets=TWO), "audit_by_target"),
    (Wanted(targets=TWO, actions=["tenant.of_kind_3", "tenant.of_kind_4"]), "audit_by_target"),
]


class Explain(Executable, ClauseElement):
    inherit_cache = False

    def __init__(self, query):
        self.query = query


@compiles(Explain)
def _explain(element, compiler, **options):
    return f"EXPLAIN (COSTS OFF) {compiler.process(element.query, **options)}"


@pytest.fixture(scope="module")
async def pool(postgres_url):
    """Of a database where nobody has counted anything, and nobody will."""
    async with of_its_own(postgres_url) as url, connected(url, 2) as pool:
        async with pool.driver() as driver:
            await driver.execute("ALTER TABLE audit_entries SET (autovacuum_enabled = false)")
        yield pool


@pytest.fixture(scope="module")
async def scope(pool):
    """A company with thousands of facts that the planner knows nothing about."""
    scope = TenantScope(tenant=uuid4(), person=uuid4(), role=Role.VIEWER)
    async with pool.driver() as driver:
        await driver.execute(MANY, scope.tenant, NOW)
    return scope


async def plan(database, scope, wanted):
    async with database.reading(scope) as connection:
        await connection.execute(entries.IN_ORDER)
        rows = await connection.execute(Explain(entries._found(scope, wanted, 21)))
        return "\n".join(row[0] for row in rows)


def further(wanted, *, oldest_first):
    return Wanted(
        **{each: getattr(wanted, each) for each in Wanted.__dataclass_fields__}
        | {"after": (LATER, 1_000_003_000), "oldest_first": oldest_first}
    )


@pytest.mark.parametrize(("wanted", "index"), SINGLE)
async def test_each_filter_alone_is_one_range_of_its_index_already_in_order(
    database, scope, wanted, index
):
    for asked in (wanted, further(wanted, oldest_first=False), further(wanted, oldest_first=True)):
        told = await plan(database, scope, asked)

        assert f"using {index} on audit_entries" in told
        assert "Index Only Scan" in told
        assert "Sort" not in told
        assert "  Filter:" not in told
        assert ("ROW(at" in told) is (asked.after is not None)


@pytest.mark.parametrize(("wanted", "index"), SEVERAL)
async def test_several_values_are_several_ranges_of_a_page_at_most(database, scope, wanted, index):
    told = await plan(database, scope, further(wanted, oldest_first=False))
    one = told[told.index("Function Scan on unnest") :]

    assert f"using {index} on audit_entries" in one
    assert "Limit" in one
    assert "Sort" not in one
    assert "ROW(at" in one


async def test_filters_together_are_one_range_that_is_narrowed(database, scope):
    wanted = Wanted(actor=SOMEBODY, targets=TWO, actions=["tenant.of_kind_3", "tenant.of_kind_4"])
    told = await plan(database, scope, wanted)

    assert told.count("on audit_entries") == 1
    assert "Sort" not in told


@pytest.mark.parametrize("until", [LATER, None])
async def test_the_ends_of_a_range_to_export_are_looked_for_in_that_range_alone(
    database, scope, until
):
    times = {"tenant": scope.tenant, "since": NOW + timedelta(hours=19), "until": until}
    async with database.reading(scope) as connection:
        await connection.execute(entries.IN_ORDER)
        rows = await connection.execute(text(f"EXPLAIN (COSTS OFF) {_SPAN.text}"), times)
        told = "\n".join(row[0] for row in rows)

    assert told.count("using audit_by_time on audit_entries") == (2 if until else 1)
    assert "audit_entries_pkey" not in told
    assert "  Filter" not in told

"""A table rebuilt beside the one in use is that one, only from the facts."""

import asyncio
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.wiring.projections import TABLES
from domain.errors import Refused
from infrastructure.postgres import rebuild, rebuild_shape, rebuild_verify
from infrastructure.postgres.rebuild import AlreadyRebuilding, Rebuilds
from tests.app.projecting import NOW, product

ROOT = Path(__file__).parents[2]
CATALOG = """
SELECT 'column', attname::text, concat_ws(' ', format_type(atttypid, atttypmod), attnotnull,
       attstorage, attcompression, attstattarget, pg_get_expr(adbin, adrelid), attnum)
FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
WHERE attrelid = $1::text::regclass AND attnum > 0
UNION ALL
SELECT 'constraint', conname::text, contype::text || ' ' || pg_get_constraintdef(oid)
FROM pg_constraint WHERE conrelid = $1::text::regclass
UNION ALL
SELECT 'index', indexrelid::regclass::text, pg_get_indexdef(indexrelid) || indisvalid
FROM pg_index WHERE indrelid = $1::text::regclass
UNION ALL
SELECT 'table', relname::text, concat_ws(' ', relkind, relpersistence, relrowsecurity,
       relforcerowsecurity, relowner, reloptions, obj_description(oid, 'pg_class'))
FROM pg_class WHERE oid = $1::text::regclass
UNION ALL
SELECT 'right', a.privilege_type, concat_ws(' ', a.grantor, a.grantee, a.is_grantable)
FROM pg_class, aclexplode(relacl) a WHERE oid = $1::text::regclass
UNION ALL
SELECT 'right to ' || attname, a.privilege_type, concat_ws(' ', a.grantee, a.is_grantable)
FROM pg_attribute, aclexplode(attacl) a WHERE attrelid = $1::text::regclass
UNION ALL
SELECT 'policy on ' || tablename, policyname::text, concat_ws(' ', permissive, roles, cmd, qual, with_check)
FROM pg_policies
ORDER BY 1, 2, 3
"""
ODD = """
CREATE POLICY own ON members AS RESTRICTIVE FOR INSERT TO PUBLIC WITH CHECK (role <> 'moon');
GRANT INSERT (role), SELECT ON members TO PUBLIC;
GRANT DELETE ON members TO pg_monitor WITH GRANT OPTION;
REVOKE TRUNCATE ON members FROM CURRENT_USER;
ALTER TABLE members SET (fillfactor = 70), ADD CONSTRAINT sane CHECK (role <> 'sun'),
  ALTER role SET DEFAULT 'VIEWER', ALTER role SET STATISTICS 50, ADD UNIQUE (user_id, tenant_id);
ALTER TABLE members FORCE ROW LEVEL SECURITY;
ALTER TABLE members NO FORCE ROW LEVEL SECURITY;
CREATE UNIQUE INDEX "Odd one" ON members (tenant_id, user_id DESC) INCLUDE (role) WHERE role > 'A';
COMMENT ON TABLE members IS 'who belongs where';
"""


@pytest.fixture(autouse=True)
def short_stretches(monkeypatch):
    monkeypatch.setattr(rebuild, "STRETCH", 10)
    monkeypatch.setattr(rebuild_verify, "STRETCH", 7)


@pytest.fixture
async def living(postgres_url):
    async with product(postgres_url) as living:
        yield living


@settings(deadline=None, max_examples=7, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32), stretch=st.integers(1, 60))
async def test_a_rebuild_equals_what_was_written_as_it_happened(living, monkeypatch, seed, stretch):
    monkeypatch.setattr(rebuild, "STRETCH", stretch)
    await living.live(random.Random(seed).choice, tries=30)  # noqa: S311 - to shrink
    before = await living.contents()

    await living.rebuild()

    assert await living.contents() == before


async def test_a_rebuild_reads_everything_although_commands_go_on(living):
    rebuilding = asyncio.create_task(living.rebuild())
    while not rebuilding.done():
        await asyncio.gather(*(living.live(tries=10) for _ in range(3)))
    await rebuilding
    before = await living.contents()

    await living.rebuild()

    assert await living.contents() == before
    assert len(before["members"]) > 1


async def test_the_new_table_is_like_the_old_one_to_the_last_grant(living):
    await living.spoil(ODD)
    await living.live()
    before = {name: await living.fetch(CATALOG, name) for name in TABLES}

    await living.rebuild()

    assert {name: await living.fetch(CATALOG, name) for name in TABLES} == before
    assert await living.fetch("SELECT relname FROM pg_class WHERE relname ~ '__(new|old)'") == []
    assert await living.fetch("SELECT name FROM consumers") == []


async def test_a_column_that_was_dropped_once_does_no_harm(living):
    await living.live()
    await living.spoil(
        "ALTER TABLE shops ADD odd int; ALTER TABLE shops DROP odd, ADD extra int DEFAULT NULL"
    )
    before = await living.contents()

    await living.rebuild("shops")
    await living.rebuild("shops")

    assert await living.contents() == before


async def test_two_rebuilds_of_one_table_are_one_too_many(living):
    await living.live()
    other = Rebuilds(living.database, None, lambda: NOW)
    refused = []

    def told(*_):
        if not refused:
            refused.append(asyncio.create_task(other.rebuild(TABLES["shops"], told)))

    await living.rebuild("shops", told=told)

    (tried,) = refused
    with pytest.raises(AlreadyRebuilding):
        await tried


@pytest.mark.parametrize(
    ("hung", "sentence"),
    [
        ("CREATE VIEW seen AS SELECT * FROM shops", "the view or rule seen would be lost"),
        (
            "ALTER TABLE shops ADD FOREIGN KEY (tenant_id) REFERENCES tenants",
            "the foreign key shops_tenant_id_fkey would be lost",
        ),
        (
            "CREATE FUNCTION told(shops) RETURNS text LANGUAGE sql RETURN $1.cron",
            r"the function told\(shops\) would be lost",
        ),
        (
            "CREATE TRIGGER stay BEFORE DELETE ON shops EXECUTE FUNCTION facts_stay()",
            "the trigger stay would be lost",
        ),
    ],
)
async def test_what_the_new_table_would_not_have_is_said_before_anything_is_begun(
    living, hung, sentence
):
    await living.spoil(hung)

    with pytest.raises(Refused, match=sentence):
        await living.rebuild("shops")

    assert await living.fetch("SELECT to_regclass('shops__new')") == [(None,)]


async def test_a_table_in_use_is_waited_for_and_nobody_behind_us_waits_long(living, monkeypatch):
    await living.live()
    monkeypatch.setattr(rebuild, "LOCK_TIMEOUT", "50ms")
    said = []
    async with living.database.driver() as reader:
        long = reader.transaction()
        await long.start()
        await reader.fetch("SELECT * FROM members")
        rebuilding = asyncio.create_task(
            living.rebuild("members", told=lambda step, *_: said.append(step))
        )
        while "waiting for those who use it" not in said:
            await asyncio.sleep(0.01)
        company = await asyncio.wait_for(living.live(), 3)
        await long.rollback()
    await rebuilding
    before = await living.contents()

    await living.rebuild("members")

    assert await living.contents() == before
    assert company


async def test_what_hangs_on_the_table_only_since_then_is_not_lost_either(living, monkeypatch):
    await living.live()
    finish = rebuild_shape.finish

    async def finish_and_look(driver, table):
        await finish(driver, table)
        await living.spoil("CREATE VIEW seen AS TABLE shops")

    monkeypatch.setattr(rebuild_shape, "finish", finish_and_look)
    with pytest.raises(Refused, match="the view or rule seen would be lost"):
        await living.rebuild("shops")

    assert await living.fetch("TABLE seen") == await living.fetch("TABLE shops")


async def test_a_history_told_by_other_code_may_put_a_row_twice(living):
    await living.live()
    before = await living.contents()
    twice = TABLES["subscriptions"]

    def project(recorded):
        for statement, row in twice.project(recorded):
            yield statement, (*row[:1], "moon", *row[2:])
            yield statement, row

    table = type(twice)(table=twice.table, project=project, silent=twice.silent)
    await living.rebuilds.rebuild(table, lambda *_: None)

    assert await living.contents() == before

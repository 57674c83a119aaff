"""Every key is led by the tenant, so that no row can meet another company's."""

from contextlib import asynccontextmanager

import pytest

from infrastructure.postgres.global_tables import GLOBAL_TABLES

# First columns of every unique index and, on both sides, of every foreign key: null for an
# expression. A table without any of them is held to have the column at all.
_LEADS = """
SELECT t.relname AS name, what, lead FROM pg_class t
JOIN pg_namespace n ON n.oid = t.relnamespace AND n.nspname = 'public'
CROSS JOIN LATERAL (
  SELECT i.relname, (SELECT attname FROM pg_attribute
                     WHERE attrelid = t.oid AND attnum = x.indkey[0])
  FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
  WHERE x.indrelid = t.oid AND x.indisunique
  UNION ALL
  SELECT c.conname, (SELECT attname FROM pg_attribute WHERE attrelid = side AND attnum = key)
  FROM pg_constraint c,
       LATERAL (VALUES (c.conrelid, c.conkey[1]), (c.confrelid, c.confkey[1])) AS v (side, key)
  WHERE c.conrelid = t.oid AND c.contype = 'f'
  UNION ALL
  SELECT 'the table itself', (SELECT attname FROM pg_attribute
                              WHERE attrelid = t.oid AND attname = 'tenant_id' AND attnotnull)
) AS keys (what, lead)
WHERE t.relkind IN ('r', 'p')
"""


async def astray(driver):
    """(table, key) of all that is not led by `tenant_id`."""
    rows = await driver.fetch(_LEADS)
    return {(row["name"], row["what"]) for row in rows if row["lead"] != "tenant_id"}


@asynccontextmanager
async def undone(database):
    async with database.driver() as driver:
        transaction = driver.transaction()
        await transaction.start()
        try:
            yield driver
        finally:
            await transaction.rollback()


async def test_every_key_is_led_by_the_tenant_unless_its_table_is_said_to_be_global(database):
    async with database.driver() as driver:
        found = await astray(driver)

    assert {each for each in found if each[0] not in GLOBAL_TABLES} == set()


async def test_no_table_is_said_to_be_global_without_need(database):
    async with database.driver() as driver:
        needed = {table for table, _ in await astray(driver)}

    assert needed == set(GLOBAL_TABLES)
    assert all(why.endswith(".") for why in GLOBAL_TABLES.values())


@pytest.mark.parametrize(
    "columns",
    [
        "id uuid CONSTRAINT k PRIMARY KEY, tenant_id uuid NOT NULL",
        "tenant_id uuid, id uuid, CONSTRAINT k PRIMARY KEY (id, tenant_id)",
        "tenant_id uuid NOT NULL, n int CONSTRAINT k UNIQUE",
        "tenant_id uuid NOT NULL, n text); CREATE UNIQUE INDEX k ON bad (lower(n), tenant_id",
        "tenant_id uuid NOT NULL, email_key bytea CONSTRAINT k REFERENCES logins",
        "tenant_id uuid NOT NULL CONSTRAINT k REFERENCES wide (id)",
    ],
)
async def test_a_key_that_leads_elsewhere_would_be_found(database, columns):
    async with undone(database) as driver:
        await driver.execute("CREATE TABLE wide (tenant_id uuid NOT NULL, id uuid UNIQUE)")
        await driver.execute(f"CREATE TABLE bad ({columns})")

        assert ("bad", "k") in await astray(driver)


@pytest.mark.parametrize("columns", ["n int", "tenant_id uuid"])
async def test_a_table_that_may_have_rows_of_nobody_would_be_found(database, columns):
    async with undone(database) as driver:
        await driver.execute(f"CREATE TABLE bad ({columns})")

        assert ("bad", "the table itself") in await astray(driver)


async def test_a_table_of_ours_would_not_be_accused(database):
    async with undone(database) as driver:
        await driver.execute(
            "CREATE TABLE good (tenant_id uuid, session_id uuid, n int, UNIQUE (tenant_id, n), "
            "PRIMARY KEY (tenant_id, session_id), "
            "FOREIGN KEY (tenant_id, session_id) REFERENCES sessions)"
        )

        assert not {each for each in await astray(driver) if each[0] == "good"}

"""A database is brought to this version, and back, by a role that is no superuser."""

import asyncio
import os
import sys
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg
import pytest

from domain.errors import Refused
from infrastructure.postgres.database import Database
from infrastructure.postgres.migrations import ForeignRevision, ForeignTables, migrate, pending

ROOT = Path(__file__).parents[2]


@asynccontextmanager
async def empty(url, **role):
    """A database of its own, reached as a role of its own with these rights."""
    name = f"m{uuid4().hex[:12]}"
    admin = await asyncpg.connect(url)
    rights = " ".join(role.values())
    try:
        await admin.execute(f"CREATE ROLE {name} LOGIN {rights} PASSWORD 'secret'")
        await admin.execute(f"GRANT {name} TO CURRENT_USER")
        await admin.execute(f"CREATE DATABASE {name} OWNER {name}")
        parts = urlsplit(url)
        host = parts.hostname and f"{parts.hostname}:{parts.port or 5432}"
        where = f"{name}:secret@{host or ''}"
        database = Database(parts._replace(netloc=where, path=f"/{name}").geturl())
        try:
            yield name, database
        finally:
            await database.close()
    finally:
        # Without FORCE, which may not end an autovacuum worker; the server does that by itself.
        await admin.execute(f"DROP DATABASE IF EXISTS {name}")
        await admin.execute(f"DROP ROLE IF EXISTS app_tenant_{name}")
        await admin.execute(f"DROP ROLE IF EXISTS {name}")
        await admin.close()


async def forget_roles(database):
    async with database.driver() as driver:
        await driver.execute(f'DROP OWNED BY "app_tenant_{database.url.database}"')
        await driver.execute(f'DROP ROLE "app_tenant_{database.url.database}"')


async def test_a_fresh_database_is_up_to_date_after_migrating(postgres_url):
    async with empty(postgres_url, may="CREATEROLE") as (_, database):
        assert (await pending(database))[0] is None

        await migrate(database)

        now, newest = await pending(database)
        assert now == newest
        await forget_roles(database)


async def test_two_that_migrate_at_once_do_it_once(postgres_url):
    async with empty(postgres_url, may="CREATEROLE") as (_, database):
        url = database.url.set(drivername="postgresql").render_as_string(hide_password=False)
        command = (sys.executable, "-m", "alembic", "upgrade", "head")
        environ = {**os.environ, "DATABASE_URL": url}
        both = [
            await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=environ) for _ in range(2)
        ]
        codes = [await each.wait() for each in both]

        now, newest = await pending(database)
        assert codes == [0, 0]
        assert now == newest
        await forget_roles(database)


@pytest.mark.parametrize(
    ("left", "said"),
    [
        ("CREATE TABLE tenants (id uuid)", ForeignTables),
        ("CREATE TABLE alembic_version AS SELECT 'c6765dce8c18' AS version_num", ForeignRevision),
    ],
    ids=["tables", "revision"],
)
async def test_a_database_of_another_product_is_left_alone(postgres_url, left, said):
    async with empty(postgres_url, may="CREATEROLE") as (_, database):
        async with database.driver() as driver:
            await driver.execute(left)
        with pytest.raises(said, match="DATABASE_URL a database of its own"):
            await migrate(database)
        async with database.driver() as driver:
            query = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
            assert await driver.fetchval(query) == 1


async def test_without_the_right_to_make_roles_an_administrator_is_told_what_to_run(postgres_url):
    async with empty(postgres_url) as (name, database):
        with pytest.raises(Refused) as told:
            await migrate(database)

        assert f'CREATE ROLE "app_tenant_{name}" NOLOGIN' in str(told.value)
        assert (await pending(database))[0] is None

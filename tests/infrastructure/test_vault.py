"""The vault: what is sealed opens for its own tenant, id and field, and for nobody else."""

import os
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from cryptography.fernet import Fernet

from domain.secrecy import Secret, SecretGone, WrongMasterKey
from infrastructure.crypto.master import MasterKeys
from infrastructure.crypto.rotation import rotate
from infrastructure.crypto.vault import DataVault

MASTER = Fernet.generate_key().decode()
NEW_MASTER = Fernet.generate_key().decode()
TOKEN = "eyJhbGciOiJFUzI1NiJ9.токен".encode()


def now():
    return datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture
def vault(database):
    return DataVault(database.driver, MasterKeys(Secret(MASTER)), now)


def another(database, *keys):
    return DataVault(database.driver, MasterKeys(Secret(",".join(keys))), now)


async def kept(database, vault, tenant, secret=TOKEN, field="token"):
    secret_id = uuid4()
    statement, row = await vault.seal(tenant, secret_id, field, secret)
    async with database.driver() as driver:
        await driver.execute(statement, *row)
    return secret_id


@asynccontextmanager
async def only_keys_of(driver, tenant):
    """A database with one tenant: temporary tables stand before the shared ones."""
    for table in ("keyring", "stripe_keys"):
        await driver.execute(f"CREATE TEMP TABLE {table} (LIKE {table})")
    await driver.execute(
        f"CREATE TEMP TABLE data_keys AS SELECT * FROM data_keys WHERE tenant_id = '{tenant}'"
    )
    yield
    await driver.execute(
        "UPDATE public.data_keys k SET wrapped = n.wrapped FROM data_keys n "
        "WHERE k.key_id = n.key_id"
    )
    await driver.execute("DROP TABLE pg_temp.data_keys, pg_temp.keyring, pg_temp.stripe_keys")


async def change(database, secret_id, assignment, *values):
    async with database.driver() as driver:
        await driver.execute(
            f"UPDATE secrets SET {assignment} WHERE secret_id = $1",
            secret_id,
            *values,
        )


async def test_what_is_sealed_opens_also_in_another_process(database, vault):
    tenant = uuid4()
    secret_id = await kept(database, vault, tenant)

    assert await vault.open(tenant, secret_id, "token") == TOKEN
    assert await another(database, MASTER).open(tenant, secret_id, "token") == TOKEN


async def test_the_table_does_not_show_it(database, vault):
    secret_id = await kept(database, vault, uuid4())

    async with database.driver() as driver:
        row = await driver.fetchrow("SELECT * FROM secrets WHERE secret_id = $1", secret_id)
    assert TOKEN not in row["sealed"]


async def test_the_same_secret_never_looks_the_same(database, vault):
    tenant, secret_id = uuid4(), uuid4()

    sealed = {(await vault.seal(tenant, secret_id, "token", TOKEN))[1][3] for _ in range(100)}
    assert len(sealed) == 100


async def test_a_tenant_has_one_data_key_of_its_own(database, vault):
    tenants = [uuid4(), uuid4()]
    for tenant in tenants:
        await kept(database, vault, tenant)
        await kept(database, another(database, MASTER), tenant)

    async with database.driver() as driver:
        rows = await driver.fetch(
            "SELECT tenant_id FROM data_keys WHERE tenant_id = ANY($1) ORDER BY made_at", tenants
        )
    assert {row["tenant_id"] for row in rows} == set(tenants)
    assert len(rows) == 2


async def test_another_tenants_id_is_like_an_unknown_one(database, vault):
    secret_id = await kept(database, vault, uuid4())

    for tenant, which, field in [(uuid4(), secret_id, "token"), (uuid4(), uuid4(), "token")]:
        with pytest.raises(SecretGone):
            await vault.open(tenant, which, field)


@pytest.mark.parametrize("moved", ["tenant_id", "field", "secret_id"])
async def test_a_secret_copied_into_another_row_does_not_open(database, vault, moved):
    tenant, other = uuid4(), uuid4()
    secret_id, target = await kept(database, vault, tenant), uuid4()
    await kept(database, vault, other)
    where = {"tenant_id": other, "field": "secret", "secret_id": target}[moved]
    await change(database, secret_id, f"{moved} = $2", where)

    owner = other if moved == "tenant_id" else tenant
    with pytest.raises((WrongMasterKey, SecretGone)):
        await vault.open(
            owner,
            target if moved == "secret_id" else secret_id,
            "secret" if moved == "field" else "token",
        )


async def test_no_changed_byte_is_accepted(database, vault):
    tenant = uuid4()
    secret_id = await kept(database, vault, tenant)
    async with database.driver() as driver:
        sealed = await driver.fetchval("SELECT sealed FROM secrets WHERE secret_id=$1", secret_id)

    for at in range(1, len(sealed)):
        broken = sealed[:at] + bytes([sealed[at] ^ (1 << at % 8)]) + sealed[at + 1 :]
        await change(database, secret_id, "sealed = $2", broken)
        with pytest.raises((WrongMasterKey, SecretGone)):
            await vault.open(tenant, secret_id, "token")


async def test_a_deleted_secret_is_gone(database, vault):
    tenant = uuid4()
    secret_id = await kept(database, vault, tenant)
    async with database.driver() as driver:
        await driver.execute("DELETE FROM secrets WHERE secret_id = $1", secret_id)

    with pytest.raises(SecretGone, match="Enter it again"):
        await vault.open(tenant, secret_id, "token")


async def test_another_master_key_opens_nothing_and_says_what_to_do(database, vault):
    tenant = uuid4()
    secret_id = await kept(database, vault, tenant)

    with pytest.raises(WrongMasterKey, match="ENCRYPTION_MASTER_KEY"):
        await another(database, NEW_MASTER).open(tenant, secret_id, "token")


async def test_a_new_master_key_rewraps_keys_and_leaves_secrets_as_they_are(database, vault):
    tenant = uuid4()
    secret_id = await kept(database, vault, tenant)
    async with database.driver() as driver, only_keys_of(driver, tenant):
        assert await rotate(driver, MasterKeys(Secret(f"{NEW_MASTER},{MASTER}"))) == 1

    assert await another(database, NEW_MASTER).open(tenant, secret_id, "token") == TOKEN


async def test_a_secret_may_be_empty_or_large(database, vault):
    tenant = uuid4()

    for secret in (b"", os.urandom(100_000)):
        secret_id = await kept(database, vault, tenant, secret)
        assert await vault.open(tenant, secret_id, "token") == secret

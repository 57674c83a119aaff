"""The vault: tenants' secrets, each sealed under its tenant's own key.

A sealed secret is: version (1 byte) ‖ id of the data key (16) ‖ nonce (12) ‖ AES-256-GCM. It is
bound to tenant, id, field and data key: copied into another row it does not open.
"""

import os
from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain.ids import uuid7
from domain.ports import Clock
from domain.secrecy import SecretGone, WrongMasterKey
from infrastructure.crypto.master import NONCE, MasterKeys, bind

Connect: TypeAlias = Callable[[], AbstractAsyncContextManager["asyncpg.Connection[Any]"]]

VERSION = b"\x01"
REMEMBERED = 1_000
"""Data keys kept in memory."""

KEEP = """
INSERT INTO secrets (tenant_id, secret_id, field, sealed, kept_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT DO NOTHING
"""
_READ = "SELECT sealed FROM secrets WHERE tenant_id = $1 AND secret_id = $2 AND field = $3"
_NEWEST = """
SELECT key_id, wrapped FROM data_keys WHERE tenant_id = $1 ORDER BY made_at DESC, key_id DESC
"""
_ONE = "SELECT key_id, wrapped FROM data_keys WHERE tenant_id = $1 AND key_id = $2"
_MAKE = "INSERT INTO data_keys (tenant_id, key_id, wrapped, made_at) VALUES ($1, $2, $3, $4)"


class DataVault:
    """Implements `domain.secrecy.Vault`."""

    def __init__(self, connect: Connect, master: MasterKeys, clock: Clock) -> None:
        self._connect = connect
        self._master = master
        self._clock = clock
        self._keys: OrderedDict[tuple[UUID, UUID], AESGCM] = OrderedDict()
        self._newest: OrderedDict[UUID, UUID] = OrderedDict()

    async def seal(
        self, tenant: UUID, secret_id: UUID, field: str, secret: bytes
    ) -> tuple[str, Sequence[Any]]:
        """See the port. A tenant's first secret makes its data key, outside of any transaction:
        one that is not used after all harms nobody."""
        key_id = self._newest.get(tenant) or await self._choose(tenant)
        nonce = os.urandom(NONCE)
        about = _about(tenant, secret_id, field, key_id)
        sealed = (await self._key(tenant, key_id)).encrypt(nonce, secret, about)
        row = (tenant, secret_id, field, VERSION + key_id.bytes + nonce + sealed, self._clock())
        return KEEP, row

    async def open(self, tenant: UUID, secret_id: UUID, field: str) -> bytes:
        """See the port."""
        async with self._connect() as driver:
            kept: bytes | None = await driver.fetchval(_READ, tenant, secret_id, field)
        if kept is None:
            raise SecretGone
        key_id, nonce, sealed = UUID(bytes=kept[1:17]), kept[17 : 17 + NONCE], kept[17 + NONCE :]
        key = await self._key(tenant, key_id)
        try:
            return key.decrypt(nonce, sealed, _about(tenant, secret_id, field, key_id))
        except InvalidTag as broken:
            raise WrongMasterKey(
                "A stored secret was changed or moved. Enter it again."
            ) from broken

    async def _choose(self, tenant: UUID) -> UUID:
        async with self._connect() as driver:
            row = await driver.fetchrow(_NEWEST, tenant)
            if row is None:
                now = self._clock()
                key_id = uuid7(now)
                wrapped = self._master.wrap(AESGCM.generate_key(256), about_key(tenant, key_id))
                await driver.execute(_MAKE, tenant, key_id, wrapped, now)
            else:
                key_id = row["key_id"]
        _remember(self._newest, tenant, key_id)
        return key_id

    async def _key(self, tenant: UUID, key_id: UUID) -> AESGCM:
        known = self._keys.get((tenant, key_id))
        if known is not None:
            return known
        async with self._connect() as driver:
            row = await driver.fetchrow(_ONE, tenant, key_id)
        if row is None:
            raise SecretGone
        key = AESGCM(self._master.unwrap(row["wrapped"], about_key(tenant, key_id)))
        _remember(self._keys, (tenant, key_id), key)
        return key


def about_key(tenant: UUID, key_id: UUID) -> tuple[bytes, ...]:
    """What a wrapped data key is bound to."""
    return b"data_keys", tenant.bytes, key_id.bytes


def _about(tenant: UUID, secret_id: UUID, field: str, key_id: UUID) -> bytes:
    return bind((VERSION, tenant.bytes, secret_id.bytes, field.encode(), key_id.bytes))


def _remember(cache: OrderedDict[Any, Any], key: object, value: object) -> None:
    cache[key] = value
    if len(cache) > REMEMBERED:
        cache.popitem(last=False)

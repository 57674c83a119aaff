"""Moving to a new master key: wrapped keys are rewritten, sealed data stays as it is."""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import asyncpg

from infrastructure.crypto import subjects
from infrastructure.crypto.keyring import NAMES
from infrastructure.crypto.master import ID, MasterKeys
from infrastructure.crypto.vault import about_key

Driver: TypeAlias = "asyncpg.Connection[Any]"
About: TypeAlias = Callable[[Sequence[Any]], Sequence[bytes]]

_OLD_KEYRING = (
    "SELECT wrapped, name FROM keyring WHERE name = ANY($2) AND substr(wrapped, 1, $3) <> $1"
)
_NEW_KEYRING = "UPDATE keyring SET wrapped = $1 WHERE wrapped = $2 AND name = $3"
_OLD_DATA_KEYS = """
SELECT wrapped, tenant_id, key_id FROM data_keys WHERE substr(wrapped, 1, $2) <> $1
"""
_NEW_DATA_KEYS = """
UPDATE data_keys SET wrapped = $1 WHERE wrapped = $2 AND tenant_id = $3 AND key_id = $4
"""
_OLD_SUBJECT_KEYS = "SELECT wrapped, subject FROM stripe_keys WHERE substr(wrapped, 1, $2) <> $1"
_NEW_SUBJECT_KEYS = "UPDATE stripe_keys SET wrapped = $1 WHERE wrapped = $2 AND subject = $3"


async def rotate(driver: Driver, master: MasterKeys) -> int:
    """Wrap every key under the first master key; afterwards the others may leave the ring.

    Returns how many were rewritten. Raises WrongMasterKey when one does not open; what was
    rewritten before stays good. Safe to run at any time, twice, and while the product runs.
    """
    ring = await driver.fetch(_OLD_KEYRING, master.current, list(NAMES), ID)
    data = await driver.fetch(_OLD_DATA_KEYS, master.current, ID)
    sent = await driver.fetch(_OLD_SUBJECT_KEYS, master.current, ID)
    await driver.executemany(_NEW_KEYRING, _rewrapped(master, ring, lambda row: _ring_about(*row)))
    await driver.executemany(_NEW_DATA_KEYS, _rewrapped(master, data, lambda row: about_key(*row)))
    again = _rewrapped(master, sent, lambda row: subjects.about_key(*row))
    await driver.executemany(_NEW_SUBJECT_KEYS, again)
    return len(ring) + len(data) + len(sent)


def _rewrapped(master: MasterKeys, rows: Sequence[Any], about: About) -> list[tuple[Any, ...]]:
    again = []
    for wrapped, *identity in rows:
        key = master.unwrap(wrapped, about(identity))
        again.append((master.wrap(key, about(identity)), wrapped, *identity))
    return again


def _ring_about(name: str) -> tuple[bytes, ...]:
    return b"keyring", name.encode()

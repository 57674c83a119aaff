"""Bodies sealed under a key for each subject: erasing the key erases all of them, in backups too.

A sealed body is: version (1 byte) ‖ nonce (12) ‖ AES-256-GCM. It is bound to subject and event:
copied into another row it does not open.
"""

import os
from collections import OrderedDict

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain.ports import Clock
from domain.secrecy import WrongMasterKey
from infrastructure.crypto.master import NONCE, MasterKeys, bind
from infrastructure.crypto.vault import Connect

VERSION = b"\x01"
REMEMBERED = 5_000
"""Keys kept in memory."""

# The first one's key counts, and an erased one stays erased: what is there is answered as it is.
_KEY = """
INSERT INTO stripe_keys (subject, wrapped, made_at) VALUES ($1, $2, $3)
ON CONFLICT (subject) DO UPDATE SET subject = excluded.subject RETURNING wrapped
"""


class SubjectSeals:
    """Implements `domain.inbox_port.Seals`. A key in memory may outlive its erasure: whoever keeps
    what was sealed looks whether the key still is there, and what is opened brings its own along.
    """

    def __init__(self, connect: Connect, master: MasterKeys, clock: Clock) -> None:
        self._connect = connect
        self._master = master
        self._clock = clock
        self._keys: OrderedDict[str, AESGCM | None] = OrderedDict()

    async def seal(self, subject: str, event_id: str, body: bytes) -> bytes | None:
        """See the port."""
        key = self._keys[subject] if subject in self._keys else await self._key(subject)
        self._keys.move_to_end(subject)
        if key is None:
            return None
        nonce = os.urandom(NONCE)
        return VERSION + nonce + key.encrypt(nonce, body, _about(subject, event_id))

    def open(self, subject: str, event_id: str, wrapped: bytes, sealed: bytes) -> bytes:
        """See the port."""
        key = AESGCM(self._master.unwrap(wrapped, about_key(subject)))
        nonce, rest = sealed[1 : 1 + NONCE], sealed[1 + NONCE :]
        try:
            return key.decrypt(nonce, rest, _about(subject, event_id))
        except (InvalidTag, ValueError) as broken:
            raise WrongMasterKey("A stored message was changed or moved.") from broken

    async def _key(self, subject: str) -> AESGCM | None:
        about = about_key(subject)
        fresh = self._master.wrap(AESGCM.generate_key(256), about)
        async with self._connect() as driver:
            wrapped: bytes | None = await driver.fetchval(_KEY, subject, fresh, self._clock())
        key = AESGCM(self._master.unwrap(wrapped, about)) if wrapped is not None else None
        self._keys[subject] = key
        if len(self._keys) > REMEMBERED:
            self._keys.popitem(last=False)
        return key


def about_key(subject: str) -> tuple[bytes, ...]:
    """What a wrapped key is bound to."""
    return b"stripe_keys", subject.encode()


def _about(subject: str, event_id: str) -> bytes:
    return bind((VERSION, subject.encode(), event_id.encode()))

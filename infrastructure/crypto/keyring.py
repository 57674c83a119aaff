"""Keys that are made once, at the first migration, and kept wrapped in the database.

They are not in the environment, because they cannot be changed there: another pepper would shut out
everybody, another index key would let one address register twice.
"""

import hashlib
import hmac
import os
import unicodedata
from typing import Any, TypeAlias

import asyncpg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from domain.fact import fact
from domain.secrecy import WrongMasterKey
from infrastructure.crypto.master import MasterKeys

Driver: TypeAlias = "asyncpg.Connection[Any]"

NAMES = ("pepper", "email_index", "signing")

_MAKE = "INSERT INTO keyring (name, wrapped) VALUES ($1, $2) ON CONFLICT DO NOTHING"
_READ = "SELECT name, wrapped FROM keyring"


@fact
class Keyring:
    """Implements `domain.secrecy.Keys` and `Signer`; `pepper` is for passwords, the rest inside."""

    pepper: bytes
    email_index: bytes
    signing: bytes

    def __repr__(self) -> str:
        return "Keyring(***)"

    def email_key(self, email: str) -> bytes:
        """See the port. Trimmed, NFKC and case-folded: what a person takes for one address."""
        plain = unicodedata.normalize("NFKC", email.strip()).casefold()
        return hmac.digest(self.email_index, plain.encode(), hashlib.sha256)

    def mac(self, purpose: str, message: bytes) -> bytes:
        """See the port."""
        return hmac.digest(self.email_index, f"mac\0{purpose}\0".encode() + message, hashlib.sha256)

    def blind(self, text: str) -> bytes:
        """A MAC that stands for the text where it must not be read: in the keys of Redis."""
        return hmac.digest(self.email_index, b"blind\0" + text.encode(), hashlib.sha256)

    def sign(self, message: bytes) -> bytes:
        """An Ed25519 signature: whoever has the public key can check it without us."""
        return Ed25519PrivateKey.from_private_bytes(self.signing).sign(message)

    @property
    def public_key(self) -> Ed25519PublicKey:
        """The other half of the signing key; may be shown to anybody."""
        return Ed25519PrivateKey.from_private_bytes(self.signing).public_key()

    @property
    def public(self) -> bytes:
        """See the port."""
        return self.public_key.public_bytes_raw()


async def make(driver: Driver, master: MasterKeys) -> None:
    """Make the keys that are missing. Two at once make the same ones: the first wins."""
    fresh = [(name, master.wrap(os.urandom(32), _about(name))) for name in NAMES]
    await driver.executemany(_MAKE, fresh)


async def load(driver: Driver, master: MasterKeys) -> Keyring:
    """Raises WrongMasterKey when they do not open, or were never made."""
    kept = {row["name"]: row["wrapped"] for row in await driver.fetch(_READ)}
    if missing := [name for name in NAMES if name not in kept]:
        message = f"The key ring lacks {', '.join(missing)}. Run `stock-tracker migrate`."
        raise WrongMasterKey(message)
    return Keyring(**{name: master.unwrap(kept[name], _about(name)) for name in NAMES})


def _about(name: str) -> tuple[bytes, ...]:
    return b"keyring", name.encode()

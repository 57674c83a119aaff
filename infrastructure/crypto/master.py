"""The operator's master keys: they wrap other keys and never touch data themselves.

A wrapped key is: id of the master key (8 bytes) ‖ nonce (12) ‖ AES-256-GCM of the key.
"""

import base64
import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from domain.secrecy import Secret, WrongMasterKey

ID, NONCE = 8, 12


class MasterKeys:
    """A ring of Fernet keys, comma-separated: the first one seals, all of them open."""

    def __init__(self, ring: Secret) -> None:
        fernets = [key.strip() for key in ring.reveal().split(",")]
        self._ring = {_derive(key, b"id", ID): AESGCM(_derive(key, b"wrap", 32)) for key in fernets}
        self.current = next(iter(self._ring))

    def wrap(self, key: bytes, about: Sequence[bytes]) -> bytes:
        """`about` says whose key it is: it unwraps for nobody else."""
        nonce = os.urandom(NONCE)
        return self.current + nonce + self._ring[self.current].encrypt(nonce, key, bind(about))

    def unwrap(self, wrapped: bytes, about: Sequence[bytes]) -> bytes:
        """Raises WrongMasterKey when no key of the ring opens it."""
        master = self._ring.get(wrapped[:ID])
        if master is None:
            raise WrongMasterKey(" ".join((WrongMasterKey.__doc__ or "").split()))
        nonce, sealed = wrapped[ID : ID + NONCE], wrapped[ID + NONCE :]
        try:
            return master.decrypt(nonce, sealed, bind(about))
        except (InvalidTag, ValueError) as broken:
            raise WrongMasterKey("A stored key was changed or moved. Restore it.") from broken


def bind(parts: Sequence[bytes]) -> bytes:
    """Parts as one, each with its length: no two lists give the same bytes."""
    return b"".join(len(part).to_bytes(2, "big") + part for part in parts)


def _derive(fernet_key: str, purpose: bytes, length: int) -> bytes:
    key = base64.urlsafe_b64decode(fernet_key)
    return HKDF(SHA256(), length, salt=None, info=b"stock-tracker/master/" + purpose).derive(key)

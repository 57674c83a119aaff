"""What the forms of an export have in common: what is written, and in which order."""

import base64
import hashlib
from collections.abc import Sequence
from typing import Protocol

from app.audit.export.facts import Told
from app.audit.export.read import Cut, StoredSeal
from domain.fact import fact


@fact
class Statement:
    """What an export is, in the exact bytes that are signed. `number` and `seal`: the fresh seal's
    number and signature."""

    body: bytes
    signature: bytes
    public: bytes
    cut: Cut
    number: int
    seal: bytes


class Form(Protocol):
    """Writes one export: each of these in turn, the two in the middle as often as needed."""

    def begin(self) -> bytes: ...
    def seals(self, rows: Sequence[StoredSeal]) -> bytes: ...
    def facts(self, page: Sequence[Told]) -> bytes: ...
    def end(self) -> bytes: ...


def key(public: bytes) -> dict[str, str]:
    """The public key as it is published, and the SHA-256 by which people compare it."""
    return {
        "algorithm": "Ed25519",
        "public": base64.b64encode(public).decode(),
        "fingerprint": hashlib.sha256(public).hexdigest(),
    }

"""Values that the old product kept sealed with Fernet, in a `.env` or taken from its database."""

import base64
import binascii
import re
from collections.abc import Iterable, Iterator, Mapping

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

KEYS = ("ENCRYPTION_MASTER_KEY", "FERNET_KEY", "ENCRYPTION_KEY", "ENCRYPTION_SECONDARY_KEY")
"""Under these names the old product had its keys; each may be a list with commas."""

# Version 128 and the upper bytes of a time of this age, then at least an IV, a block and a MAC.
TOKEN = re.compile(r"gAAAAA[A-Za-z0-9_-]{92,}={0,2}")
KEY_BYTES = 32
"""Of a Fernet key: two of AES-128."""


class Shut(Exception):
    """None of the keys that are given opens it."""


def is_sealed(value: str) -> bool:
    """Whether it is a Fernet token: nothing else begins so, neither a JWT nor JSON."""
    return TOKEN.fullmatch(value) is not None


def is_key(text: str) -> bool:
    """Whether it is one of Fernet's: 32 bytes in URL-safe base64."""
    try:
        return len(base64.b64decode(text.encode(), altchars=b"-_", validate=True)) == KEY_BYTES
    except (binascii.Error, ValueError):
        return False


def opened(token: str, values: Mapping[str, str]) -> str:
    """What was sealed, by whichever of KEYS in `values` opens it. Raises Shut."""
    ring = [Fernet(key) for key in _keys(values.get(name, "") for name in KEYS)]
    try:
        return MultiFernet(ring).decrypt(token).decode()
    except (InvalidToken, ValueError) as wrong:  # the latter without any key, and for no text
        raise Shut from wrong


def _keys(lists: Iterable[str]) -> Iterator[str]:
    """A wrong one is none here: whoever needs it complains about it."""
    for each in lists:
        yield from filter(is_key, map(str.strip, each.split(",")))

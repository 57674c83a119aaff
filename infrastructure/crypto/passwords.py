"""Passwords: bcrypt over a peppered digest, so that neither length nor a stolen table helps.

bcrypt reads 72 bytes, which is 36 Cyrillic letters; hence base64(HMAC-SHA384(pepper, password)),
64 ASCII characters, as OWASP's Password Storage Cheat Sheet has it. Stored as
`$st1$<pepper>$<bcrypt>`, where <pepper> is the beginning of the pepper's SHA-256.
"""

import asyncio
import base64
import hashlib
import hmac
import os
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import bcrypt
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from domain.errors import Invalid, Unavailable

T = TypeVar("T")

COST = 12
"""Two to this power: how often bcrypt stirs. A quarter of a second."""
SHORTEST, LONGEST = 8, 256
WAITING = 32
"""Hashes in the queue per thread: at a quarter of a second each, nobody waits longer than 8 s."""

COMMONEST = frozenset(
    [each for each in FREQUENCY_LISTS["passwords"] if len(each) >= SHORTEST][:3000]
)
"""The 3,000 commonest that are long enough at all (OWASP ASVS 5.0, 6.2.4)."""


class BcryptPasswords:
    """Implements `domain.secrecy.Passwords`. `cost`: None for `COST`. Close with `close()`."""

    def __init__(
        self, pepper: bytes, *, cost: int | None = None, threads: int | None = None
    ) -> None:
        self._pepper = pepper
        self._prefix = f"$st1${hashlib.sha256(pepper).hexdigest()[:8]}$"
        self._cost = COST if cost is None else cost
        # A hash like any other, of nothing: the cost is in its head, and any text takes it.
        self._nobody = f"$2b${self._cost:02d}${'.' * 53}"
        self._threads = threads or os.cpu_count() or 1
        self._pool = ThreadPoolExecutor(self._threads, thread_name_prefix="passwords")
        self._waiting = 0

    def check(self, password: str) -> None:
        """See the port."""
        if not SHORTEST <= len(password) <= LONGEST:
            message = f"The password must have {SHORTEST} to {LONGEST} characters."
            raise Invalid(message, field="password")
        if unicodedata.normalize("NFKC", password).casefold() in COMMONEST:
            message = "This is one of the 3,000 commonest passwords. Choose another one."
            raise Invalid(message, field="password")

    async def hash(self, password: str) -> str:
        """See the port."""
        self.check(password)
        digest = self._digest(password)
        made = await self._slowly(lambda: bcrypt.hashpw(digest, bcrypt.gensalt(self._cost)))
        return self._prefix + made.decode()

    async def verify(self, password: str, hashed: str | None) -> bool:
        """See the port. A hash made with another pepper is nobody's."""
        ours = hashed is not None and hashed.startswith(self._prefix)
        stored = hashed.removeprefix(self._prefix) if hashed and ours else self._nobody
        digest = self._digest(password)
        same = await self._slowly(lambda: bcrypt.checkpw(digest, stored.encode()))
        return same and ours

    def close(self) -> None:
        """Let the threads end."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _digest(self, password: str) -> bytes:
        plain = unicodedata.normalize("NFKC", password).encode()
        return base64.b64encode(hmac.digest(self._pepper, plain, hashlib.sha384))

    async def _slowly(self, work: Callable[[], T]) -> T:
        if self._waiting >= WAITING * self._threads:
            message = "Too many people are signing in at this moment. Try again in a few seconds."
            raise Unavailable(message, cause="busy")
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)
        finally:
            self._waiting -= 1

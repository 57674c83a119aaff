"""Links of mails: into the console, and the one that turns such mails off without signing in.

That one holds ids alone, and a MAC that nobody else can make: who has it can turn mails of one
person of one company off, and nothing else.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from uuid import UUID

from domain.fact import fact
from domain.notices import Notice
from domain.secrecy import Keys

PURPOSE = "notices/off"
SHORT = 16
"""Bytes of the MAC: 2^128 to guess."""
KINDS = tuple(Notice)


@fact
class Off:
    """Who, where, and which mail she had in hands."""

    company: UUID
    person: UUID
    kind: Notice


@fact
class Links:
    """`base`: where people find the console, without a slash at the end."""

    base: str
    keys: Keys

    def to(self, path: str) -> str:
        """A page of the console."""
        return f"{self.base}{path}"

    def off(self, off: Off) -> str:
        """The address that turns mails off."""
        told = bytes([KINDS.index(off.kind)]) + off.company.bytes + off.person.bytes
        return self.to(f"/notices/off/{_written(told + self._mac(told))}")

    def read(self, token: str) -> Off | None:
        """None for what we did not make."""
        try:
            raw = urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
        except (NotBase64, UnicodeEncodeError):
            return None
        told, mac = raw[:-SHORT], raw[-SHORT:]
        if not hmac.compare_digest(mac, self._mac(told)):
            return None
        company, person = UUID(bytes=told[1:17]), UUID(bytes=told[17:33])
        return Off(company=company, person=person, kind=KINDS[told[0]])

    def _mac(self, told: bytes) -> bytes:
        return self.keys.mac(PURPOSE, told)[:SHORT]


def _written(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()

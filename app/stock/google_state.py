"""What goes to Google and comes back with her: proof that she set out, and for which shop.

Nothing is kept meanwhile. The state carries what it says and our MAC of it, bound to her session,
and the verifier of PKCE is a MAC of the state, which therefore never leaves us (RFC 9700, 4.7).
"""

import base64
import binascii
import hmac
import os
from datetime import UTC, datetime, timedelta
from uuid import UUID

from domain.fact import fact
from domain.secrecy import Keys, Limiter

BACK = "/google/back"
"""Where Google sends her; registered there with the product."""
LIFE = timedelta(minutes=15)
STATE, VERIFIER = "google state", "google verifier"
SHOP, TIME, NONCE, MAC = 16, 8, 16, 32


@fact
class Journey:
    """One person's way to Google and back, from one session."""

    keys: Keys
    session: UUID

    def state(self, shop_id: UUID, now: datetime) -> str:
        """Good for once, until LIFE is over."""
        ends = int((now + LIFE).timestamp()).to_bytes(TIME)
        told = shop_id.bytes + ends + os.urandom(NONCE)
        return _text(told + self._mac(STATE, told))

    def verifier(self, state: str) -> str:
        """The secret half of PKCE."""
        return _text(self._mac(VERIFIER, state.encode()))

    def shop(self, state: str, now: datetime) -> UUID | None:
        """Which shop she set out for; None for a state of another session, an old one, or none."""
        try:
            whole = base64.b64decode(state.encode("ascii"), b"-_", validate=True)
        except (UnicodeEncodeError, binascii.Error):
            return None
        told, mac = whole[:-MAC], whole[-MAC:]
        if len(told) != SHOP + TIME + NONCE or not self._is_ours(told, mac):
            return None
        ends = datetime.fromtimestamp(int.from_bytes(told[SHOP : SHOP + TIME]), UTC)
        return UUID(bytes=told[:SHOP]) if now < ends else None

    def _is_ours(self, told: bytes, mac: bytes) -> bool:
        return hmac.compare_digest(mac, self._mac(STATE, told))

    def _mac(self, purpose: str, message: bytes) -> bytes:
        return self.keys.mac(purpose, self.session.bytes + message)


async def used(limiter: Limiter, state: str) -> bool:
    """Has this state come back before? Each does so once, for all processes together."""
    verdict = await limiter.hit(f"google:{state}", 1, 2 * LIFE, burst=1)
    return not verdict.allowed


def _text(raw: bytes) -> str:
    """A state is a multiple of three bytes, and needs no padding."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")

"""Did Stripe sign these bytes? (docs.stripe.com/webhooks: "Verify webhook signatures manually")

Not by the SDK: it knows one secret at a time, lets any time in the future pass, and is a hundred
times slower once it has built its objects.
"""

import hmac
import re
from collections.abc import Sequence
from hashlib import sha256

from domain.inbox_port import NotSigned
from domain.secrecy import Secret

SCHEME = "v1"
TOLERANCE = 300
"""Seconds that a signature may be old, or our clock be behind."""
LONGEST = 4_096
"""Characters of a header; Stripe's are about a hundred for each secret in use."""
MOST = 16
"""Signatures in one header."""
A_TIME = re.compile("[0-9]{1,12}")


def check(header: str | None, body: bytes, secrets: Sequence[Secret], now: float) -> None:
    """It was signed with one of the secrets, and not long ago by `now`, in seconds since 1970; else
    raises NotSigned."""
    time, signatures = _parts(header)
    keys = [key for each in secrets if (key := each.reveal().encode())]
    if not keys:  # an empty one would let anybody sign
        raise NotSigned("no_secret")
    if not _signed(time.encode() + b"." + body, signatures, keys):
        raise NotSigned("mismatch")
    age = now - int(time)
    if abs(age) > TOLERANCE:
        raise NotSigned("old" if age > 0 else "future")


def _parts(header: str | None) -> tuple[str, Sequence[bytes]]:
    """The time, in digits, and the signatures."""
    if not header:
        raise NotSigned("missing")
    if len(header) > LONGEST:
        raise NotSigned("too_long")
    parts = [each.strip().partition("=") for each in header.split(",")]
    times = [value for name, _, value in parts if name == "t"]
    signatures = [value.encode() for name, _, value in parts if name == SCHEME]
    if len(times) != 1 or not A_TIME.fullmatch(times[0]) or len(signatures) > MOST:
        raise NotSigned("malformed")
    if not signatures:
        raise NotSigned("wrong_scheme")
    return times[0], signatures


def _signed(message: bytes, signatures: Sequence[bytes], keys: Sequence[bytes]) -> bool:
    """Every key against every signature, whatever was found before: the time that it takes says
    nothing."""
    right = [hmac.new(key, message, sha256).hexdigest().encode() for key in keys]
    found = [hmac.compare_digest(ours, theirs) for ours in right for theirs in signatures]
    return any(found)

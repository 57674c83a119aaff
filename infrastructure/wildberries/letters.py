"""Letters that nobody can keep: taken out of an answer before its rows are read.

PostgreSQL has no U+0000 in a text ("Character Types"), and half a surrogate pair is no letter at
all: the decoder would refuse the whole answer for it. One such letter in one card must not stop
a shop.
"""

import re

_SUSPICIOUS = re.compile(rb"\\(?:u(?:00[01]|[dD][89a-fA-F])|[bfr])")
_ESCAPED = re.compile(
    rb"(\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})"
    rb"|\\u[dD][89a-fA-F][0-9a-fA-F]{2}"
    rb"|\\u00(?:0[0-8b-fB-F]|1[0-9a-fA-F])"
    rb"|\\[bfr]"
    rb"|(\\.)",
    re.DOTALL,
)
"""Kept are whole pairs and every other escape; raw control characters are no JSON (RFC 8259)."""


def legible(body: bytes | bytearray) -> bytes | bytearray:
    """The JSON without control characters but tab and line feed, and without lone surrogates."""
    return _ESCAPED.sub(rb"\1\2", body) if _SUSPICIOUS.search(body) else body

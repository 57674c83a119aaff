"""What of a marketplace's text may enter a cell: it is letters, and never becomes a formula."""

import re

LONGEST = 50_000
"""Characters of a cell (Drive help, "Files you can store in Google Drive"), in UTF-16 as there."""

_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff]")
_ELLIPSIS = "…"


def clean(text: str) -> str:
    """Without control characters, outer tabs and line feeds, and lone surrogates; cut to fit."""
    if not text.isprintable():
        text = _FORBIDDEN.sub("", text).strip("\t\n")
    return text if 2 * len(text) <= LONGEST else _cut(text)


def _cut(text: str) -> str:
    units = text.encode("utf-16-le")
    if len(units) <= 2 * LONGEST:
        return text
    return units[: 2 * (LONGEST - 1)].decode("utf-16-le", "ignore") + _ELLIPSIS

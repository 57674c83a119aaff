"""What of a marketplace's text may enter a cell: it is letters, and never becomes a formula."""

import re

MARK = "\ufeff"
"""Before a CSV: by it Excel knows UTF-8."""
LONGEST = 50_000
"""Characters of a cell (Drive help, "Files you can store in Google Drive"), in UTF-16 as there."""

_BLANKS = ("\t", "\r", "\n")
"""At its start they too are taken for the start of a formula."""

_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff]")
_ELLIPSIS = "…"
# OWASP, CSV Injection: = + - @ tab and return; the wide forms are the same to Excel in Japanese.
_BEGINNING = re.compile(r"(?:^|[;,\t\r\n|])\s*+([=+\-@＝＋－＠])?")


def clean(text: str, longest: int = LONGEST) -> str:
    """Without control characters, outer tabs and line feeds, and lone surrogates; cut to fit."""
    if not text.isprintable():
        text = _FORBIDDEN.sub("", text).strip("\t\n")
    return text if 2 * len(text) <= longest else _cut(text, longest)


def safe(text: str) -> str:
    """For a CSV, which has no other way to say that something is text: an apostrophe goes before
    what a program would take for a formula, at the start of a cell and after what some programs
    take for the end of one."""
    return _BEGINNING.sub(_quoted, text)


def _quoted(beginning: re.Match[str]) -> str:
    told = beginning.group()
    if beginning.group(1):
        return f"{told[:-1]}'{told[-1]}"
    return f"'{told}" if beginning.start() == 0 and told[:1] in _BLANKS else told


def _cut(text: str, longest: int) -> str:
    units = text.encode("utf-16-le")
    if len(units) <= 2 * longest:
        return text
    return units[: 2 * (longest - 1)].decode("utf-16-le", "ignore") + _ELLIPSIS

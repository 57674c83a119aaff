"""Reading a `.env` file: NAME=value, quotes, comments, `export`, values of several lines."""

import re

NAME = r"[ \t]*(?:export[ \t]+)?(?P<name>[A-Za-z_][A-Za-z0-9_]*)[ \t]*=[ \t]*"
VALUE = r"""(?:'(?P<literal>[^']*)'|"(?P<quoted>(?:\\.|[^"\\])*)"|(?P<plain>[^\r\n]*?))"""
COMMENT = r"[ \t]*(?:(?<=[\s'\"=])#[^\n]*)?(?:\r?\n|\Z)"

ENTRY = re.compile(NAME + VALUE + COMMENT, re.DOTALL)
NOTHING = re.compile(r"[ \t]*(?:#[^\n]*)?(?:\r?\n|\Z)")
ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}


def parse(text: str) -> tuple[dict[str, str], list[str]]:
    """(values, complaints): a line that says nothing is named by number, never by content."""
    values: dict[str, str] = {}
    complaints: list[str] = []
    text, at = text.removeprefix("\ufeff"), 0
    while at < len(text):
        found = ENTRY.match(text, at)
        if found and (found["plain"] or "").startswith(("'", '"')):
            complaints.append(f".env line {_line(text, at)}: the quotes do not match.")
        elif found:
            values[found["name"]] = _value(found)
        elif not (found := NOTHING.match(text, at)):
            complaints.append(f".env line {_line(text, at)} is not NAME=value.")
        at = found.end() if found else _next_line(text, at)
    return values, complaints


def _value(entry: re.Match[str]) -> str:
    if entry["quoted"] is not None:
        return re.sub(r"\\(.)", lambda m: ESCAPES.get(m[1], m[1]), entry["quoted"], flags=re.DOTALL)
    return entry["literal"] if entry["literal"] is not None else entry["plain"].strip()


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1


def _next_line(text: str, at: int) -> int:
    return (text.find("\n", at) + 1) or len(text)

"""What Google's discovery documents promise, reduced to names and types in google_types.txt."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_LINES = Path(__file__).with_name("google_types.txt").read_text().splitlines()
TYPES: dict[str, dict[str, str]] = {
    name: dict(field.split("=", 1) for field in fields.split())
    for name, fields in (line.split(":", 1) for line in _LINES if not line.startswith("#"))
}
_PLAIN = {
    "str": str,
    "int": int,
    "num": (int, float),
    "bool": bool,
    "any": object,
}


def complaints(answer: Any, kind: str, place: str = "") -> Iterator[str]:
    """Everything in an answer that the contract does not know or types otherwise."""
    if kind.startswith("["):
        if not isinstance(answer, list):
            yield f"{place}: no list"
            return
        for at, item in enumerate(answer):
            yield from complaints(item, kind[1:-1], f"{place}[{at}]")
    elif kind in TYPES:
        yield from _object(answer, kind, place)
    elif not _fits(answer, kind):
        yield f"{place}: {answer!r} is no {kind}"


def _object(answer: Any, kind: str, place: str) -> Iterator[str]:
    if not isinstance(answer, dict):
        yield f"{place}: no {kind}"
        return
    for name, value in answer.items():
        if name not in TYPES[kind]:
            yield f"{place}.{name}: unknown in {kind}"
        else:
            yield from complaints(value, TYPES[kind][name], f"{place}.{name}")


def _fits(answer: Any, kind: str) -> bool:
    if kind.startswith("{"):
        return isinstance(answer, dict)
    if kind in _PLAIN:
        wanted = isinstance(answer, _PLAIN[kind])  # type: ignore[arg-type]
        return wanted and (kind in ("bool", "any") or not isinstance(answer, bool))
    return re.fullmatch(kind, str(answer)) is not None

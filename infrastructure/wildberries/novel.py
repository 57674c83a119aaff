"""Finds what an answer says beyond its description, at a cost that a hundred thousand rows do not
show: a short answer is looked at whole, of a long one its frame and a few of its rows.

So what stands in one row of very many may be missed; what Wildberries adds stands in all.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

import msgspec

from domain.novelty import Kind, Novelty, masked, spoken
from infrastructure.wildberries.documented import DOCUMENTED, Answer
from infrastructure.wildberries.limits import Call

SHORT = 16_384
"""Bytes of an answer that is looked at whole."""
SAMPLES = 4
"""Rows of a long one, from all over it."""
LONGEST_ROW = 32_768
"""Bytes in which a row has to end."""
_ROW = json.JSONDecoder()

Body = bytes | bytearray


def novelties(call: Call, body: Body) -> list[Novelty]:
    """What is new in a good answer; nothing for a call that has no description."""
    answer = DOCUMENTED.get(call.name)
    if answer is None:
        return []
    found: dict[tuple[str, str], Novelty] = {}
    with suppress(msgspec.MsgspecError, ValueError, RecursionError):
        for at, value in _parts(body, answer):
            for each in _walked(call.endpoint, answer, at, value):
                found.setdefault((each.path, each.thing), each)
    return list(found.values())


def new_value(call: Call, path: str, value: object) -> Novelty:
    """A word that the description does not have."""
    return Novelty(
        endpoint=call.endpoint, path=path, kind=Kind.VALUE, thing=spoken(value), example=""
    )


def new_place(call: Call, path: str, name: str) -> Novelty:
    """A name among warehouses that may be none."""
    return Novelty(endpoint=call.endpoint, path=path, kind=Kind.PLACE, thing=name, example="")


def _parts(body: Body, answer: Answer) -> Iterator[tuple[str, Any]]:
    """Pieces of the answer, with where they stand."""
    if len(body) <= SHORT or not answer.rows:
        yield "", msgspec.json.decode(body)
        return
    first = body.index(b"[") + 1
    with suppress(msgspec.MsgspecError):  # a list may stand behind the rows, too
        yield "", msgspec.json.decode(body[:first] + body[body.rindex(b"]") :])
    row = _row(body, body.index(b"{", first))
    yield answer.rows, row
    begins = b'{"%s"' % next(iter(row), "").encode()
    for n in range(1, SAMPLES):
        at = body.find(begins, len(body) * n // SAMPLES)
        if at >= 0:
            yield answer.rows, _row(body, at)


def _row(body: Body, at: int) -> dict[str, Any]:
    """The object that begins there. Raises ValueError."""
    text = bytes(body[at : at + LONGEST_ROW]).decode("utf-8", "ignore")
    row: dict[str, Any] = _ROW.raw_decode(text)[0]
    return row


def _walked(endpoint: str, answer: Answer, at: str, value: object) -> Iterator[Novelty]:
    """Of an unknown field the topmost; nothing below it has a description."""
    match value:
        case Mapping():
            for name, each in value.items():
                path = f"{at}.{name}".removeprefix(".")
                if path in answer.fields:
                    yield from _walked(endpoint, answer, path, each)
                else:
                    yield Novelty(
                        endpoint=endpoint,
                        path=at,
                        kind=Kind.FIELD,
                        thing=spoken(name),
                        example=masked(each),
                    )
        case list():
            for each in value:
                yield from _walked(endpoint, answer, f"{at}[]", each)
        case str() | int() if not isinstance(value, bool):
            known = (answer.values or {}).get(at)
            if known is not None and value not in known:
                yield Novelty(
                    endpoint=endpoint, path=at, kind=Kind.VALUE, thing=spoken(value), example=""
                )
        case _:
            return

"""What a marketplace says that its description did not promise: let through, and noted once."""

import json
import re
from collections.abc import Mapping, Sequence
from enum import StrEnum

from domain.fact import fact

LONGEST = 100
"""Letters of what is kept of an example, and of a thing."""
_LETTER, _DIGIT = re.compile(r"[^\W\d_]"), re.compile(r"\d")
_FIELD = re.compile(r"[A-Za-z_]{1,40}")
_NUMBER = re.compile(r"\d{4}")


class Kind(StrEnum):
    """What it is that nobody has heard of."""

    FIELD = "field"
    VALUE = "value"
    PLACE = "place"


@fact
class Novelty:
    """At `path` of the answers of `endpoint` (`[].warehouseType`): a field of a new name, with a
    masked example; or a new value or place, which is `thing`."""

    endpoint: str
    path: str
    kind: Kind
    thing: str
    example: str


def masked(value: object) -> str:
    """The shape of a value and nothing of what it says: letters are x and figures are 0, for an
    unknown field may hold a person's name or number."""
    text = json.dumps(shape(value), ensure_ascii=False)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def spoken(value: object) -> str:
    """A word of a vocabulary as it is; what is long or numbered like a person's thing is masked."""
    text = str(value)
    return masked(text) if len(text) > LONGEST or _NUMBER.search(text) else text


def shape(value: object) -> object:
    """The same without what it says, five fields of it and the first of many."""
    match value:
        case str():
            return _LETTER.sub("x", _DIGIT.sub("0", value[:LONGEST]))
        case bool() | None:
            return value
        case int() | float():
            return 0
        case Mapping():
            return {_name(str(name)): shape(each) for name, each in list(value.items())[:5]}
        case Sequence():
            return [shape(each) for each in value[:1]]
        case _:
            return type(value).__name__


def _name(name: str) -> object:
    """Of a field below: as it is, unless it is no name that a programmer gives."""
    return name if _FIELD.fullmatch(name) else shape(name)

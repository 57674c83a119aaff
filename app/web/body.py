"""Reading a request's JSON: everything that is wrong with it, in words, at once.

Litestar by itself reads JSON under any content type, converts loosely and stops at the first error.
"""

import re
from collections.abc import Iterator
from inspect import isclass
from typing import Any

import msgspec
from litestar import Request

from domain.errors import Invalid, Refused

WORDS = {
    "str": "a text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "null",
    "uuid": "an id (UUID)",
    "datetime": "a time (RFC 3339)",
}


class NotJson(Refused):
    """The body is not valid JSON."""


class WrongMediaType(Refused):
    """Send the body as JSON, with the header `Content-Type: application/json`."""


class WrongBody(Invalid):
    """The body is not what is expected here."""


class JsonRequest(Request[Any, Any, Any]):
    """Litestar's request, strict about the bodies of our handlers."""

    async def json(self) -> object:
        """Raises WrongMediaType, NotJson or WrongBody."""
        field = self.route_handler.parsed_data_field
        if field is None:
            return await super().json()
        media_type = self.content_type[0]
        if media_type != "application/json" and not media_type.endswith("+json"):
            raise WrongMediaType
        found = _decoded(await self.body())
        expected = field.annotation
        ours = isclass(expected) and issubclass(expected, msgspec.Struct)
        if ours and (wrong := list(problems(expected, found))):
            raise WrongBody.together(wrong)
        return found


def _decoded(body: bytes) -> object:
    try:
        return msgspec.json.decode(body)
    except RecursionError as deep:
        raise NotJson("The body is nested too deeply.") from deep
    except UnicodeDecodeError as wrong:
        raise NotJson("The body is not valid JSON: it is not UTF-8.") from wrong
    except msgspec.DecodeError as wrong:
        raise NotJson(f"The body is not valid JSON: {wrong}.") from wrong


def problems(expected: type[msgspec.Struct], found: object) -> Iterator[tuple[str, str]]:
    """(field, sentence) for each thing that is wrong with the body."""
    if not isinstance(found, dict):
        yield "", "The body must be a JSON object."
        return
    fields = {field.encode_name: field for field in msgspec.structs.fields(expected)}
    for name, field in fields.items():
        if name in found:
            try:
                msgspec.convert(found[name], field.type)
            except msgspec.ValidationError as wrong:
                yield name, f"`{name}` {_sentence(str(wrong))}"
        elif field.required:
            yield name, f"`{name}` is missing."
    names = ", ".join(fields)
    for name in [name for name in found if name not in fields][:5]:
        shown = "".join(each for each in name if each.isprintable())[:40]
        yield shown, f"`{shown}` is not known here. Known are: {names}."


def _sentence(said: str) -> str:
    """msgspec's message in a person's words: Expected `str`, got `int`."""
    if types := re.match(r"Expected `([^`]+)`, got `([^`]+)`", said):
        expected = " or ".join(WORDS.get(each, each) for each in types[1].split(" | "))
        return f"must be {expected}, not {WORDS.get(types[2], types[2])}."
    return f"is not right: {said.partition(' - at ')[0].replace('`', '')}."

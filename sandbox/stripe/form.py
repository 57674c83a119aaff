"""Stripe's form encoding: nested names in brackets, and what their texts mean."""

import re
from collections.abc import Collection, Iterable
from typing import Any

from sandbox.stripe.errors import Json, needed, unknown, wrong

MOST = 99_999_999_999
"""For a moment it is the year 5138."""
MOST_PIECES = 999_999
_PART = re.compile(r"[^\[\]]+|(?<=\[)(?=\])")


def parsed(pairs: Iterable[tuple[str, str]]) -> Json:
    """`items[0][price]=x` as {"items": [{"price": "x"}]}; texts stay texts."""
    root: Json = {}
    for name, value in pairs:
        parts = _PART.findall(name)
        if not parts:
            raise wrong(name, "A parameter has no name.")
        place = root
        for part in parts[:-1]:
            held = place.setdefault(part, {})
            if not isinstance(held, dict):
                raise wrong(name, f"Invalid parameter: {name}")
            place = held
        place[parts[-1] or str(len(place))] = value
    return {name: _listed(value, name) for name, value in root.items()}


def _listed(value: Any, name: str) -> Any:  # noqa: ANN401 -- whatever a form can hold
    if not isinstance(value, dict):
        return value
    inner = {key: _listed(each, key) for key, each in value.items()}
    if name != "metadata" and inner and all(key.isdecimal() for key in inner):
        return [inner[key] for key in sorted(inner, key=int)]
    return inner


class Form:
    """Parameters by name. Absent is None; an empty text unsets, as Stripe has it."""

    def __init__(self, values: Json, prefix: str = "") -> None:
        self.values = values
        self.prefix = prefix

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def named(self, name: str) -> str:
        """The whole name of a parameter, as errors tell it."""
        return f"{self.prefix}[{name}]" if self.prefix else name

    def only(self, known: Collection[str]) -> "Form":
        """Itself; an error names the first parameter that is none of these."""
        for name in self.values:
            if name not in known:
                raise unknown(self.named(name))
        return self

    def text(self, name: str) -> str | None:
        value = self.values.get(name)
        if value is not None and not isinstance(value, str):
            raise wrong(self.named(name), f"Invalid string: {name}")
        return value

    def needs(self, name: str) -> str:
        value = self.text(name)
        if not value:
            raise needed(self.named(name))
        return value

    def whole(self, name: str, most: int = MOST, least: int = 0) -> int | None:
        value = self.text(name)
        if not value:
            return None
        if not re.fullmatch(r"-?[0-9]{1,11}", value) or not least <= int(value) <= most:
            said = f"Invalid integer: {value}; it must be between {least} and {most}."
            raise wrong(self.named(name), said)
        return int(value)

    def flag(self, name: str) -> bool | None:
        value = self.text(name)
        if not value:
            return None
        if value not in ("true", "false"):
            raise wrong(self.named(name), f"Invalid boolean: {value}")
        return value == "true"

    def choice(self, name: str, choices: Collection[str]) -> str | None:
        value = self.text(name)
        if value and value not in choices:
            listed = ", ".join(choices)
            raise wrong(self.named(name), f"Invalid {name}: must be one of {listed}")
        return value or None

    def part(self, name: str) -> "Form":
        """A nested form; empty when it was not sent."""
        value = self.values.get(name)
        return Form(value if isinstance(value, dict) else {}, self.named(name))

    def parts(self, name: str) -> list["Form"]:
        value = self.values.get(name)
        many = value if isinstance(value, list) else []
        return [Form(each, f"{self.named(name)}[{at}]") for at, each in enumerate(many)]

    def texts(self, name: str) -> list[str]:
        """A list of texts; empty when it was not sent."""
        value = self.values.get(name) or []
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise wrong(self.named(name), f"Invalid array: {name}")
        return value

    def metadata(self, before: Json) -> Json:
        """What was there with what was sent: an empty text takes a key away."""
        if self.values.get("metadata") == "":
            return {}
        merged = {**before, **self.part("metadata").values}
        return {key: value for key, value in merged.items() if value != ""}

"""Field masks, because the API sends and changes exactly what `fields` names and nothing else."""

from functools import lru_cache
from typing import Final

from sandbox.google.errors import Json, invalid


class Mask:
    """A tree of wanted field names; without names it wants everything below it.

    Never changed once made: the parsed masks and EVERYTHING are shared by all calls.
    """

    __slots__ = ("fields",)

    def __init__(self, fields: dict[str, "Mask"] | None = None) -> None:
        self.fields: dict[str, Mask] = fields if fields is not None else {}

    def __contains__(self, name: str) -> bool:
        return not self.fields or name in self.fields

    def under(self, name: str) -> "Mask":
        return self.fields.get(name, EVERYTHING)

    def keep(self, answer: Json) -> Json:
        """The part of an answer that the mask names."""
        if not self.fields:
            return answer
        return {name: self._inner(name, answer[name]) for name in answer if name in self.fields}

    def _inner(self, name: str, value: object) -> object:
        below = self.fields[name]
        if isinstance(value, dict):
            return below.keep(value)
        if isinstance(value, list) and below.fields:
            return [below.keep(item) for item in value]
        return value

    def paths(self) -> tuple[tuple[str, ...], ...]:
        """Every leaf of the tree as a path of names."""
        if not self.fields:
            return ((),)
        inner = ((name, below.paths()) for name, below in self.fields.items())
        return tuple((name, *path) for name, paths in inner for path in paths)


EVERYTHING: Final = Mask()


@lru_cache(maxsize=256)
def parse_mask(text: str) -> Mask:
    """The mask of `a,b(c,d.e)`; `*` and an empty text want everything; 400 if unbalanced."""
    mask, rest = _siblings(text.replace("/", ".").replace(" ", ""))
    if rest:
        raise _bad(text)
    return mask


def _siblings(text: str) -> tuple[Mask, str]:
    mask: Mask | None = None
    while text and text[0] != ")":
        path, text = _path(text)
        below, text = _below(text)
        mask = _united(mask, _branch(path, below))
        text = text.removeprefix(",")
    return mask or EVERYTHING, text


def _path(text: str) -> tuple[list[str], str]:
    end = next((at for at, letter in enumerate(text) if letter in ",()"), len(text))
    path = text[:end].split(".")
    if not all(path):
        raise _bad(text)
    return path, text[end:]


def _below(text: str) -> tuple[Mask, str]:
    if not text.startswith("("):
        return EVERYTHING, text
    mask, rest = _siblings(text[1:])
    if not rest.startswith(")"):
        raise _bad(text)
    return mask, rest[1:]


def _branch(path: list[str], below: Mask) -> Mask:
    for name in reversed(path):
        below = EVERYTHING if name == "*" else Mask({name: below})
    return below


def _united(one: Mask | None, other: Mask) -> Mask:
    if one is None:
        return other
    if not one.fields or not other.fields:
        return EVERYTHING
    names = {**one.fields, **other.fields}
    both = one.fields.keys() & other.fields.keys()
    return Mask(
        {n: _united(one.fields[n], other.fields[n]) if n in both else names[n] for n in names}
    )


def _bad(text: str) -> Exception:
    return invalid(f"Invalid field mask: could not parse {text!r}.")

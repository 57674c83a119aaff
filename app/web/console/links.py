"""Addresses within the console: of the page that is shown with one choice changed, and whether one
is ours at all."""

from collections.abc import Callable, Mapping
from typing import TypeAlias
from urllib.parse import urlencode

Link: TypeAlias = Callable[..., str]
"""`link(sort="stock")`: the same page with this choice; an empty one is left out."""


def links(path: str, chosen: Mapping[str, object]) -> Link:
    """`chosen` stays as it is, but for what a link changes."""

    def link(**changed: object) -> str:
        told = {name: str(one) for name, one in {**chosen, **changed}.items() if one}
        return f"{path}?{urlencode(told)}" if told else path

    return link


def local(path: str) -> str:
    """A path of ours, or the first page: nobody sends her elsewhere by a link to us."""
    ours = path.startswith("/") and not path.startswith(("//", "/\\"))
    return path if ours and path.isprintable() and path.isascii() else "/"

"""`make words`: brings the Russian catalogue up to date with the code, sorted, so that it merges.

What is said: `{% trans %}` and `gettext` of templates; `_`, `say`, `translated` and `counted` of
Python; and the sentence of every refusal, for each may end on a page.
"""

import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.pofile import write_po

from app.errors import SENTENCES
from app.web.languages import PO, catalogue
from domain.errors import Conflict, Refused

APP = Path(__file__).parents[2]
WIDTH = 100
FEATURES = ("accounts", "audit", "billing", "runs", "stock")
SPEAKERS = ("domain", "app.errors", "app.web.console", *(f"app.{each}" for each in FEATURES))
"""Whose refusals a page can show; all others are of the API, or of commands."""
TEMPLATES = "jinja2.ext:babel_extract"
KEYWORDS: dict[str, Any] = {
    **DEFAULT_KEYWORDS,
    "say": None,
    "translated": None,
    "counted": (1, 2),
}
OPTIONS = {"trimmed": "true", "newstyle_gettext": "true"}


def messages() -> Catalog:
    """All that the console may say, untranslated."""
    found = Catalog(locale="ru")
    for path in sorted(APP.rglob("*.py")):
        with path.open("rb") as file:
            for _, message, _, _ in extract("python", file, KEYWORDS):
                found.add(message)
    for path in sorted(APP.rglob("templates/*.html")):
        with path.open("rb") as file:
            for _, message, _, _ in extract(TEMPLATES, file, KEYWORDS, options=OPTIONS):
                found.add(message)
    _import_all()
    for sentence in {*_sentences(Refused), *_sentences(Conflict), *SENTENCES.values()}:
        found.add(sentence)
    return found


def update() -> int:
    """Write the file anew: new messages without a translation, old ones gone. How many lack one."""
    known, made = catalogue(), messages()
    for message in made:
        before = known.get(message.id) if message.id else None
        if before is not None:
            message.string = before.string
    with PO.open("wb") as file:
        write_po(file, made, width=WIDTH, no_location=True, omit_header=True, sort_output=True)
    return len(missing(made))


def missing(made: Catalog) -> list[str]:
    """The messages without a Russian word."""
    forms = ((each.id, each.string) for each in made if each.id)
    return [
        str(said)
        for said, told in forms
        if not (all(told) if isinstance(told, list | tuple) else told)
    ]


def _import_all() -> None:
    """A refusal is known once its module is, and must not depend on who was imported before."""
    for name in ("domain", *(f"app.{each}" for each in FEATURES)):
        package = import_module(name)
        for found in walk_packages(package.__path__, f"{name}."):
            import_module(found.name)


def _sentences(kind: type[Exception]) -> Iterator[str]:
    if kind.__doc__ and f"{kind.__module__}.".startswith(tuple(f"{one}." for one in SPEAKERS)):
        yield " ".join(kind.__doc__.split("\n    "))
    for each in kind.__subclasses__():
        yield from _sentences(each)


if __name__ == "__main__":
    print(f"{update()} messages have no Russian yet")  # noqa: T201 - it is a command
    sys.exit(0)

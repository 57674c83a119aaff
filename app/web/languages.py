"""Russian and English: which one a visitor reads, and what a message is in it.

English is what stands in the code; the other is the catalogue of the console, where most is said,
read once at the start.
"""

import re
from collections.abc import Mapping
from gettext import NullTranslations
from io import BytesIO
from pathlib import Path
from types import MappingProxyType

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

from domain.both import both

LANGUAGES = ("ru", "en")
PO = Path(__file__).parent / "console" / "locale" / "ru.po"

_BREAK = re.compile(r"\s*\n\s*")
_RANGE = re.compile(r"\s*([A-Za-z*]{1,8})[^,;]*(?:;\s*q=([0-9.]{1,5}))?[^,]*")


def catalogue() -> Catalog:
    """The Russian one as it stands in the file."""
    with PO.open("rb") as file:
        return read_po(file, locale="ru", charset="utf-8")


def _read() -> NullTranslations:
    """As gettext wants it: the binary form, which is not kept in a file."""
    binary = BytesIO()
    write_mo(binary, catalogue())
    binary.seek(0)
    return Translations(binary)


_CATALOGUES: Mapping[str, NullTranslations] = MappingProxyType(
    {"ru": _read(), "en": NullTranslations()}
)


def translated(message: str, language: str) -> str:
    """In this language; as it is, where the catalogue has nothing. A sentence that says the same
    in both languages, as neighbours' refusals do, gives the half that is asked for."""
    message = _BREAK.sub(" ", message)
    found = _CATALOGUES[language].gettext(message) if message else message
    kept = both(found)
    return kept.sentence(language) if kept else found


def counted(one: str, many: str, number: int, language: str) -> str:
    """The form that goes with the number."""
    return _CATALOGUES[language].ngettext(one, many, number)


def preferred(accepted: str) -> str:
    """The better of ours by an Accept-Language header (RFC 9110, 12.5.4); Russian if it says
    nothing, for so do the sellers."""
    if not accepted.strip():
        return "ru"
    named = (_RANGE.fullmatch(each) for each in accepted[:200].split(","))
    weighed = [(each[1].lower(), _weight(each[2])) for each in named if each]
    ours = [(name, weight) for name, weight in weighed if name in LANGUAGES and weight > 0]
    return max(ours, key=lambda each: each[1])[0] if ours else "en"


def _weight(quality: str | None) -> float:
    try:
        return float(quality) if quality else 1.0
    except ValueError:
        return 0.0

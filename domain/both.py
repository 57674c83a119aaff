"""A sentence in Russian and English at once: kept where nobody knows yet who will read it.

What a neighbour refuses is written down by a worker and read by a seller, the staff and programs,
each in a language of their own. As text it is `Russian / English`; whoever shows it tells one half.
"""

import re
from collections.abc import Iterable

from domain.fact import fact

_TEXT = re.compile(r"(.*[А-Яа-яЁё].*?) / ([A-Za-z].*)", re.DOTALL)
_ENDS = (".", "!", "?", "…")


@fact
class Both:
    """The same twice. As a value of a sentence it may be no sentence itself."""

    ru: str
    en: str

    def __str__(self) -> str:
        """As it is kept."""
        return f"{_within(self.ru).rstrip('.')} / {_within(self.en)}"

    def told(self, language: str) -> str:
        """As it is: Russian for a language that we do not speak."""
        return self.en if language == "en" else self.ru

    def sentence(self, language: str) -> str:
        """With a capital and a full stop."""
        text = self.told(language).strip()
        return text[:1].upper() + text[1:] + ("" if text.endswith(_ENDS) else ".")


def both(text: str) -> Both | None:
    """What was kept as one; None for a text in one language."""
    found = _TEXT.fullmatch(text) if " / " in text else None
    return Both(ru=found[1], en=found[2]) if found else None


def together(texts: Iterable[str]) -> str:
    """Several sentences as one text, each language on its own."""
    kept = [both(text) or Both(ru=text, en=text) for text in texts]
    ru, en = (" ".join(each.sentence(language) for each in kept) for language in ("ru", "en"))
    return ru if ru == en else str(Both(ru=ru, en=en))


def half(value: object, language: str) -> object:
    """Of a value that is Both, what it is in this language; any other one as it is."""
    return value.told(language) if isinstance(value, Both) else value


def _within(text: str) -> str:
    """What a neighbour said must not look like the place where the languages meet."""
    return text.replace(" / ", "/")

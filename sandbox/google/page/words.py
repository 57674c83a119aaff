"""The page's few words in both languages; the file's locale chooses."""

from sandbox.google.page.english import ENGLISH
from sandbox.google.page.russian import RUSSIAN


def words(locale: str) -> dict[str, str]:
    """The texts for a file of this locale."""
    return RUSSIAN if locale.startswith("ru") else ENGLISH

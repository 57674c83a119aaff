"""Which spreadsheet a person means by what she pasted."""

import re

from domain.errors import Invalid

_LINK = re.compile(r"/spreadsheets/(?:u/\d+/)?d/([A-Za-z0-9_-]+)")
_KEY = re.compile(r"[?&]key=([A-Za-z0-9_-]+)")
_BARE = re.compile(r"[A-Za-z0-9_-]{20,}")


def spreadsheet_id(text: str, field: str = "spreadsheet") -> str:
    """The id in a link, in whatever form the browser shows it, or a bare id.

    Raises Invalid, naming `field`.
    """
    trimmed = text.strip().strip("<>\"'«»")
    found = _LINK.search(trimmed) or _KEY.search(trimmed)
    if found:
        return found[1]
    if _BARE.fullmatch(trimmed):
        return trimmed
    raise Invalid(
        "Это не ссылка на Google Таблицу. Откройте таблицу и скопируйте адрес из строки браузера, "
        "например https://docs.google.com/spreadsheets/d/1AbC…/edit / "
        "Not a link to a Google Sheet: copy it from the browser's address bar.",
        field=field,
    )

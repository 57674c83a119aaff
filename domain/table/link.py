"""Which spreadsheet a person means by what she pasted."""

import re
from urllib.parse import SplitResult, parse_qs, urlsplit

from domain.errors import Invalid

SHEET = "https://docs.google.com/spreadsheets/d/{}/edit"
"""Where the spreadsheet with this id opens."""

_SHEETS = "docs.google.com"
_DRIVE = "drive.google.com"
_ID = re.compile(r"[A-Za-z0-9_-]+")
_BARE = re.compile(r"[A-Za-z0-9_-]{20,}")
_PATH = re.compile(r"(?:/a/[^/]+)?/spreadsheets/(?:u/\d+/)?d/(?!e/)([A-Za-z0-9_-]+)(?:/.*)?")
_PUBLISHED = re.compile(r"(?:/a/[^/]+)?/spreadsheets/(?:u/\d+/)?d/e/.*")
_IN_QUERY: dict[tuple[str | None, str], str] = {
    (_SHEETS, "/spreadsheet/ccc"): "key",
    (_SHEETS, "/open"): "id",
    (_DRIVE, "/open"): "id",
}
"""Pages that lead to a file, and where they name it."""

_COPY = (
    "Откройте таблицу и скопируйте адрес из строки браузера, "
    "например https://docs.google.com/spreadsheets/d/1AbC…/edit / "
)
_COPY_EN = "open the sheet and copy its link from the browser's address bar."
_OTHER = f"Это не ссылка на Google Таблицу. {_COPY}Not a link to a Google Sheet: {_COPY_EN}"
_WEB_PAGE = (
    "Это ссылка на опубликованную веб-страницу: по ней таблицу можно только смотреть. "
    f"{_COPY}This is a page published to the web, which nobody can write to: {_COPY_EN}"
)
_FILE = f"Это ссылка Google Диска, а не таблицы. {_COPY}This is a link of Google Drive: {_COPY_EN}"


def spreadsheet_id(text: str, field: str = "spreadsheet") -> str:
    """The id in a link, in whatever form the browser shows it, or a bare id.

    Raises Invalid, naming `field`.
    """
    trimmed = text.strip().strip("<>\"'«»")
    if _BARE.fullmatch(trimmed):
        if trimmed.startswith("2PACX"):
            raise Invalid(_WEB_PAGE, field=field)
        return trimmed
    link = _link(trimmed)
    found = _id_in(link)
    if found is None:
        raise Invalid(_why(link), field=field)
    return found


def _link(text: str) -> SplitResult:
    """The host decides, so it is read as a browser would: `https://` may be left out."""
    try:
        return urlsplit(text if "://" in text else f"https://{text}")
    except ValueError:
        return urlsplit("")


def _id_in(link: SplitResult) -> str | None:
    found = _PATH.fullmatch(link.path) if link.hostname == _SHEETS else None
    if found:
        return found[1]
    page = (link.hostname, link.path)
    named = parse_qs(link.query).get(_IN_QUERY[page], ()) if page in _IN_QUERY else ()
    return next((value for value in named if _ID.fullmatch(value)), None)


def _why(link: SplitResult) -> str:
    if link.hostname == _DRIVE:
        return _FILE
    published = link.hostname == _SHEETS and _PUBLISHED.fullmatch(link.path)
    return _WEB_PAGE if published else _OTHER

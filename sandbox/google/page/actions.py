"""What a person's form means for her sheet."""

from collections.abc import Callable, Mapping
from typing import Final

from sandbox.google.errors import Refusal, invalid
from sandbox.google.files import File
from sandbox.google.model.sheet import Sheet
from sandbox.google.model.spans import column_index, parse_a1
from sandbox.google.page.words import words
from sandbox.google.person import Tab

Form = Mapping[str, str]


def act(file: File, form: Form) -> None:
    """Do what the form says; a Refusal with a sentence for her if it cannot be done."""
    sheet = shown_sheet(file, form.get("tab"))
    action = _ACTIONS.get(form.get("act", ""))
    if action is None:
        raise invalid("Unknown action.")
    action(Tab(file, sheet.title), form)


def shown_sheet(file: File, wanted: str | None) -> Sheet:
    """The tab of that id, or the first one."""
    found = file.book.find(int(wanted)) if wanted and wanted.isdigit() else None
    return found or file.book.sheets[0]


def _edit(tab: Tab, form: Form) -> None:
    name = form.get("at", "")
    span = parse_a1(name.strip())
    whole = tab.sheet.whole
    if span is None or span.cells() != 1 or not whole.covers(span):
        raise _sorry(tab, "bad_cell", name=name)
    tab.edit(span.top, span.left, form.get("text", ""))


def _column(tab: Tab, form: Form) -> int:
    name = form.get("column", "")
    column = column_index(name) if name.isascii() and name.isalpha() else -1
    if not 0 <= column < tab.sheet.columns:
        raise _sorry(tab, "bad_cell", name=name)
    return column


def _row(tab: Tab, form: Form) -> int:
    text = form.get("row", "")
    if not text.isdigit() or not 1 <= int(text) <= tab.sheet.height:
        raise _sorry(tab, "bad_row", last=tab.sheet.height)
    return int(text) - 1


def _share(tab: Tab, form: Form) -> None:
    address = form.get("address", "").strip()
    if "@" not in address.strip("@"):
        raise _sorry(tab, "bad_address")
    tab.file.share(address, "reader" if form.get("role") == "reader" else "writer")


def _unshare(tab: Tab, form: Form) -> None:
    if form.get("address", "").lower() != tab.file.owner:
        tab.file.unshare(form.get("address", ""))


def _sorry(tab: Tab, text: str, **parts: object) -> Refusal:
    return invalid(words(tab.file.book.locale)[text].format(**parts))


_ACTIONS: Final[dict[str, Callable[[Tab, Form], None]]] = {
    "edit": _edit,
    "sort_up": lambda tab, form: tab.sort(_column(tab, form)),
    "sort_down": lambda tab, form: tab.sort(_column(tab, form), descending=True),
    "insert_row": lambda tab, form: tab.insert_rows(_row(tab, form)),
    "delete_row": lambda tab, form: tab.delete_rows(_row(tab, form)),
    "insert_column": lambda tab, form: tab.insert_columns(_column(tab, form)),
    "delete_column": lambda tab, form: tab.delete_columns(_column(tab, form)),
    "rename": lambda tab, form: tab.rename(form.get("title", "").strip()),
    "share": _share,
    "unshare": _unshare,
}

"""One spreadsheet file: its tabs in order, its tags, its locale and time zone."""

from collections.abc import Callable, Iterator
from typing import Final

from sandbox.google.errors import invalid
from sandbox.google.model.locales import Locale, locale_of
from sandbox.google.model.rules import Named, Tag
from sandbox.google.model.sheet import WIDEST, Sheet

# "Files you can store in Google Drive" (Drive help): 10 million cells a file.
MOST_CELLS: Final = 10_000_000


class Book:
    """The state of a spreadsheet. A batch works on a copy and is adopted whole or not at all."""

    __slots__ = ("id", "last_id", "locale", "named", "owner", "sheets", "tags", "title", "zone")

    def __init__(self, book_id: str, title: str, owner: str) -> None:
        self.id = book_id
        self.title = title
        self.owner = owner
        self.locale = "en_US"
        self.zone = "Etc/GMT"
        self.last_id = 0
        self.sheets: list[Sheet] = []
        self.tags: dict[int, Tag] = {}
        self.named: dict[str, Named] = {}

    def copy(self) -> "Book":
        twin = Book(self.id, self.title, self.owner)
        twin.adopt(self)
        twin.sheets = [sheet.copy() for sheet in self.sheets]
        twin.tags = dict(self.tags)
        twin.named = dict(self.named)
        return twin

    def adopt(self, other: "Book") -> None:
        """Take over the whole state of another book, as one step."""
        for name in Book.__slots__:
            setattr(self, name, getattr(other, name))

    @property
    def rules(self) -> Locale:
        return locale_of(self.locale)

    def find(self, sheet_id: int) -> Sheet | None:
        return next((sheet for sheet in self.sheets if sheet.id == sheet_id), None)

    def sheet(self, sheet_id: int) -> Sheet:
        """The tab with this id; 400 in Google's words if there is none."""
        found = self.find(sheet_id)
        if found is None:
            raise invalid(f"No grid with id: {sheet_id}")
        return found

    def titled(self, title: str) -> Sheet | None:
        """The tab of this title, letter case ignored as Google does."""
        folded = title.casefold()
        return next((sheet for sheet in self.sheets if sheet.title.casefold() == folded), None)

    def new_id(self, taken: Callable[[int], object] = lambda _: False) -> int:
        """A number no tab, tag or protection of this file bears."""
        self.last_id += 1
        while taken(self.last_id):
            self.last_id += 1
        return self.last_id

    def tags_on(self, kind: str, sheet_id: int) -> Iterator[Tag]:
        return (t for t in self.tags.values() if t.kind == kind and t.sheet_id == sheet_id)

    def check_growth(self, height: int, columns: int, instead: Sheet | None = None) -> None:
        """400 if a tab of this size, in place of one or as a new one, breaks Google's limits."""
        if columns > WIDEST:
            raise invalid(
                "This action would increase the number of columns in the worksheet above the "
                f"limit of {WIDEST} columns."
            )
        others = sum(sheet.cells for sheet in self.sheets if sheet is not instead)
        if others + height * columns > MOST_CELLS:
            raise invalid(
                "This action would increase the number of cells in the workbook above the "
                f"limit of {MOST_CELLS} cells."
            )

"""What every request of a batch works with: the draft, who asks, and when."""

from dataclasses import dataclass
from datetime import datetime

from sandbox.google.errors import invalid
from sandbox.google.formulas.evaluate import Calculation
from sandbox.google.model.book import Book
from sandbox.google.model.entry import Typing
from sandbox.google.model.sheet import Sheet
from sandbox.google.model.spans import Span
from sandbox.google.wire.ranges import GridRange

PROTECTED = (
    "You are trying to edit a protected cell or object. Please contact the spreadsheet owner "
    "to remove protection if you need to edit."
)


@dataclass(slots=True)
class Change:
    """A draft of the file, thrown away whole if any request is refused."""

    book: Book
    who: str
    moment: datetime
    # Google does not say whether an empty field of pasted data clears its cell: both can be tried.
    blanks_clear: bool = True

    def calculation(self) -> Calculation:
        return Calculation(self.book, self.moment)

    def typing(self, sheet: Sheet) -> Typing:
        return Typing(self.book, sheet, self.moment.year)

    def target(self, wanted: GridRange) -> tuple[Sheet, Span]:
        """The tab and the bounded span that may be written; 400 beyond the grid or protected."""
        sheet = self.book.sheet(wanted.sheet_id)
        return sheet, self.writable(sheet, wanted.span())

    def writable(self, sheet: Sheet, span: Span) -> Span:
        """The span cut to the grid; 400 if it lies beyond it or is protected from the caller."""
        inside = sheet.demand(span)
        self.guard(sheet, inside)
        return inside

    def guard(self, sheet: Sheet, span: Span) -> None:
        if any(p.stops(span, self.who, self.book.owner) for p in sheet.protections):
            raise invalid(PROTECTED)

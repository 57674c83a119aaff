"""What each cell shows: formulas computed on demand and remembered for one reading."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sandbox.google.formulas.grammar import compiled
from sandbox.google.formulas.operands import Area, Fault, Operand, Place, scalar, truth
from sandbox.google.model.book import Book
from sandbox.google.model.sheet import Sheet
from sandbox.google.model.spans import Span
from sandbox.google.model.typed import EPOCH
from sandbox.google.model.values import Broken, Effective, Formula

_PENDING = Broken("REF", "Circular dependency detected.")


class Calculation:
    """One consistent look at a book at one moment; throw it away after the book changed."""

    def __init__(self, book: Book, moment: datetime) -> None:
        self.book = book
        self.comma = book.rules.decimal == ","
        self._now = serial(moment, book.zone)
        self._known: dict[tuple[int, int, int], Effective] = {}

    def value(self, sheet: Sheet, row: int, column: int) -> Effective:
        """The effective value of a cell."""
        held = sheet.cell(row, column)
        if not isinstance(held, Formula):
            return held
        key = (sheet.id, row, column)
        if key not in self._known:
            self._known[key] = _PENDING
            self._known[key] = self._computed(held.text, sheet)
        return self._known[key]

    def test(self, formula: str, sheet: Sheet, rows: int, columns: int) -> bool:
        """Whether a rule's formula holds that far from the first cell of its range."""
        try:
            return truth(compiled(formula, comma=self.comma)(Place(self, sheet, rows, columns)))
        except (Fault, IndexError, ValueError, TypeError, RecursionError, OverflowError):
            return False

    def area(self, title: str | None, own: Sheet, span: Span) -> Area:
        sheet = own if title is None else self.book.titled(title)
        if sheet is None or span.top < 0 or span.left < 0:
            raise Fault("REF", "Reference does not exist.")
        return Area(self, sheet, span)

    def now(self) -> float:
        return self._now

    def _computed(self, formula: str, sheet: Sheet) -> Effective:
        try:
            return _shown(compiled(formula, comma=self.comma)(Place(self, sheet)))
        except Fault as fault:
            return fault.value
        except (IndexError, ValueError, TypeError):
            return Broken("N_A", "Wrong number of arguments.")
        except (RecursionError, OverflowError):
            return Broken("NUM", "The formula is too deep or its number too large.")


def serial(moment: datetime, zone: str) -> float:
    """The serial day number of a moment in a time zone."""
    local = moment.astimezone(ZoneInfo(zone)).replace(tzinfo=UTC)
    start = datetime(EPOCH.year, EPOCH.month, EPOCH.day, tzinfo=UTC)
    return (local - start) / timedelta(days=1)


def _shown(result: Operand) -> Effective:
    value = scalar(result)
    return 0 if value is None else value

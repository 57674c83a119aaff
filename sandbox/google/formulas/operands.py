"""How a spreadsheet turns blanks, texts, dates and ranges into what an operator needs."""

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, TypeAlias

from sandbox.google.model.sheet import Sheet
from sandbox.google.model.spans import Span
from sandbox.google.model.values import Broken, Effective, number

Scalar: TypeAlias = bool | int | float | str | None


class Fault(Exception):
    """An error value on its way up through a formula."""

    def __init__(self, kind: str, message: str = "") -> None:
        super().__init__(message)
        self.value = Broken(kind, message)


class Reader(Protocol):
    """Where a formula looks for other cells and for the time."""

    def value(self, sheet: Sheet, row: int, column: int) -> Effective: ...

    def area(self, title: str | None, own: Sheet, span: Span) -> "Area": ...

    def now(self) -> float: ...


class Area:
    """A range of cells, read when somebody asks for them."""

    __slots__ = ("reader", "sheet", "span")

    def __init__(self, reader: Reader, sheet: Sheet, span: Span) -> None:
        self.reader = reader
        self.sheet = sheet
        self.span = span.within(sheet.height, sheet.columns)

    def cell(self, row: int, column: int) -> Effective:
        return self.reader.value(self.sheet, self.span.top + row, self.span.left + column)

    @property
    def size(self) -> tuple[int, int]:
        return self.span.bottom - self.span.top, self.span.right - self.span.left

    def __iter__(self) -> Iterator[Effective]:
        stored = min(self.span.bottom, len(self.sheet.rows))
        for row in range(self.span.top, stored):
            for column in range(self.span.left, self.span.right):
                yield self.reader.value(self.sheet, row, column)


Operand: TypeAlias = Scalar | Area


class Place:
    """Where a formula is evaluated: the reader, the tab and how far from where it was written."""

    __slots__ = ("columns", "reader", "rows", "sheet")

    def __init__(self, reader: Reader, sheet: Sheet, rows: int = 0, columns: int = 0) -> None:
        self.reader = reader
        self.sheet = sheet
        self.rows = rows
        self.columns = columns


Node: TypeAlias = Callable[[Place], Operand]


def scalar(value: Operand) -> Scalar:
    """A single value; a range of one cell is its value."""
    if not isinstance(value, Area):
        return value
    if value.size != (1, 1):
        raise Fault("VALUE", "An array value could not be found.")
    return sound(value.cell(0, 0))


def sound(value: Effective) -> Scalar:
    if isinstance(value, Broken):
        raise Fault(value.type, value.message)
    return value


def numeric(value: Operand) -> int | float:
    """The value as a number: blank is 0, TRUE is 1, a text of digits is its number."""
    plain = scalar(value)
    if isinstance(plain, str):
        return _number_in(plain)
    return int(plain) if isinstance(plain, bool) else plain or 0


def textual(value: Operand) -> str:
    plain = scalar(value)
    if isinstance(plain, bool):
        return str(plain).upper()
    return "" if plain is None else str(plain)


def truth(value: Operand) -> bool:
    plain = scalar(value)
    if isinstance(plain, str):
        if plain.upper() in ("TRUE", "FALSE"):
            return plain.upper() == "TRUE"
        raise Fault("VALUE", f"Expects boolean values, but '{plain}' is a text.")
    return bool(plain)


def numbers(places: Place, nodes: Sequence[Node]) -> Iterator[int | float]:
    """All numbers of the arguments; in ranges, texts, blanks and booleans do not count."""
    for node in nodes:
        value = node(places)
        if isinstance(value, Area):
            yield from (n for v in value if _is_number(n := sound(v)))  # type: ignore[misc]
        else:
            yield numeric(value)


def compared(left: Operand, right: Operand) -> int:
    """-1, 0 or 1; numbers stand before texts, texts before booleans, case is ignored."""
    one, two = _rank(left, right), _rank(right, left)
    return (one > two) - (one < two)


def _is_number(value: Scalar) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _number_in(text: str) -> int | float:
    try:
        return number(float(text.replace(",", ".")))
    except ValueError:
        raise Fault("VALUE", f"'{text}' is a text and cannot be coerced to a number.") from None


def _rank(value: Operand, other: Operand) -> tuple[int, str | float]:
    plain = scalar(value)
    if plain is None:
        plain = "" if isinstance(scalar(other), str) else 0
    if isinstance(plain, str):
        return 1, plain.casefold()
    return (2, plain) if isinstance(plain, bool) else (0, plain)

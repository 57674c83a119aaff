"""spreadsheets.values: plain tables of values, read and written."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any, NamedTuple, TypeAlias

from sandbox.google.changes.change import Change
from sandbox.google.errors import Json, invalid
from sandbox.google.formulas.evaluate import Calculation
from sandbox.google.model.axis import Block
from sandbox.google.model.entry import KEEP, Arrival, Keep, put_rows, type_rows
from sandbox.google.model.formats import read
from sandbox.google.model.sheet import Sheet
from sandbox.google.model.spans import OPEN, Span, a1
from sandbox.google.model.structure import insert, make_room
from sandbox.google.model.values import Broken, Entered, Formula, checked, number, shown_error
from sandbox.google.reading.filters import Area
from sandbox.google.reading.shown import shown_text
from sandbox.google.wire.bodies import Dates, Input, Shown
from sandbox.google.wire.ranges import Dimension


class Render(NamedTuple):
    """How values are asked for."""

    shown: Shown = "FORMATTED_VALUE"
    dates: Dates = "SERIAL_NUMBER"
    major: Dimension = "ROWS"


def value_range(area: Area, seen: Calculation, how: Render) -> Json:
    """A ValueRange; blanks at the end of rows and of the table are left out."""
    span = area.sheet.demand(area.span)
    table = list(_table(area.sheet, span, seen, how))
    if how.major == "COLUMNS":
        table = [list(column) for column in zip_longest(*table, fillvalue="")]
        table = [_trimmed(column) for column in table]
    while table and not table[-1]:
        table.pop()
    answer: Json = {"range": a1(span, area.sheet.title), "majorDimension": how.major}
    return {**answer, "values": table} if table else answer


Values: TypeAlias = Sequence[Sequence[Any]]


def update_values(change: Change, area: Area, table: tuple[Values, Dimension], how: Input) -> Json:
    """Write a table from the range's first cell; null leaves a cell, an empty text clears it."""
    rows = _rows(*table)
    height, width = len(rows), max(map(len, rows), default=0)
    target = _target(area, height, width)
    if target.cells():
        change.writable(area.sheet, target)
        _enter(change, area.sheet, target, rows, how)
    written = (
        target if target.cells() else target._replace(bottom=target.top + 1, right=target.left + 1)
    )
    cells = sum(value is not None for row in rows for value in row)
    answer = {"updatedRange": a1(written, area.sheet.title)}
    counts = {"updatedRows": height, "updatedColumns": width, "updatedCells": cells}
    return {**answer, **{name: count for name, count in counts.items() if count}}


def append_values(
    change: Change, area: Area, values: Values, how: Input, *, insert_rows: bool
) -> Json:
    """Write rows under the table found in the range."""
    sheet, span = area.sheet, area.span.within(area.sheet.height, area.sheet.columns)
    table = _table_span(sheet, span)
    top, left = (table.bottom, table.left) if table else (span.top, span.left)
    end = Span(top, top + len(values), left, left + max(map(len, values), default=0))
    if insert_rows and table and top < sheet.height:
        insert(change.book, sheet, Block("ROWS", end.top, end.bottom), top - 1)
    make_room(change.book, sheet, end)
    updates = update_values(change, Area(sheet, end), (values, "ROWS"), how)
    answer: Json = {"spreadsheetId": change.book.id}
    if table:
        answer["tableRange"] = a1(table, sheet.title)
    return {**answer, "updates": {"spreadsheetId": change.book.id, **updates}}


def clear_values(change: Change, area: Area) -> str:
    """Clear values only; the A1 name of what was cleared."""
    span = change.writable(area.sheet, area.span)
    blank = (None,) * (span.right - span.left)
    for row in range(span.top, min(span.bottom, len(area.sheet.rows))):
        area.sheet.write(row, span.left, blank)
    return a1(span, area.sheet.title)


def _table(sheet: Sheet, span: Span, seen: Calculation, how: Render) -> Iterator[list[Any]]:
    for row in range(span.top, min(span.bottom, len(sheet.rows))):
        end = min(span.right, len(sheet.row(row)))
        cells = (_value(sheet, row, column, seen, how) for column in range(span.left, end))
        yield _trimmed(list(cells))


def _value(sheet: Sheet, row: int, column: int, seen: Calculation, how: Render) -> Any:  # noqa: ANN401 - JSON
    held = sheet.cell(row, column)
    if how.shown == "FORMULA" and isinstance(held, Formula):
        return held.text
    value = seen.value(sheet, row, column)
    if how.shown == "FORMATTED_VALUE" or (how.dates == "FORMATTED_STRING" and _dated(value)):
        style = read(sheet.format(row, column))
        moment = str(style.get("numberFormat", {}).get("type", "")) in ("DATE", "TIME", "DATE_TIME")
        if how.shown == "FORMATTED_VALUE" or moment:
            return shown_text(value, style, seen.book.rules)
    if isinstance(value, Broken):
        return shown_error(value)
    return "" if value is None else value


def _dated(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _trimmed(values: list[Any]) -> list[Any]:
    while values and values[-1] == "":
        values.pop()
    return values


def _rows(values: Values, major: Dimension) -> list[list[Any]]:
    if major == "ROWS":
        return [list(row) for row in values]
    return [list(row) for row in zip_longest(*values)]


def _target(area: Area, height: int, width: int) -> Span:
    span = area.span
    target = Span(span.top, span.top + height, span.left, span.left + width)
    if span.cells() == 1 or span.covers(target):
        return target
    name = a1(span.within(OPEN - 1, OPEN - 1) if span.bottom < OPEN else span, area.sheet.title)
    if target.bottom > span.bottom:
        line = f"row [{span.bottom + 1}]"
    else:
        line = f"column [{span.right + 1}]"
    raise invalid(f"Requested writing within range [{name}], but tried writing to {line}")


def _enter(change: Change, sheet: Sheet, target: Span, rows: list[list[Any]], how: Input) -> None:
    if how == "USER_ENTERED":
        texts = [[_as_arrival(value) for value in row] for row in rows]
        type_rows(change.typing(sheet), target.top, target.left, texts)
    else:
        raw = [[_as_value(value) for value in row] for row in rows]
        put_rows(sheet, target.top, target.left, raw)


def _as_value(value: object) -> Entered | Keep:
    if value is None:
        return KEEP
    if isinstance(value, str):
        return checked(value) or None
    if isinstance(value, bool | int | float):
        return value if isinstance(value, bool) else number(value)
    raise invalid(f"Invalid values: list_value and struct_value are not allowed: {value}")


def _as_arrival(value: object) -> Arrival:
    if isinstance(value, str):
        return value
    plain = _as_value(value)
    return None if isinstance(plain, Formula) else plain


def _table_span(sheet: Sheet, span: Span) -> Span | None:
    filled = [
        (row, column)
        for row in range(span.top, min(span.bottom, len(sheet.rows)))
        for column, value in enumerate(sheet.row(row)[: span.right])
        if value is not None and column >= span.left
    ]
    if not filled:
        return None
    rows, columns = zip(*filled, strict=True)
    return Span(min(rows), max(rows) + 1, min(columns), max(columns) + 1)

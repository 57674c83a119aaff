"""Inserting, deleting and moving rows and columns, with all that hangs on them."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from sandbox.google.errors import Json, invalid
from sandbox.google.formulas.references import adjusted
from sandbox.google.model.axis import Axis, Block, Deletion, Edit, Insertion, Movement, moved_span
from sandbox.google.model.book import Book
from sandbox.google.model.formats import PLAIN, Format
from sandbox.google.model.rules import Named, Rule
from sandbox.google.model.runs import Runs
from sandbox.google.model.sheet import DEFAULT_SIZE, Sheet, Size
from sandbox.google.model.spans import Span
from sandbox.google.model.values import Entered, Formula, Row

T = TypeVar("T")


def insert(book: Book, sheet: Sheet, block: Block, heir: int | None = None) -> None:
    """Insert rows or columns where the block shall stand; they look like the line `heir`."""
    axis, at = block.axis, block.start
    _check_growth(book, sheet, axis, block.size)
    look = DEFAULT_SIZE[axis] if heir is None else sheet.sizes[axis].at(heir)
    sheet.sizes[axis] = sheet.sizes[axis].spliced(at, at, [(block.size, Size(look.pixels))])
    if axis == "ROWS":
        _insert_rows(sheet, at, block.size, heir)
    else:
        _insert_columns(sheet, at, block.size, heir)
    _follow(book, sheet, axis, Insertion(at, block.size))


def delete(book: Book, sheet: Sheet, block: Block) -> None:
    """Delete rows or columns with everything on them; 400 if only frozen ones would remain."""
    _check_deletion(sheet, block)
    axis, start, end = block
    sheet.sizes[axis] = sheet.sizes[axis].spliced(start, end, [])
    if axis == "ROWS":
        del sheet.rows[start:end]
        sheet.height -= block.size
        sheet.frozen_rows -= _overlap(block, sheet.frozen_rows)
        sheet.formats = _each_column(sheet.formats, lambda runs: runs.spliced(start, end, []))
    else:
        sheet.rows = [row[:start] + row[end:] for row in sheet.rows]
        sheet.columns -= block.size
        sheet.frozen_columns -= _overlap(block, sheet.frozen_columns)
        del sheet.formats[start:end]
    _follow(book, sheet, axis, Deletion(start, end))


def move(book: Book, sheet: Sheet, block: Block, to: int) -> None:
    """Move rows or columns before the index `to`, counted before the move."""
    axis, start, end = block
    if start <= to <= end:
        return
    sheet.sizes[axis] = sheet.sizes[axis].moved(start, end, to)
    if axis == "ROWS":
        sheet.rows.extend([()] * (sheet.height - len(sheet.rows)))
        sheet.rows = _moved(sheet.rows, block, to)
        sheet.formats = _each_column(sheet.formats, lambda runs: runs.moved(start, end, to))
    else:
        sheet.rows = [_moved_cells(row, sheet.columns, block, to) for row in sheet.rows]
        sheet.formats = _moved(sheet.formats, block, to)
    _follow(book, sheet, axis, Movement(start, end, to))


def append(book: Book, sheet: Sheet, axis: Axis, count: int) -> None:
    """Empty rows or columns at the end; nothing refers to them yet."""
    _check_growth(book, sheet, axis, count)
    end = sheet.length(axis)
    sheet.sizes[axis] = sheet.sizes[axis].spliced(end, end, [(count, DEFAULT_SIZE[axis])])
    if axis == "ROWS":
        sheet.height += count
        tail = [(count, PLAIN)]
        sheet.formats = _each_column(sheet.formats, lambda runs: runs.spliced(end, end, tail))
    else:
        sheet.columns += count
        sheet.formats.extend([Runs([(sheet.height, PLAIN)])] * count)


def make_room(book: Book, sheet: Sheet, span: Span) -> None:
    """Extend the grid at its ends until the span fits."""
    if span.bottom > sheet.height:
        append(book, sheet, "ROWS", span.bottom - sheet.height)
    if span.right > sheet.columns:
        append(book, sheet, "COLUMNS", span.right - sheet.columns)


def resize(book: Book, sheet: Sheet, axis: Axis, length: int) -> None:
    """Cut or extend the grid at its end."""
    if length > sheet.length(axis):
        append(book, sheet, axis, length - sheet.length(axis))
    elif length < sheet.length(axis):
        delete(book, sheet, Block(axis, length, sheet.length(axis)))


def _check_growth(book: Book, sheet: Sheet, axis: Axis, count: int) -> None:
    rows, columns = (count, 0) if axis == "ROWS" else (0, count)
    book.check_growth(sheet.height + rows, sheet.columns + columns, instead=sheet)


def _insert_rows(sheet: Sheet, at: int, count: int, heir: int | None) -> None:
    if at < len(sheet.rows):
        sheet.rows[at:at] = [()] * count
    sheet.height += count
    sheet.frozen_rows += count if at < sheet.frozen_rows else 0

    def grown(runs: Runs[Format]) -> Runs[Format]:
        look = PLAIN if heir is None else runs.at(heir)
        return runs.spliced(at, at, [(count, look)])

    sheet.formats = _each_column(sheet.formats, grown)


def _insert_columns(sheet: Sheet, at: int, count: int, heir: int | None) -> None:
    blank: tuple[Entered, ...] = (None,) * count
    sheet.rows = [row[:at] + blank + row[at:] if len(row) > at else row for row in sheet.rows]
    look = Runs([(sheet.height, PLAIN)]) if heir is None else sheet.formats[heir]
    sheet.formats[at:at] = [look] * count
    sheet.columns += count
    sheet.frozen_columns += count if at < sheet.frozen_columns else 0


def _check_deletion(sheet: Sheet, block: Block) -> None:
    length, name = sheet.length(block.axis), block.axis.lower()
    if block.size >= length:
        raise invalid(f"You can't delete all the {name} on the sheet.")
    frozen = sheet.frozen_rows if block.axis == "ROWS" else sheet.frozen_columns
    if frozen and block.start <= frozen and block.end >= length:
        raise invalid(f"Sorry, it is not possible to delete all non-frozen {name}.")


def _follow(book: Book, sheet: Sheet, axis: Axis, edit: Edit) -> None:
    sheet.notes = _moved_notes(sheet.notes, axis, edit)
    spans = (moved_span(merge, axis, edit) for merge in sheet.merges)
    sheet.merges = [span for span in spans if span and span.cells() > 1]
    sheet.protections = [p for old in sheet.protections if (p := old.after(axis, edit))]
    sheet.filter = sheet.filter.after(axis, edit) if sheet.filter else None
    moved_rules = [r for old in sheet.rules if (r := old.after(axis, edit))]
    sheet.rules = [_adjusted_rule(rule, sheet.title, axis, edit) for rule in moved_rules]
    tags = (tag.after(sheet.id, axis, edit) for tag in book.tags.values())
    book.tags = {tag.id: tag for tag in tags if tag}
    book.named = _moved_names(book.named, sheet.id, axis, edit)
    if axis == "ROWS":
        moved = (edit.index(row) for row in sheet.formula_rows)
        sheet.formula_rows = {row for row in moved if row is not None}
    for other in book.sheets:
        _adjust_formulas(other, sheet.title, axis, edit)


def _adjust_formulas(sheet: Sheet, title: str, axis: Axis, edit: Edit) -> None:
    for at in sheet.formula_rows:
        sheet.rows[at] = tuple(
            Formula(adjusted(value.text, sheet.title, title, axis, edit))
            if isinstance(value, Formula)
            else value
            for value in sheet.row(at)
        )


def _adjusted_rule(rule: Rule, title: str, axis: Axis, edit: Edit) -> Rule:
    boolean: Json = rule.body.get("booleanRule", {})
    condition: Json = boolean.get("condition", {})
    values = [
        {**value, "userEnteredValue": adjusted(value["userEnteredValue"], title, title, axis, edit)}
        if value.get("userEnteredValue", "").startswith("=")
        else value
        for value in condition.get("values", [])
    ]
    if values == condition.get("values", []):
        return rule
    body = {"booleanRule": {**boolean, "condition": {**condition, "values": values}}}
    return Rule(rule.spans, body)


def _moved_notes(
    notes: dict[tuple[int, int], str], axis: Axis, edit: Edit
) -> dict[tuple[int, int], str]:
    rows = axis == "ROWS"
    moved = (
        ((edit.index(row), column) if rows else (row, edit.index(column)), note)
        for (row, column), note in notes.items()
    )
    return {(r, c): note for (r, c), note in moved if r is not None and c is not None}


def _moved_names(
    named: dict[str, Named], sheet_id: int, axis: Axis, edit: Edit
) -> dict[str, Named]:
    answer: dict[str, Named] = {}
    for name in named.values():
        span = moved_span(name.span, axis, edit) if name.sheet_id == sheet_id else name.span
        if span:
            answer[name.id] = Named(name.id, name.name, name.sheet_id, span)
    return answer


def _each_column(
    formats: list[Runs[Format]], change: Callable[[Runs[Format]], Runs[Format]]
) -> list[Runs[Format]]:
    # Neighbouring columns mostly share one vector: it is changed once and stays shared.
    done: dict[int, Runs[Format]] = {}
    for runs in formats:
        if id(runs) not in done:
            done[id(runs)] = change(runs)
    return [done[id(runs)] for runs in formats]


def _moved(items: Sequence[T], block: Block, to: int) -> list[T]:
    _, start, end = block
    if to <= start:
        return [*items[:to], *items[start:end], *items[to:start], *items[end:]]
    return [*items[:start], *items[end:to], *items[start:end], *items[to:]]


def _moved_cells(row: Row, width: int, block: Block, to: int) -> Row:
    return tuple(_moved([*row, *[None] * (width - len(row))], block, to)) if row else row


def _overlap(block: Block, frozen: int) -> int:
    return max(0, min(block.end, frozen) - block.start)

"""Requests that change the shape of the grid or the order of its rows."""

from sandbox.google.changes.change import Change
from sandbox.google.errors import invalid
from sandbox.google.model import structure
from sandbox.google.model.axis import Block
from sandbox.google.model.sheet import Sheet
from sandbox.google.model.shifting import close_gap, open_gap
from sandbox.google.model.sorting import By, sort
from sandbox.google.model.spans import Span
from sandbox.google.wire.ranges import DimensionRange
from sandbox.google.wire.requests import (
    AppendDimension,
    DeleteDimension,
    DeleteRange,
    InsertDimension,
    InsertRange,
    MoveDimension,
    SortRange,
)


def insert_dimension(change: Change, request: InsertDimension) -> None:
    """Rows or columns that look like those before or after them."""
    sheet = change.book.sheet(request.range.sheet_id)
    block = _new_block(sheet, request.range)
    if request.inherit_from_before and block.start == 0:
        raise invalid("inheritFromBefore cannot be true if the start index is 0.")
    heir = block.start - 1 if request.inherit_from_before else block.start
    change.guard(sheet, _lines(block._replace(end=block.start + 1)))
    structure.insert(change.book, sheet, block, heir if heir < sheet.length(block.axis) else None)


def delete_dimension(change: Change, request: DeleteDimension) -> None:
    sheet, block = _block(change, request.range)
    structure.delete(change.book, sheet, block)


def append_dimension(change: Change, request: AppendDimension) -> None:
    if request.length < 1:
        raise invalid("length must be positive.")
    sheet = change.book.sheet(request.sheet_id)
    structure.append(change.book, sheet, request.dimension, request.length)


def move_dimension(change: Change, request: MoveDimension) -> None:
    sheet, block = _block(change, request.source)
    if not 0 <= request.destination_index <= sheet.length(block.axis):
        raise invalid(f"destinationIndex[{request.destination_index}] is outside of the sheet.")
    structure.move(change.book, sheet, block, request.destination_index)


def insert_range(change: Change, request: InsertRange) -> None:
    sheet, span = change.target(request.range)
    open_gap(change.book, sheet, span, request.shift_dimension)


def delete_range(change: Change, request: DeleteRange) -> None:
    sheet, span = change.target(request.range)
    close_gap(sheet, span, request.shift_dimension)


def sort_range(change: Change, request: SortRange) -> None:
    """Sort the rows of a range; dimensionIndex counts the sheet's columns."""
    sheet, span = change.target(request.range)
    keys = [By(s.dimension_index, s.sort_order == "DESCENDING") for s in request.sort_specs]
    outside = next((k.column for k in keys if not span.left <= k.column < span.right), None)
    if outside is not None:
        raise invalid(f"Sort column {outside} is outside of the range.")
    sort(sheet, span, keys, change.calculation())


def _block(change: Change, wanted: DimensionRange) -> tuple[Sheet, Block]:
    sheet = change.book.sheet(wanted.sheet_id)
    block = Block(wanted.dimension, *wanted.bounds(sheet.length(wanted.dimension)))
    change.guard(sheet, _lines(block))
    return sheet, block


def _new_block(sheet: Sheet, wanted: DimensionRange) -> Block:
    if wanted.end_index is None:
        raise invalid("range.endIndex must be set.")
    length = sheet.length(wanted.dimension)
    if wanted.start_index > length:
        raise invalid(f"range.startIndex[{wanted.start_index}] is too large for the sheet.")
    return Block(wanted.dimension, *wanted.bounds(max(length, wanted.end_index)))


def _lines(block: Block) -> Span:
    if block.axis == "ROWS":
        return Span(top=block.start, bottom=block.end)
    return Span(left=block.start, right=block.end)

"""Requests about how cells stand together: merges, borders, sizes."""

from typing import Final

import msgspec

from sandbox.google.changes.change import Change
from sandbox.google.errors import invalid
from sandbox.google.masks import parse_mask
from sandbox.google.model.formats import written
from sandbox.google.model.sheet import DEFAULT_SIZE, Sheet, Size
from sandbox.google.model.spans import Span
from sandbox.google.wire.formats import Border
from sandbox.google.wire.ranges import Wire
from sandbox.google.wire.requests import (
    AutoResizeDimensions,
    MergeCells,
    UnmergeCells,
    UpdateBorders,
    UpdateDimensionProperties,
)

_LETTER: Final = 7
_MARGIN: Final = 10


def merge_cells(change: Change, request: MergeCells) -> None:
    """Merge a range, its rows or its columns; only the first cell keeps its value."""
    sheet, span = change.target(request.range)
    _check_cut(sheet, span)
    sheet.merges = [m for m in sheet.merges if not span.covers(m)]
    for part in _parts(span, request.merge_type):
        if part.cells() > 1:
            sheet.merges.append(part)
            _keep_first(sheet, part)


def unmerge_cells(change: Change, request: UnmergeCells) -> None:
    """Dissolve every merge inside the range; 400 if it cuts one."""
    sheet, span = change.target(request.range)
    _check_cut(sheet, span)
    sheet.merges = [m for m in sheet.merges if not span.covers(m)]


def update_borders(change: Change, request: UpdateBorders) -> None:
    """Draw the given sides of a range; those not given stay."""
    sheet, span = change.target(request.range)
    top, bottom, left, right = span
    sides = (
        ("top", Span(top, top + 1, left, right), request.top),
        ("bottom", Span(bottom - 1, bottom, left, right), request.bottom),
        ("left", Span(top, bottom, left, left + 1), request.left),
        ("right", Span(top, bottom, right - 1, right), request.right),
        ("bottom", Span(top, bottom - 1, left, right), request.inner_horizontal),
        ("right", Span(top, bottom, left, right - 1), request.inner_vertical),
    )
    for side, part, border in sides:
        if border is not None and part.cells():
            _draw(sheet, part, side, border)


def update_dimension_properties(change: Change, request: UpdateDimensionProperties) -> None:
    """Width or height in pixels, hidden or not, of the named rows or columns."""
    sheet = change.book.sheet(request.range.sheet_id)
    axis = request.range.dimension
    bounds = request.range.bounds(sheet.length(axis))
    mask, given = parse_mask(request.fields), request.properties

    def changed(old: Size) -> Size:
        pixels = given.pixel_size or DEFAULT_SIZE[axis].pixels
        return Size(
            pixels if "pixelSize" in mask else old.pixels,
            bool(given.hidden_by_user) if "hiddenByUser" in mask else old.hidden,
        )

    _check_fields(request.fields, request.properties)
    sheet.sizes[axis] = sheet.sizes[axis].patched(*bounds, changed)


def auto_resize_dimensions(change: Change, request: AutoResizeDimensions) -> None:
    """Columns as wide as their longest text, rows of the usual height."""
    axis = request.dimensions.dimension
    sheet = change.book.sheet(request.dimensions.sheet_id)
    start, end = request.dimensions.bounds(sheet.length(axis))
    sizes = sheet.sizes[axis]
    wanted = [
        DEFAULT_SIZE["ROWS"].pixels if axis == "ROWS" else _width(sheet, at)
        for at in range(start, end)
    ]
    new = [
        (1, old._replace(pixels=pixels))
        for old, pixels in zip(sizes.spread(start, end), wanted, strict=True)
    ]
    sheet.sizes[axis] = sizes.spliced(start, end, new)


def _check_cut(sheet: Sheet, span: Span) -> None:
    if any(span.meets(m) and not span.covers(m) for m in sheet.merges):
        raise invalid("You must select all cells in a merged range to merge or unmerge them.")


def _parts(span: Span, kind: str) -> list[Span]:
    if kind == "MERGE_ROWS":
        return [span._replace(top=row, bottom=row + 1) for row in range(span.top, span.bottom)]
    if kind == "MERGE_COLUMNS":
        return [span._replace(left=at, right=at + 1) for at in range(span.left, span.right)]
    return [span]


def _keep_first(sheet: Sheet, span: Span) -> None:
    first = sheet.cell(span.top, span.left)
    for row in range(span.top, min(span.bottom, len(sheet.rows))):
        head = first if row == span.top else None
        sheet.write(row, span.left, (head, *[None] * (span.right - span.left - 1)))


def _draw(sheet: Sheet, span: Span, side: str, border: Border) -> None:
    visible = border.style not in (None, "NONE")
    given = {"borders": {side: msgspec.to_builtins(border)}} if visible else {}
    sheet.restyle(span, (("borders", side),), written(given))


def _check_fields(fields: str, properties: Wire) -> None:
    names = {f.encode_name for f in msgspec.structs.fields(type(properties))}
    if not fields or not names >= parse_mask(fields).fields.keys():
        raise invalid(f'Invalid fields: "{fields}".')


def _width(sheet: Sheet, column: int) -> int:
    texts = (str(sheet.cell(row, column) or "") for row in range(len(sheet.rows)))
    longest = max(map(len, texts), default=0)
    return longest * _LETTER + _MARGIN if longest else DEFAULT_SIZE["COLUMNS"].pixels

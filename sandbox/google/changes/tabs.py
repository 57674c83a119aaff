"""Requests about whole tabs and the file's own properties."""

from dataclasses import replace
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from sandbox.google.changes.change import PROTECTED, Change
from sandbox.google.changes.renaming import rename
from sandbox.google.errors import Json, invalid
from sandbox.google.masks import Mask, parse_mask
from sandbox.google.model.book import Book
from sandbox.google.model.sheet import Sheet
from sandbox.google.model.structure import resize
from sandbox.google.reading.properties import sheet_properties
from sandbox.google.wire.properties import GridProperties, SheetProperties
from sandbox.google.wire.requests import (
    AddSheet,
    DeleteSheet,
    DuplicateSheet,
    UpdateSheetProperties,
    UpdateSpreadsheetProperties,
)


def add_sheet(change: Change, request: AddSheet) -> Json:
    """A new tab; its id and title are chosen if not given."""
    book, given = change.book, request.properties
    grid = given.grid_properties or GridProperties()
    height, columns = _positive(grid.row_count, 1000), _positive(grid.column_count, 26)
    book.check_growth(height, columns)
    title = _free_title(book, given.title or f"Sheet{len(book.sheets) + 1}")
    sheet = Sheet(_free_id(book, given.sheet_id), title, height, columns)
    _check_frozen(sheet, grid)
    sheet.frozen_rows = grid.frozen_row_count or 0
    sheet.frozen_columns = grid.frozen_column_count or 0
    sheet.gridlines_hidden = bool(grid.hide_gridlines)
    sheet.hidden = bool(given.hidden)
    sheet.tab_color = _tab_color(given)
    book.sheets.insert(len(book.sheets) if given.index is None else given.index, sheet)
    return {"addSheet": {"properties": sheet_properties(book, sheet)}}


def delete_sheet(change: Change, request: DeleteSheet) -> None:
    """Remove a tab with its tags; the last visible one cannot go."""
    book = change.book
    sheet = book.sheet(request.sheet_id)
    if all(other is sheet or other.hidden for other in book.sheets):
        raise invalid("You can't remove all the visible sheets in a document.")
    if any(p.stops(p.span, change.who, book.owner) for p in sheet.protections):
        raise invalid(PROTECTED)
    remove_sheet(book, sheet)


def remove_sheet(book: Book, sheet: Sheet) -> None:
    """Take a tab and all that names it out of the file."""
    book.sheets.remove(sheet)
    book.tags = {
        at: tag
        for at, tag in book.tags.items()
        if tag.kind == "SPREADSHEET" or tag.sheet_id != sheet.id
    }
    book.named = {at: name for at, name in book.named.items() if name.sheet_id != sheet.id}


def duplicate_sheet(change: Change, request: DuplicateSheet) -> Json:
    """A copy of a tab, tags and protection included."""
    book = change.book
    source = book.sheet(request.source_sheet_id)
    book.check_growth(source.height, source.columns)
    twin = source.copy()
    twin.id = _free_id(book, request.new_sheet_id)
    twin.title = _free_title(book, request.new_sheet_name or _copy_title(book, source.title))
    twin.protections = [replace(p, id=book.new_id()) for p in twin.protections]
    _copy_tags(book, source, twin)
    book.sheets.insert(request.insert_sheet_index, twin)
    return {"duplicateSheet": {"properties": sheet_properties(book, twin)}}


def update_sheet_properties(change: Change, request: UpdateSheetProperties) -> None:
    """Title, place among the tabs, grid and colour, as the mask says."""
    given, book = request.properties, change.book
    sheet = book.sheet(given.sheet_id or 0)
    mask = _masked(request.fields, given)
    if "title" in mask:
        _retitle(book, sheet, given.title or "")
    if "hidden" in mask:
        sheet.hidden = bool(given.hidden)
    if "gridProperties" in mask:
        grid = given.grid_properties or GridProperties()
        _update_grid(book, sheet, grid, mask.under("gridProperties"))
    if {"tabColor", "tabColorStyle"} & mask.fields.keys():
        sheet.tab_color = _tab_color(given)
    if given.index is not None and "index" in mask:
        _reorder(book, sheet, given.index)


def update_spreadsheet_properties(change: Change, request: UpdateSpreadsheetProperties) -> None:
    """Title, locale and time zone of the file."""
    mask, given, book = _masked(request.fields, request.properties), request.properties, change.book
    if "title" in mask and given.title:
        book.title = given.title
    if "locale" in mask and given.locale:
        book.locale = given.locale
    if "timeZone" in mask and given.time_zone:
        book.zone = _zone(given.time_zone)


def _zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError):
        raise invalid(f"Invalid time zone: {name}") from None


def _masked(fields: str, given: msgspec.Struct) -> Mask:
    names = {f.encode_name for f in msgspec.structs.fields(type(given))}
    mask = parse_mask(fields)
    if not fields or not names >= mask.fields.keys():
        raise invalid(f"Invalid value at 'fields': \"{fields}\".")
    return mask


def _free_id(book: Book, wanted: int | None) -> int:
    if wanted is None:
        return book.new_id(lambda at: book.find(at) is not None)
    if book.find(wanted) is not None:
        raise invalid(f"Sheet with ID {wanted} already exists. Please supply a different sheet ID.")
    return wanted


def _free_title(book: Book, title: str) -> str:
    if book.titled(title) is not None:
        raise invalid(f'A sheet with the name "{title}" already exists. Please enter another name.')
    return title


def _retitle(book: Book, sheet: Sheet, title: str) -> None:
    if not title:
        raise invalid("The sheet name cannot be empty.")
    if book.titled(title) not in (None, sheet):
        _free_title(book, title)
    rename(book, sheet, title)


def _positive(count: int | None, default: int) -> int:
    if count is not None and count < 1:
        raise invalid("The number of rows and columns must be positive.")
    return default if count is None else count


def _tab_color(given: SheetProperties) -> Json | None:
    if given.tab_color_style is not None:
        style: Json = msgspec.to_builtins(given.tab_color_style)
        return style
    return {"rgbColor": msgspec.to_builtins(given.tab_color)} if given.tab_color else None


def _check_frozen(sheet: Sheet, grid: GridProperties) -> None:
    pairs = ((grid.frozen_row_count, sheet.height, "rows"),)
    for count, length, name in (*pairs, (grid.frozen_column_count, sheet.columns, "columns")):
        if count is not None and not 0 <= count < length:
            raise invalid(f"You can't freeze all visible {name} on the sheet.")


def _update_grid(book: Book, sheet: Sheet, grid: GridProperties, mask: Mask) -> None:
    if "rowCount" in mask and grid.row_count is not None:
        resize(book, sheet, "ROWS", _positive(grid.row_count, 0))
    if "columnCount" in mask and grid.column_count is not None:
        resize(book, sheet, "COLUMNS", _positive(grid.column_count, 0))
    _check_frozen(sheet, grid)
    if "frozenRowCount" in mask:
        sheet.frozen_rows = grid.frozen_row_count or 0
    if "frozenColumnCount" in mask:
        sheet.frozen_columns = grid.frozen_column_count or 0
    if "hideGridlines" in mask:
        sheet.gridlines_hidden = bool(grid.hide_gridlines)


def _reorder(book: Book, sheet: Sheet, index: int) -> None:
    # SheetProperties.index: movement is counted in "before the move" indexes.
    at = book.sheets.index(sheet)
    if index not in (at, at + 1):
        book.sheets.remove(sheet)
        book.sheets.insert(index if index < at else index - 1, sheet)


def _copy_title(book: Book, title: str) -> str:
    wanted, count = f"Copy of {title}", 1
    while book.titled(wanted) is not None:
        count += 1
        wanted = f"Copy of {title} {count}"
    return wanted


def _copy_tags(book: Book, source: Sheet, twin: Sheet) -> None:
    mine = [
        tag for tag in book.tags.values() if tag.sheet_id == source.id and tag.kind != "SPREADSHEET"
    ]
    for tag in mine:
        at = book.new_id(book.tags.__contains__)
        book.tags[at] = replace(tag, id=at, sheet_id=twin.id)

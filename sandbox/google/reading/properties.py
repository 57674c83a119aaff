"""The properties of a file and of a tab as the API sends them."""

from sandbox.google.errors import Json
from sandbox.google.model.book import Book
from sandbox.google.model.formats import PLAIN, effective
from sandbox.google.model.sheet import Sheet


def book_properties(book: Book) -> Json:
    """SpreadsheetProperties."""
    return {
        "title": book.title,
        "locale": book.locale,
        "autoRecalc": "ON_CHANGE",
        "timeZone": book.zone,
        "defaultFormat": effective(PLAIN),
    }


def sheet_properties(book: Book, sheet: Sheet) -> Json:
    """SheetProperties; flags that are off are left out, as protocol buffers do."""
    grid: Json = {"rowCount": sheet.height, "columnCount": sheet.columns}
    if sheet.frozen_rows:
        grid["frozenRowCount"] = sheet.frozen_rows
    if sheet.frozen_columns:
        grid["frozenColumnCount"] = sheet.frozen_columns
    if sheet.gridlines_hidden:
        grid["hideGridlines"] = True
    answer: Json = {
        "sheetId": sheet.id,
        "title": sheet.title,
        "index": book.sheets.index(sheet),
        "sheetType": "GRID",
        "gridProperties": grid,
    }
    if sheet.hidden:
        answer["hidden"] = True
    if sheet.tab_color is not None:
        answer["tabColorStyle"] = sheet.tab_color
        answer["tabColor"] = sheet.tab_color.get("rgbColor", {})
    return answer

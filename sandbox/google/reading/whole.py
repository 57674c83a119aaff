"""A spreadsheet as spreadsheets.get and getByDataFilter send it."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from sandbox.google.errors import Json
from sandbox.google.formulas.evaluate import Calculation
from sandbox.google.masks import Mask
from sandbox.google.model.book import Book
from sandbox.google.model.sheet import Sheet
from sandbox.google.model.spans import Span
from sandbox.google.reading.filters import Area
from sandbox.google.reading.grid import GridReader
from sandbox.google.reading.properties import book_properties, sheet_properties
from sandbox.google.reading.rules import filter_json, named_json, protection_json, rule_json
from sandbox.google.reading.selection import check_selection


class Look(NamedTuple):
    """Who looks at which moment, with or without cells, and which fields she wants."""

    who: str
    seen: Calculation
    cells: bool
    mask: Mask


def spreadsheet(book: Book, look: Look, wanted: Sequence[Area] | None = None) -> Json:
    """The Spreadsheet resource; `wanted` limits tabs and cells, None means all of them."""
    check_selection("Spreadsheet", look.mask)
    answer: Json = {"spreadsheetId": book.id}
    if "properties" in look.mask:
        answer["properties"] = book_properties(book)
    if "sheets" in look.mask:
        mask = look.mask.under("sheets")
        chosen = {id(area.sheet) for area in wanted} if wanted is not None else None
        answer["sheets"] = [
            _sheet(book, sheet, look._replace(mask=mask), _spans(sheet, wanted))
            for sheet in book.sheets
            if chosen is None or id(sheet) in chosen
        ]
    answer |= _lists(
        ("namedRanges", lambda: map(named_json, book.named.values())),
        ("developerMetadata", lambda: (t.json() for t in book.tags_on("SPREADSHEET", 0))),
    )
    answer["spreadsheetUrl"] = f"https://docs.google.com/spreadsheets/d/{book.id}/edit"
    return _kept_but_sheets(look.mask, answer)


def _kept_but_sheets(mask: Mask, answer: Json) -> Json:
    # The tabs were read through the mask already; a second pass over all cells would cost most.
    sheets = answer.pop("sheets", None)
    kept = mask.keep(answer)
    return kept if sheets is None else {**kept, "sheets": sheets}


def _sheet(book: Book, sheet: Sheet, look: Look, spans: list[Span]) -> Json:
    mask = look.mask
    answer: Json = {}
    if "properties" in mask:
        answer["properties"] = sheet_properties(book, sheet)
    answer |= _lists(
        ("merges", lambda: (span.json(sheet.id) for span in sheet.merges)),
        ("conditionalFormats", lambda: (rule_json(rule, sheet.id) for rule in sheet.rules)),
        ("protectedRanges", lambda: _protections(book, sheet, look.who)),
        ("developerMetadata", lambda: (t.json() for t in book.tags_on("SHEET", sheet.id))),
    )
    if sheet.filter is not None:
        answer["basicFilter"] = filter_json(sheet.filter, sheet.id)
    answer = mask.keep(answer)
    if look.cells and "data" in mask:
        reader = GridReader(book, sheet, look.seen, mask.under("data"))
        answer["data"] = [reader.read(span) for span in spans]
    return answer


def _protections(book: Book, sheet: Sheet, who: str) -> Iterable[Json]:
    return (protection_json(held, sheet.id, who, book.owner) for held in sheet.protections)


def _lists(*parts: tuple[str, Callable[[], Iterable[Json]]]) -> Json:
    built = {name: list(make()) for name, make in parts}
    return {name: items for name, items in built.items() if items}


def _spans(sheet: Sheet, wanted: Sequence[Area] | None) -> list[Span]:
    if wanted is None:
        return [sheet.whole]
    mine = (area.span for area in wanted if area.sheet is sheet)
    return [sheet.demand(span) for span in mine]

"""How a tab looks that is ours entirely: made once, its grid exactly as large as what it shows."""

from collections.abc import Iterator, Sequence

from domain.table.columns import Holds
from domain.table.listing import Listed
from domain.table.words import OURS
from infrastructure.google import changes, looks, rules
from infrastructure.google.spans import OPEN, Json, Span
from infrastructure.google.tab import Tab


def height(listed: Listed) -> int:
    """Rows of the grid: one at least below the header, since not all may be frozen."""
    return listed.top + max(1, len(listed.figures.keys))


def skeleton(sheet_id: int, title: str, listed: Listed) -> Iterator[Json]:
    """The empty grid, its header, its looks, and a warning before she types into it."""
    wide = len(listed.columns)
    grid = {"rowCount": height(listed), "columnCount": wide, "frozenRowCount": listed.top}
    shape = {"sheetId": sheet_id, "title": title, "gridProperties": grid}
    yield {"addSheet": {"properties": shape}}
    yield header_request(sheet_id, listed)
    if listed.summary is not None:
        yield changes.merge(sheet_id, Span(0, 1, 0, wide))
    yield looks.filled(sheet_id, Span(0, listed.top, 0, wide))
    yield from formats(sheet_id, listed, listed.top)
    yield from looks.widths(sheet_id, listed.columns)
    yield rules.listing_warning(sheet_id, listed.language)


def formats(sheet_id: int, listed: Listed, top: int) -> Iterator[Json]:
    """Of the cells from row `top` on."""
    yield from looks.data(sheet_id, listed.columns, 0, range(top, OPEN), listed.language)


def header(listed: Listed) -> Sequence[Sequence[tuple[str, str | None]]]:
    """Texts and notes above the rows; and where there are none, the sentence that says so."""
    language = listed.language
    captions = [
        (each.caption.say(language), _note(each.note.say(language) if each.note else None))
        for each in listed.columns
    ]
    above = [[(listed.summary, _note(listed.note))]] if listed.summary is not None else []
    below = [[(listed.empty, None)]] if listed.empty and not listed.figures.keys else []
    return [*above, captions, *below]


def header_request(sheet_id: int, listed: Listed) -> Json:
    """All of it."""
    rows = [
        [{**changes.typed(text), **({"note": note} if note else {})} for text, note in row]
        for row in header(listed)
    ]
    return changes.update_cells(sheet_id, 0, 0, rows, changes.VALUE_AND_NOTE)


def stands(seen: Tab, listed: Listed) -> bool:
    """Does the tab have it?"""
    return (
        seen.width >= len(listed.columns)
        and not strewn(seen, listed)
        and all(
            (seen.at(row, column), seen.notes.get((row, column))) == cell
            for row, cells in enumerate(header(listed))
            for column, cell in enumerate(cells)
        )
    )


def strewn(seen: Tab, listed: Listed) -> bool:
    """Do captions stand beside the sentence that sums up, because she deleted its row?"""
    return listed.summary is not None and any(
        seen.at(0, column) or seen.notes.get((0, column))
        for column in range(1, len(listed.columns))
    )


def gathered(seen: Tab, listed: Listed) -> Iterator[Json]:
    """The row of that sentence, which has it all to itself again."""
    wide = len(listed.columns)
    blank: list[Json] = [{}] * (wide - 1)
    yield changes.update_cells(seen.sheet_id, 0, 1, [blank], changes.VALUE_AND_NOTE)
    if all(span.top > 0 for span in seen.merges):
        yield changes.merge(seen.sheet_id, Span(0, 1, 0, wide))


def stamps(sheet_id: int, listed: Listed) -> Iterator[Json]:
    """The moment, in all rows of its column at once."""
    bottom = listed.top + len(listed.figures.keys)
    for at, column in enumerate(listed.columns):
        if column.holds is Holds.MOMENT and bottom > listed.top and listed.stamp is not None:
            cell = {"userEnteredValue": {"numberValue": listed.stamp}}
            span = Span(listed.top, bottom, at, at + 1)
            yield changes.repeat(sheet_id, span, cell, changes.VALUE)


def _note(text: str | None) -> str | None:
    return OURS + text if text else None

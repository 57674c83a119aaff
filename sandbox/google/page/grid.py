"""The visible part of a tab as an HTML table."""

from collections.abc import Iterator
from html import escape
from typing import Final, NamedTuple

from sandbox.google.formulas.evaluate import Calculation
from sandbox.google.model.axis import Axis
from sandbox.google.model.formats import read
from sandbox.google.model.locales import Locale
from sandbox.google.model.sheet import Sheet
from sandbox.google.model.spans import Span, letters
from sandbox.google.model.values import Broken, Effective, Formula
from sandbox.google.page.looks import look_class, merged_look
from sandbox.google.reading.conditions import Conditions
from sandbox.google.reading.filtering import hidden_rows
from sandbox.google.reading.shown import shown_text

# A browser stays quick with this many rows; the rest is paged.
WINDOW: Final = 200


class Grid(NamedTuple):
    """A tab at one moment, through the owner's eyes."""

    sheet: Sheet
    seen: Calculation
    words: dict[str, str]
    first: int

    @property
    def locale(self) -> Locale:
        return self.seen.book.rules

    @property
    def last(self) -> int:
        return min(self.sheet.height, max(self.first, self.sheet.frozen_rows) + WINDOW)


def table(grid: Grid) -> str:
    """The table: frozen rows first, then the rows of the window."""
    columns = _shown(grid.sheet, "COLUMNS", range(grid.sheet.columns))
    gone = _filtered(grid)
    frozen = range(grid.sheet.frozen_rows)
    window = range(max(grid.first, grid.sheet.frozen_rows), grid.last)
    rows = [row for row in _shown(grid.sheet, "ROWS", [*frozen, *window]) if row not in gone]
    body = "".join(_row(grid, row, rows, columns) for row in rows)
    return (
        f'<table><caption class="vh">{escape(grid.words["table"])}</caption>'
        f"{_columns(grid.sheet, columns)}<thead>{_letters(grid, columns)}</thead>"
        f"<tbody>{body}</tbody></table>"
    )


def _shown(sheet: Sheet, axis: Axis, lines: "range | list[int]") -> list[int]:
    sizes = sheet.sizes[axis]
    return [at for at in lines if not sizes.at(at).hidden]


def _filtered(grid: Grid) -> set[int]:
    held = grid.sheet.filter
    return hidden_rows(grid.sheet, held, grid.seen, grid.locale) if held else set()


def _columns(sheet: Sheet, columns: list[int]) -> str:
    sizes = sheet.sizes["COLUMNS"]
    cols = "".join(f'<col class="w{sizes.at(column).pixels}">' for column in columns)
    return f'<colgroup><col class="w46">{cols}</colgroup>'


def _letters(grid: Grid, columns: list[int]) -> str:
    heads = "".join(_letter(grid, columns, at) for at in range(len(columns)))
    number = escape(grid.words["number"])
    return f'<tr class="abc"><th><span class="vh">{number}</span></th>{heads}</tr>'


def _letter(grid: Grid, columns: list[int], at: int) -> str:
    before = columns[at - 1] + 1 if at else 0
    gap = [letters(column) for column in range(before, columns[at])]
    if not gap:
        return f'<th scope="col">{letters(columns[at])}</th>'
    names = gap[0] if len(gap) == 1 else f"{gap[0]}–{gap[-1]}"
    text = escape(grid.words["hidden"].format(names=names))
    return (
        f'<th scope="col" class="gap" title="{text}">{letters(columns[at])}'
        f'<span class="vh"> ({text})</span></th>'
    )


def _row(grid: Grid, row: int, rows: list[int], columns: list[int]) -> str:
    sheet = grid.sheet
    height = sheet.sizes["ROWS"].at(row).pixels
    stuck = f" z z{row}" if row < sheet.frozen_rows else ""
    cells = "".join(_cells(grid, row, rows, columns))
    return f'<tr class="h{height}{stuck}"><th scope="row">{row + 1}</th>{cells}</tr>'


def _cells(grid: Grid, row: int, rows: list[int], columns: list[int]) -> Iterator[str]:
    spans = [span for span in grid.sheet.merges if span.top <= row < span.bottom]
    for column in columns:
        span = next((span for span in spans if span.holds(row, column)), None)
        if span is None:
            yield _cell(grid, row, column, grid.sheet.format(row, column), "")
        elif _is_first(span, row, column, rows, columns):
            wide = sum(span.left <= at < span.right for at in columns)
            high = sum(span.top <= at < span.bottom for at in rows)
            size = (f' colspan="{wide}"' if wide > 1 else "") + (
                f' rowspan="{high}"' if high > 1 else ""
            )
            yield _cell(grid, span.top, span.left, merged_look(grid.sheet, span), size)


def _is_first(span: Span, row: int, column: int, rows: list[int], columns: list[int]) -> bool:
    top = next(at for at in rows if span.top <= at < span.bottom)
    left = next(at for at in columns if span.left <= at < span.right)
    return (row, column) == (top, left)


def _cell(grid: Grid, row: int, column: int, look: str, size: str) -> str:
    sheet, value = grid.sheet, grid.seen.value(grid.sheet, row, column)
    text = shown_text(value, read(look), grid.locale)
    held, note = sheet.cell(row, column), sheet.notes.get((row, column))
    classes = [look_class(look), _kind(value), *_conditions(grid, row, column)]
    classes += ["has-note"] if note else []
    classes += [f"y y{column}"] if column < sheet.frozen_columns else []
    names = " ".join(filter(None, classes))
    typed = f' data-typed="{escape(held.text)}"' if isinstance(held, Formula) else ""
    label = f' class="{names}"' if names else ""
    inside = f'<div class="text">{escape(text)}</div>' if text else ""
    at = f"{letters(column)}{row + 1}"
    stop = ' tabindex="0"' if note else ""
    return f'<td{size}{label} data-at="{at}"{typed}{stop}>{inside}{_note(grid, note)}</td>'


def _note(grid: Grid, note: str | None) -> str:
    if not note:
        return ""
    word = escape(grid.words["note"])
    return f'<div class="memo" role="note"><b class="vh">{word}: </b>{escape(note)}</div>'


def _kind(value: Effective) -> str:
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, Broken):
        return "error"
    return "num" if isinstance(value, int | float) else ""


def _conditions(grid: Grid, row: int, column: int) -> Iterator[str]:
    judge = Conditions(grid.sheet, grid.seen)
    for at, rule in enumerate(grid.sheet.rules):
        span = next((span for span in rule.spans if span.holds(row, column)), None)
        condition = rule.body.get("booleanRule", {}).get("condition")
        if span and condition and judge.holds(condition, rule.spans[0], row, column):
            yield f"c{at}"

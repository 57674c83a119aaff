"""A tab as it stands in the spreadsheet, found by our tags wherever she moved things."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from domain.table.columns import KEY
from domain.table.numbers import Value
from infrastructure.google import marker
from infrastructure.google.answers import Grid, Properties, Sheet, Values
from infrastructure.google.marker import Marker, read_marker
from infrastructure.google.spans import Json, Span, column_of, span_of, title_of

COLUMN = "st.col"
ROW = "st.row"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fence:
    """A protected range; `open_to_us` if we may write there."""

    id: int
    span: Span
    description: str
    warning: bool
    open_to_us: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """What one read says. `columns` are our tags, and `rows` those of the rows on top.

    `cells` are the columns that were read: index → row → value, blanks left out; `whole` says that
    all of ours are among them. `formulas` are found the same way; None: they were not read.
    `editable` is proven by a range that Google lets us edit. `hidden`:
    columns out of sight.
    """

    sheet_id: int
    title: str
    height: int
    width: int
    locale: str
    zone: str
    marker: Marker | None
    marker_id: int
    columns: dict[str, int]
    rows: dict[str, int]
    cells: dict[int, dict[int, Value]]
    formulas: dict[int, dict[int, str]] | None = None
    notes: dict[tuple[int, int], str] = field(default_factory=dict)
    merges: tuple[Span, ...] = ()
    fences: tuple[Fence, ...] = ()
    rules: tuple[Json, ...] = ()
    filtered: bool = False
    whole: bool = False
    editable: bool = False
    hidden: frozenset[int] = frozenset()

    def present(self, tag: str) -> Mapping[int, Value]:
        """What stands in a column of ours."""
        return self.cells.get(self.columns.get(tag, -1), {})

    @property
    def head(self) -> tuple[int | None, int | None]:
        """The rows of titles and of captions; None if deleted."""
        return self.rows.get("h1"), self.rows.get("h2")

    @property
    def keys(self) -> dict[int, Value]:
        """The key column below the header."""
        top = (self.head[1] or 0) + 1
        return {row: value for row, value in self.present(KEY).items() if row >= top}

    def at(self, row: int, column: int) -> Value:
        """One cell."""
        return self.cells.get(column, {}).get(row)


def tab_of(sheet: Sheet, properties: Properties, *, whole: bool) -> Tab:
    """Put together what the filters matched, whether it came as one rectangle or as many."""
    size = sheet.properties.grid_properties
    mark, mark_id = own_marker(sheet)
    seen = _Seen()
    for grid in sheet.data:
        seen.gather(grid)
    return Tab(
        sheet_id=sheet.properties.sheet_id,
        title=sheet.properties.title,
        height=size.row_count,
        width=size.column_count,
        locale=properties.locale,
        zone=properties.time_zone,
        marker=mark,
        marker_id=mark_id,
        columns={tag: column for column, tag in sorted(_column_tags(sheet), reverse=True)},
        rows={tag: row for row, tag in _row_tags(sheet)},
        cells=seen.cells,
        formulas=seen.formulas if whole else None,
        notes=seen.notes,
        merges=tuple(map(span_of, sheet.merges)),
        fences=tuple(_fences(sheet)),
        rules=tuple(sheet.conditional_formats),
        filtered=_has_criteria(sheet.basic_filter),
        whole=whole,
        hidden=frozenset(_hidden(sheet)),
        editable=any(each.requesting_user_can_edit for each in sheet.protected_ranges),
    )


def is_marked(sheet: Sheet) -> bool:
    """Does it bear a marker of whatever shop, even one that came with a duplicate?"""
    return any(tag.metadata_key == marker.KEY for tag in sheet.developer_metadata)


def own_marker(sheet: Sheet) -> tuple[Marker | None, int]:
    """The marker and its id; that of a duplicated tab names another tab and does not count."""
    for tag in sheet.developer_metadata:
        found = read_marker(tag.metadata_value) if tag.metadata_key == marker.KEY else None
        if found and found.sheet == sheet.properties.sheet_id:
            return found, tag.metadata_id
    return None, 0


def with_values(tab: Tab, values: Values) -> Tab:
    """The tab with whole columns in it, as `values:batchGetByDataFilter` brings them."""
    cells = dict(tab.cells)
    for matched in values.value_ranges:
        if title_of(matched.value_range.range) != tab.title:
            continue
        left, first = column_of(matched.value_range.range)
        for column, values_of in enumerate(matched.value_range.values, left):
            shown = ((row, each) for row, each in enumerate(values_of, first))
            cells[column] = {row: each for row, each in shown if each not in ("", None)}
    return replace(tab, cells=cells, whole=True)


def lowered(tab: Tab, at: int, count: int) -> Tab:
    """The tab after rows were inserted before row `at`."""

    def row(old: int) -> int:
        return old + count if old >= at else old

    def span(old: Span) -> Span:
        bottom = old.bottom + count if old.bottom > at else old.bottom
        return old._replace(top=row(old.top), bottom=bottom)

    return replace(
        tab,
        height=tab.height + count,
        rows={tag: row(at) for tag, at in tab.rows.items()},
        cells={c: {row(r): v for r, v in column.items()} for c, column in tab.cells.items()},
        notes={(row(r), c): text for (r, c), text in tab.notes.items()},
        merges=tuple(map(span, tab.merges)),
        fences=tuple(replace(fence, span=span(fence.span)) for fence in tab.fences),
    )


class _Seen:
    """What rectangles hold, by column and row."""

    def __init__(self) -> None:
        self.cells: dict[int, dict[int, Value]] = {}
        self.formulas: dict[int, dict[int, str]] = {}
        self.notes: dict[tuple[int, int], str] = {}

    def gather(self, grid: Grid) -> None:
        for row, line in enumerate(grid.row_data, grid.start_row):
            for column, cell in enumerate(line.values, grid.start_column):
                value, entered = cell.value, cell.user_entered_value
                if value is not None:
                    self.cells.setdefault(column, {})[row] = value
                if entered and entered.formula_value:
                    self.formulas.setdefault(column, {})[row] = entered.formula_value
                if cell.note:
                    self.notes[row, column] = cell.note


def _column_tags(sheet: Sheet) -> Iterator[tuple[int, str]]:
    for grid in sheet.data:
        for column, line in enumerate(grid.column_metadata, grid.start_column):
            tags = (tag for tag in line.developer_metadata if tag.metadata_key == COLUMN)
            yield from ((column, tag.metadata_value) for tag in tags)


def _hidden(sheet: Sheet) -> Iterator[int]:
    for grid in sheet.data:
        lines = enumerate(grid.column_metadata, grid.start_column)
        yield from (column for column, line in lines if line.hidden_by_user)


def _row_tags(sheet: Sheet) -> Iterator[tuple[int, str]]:
    for grid in sheet.data:
        for row, line in enumerate(grid.row_metadata, grid.start_row):
            tags = (tag for tag in line.developer_metadata if tag.metadata_key == ROW)
            yield from ((row, tag.metadata_value) for tag in tags)


def _fences(sheet: Sheet) -> Iterator[Fence]:
    for each in sheet.protected_ranges:
        yield Fence(
            id=each.protected_range_id,
            span=span_of(each.range),
            description=each.description,
            warning=each.warning_only,
            open_to_us=each.warning_only or each.requesting_user_can_edit,
        )


def _has_criteria(given: Json | None) -> bool:
    return given is not None and bool(given.get("criteria") or given.get("filterSpecs"))

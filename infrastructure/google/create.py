"""A tab that is not there yet: made in one batch, beside what already bears its name."""

from collections.abc import Container, Iterator, Sequence
from secrets import randbelow

from domain.table import notices
from domain.table.freshness import clock
from domain.table.layout import USUALLY, Layout
from domain.table.numbers import separator
from domain.table.tracker import STOCK
from domain.table.words import moment
from infrastructure.google import changes, looks, rules, terms
from infrastructure.google.answers import Sheet, Spreadsheet
from infrastructure.google.batch import TERMS, Aim, Batch, Part, following
from infrastructure.google.chunks import chunks
from infrastructure.google.formulas import Formulas, count
from infrastructure.google.head import Head, first_column
from infrastructure.google.hiding import hidden_at_first
from infrastructure.google.spans import OPEN, Json, Span
from infrastructure.google.tab import COLUMN, ROW, is_marked

_IDS = 2**31 - 2
SPARE_ROWS = 50
SPARE_COLUMNS = 8


def create(
    aim: Aim,
    file: Spreadsheet,
    sheet_id: int,
    former: Container[int] = frozenset(),
    room: int | None = None,
) -> Batch:
    """The part of a first write; a long one brings its first rows and leaves `rest`. `former` are
    the tabs of the old tool, `room` the bytes that the first call has left."""
    tags = list(aim.columns)
    columns = {tag: column for column, tag in enumerate(tags)}
    parts = chunks(aim, aim.shown.first_order(aim.snapshot.nm_ids), room)
    batch = Batch(
        sheet_id=sheet_id,
        tab=aim.tab,
        title=title_in(file, aim.definition.title),
        marker_id=sheet_id,
        columns=columns,
        rows={tag: row for row, tag in enumerate(aim.heads)},
        top=len(aim.heads),
        sign=separator(file.properties.locale),
        layout=Layout(
            language=aim.language,
            deadline=aim.target.deadline,
            made=tuple(tags),
            returned=aim.target.returned,
            banner=aim.target.banner.word if aim.target.banner else "",
            coloured=aim.coloured or USUALLY,
        ),
        rest=parts[1:],
        creates=True,
        chunk=1,
    )
    batch.requests += backups(aim, file, batch, aim.definition.title, batch.title, former)
    batch.requests += _skeleton(aim, file.properties.time_zone, batch)
    batch.requests += hidden_at_first(aim, batch)
    fill(aim, batch, parts[0])
    batch.requests += _tags(aim, batch)
    return batch


def new_id(taken: Container[int]) -> int:
    """Of a tab. Chosen here, so that the batch that makes it can also name it."""
    return next(each for each in iter(lambda: 1 + randbelow(_IDS), None) if each not in taken)


def fill(aim: Aim, batch: Batch, nm_ids: Sequence[int]) -> None:
    """Add rows below the last one, into cells that are empty."""
    first = batch.order[-1][0] + 1 if batch.order else batch.top
    packer, formulas = batch.packer(aim), Formulas(aim, batch.columns, batch.rows)
    wanted = formulas.everywhere(range(first, first + len(nm_ids)))
    if nm_ids:
        found = packer.filled(first, nm_ids)
        batch.requests += [changes.of_block(batch.sheet_id, block) for block in found]
        batch.requests += formulas.requests(batch.sheet_id, wanted)
    batch.order += tuple(enumerate(nm_ids, first))
    batch.cells += len(nm_ids) * len(packer.tags) + count(wanted)


def chunked(aim: Aim, batch: Batch) -> Iterator[Batch]:
    """The parts after this one, each made when its turn comes."""
    while batch.rest:
        first, *rest = batch.rest
        batch = following(batch, tuple(rest))
        fill(aim, batch, first)
        yield batch


def title_in(file: Spreadsheet, wanted: str) -> str:
    """Several companies may share a file: a marked tab keeps its name, and ours gets another."""
    held = (sheet for sheet in file.sheets if _same(sheet, wanted))
    return _free(wanted, file) if any(map(is_marked, held)) else wanted


def backups(  # noqa: PLR0913, PLR0917 - a tab by its two names
    aim: Aim,
    file: Spreadsheet,
    part: Part,
    wanted: str,
    given: str,
    former: Container[int] = frozenset(),
) -> Iterator[Json]:
    """Only tabs without a marker: `title_in` keeps off the others."""
    if given != wanted:
        part.notices.append(notices.TITLE_TAKEN.say(aim.language, taken=wanted, title=given))
    for sheet in file.sheets:
        if _same(sheet, given) or sheet.properties.sheet_id in former:
            title = _free(_backup_title(aim, file, sheet), file)
            part.notices.append(notices.BACKUP_KEPT.say(aim.language, title=title))
            yield changes.rename(sheet.properties.sheet_id, title)


def _backup_title(aim: Aim, file: Spreadsheet, sheet: Sheet) -> str:
    at = moment(aim.now.astimezone(clock(file.properties.time_zone)), aim.language)
    return notices.BACKUP_TITLE.say(aim.language, title=sheet.properties.title, at=at)


def _same(sheet: Sheet, title: str) -> bool:
    """Tab names are unique in any letter case."""
    return sheet.properties.title.casefold() == title.casefold()


def _free(title: str, file: Spreadsheet) -> str:
    """The title, or the first that is free of «title 2», «title 3» …"""
    taken = {sheet.properties.title.casefold() for sheet in file.sheets}
    numbered = (title, *(f"{title} {n}" for n in range(2, len(taken) + 3)))
    return next(each for each in numbered if each.casefold() not in taken)


def _skeleton(aim: Aim, zone: str, batch: Batch) -> Iterator[Json]:
    """The empty grid, its header and its looks."""
    sheet_id, width = batch.sheet_id, len(batch.columns)
    head, heads = Head(aim, zone), (batch.rows["h1"], batch.rows["h2"])
    bottom = batch.top + len(aim.snapshot.nm_ids)
    yield _add_sheet(batch, bottom + SPARE_ROWS, width + SPARE_COLUMNS)
    yield from head.written(sheet_id, aim.groups, 0, heads)
    yield from looks.dress(sheet_id, aim.groups, 0, heads, bottom, aim.language)
    yield from looks.heights(sheet_id, *heads, tall=bool(aim.shown.terms))
    for tag in TERMS:
        if tag in batch.rows:
            yield from terms.line(aim, sheet_id, batch.columns, tag, batch.rows[tag])
    for tag, cell in head.captions.items():
        if cell.blank:
            yield looks.letters_of(sheet_id, heads[1], batch.columns[tag], blank=True)
    first = first_column(aim.groups[0], batch.columns)
    titled = Span(0, 1, first, first + len(aim.groups[0].titled))
    yield rules.stale(sheet_id, titled)
    if batch.tab == STOCK:
        yield rules.warning(sheet_id, Span(0, batch.top, 0, width), aim.language)
        figures = Span(batch.top, OPEN, batch.columns["cover"], width)
        yield from rules.covers(sheet_id, figures, aim.language, batch.layout.coloured)


def _add_sheet(batch: Batch, height: int, width: int) -> Json:
    """«Stock Tracker» goes before her tabs, the others behind them."""
    grid = {"rowCount": height, "columnCount": width, "frozenRowCount": batch.top}
    shape: Json = {"sheetId": batch.sheet_id, "title": batch.title, "gridProperties": grid}
    if batch.tab == STOCK:
        shape["index"] = 0
    return {"addSheet": {"properties": shape}}


def _tags(aim: Aim, batch: Batch) -> Iterator[Json]:
    for row, value in enumerate(aim.heads):
        yield changes.tag_line(batch.sheet_id, "ROWS", row, ROW, value)
    for tag, column in batch.columns.items():
        yield changes.tag_line(batch.sheet_id, "COLUMNS", column, COLUMN, tag)

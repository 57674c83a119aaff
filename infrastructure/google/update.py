"""A tab that is there: her order adopted, and one batch of only what differs."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from domain.both import Both
from domain.errors import Rejected
from domain.table import notices
from domain.table.columns import KEY, Column, Group
from domain.table.difference import Difference, against, between
from domain.table.layout import USUALLY, Layout
from domain.table.numbers import separator
from domain.table.refusals import refusal
from domain.table.words import OURS
from infrastructure.google import changes, growth, rules, terms
from infrastructure.google.batch import TERMS, Aim, Batch
from infrastructure.google.believing import Believed
from infrastructure.google.chunks import chunks
from infrastructure.google.fences import refuse_fences
from infrastructure.google.formulas import Formulas, count
from infrastructure.google.handing import handed
from infrastructure.google.head import Head, first_column
from infrastructure.google.hiding import turned
from infrastructure.google.marks import marks, requests_of
from infrastructure.google.mending import mended
from infrastructure.google.merges import around_merges
from infrastructure.google.overtyped import cleared
from infrastructure.google.restoring import restored
from infrastructure.google.rows import Rows, rows_of
from infrastructure.google.spans import Json
from infrastructure.google.tab import Tab
from infrastructure.google.telling import came_and_went, edits, tell, told_returned


def update(aim: Aim, seen: Tab, believed: Believed, address: str | Both) -> Batch:
    """The batch that makes our cells say the snapshot; without requests if they do already.

    Raises Rejected if the key column is gone or a range is protected against us.
    """
    if KEY not in seen.columns:
        cause = "sheet_key_deleted"
        raise Rejected(refusal(cause), cause=cause)
    seen, recoloured = rules.recoloured(seen, _days(aim, believed))
    tab, repairs = restored(seen, aim)
    rows = rows_of(aim, tab, believed)
    refuse_fences(tab, rows.order, address)
    returned = _returned(aim, tab, believed)
    added = [*_added(aim, tab, believed), *returned]
    batch = _start(aim, tab, believed, rows, added)
    batch.requests += (*recoloured, *repairs)
    batch.requests += cleared(aim, tab, believed, rows.left)
    head = Head(aim, tab.zone)
    _grow(aim, tab, rows, batch)
    if added:
        growth.new_places(batch, tab, head, added)
        batch.requests += _begun(aim, tab, batch, returned)
    batch.requests += handed(aim, tab, rows.order)
    batch.requests += _figures(aim, tab, believed, rows, batch, returned)
    shaken = bool(repairs or added)
    formulas, wrong = _formulas(aim, tab, believed, rows, batch, shaken=shaken)
    batch.requests += formulas
    batch.requests += terms.repairs(aim, tab)
    batch.marks = marks(aim, tab, believed, rows)
    batch.requests += requests_of(aim, tab, batch.marks)
    first = _first(tab, head)
    batch.requests += mended(aim, tab, batch, first)
    batch.requests += list(_header(tab, head, batch, first))
    batch.requests += growth.tags_of(batch, added)
    batch.requests += turned(aim, tab, believed.layout, batch)
    batch.notices += _told(aim, tab, believed, rows, batch, 0 if shaken else wrong)
    batch.notices += told_returned(aim, returned)
    batch.notices += [notices.HEADER_RESTORED.say(aim.language)] if repairs else []
    return batch


def _days(aim: Aim, believed: Believed) -> tuple[int, int] | None:
    """By which cells are to be coloured from now on; None: they stay as they are."""
    stood = believed.layout.coloured if believed.layout else None
    return aim.coloured if aim.coloured != stood else None


def _added(aim: Aim, tab: Tab, believed: Believed) -> list[Group]:
    """Places that never had a column here; one she deleted stays deleted."""
    made = {*tab.columns, *(believed.layout.made if believed.layout else ())}
    places = (group for group in aim.groups if group.place)
    return [group for group in places if made.isdisjoint(group.tags)]


def _returned(aim: Aim, tab: Tab, believed: Believed) -> list[Group]:
    """Columns she deleted and has asked for since, each group of what is missing."""
    layout, asked = believed.layout, aim.target.returned
    if layout is None or asked is None or asked == layout.returned:
        return []
    missing = set(layout.made) - tab.columns.keys()
    parts = ((group, [c for c in group.columns if c.tag in missing]) for group in aim.groups)
    return [_part(group, columns) for group, columns in parts if columns]


def _part(group: Group, columns: Sequence[Column]) -> Group:
    """Of what came back the title says something only if it stood over all of it."""
    return replace(group, columns=tuple(columns), spread=None if group.spread is None else 0)


def _begun(aim: Aim, tab: Tab, batch: Batch, returned: Sequence[Group]) -> Iterator[Json]:
    """Terms above a column that came back: blank they would count as nothing."""
    back = {tag: batch.columns[tag] for group in returned for tag in group.tags}
    for tag in TERMS:
        if tag in tab.rows:
            yield from terms.line(aim, tab.sheet_id, back, tag, tab.rows[tag])


def _start(aim: Aim, tab: Tab, believed: Believed, rows: Rows, added: list[Group]) -> Batch:
    usual = (tag for group in aim.groups if not group.place for tag in group.tags)
    former = believed.layout.made if believed.layout else tuple(usual)
    made = dict.fromkeys((*former, *tab.columns, *(tag for group in added for tag in group.tags)))
    return Batch(
        sheet_id=tab.sheet_id,
        tab=aim.tab,
        title=tab.title,
        marker_id=tab.marker_id,
        columns=dict(tab.columns),
        rows=tab.rows,
        top=(tab.head[1] or 0) + 1,
        sign=separator(tab.locale),
        layout=Layout(
            language=aim.language,
            deadline=aim.target.deadline,
            made=tuple(made),
            gone=frozenset(former) - tab.columns.keys() - {tag for g in added for tag in g.tags},
            returned=aim.target.returned,
            banner=aim.target.banner.word if aim.target.banner else "",
            coloured=aim.coloured or (believed.layout.coloured if believed.layout else USUALLY),
        ),
        order=rows.order,
        pasting=not tab.filtered,
    )


def _grow(aim: Aim, tab: Tab, rows: Rows, batch: Batch) -> None:
    """A half-filled tab of ours goes on where it stopped; any other gets new rows."""
    if tab.marker and tab.marker.fill:
        batch.rest = chunks(aim, rows.fresh) if rows.fresh else ()
        batch.chunk = tab.marker.fill
        growth.room_below(batch, tab, len(rows.fresh))
    elif rows.fresh:
        growth.new_rows(batch, tab, aim, rows.fresh)


def _figures(  # noqa: PLR0913, PLR0917 - of one call
    aim: Aim, tab: Tab, believed: Believed, rows: Rows, batch: Batch, returned: Sequence[Group]
) -> Iterator[Json]:
    """Whatever differs in rows that are there, and all of the new ones and returned columns."""
    packer = batch.packer(aim)
    difference = _difference(aim, tab, believed, rows, packer.tags)
    back = {tag for group in returned for tag in group.tags}
    for tag in back.intersection(packer.tags):
        difference.column(aim.cells, tag, rows.order)
    batch.alone = around_merges(aim, tab, rows.order, difference, batch)
    alone = {row for span in batch.alone for row in range(span.top, span.bottom)}
    fresh = batch.order[len(rows.order) :]
    blocks = list(packer.changes(difference, rows.order, alone))
    if fresh:
        blocks += packer.filled(fresh[0][0], [nm for _, nm in fresh])
    batch.cells = difference.size + len(fresh) * len(packer.tags)
    return (changes.of_block(tab.sheet_id, block) for block in blocks)


def _formulas(  # noqa: PLR0913 - of one call
    aim: Aim, tab: Tab, believed: Believed, rows: Rows, batch: Batch, *, shaken: bool
) -> tuple[Iterator[Json], int]:
    """Those that are not as they should be, and how many are known not to be. Where they were not
    read, those of rows that moved; and all, once a day, and when what they name has moved."""
    made = Formulas(aim, batch.columns, tab.rows)
    if tab.formulas is not None:
        wanted = made.wrong(tab, rows.order, batch.alone)
    else:
        all_of_them = shaken or tab.whole or believed.cells is None
        wanted = made.everywhere(row for row, _ in (rows.order if all_of_them else rows.moved))
    wrong = count(wanted) if tab.formulas is not None else 0
    fresh = [row for row, _ in batch.order[len(rows.order) :]]
    wanted = {
        tag: [row for row in sorted({*places, *fresh}) if not made.inside(batch.alone, tag, row)]
        for tag, places in wanted.items()
    }
    batch.cells += count(wanted)
    return made.requests(tab.sheet_id, wanted), wrong


def _difference(
    aim: Aim, tab: Tab, believed: Believed, rows: Rows, tags: Sequence[str]
) -> Difference:
    if tab.whole:
        return against(tab.present, aim.cells, tags, rows.order)
    difference = (
        between(believed.cells, aim.cells, tags, rows.still)
        if believed.cells is not None
        else Difference(tags)
    )
    difference.whole(aim.cells, rows.order if believed.cells is None else rows.moved)
    return difference


def _first(tab: Tab, head: Head) -> tuple[int, int]:
    """Row and column of the first cell of ours."""
    row = tab.head[0] or 0
    noted = {column for (at, column), text in tab.notes.items() if at == row and OURS in text}
    return row, first_column(head.groups[0], tab.columns, noted)


def _header(tab: Tab, head: Head, batch: Batch, first: tuple[int, int]) -> Iterator[Json]:
    """Captions that differ; and the time, as soon as anything does."""
    repairs = list(head.repairs(tab))
    yield from repairs
    row, column = first
    if batch.requests or repairs or not head.first_is_right(tab, row, column):
        cell = head.first(tab.notes.get((row, column)))
        fields = changes.VALUE_AND_NOTE
        yield changes.update_cells(tab.sheet_id, row, column, [[cell]], fields)


def _told(  # noqa: PLR0913, PLR0917 - of one call
    aim: Aim, tab: Tab, believed: Believed, rows: Rows, batch: Batch, formulas: int
) -> Iterator[str]:
    yield from tell(aim, tab, believed, rows)
    yield from edits(aim, tab, believed, rows, formulas) if tab.whole else ()
    yield from came_and_went(aim, batch.marks.values())

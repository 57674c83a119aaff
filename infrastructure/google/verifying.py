"""Did she sort between our read and our write? Then what moved is written once more, at once."""

from dataclasses import replace

from domain.table.columns import KEY
from domain.table.difference import Difference
from domain.table.order import Order, adopt
from infrastructure.google import changes, looks
from infrastructure.google.answers import BatchAnswer
from infrastructure.google.batch import Aim, Batch
from infrastructure.google.formulas import Formulas, count
from infrastructure.google.marks import gone_note
from infrastructure.google.spans import letters

MOST = 20_000
"""Products whose keys we ask back; a larger tab is looked at with the next read."""


def key_range(batch: Batch) -> str:
    """The key column as a range of the answer."""
    column = letters(batch.columns[KEY])
    title = batch.title.replace("'", "''")
    return f"'{title}'!{column}{batch.top + 1}:{column}"


def asks_back(batch: Batch) -> bool:
    """Nobody can have sorted a tab that was not there; a large one is looked at next time."""
    return not batch.creates and not batch.chunk and len(batch.order) <= MOST


def resorted(answer: BatchAnswer, batch: Batch) -> Order:
    """Where the products of the batch stand after it; empty if they stand where it put them, or if
    the answer does not tell."""
    order = _seen_order(answer, batch) if asks_back(batch) else ()
    return order if order != batch.order else ()


def _seen_order(answer: BatchAnswer, batch: Batch) -> Order:
    sheets = answer.updated_spreadsheet.sheets if answer.updated_spreadsheet else []
    keys = {
        row: cell.value
        for sheet in sheets
        if sheet.properties.sheet_id == batch.sheet_id
        for grid in sheet.data
        for row, line in enumerate(grid.row_data, grid.start_row)
        for cell in line.values[:1]
    }
    return adopt(keys, {nm for _, nm in batch.order}).order


def corrected(aim: Aim, batch: Batch, seen: Order) -> Batch:
    """Every row whose key is not the one aimed at, whole; and the strokes that went astray."""
    aimed = dict(batch.order)
    moved = tuple((row, nm) for row, nm in seen if aimed.get(row) != nm)
    packer, formulas = batch.packer(aim), Formulas(aim, batch.columns, batch.rows)
    difference = Difference(packer.tags)
    difference.whole(aim.cells, moved)
    found = [changes.of_block(batch.sheet_id, each) for each in packer.changes(difference, seen)]
    wanted = formulas.everywhere(row for row, _ in moved)
    found += formulas.requests(batch.sheet_id, wanted)
    cells = difference.size + count(wanted)
    made = replace(batch, order=seen, requests=found, notices=[], rest=(), cells=cells)
    column = batch.columns[KEY]
    for row, nm in moved:
        gone = nm not in aim.cells.index
        if gone or row in batch.marks:
            note = gone_note(aim) if gone else None
            made.requests.append(looks.struck(batch.sheet_id, row, column, note, gone=gone))
    return made

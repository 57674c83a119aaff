"""Did she sort between our read and our write? Then what moved is written once more, at once."""

from dataclasses import replace

from domain.table.blocks import Packer
from domain.table.columns import KEY
from domain.table.difference import Difference
from domain.table.order import Order, adopt
from infrastructure.google import changes, looks
from infrastructure.google.answers import BatchAnswer
from infrastructure.google.batch import Aim, Batch
from infrastructure.google.marks import gone_note
from infrastructure.google.spans import letters

MOST = 20_000
"""Products whose keys we ask back; a larger tab is looked at with the next read."""


def key_range(batch: Batch) -> str:
    """The key column as a range of the answer."""
    column = letters(batch.columns[KEY])
    title = batch.title.replace("'", "''")
    return f"'{title}'!{column}{batch.top + 1}:{column}"


def seen_order(answer: BatchAnswer, batch: Batch) -> Order:
    """Where the products of the batch stand after it; empty if the answer does not tell."""
    sheets = answer.updated_spreadsheet.sheets if answer.updated_spreadsheet else []
    keys = {
        row: cell.value
        for sheet in sheets
        for grid in sheet.data
        for row, line in enumerate(grid.row_data, grid.start_row)
        for cell in line.values[:1]
    }
    return adopt(keys, {nm for _, nm in batch.order}).order


def corrected(aim: Aim, batch: Batch, seen: Order) -> Batch:
    """Every row whose key is not the one aimed at, whole; and the strokes that went astray."""
    aimed = dict(batch.order)
    moved = tuple((row, nm) for row, nm in seen if aimed.get(row) != nm)
    packer = Packer(aim.cells, batch.columns, batch.sign, pasting=batch.pasting)
    difference = Difference(packer.tags)
    difference.whole(aim.cells, moved)
    found = [changes.of_block(batch.sheet_id, each) for each in packer.changes(difference, seen)]
    made = replace(batch, order=seen, requests=found, rest=(), cells=difference.size)
    column = batch.columns[KEY]
    for row, nm in moved:
        gone = nm not in aim.cells.index
        if gone or row in batch.marks:
            note = gone_note(aim) if gone else None
            made.requests.append(looks.struck(batch.sheet_id, row, column, note, gone=gone))
    return made

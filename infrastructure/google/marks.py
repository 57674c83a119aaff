"""Products that vanished and came back: struck through with a note, and freed of both."""

from collections.abc import Iterator, Mapping

from domain.snapshot import MOSCOW
from domain.table.columns import KEY
from domain.table.notices import GONE_NOTE
from domain.table.words import OURS, day
from infrastructure.google import looks
from infrastructure.google.batch import Aim
from infrastructure.google.believing import Believed
from infrastructure.google.rows import Rows
from infrastructure.google.spans import Json
from infrastructure.google.tab import Tab


def marks(aim: Aim, tab: Tab, believed: Believed, rows: Rows) -> dict[int, bool]:
    """Rows whose mark has to change: True, the product is gone; False, it is back."""
    changed = {}
    for row, nm in rows.order:
        gone = nm not in aim.cells.index
        if gone != _was_gone(tab, believed, row, nm):
            changed[row] = gone
    return changed


def requests_of(aim: Aim, tab: Tab, changed: Mapping[int, bool]) -> Iterator[Json]:
    """A note of hers beside the key stays, and ours is left out."""
    column = tab.columns[KEY]
    ours = gone_note(aim)
    for row, gone in changed.items():
        said = tab.notes.get((row, column))
        hers = said if said and not said.startswith(OURS) else None
        note = hers or (ours if gone else None)
        yield looks.struck(tab.sheet_id, row, column, note, gone=gone)


def gone_note(aim: Aim) -> str:
    """Since when the product is missing: the day of the snapshot that first lacks it."""
    date = day(aim.snapshot.taken_at.astimezone(MOSCOW), aim.language)
    return OURS + GONE_NOTE.say(aim.language, date=date)


def _was_gone(tab: Tab, believed: Believed, row: int, nm: int) -> bool:
    """Our note says so; where a note of hers stands, the last snapshot does."""
    said = tab.notes.get((row, tab.columns[KEY]))
    if said is not None and said.startswith(OURS):
        return True
    hers = said is not None and believed.cells is not None
    return hers and believed.cells is not None and nm not in believed.cells.index

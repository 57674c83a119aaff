"""The header as requests: captions, reasons for blanks, and the cell that tells the time."""

from collections.abc import Iterator, Mapping, Sequence

from domain.table.columns import PRODUCT, Group
from domain.table.freshness import ALARM, beside_hers, freshness, note
from domain.table.header import Cell, captions, names, title, told_blank
from domain.table.words import OURS
from infrastructure.google import changes, looks
from infrastructure.google.batch import Aim
from infrastructure.google.spans import Json
from infrastructure.google.tab import Tab


class Head:
    """The desired header of a snapshot, in a spreadsheet of this time zone."""

    def __init__(self, aim: Aim, zone: str) -> None:
        self.groups = aim.groups
        self.language = aim.language
        self.captions = captions(aim.groups, aim.snapshot.gaps, aim.language)
        fresh = freshness(
            aim.snapshot, aim.target.deadline, zone, aim.language, mailed=aim.target.mailed
        )
        self.formula = fresh.formula
        self.note = note(fresh, aim.snapshot, names(aim.groups, aim.language))

    def first(self, present: str | None) -> Json:
        """The first cell of ours, beside whatever note of hers is `present`."""
        value = {"formulaValue": self.formula}
        return {"userEnteredValue": value, "note": beside_hers(self.note, present)}

    def block(self, groups: Sequence[Group]) -> list[list[Json]]:
        """Both rows of neighbouring groups that are new."""
        above = [each for group in groups for each in self._titles(group)]
        below = [_cell(self.captions[tag]) for group in groups for tag in group.tags]
        return [above, below]

    def _titles(self, group: Group) -> list[Json]:
        shown = self.first(None) if group == PRODUCT else _cell(title(group, self.language))
        return [shown, *({} for _ in group.columns[1:])]

    def repairs(self, tab: Tab) -> Iterator[Json]:
        """What differs from the header as it stands; a note of hers stays instead of ours."""
        above, below = tab.head
        if above is None or below is None:
            return
        for group in self.groups:
            present = [tab.columns[tag] for tag in group.tags if tag in tab.columns]
            if present and group != PRODUCT:
                yield from _repair(tab, above, min(present), title(group, self.language))
        for tag, cell in self.captions.items():
            if tag in tab.columns:
                yield from _repair(tab, below, tab.columns[tag], cell)

    def first_is_right(self, tab: Tab, row: int, column: int) -> bool:
        """Does the first cell already say this? Its formula cannot be seen, its note can."""
        shown = str(tab.at(row, column) or "")
        said = tab.notes.get((row, column))
        right = shown == PRODUCT.title.say(self.language) or shown.startswith(ALARM)
        return right and said == beside_hers(self.note, said)


def first_column(columns: Mapping[str, int]) -> int:
    """Where the first cell of ours stands: over the leftmost column of the first group."""
    return min(columns[tag] for tag in PRODUCT.tags if tag in columns)


def _repair(tab: Tab, row: int, column: int, cell: Cell) -> Iterator[Json]:
    said = tab.notes.get((row, column))
    hers = said is not None and not said.startswith(OURS)
    wanted = said if hers else cell.note
    if tab.at(row, column) != cell.text or said != wanted:
        shown = {**changes.typed(cell.text), **({"note": wanted} if wanted else {})}
        fields = changes.VALUE_AND_NOTE
        yield changes.update_cells(tab.sheet_id, row, column, [[shown]], fields)
    if cell.blank != told_blank(said):
        yield looks.letters_of(tab.sheet_id, row, column, blank=cell.blank)


def _cell(cell: Cell) -> Json:
    shown = changes.typed(cell.text)
    return {**shown, "note": cell.note} if cell.note else shown

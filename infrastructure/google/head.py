"""The header as requests: captions, reasons for blanks, and the cell that tells the time."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from domain.table.columns import Group
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
        self.captions = captions(aim.groups, aim.shown.gaps, aim.language)
        told = replace(aim.snapshot, gaps=tuple(aim.shown.gaps))
        first, until = aim.groups[0].title, aim.target.deadline
        fresh = replace(freshness(told, until, zone, aim.language, first), mailed=aim.target.mailed)
        self.banner = aim.target.banner
        self.value: Json = {"formulaValue": fresh.formula}
        self.note = note(fresh, told, names(aim.groups, aim.language), aim.target.remarks)
        if self.banner:
            self.value, self.note = {"stringValue": self.banner.text}, self.banner.note

    def first(self, present: str | None) -> Json:
        """The first cell of ours, beside whatever note of hers is `present`."""
        return {"userEnteredValue": self.value, "note": beside_hers(self.note, present)}

    def written(
        self, sheet_id: int, groups: Sequence[Group], left: int, heads: looks.Heads
    ) -> Iterator[Json]:
        """Both rows of neighbouring groups that are new, from column `left` on."""
        above = [each for group in groups for each in self._titles(group)]
        below = [_cell(self.captions[tag]) for group in groups for tag in group.tags]
        fields = changes.VALUE_AND_NOTE
        if heads[1] == heads[0] + 1:
            yield changes.update_cells(sheet_id, heads[0], left, [above, below], fields)
            return
        if any(above):
            yield changes.update_cells(sheet_id, heads[0], left, [above], fields)
        yield changes.update_cells(sheet_id, heads[1], left, [below], fields)

    def _titles(self, group: Group) -> list[Json]:
        if not group.titled:
            return [{} for _ in group.columns]
        first = group == self.groups[0]
        shown = self.first(None) if first else _cell(title(group, self.language))
        return [shown, *({} for _ in group.columns[1:])]

    def repairs(self, tab: Tab) -> Iterator[Json]:
        """What differs from the header as it stands; a note of hers stays instead of ours."""
        above, below = tab.head
        if above is None or below is None:
            return
        for group in self.groups[1:]:
            present = [tab.columns[tag] for tag in group.tags if tag in tab.columns]
            if present:
                yield from _repair(tab, above, min(present), title(group, self.language))
        for tag, cell in self.captions.items():
            if tag in tab.columns:
                yield from _repair(tab, below, tab.columns[tag], cell)

    def first_is_right(self, tab: Tab, row: int, column: int) -> bool:
        """Does the first cell already say this? Its formula cannot be seen, its note can."""
        shown = str(tab.at(row, column) or "")
        said = tab.notes.get((row, column))
        right = shown == self.groups[0].title.say(self.language) or shown.startswith(ALARM)
        if self.banner:
            right = shown == self.banner.text
        return right and said == beside_hers(self.note, said)


def first_column(
    group: Group, columns: Mapping[str, int], noted: Collection[int] = frozenset()
) -> int:
    """Where the first cell of ours stands: it went with its column, and its note with it; else over
    the leftmost one of the first group."""
    there = [columns[tag] for tag in group.titled if tag in columns]
    return min([column for column in there if column in noted] or there)


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

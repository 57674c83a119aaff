"""The two rows on top: what each of our columns is called, and why it is blank if it is."""

from collections.abc import Iterable, Mapping, Sequence

from domain.fact import fact
from domain.snapshot import Gap
from domain.table.columns import Column, Group
from domain.table.gaps import explained
from domain.table.words import OURS, Words

_BLANK = Words(ru="Пусто: {reason}. {cure}", en="Blank: {reason}. {cure}")
_BLANKS = (OURS + "Пусто: ", OURS + "Blank: ", "\nПусто: ", "\nBlank: ")


@fact
class Cell:
    """A header cell as it should be; `blank` turns its letters yellow."""

    text: str
    note: str | None
    blank: bool = False


def captions(groups: Iterable[Group], gaps: Iterable[Gap], language: str) -> dict[str, Cell]:
    """The second row, by tag."""
    reasons = _by_tag(gaps)
    return {
        column.tag: _caption(column, reasons.get(column.tag), language)
        for group in groups
        for column in group.columns
    }


def title(group: Group, language: str) -> Cell:
    """The first row over a group; over the first one stands the freshness instead."""
    note = OURS + group.note.say(language) if group.note else None
    return Cell(text=group.title.say(language), note=note)


def names(groups: Sequence[Group], language: str) -> dict[str, str]:
    """What a person calls each column: that of a place with the place's name."""
    return {
        column.tag: f"{group.title.say(language)} · {column.caption.say(language)}"
        if group.place
        else column.caption.say(language)
        for group in groups
        for column in group.columns
    }


def told_blank(note: str | None) -> bool:
    """Does a note of ours, as it stands in the sheet, give a reason for blanks?"""
    return note is not None and any(mark in note for mark in _BLANKS)


def _by_tag(gaps: Iterable[Gap]) -> Mapping[str, Gap]:
    return {tag: gap for gap in gaps for tag in gap.columns}


def _caption(column: Column, gap: Gap | None, language: str) -> Cell:
    lines = [column.note.say(language)] if column.note else []
    if gap:
        reason, cure = explained(gap, language)
        lines.append(_BLANK.say(language, reason=reason, cure=cure))
    note = OURS + "\n".join(lines) if lines else None
    return Cell(text=column.caption.say(language), note=note, blank=gap is not None)

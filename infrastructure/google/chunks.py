"""Cuts a first write into bodies that Google takes well."""

from collections.abc import Iterator, Sequence

from domain.table.columns import Holds
from infrastructure.google.batch import Aim

SHORT = 2_000_000
"""Bytes of a body: what the Sheets usage limits recommend."""

MARGIN = 0.95
_ENVELOPE = 10_000
_COLUMN = 700  # header cells, formats, borders and tags
_TEXTS = 185  # a row of four cells in updateCells, without the letters
_FIGURE = 5  # a number in pasteData with its tab


def chunks(aim: Aim, nm_ids: Sequence[int], room: int | None = None) -> tuple[tuple[int, ...], ...]:
    """The products of each call, at least one call; `room` bytes in the first one, which may then
    be left without products. Sizes are estimated, the margin covers that."""
    limit = int((SHORT if room is None else room) * MARGIN)
    columns = sum(len(group.columns) for group in aim.groups)
    found: list[tuple[int, ...]] = []
    start, size = 0, _ENVELOPE + _COLUMN * columns
    for k, row in enumerate(_sizes(aim, nm_ids, columns)):
        if size + row > limit and (k > start or (room is not None and not found)):
            found.append(tuple(nm_ids[start:k]))
            start, size, limit = k, _ENVELOPE, int(SHORT * MARGIN)
        size += row
    return (*found, tuple(nm_ids[start:]))


def _sizes(aim: Aim, nm_ids: Sequence[int], columns: int) -> Iterator[int]:
    tags = [tag for tag, column in aim.columns.items() if column.holds is Holds.TEXT]
    fixed = _TEXTS + _FIGURE * (columns - len(tags) - 1)
    products = [aim.cells.index[nm] for nm in nm_ids]
    texts = (map(escaped, aim.cells.values(tag, products)) for tag in tags)
    return (fixed + sum(row) for row in zip(*texts, strict=True))


def escaped(text: object) -> int:
    """Bytes of a text. JSON escapes a quote or a backslash with one more byte."""
    letters = str(text or "")
    return len(letters.encode()) + letters.count('"') + letters.count("\\")

"""What the run says about the tab: what she did to it, and what we did."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from domain.table import notices
from domain.table.columns import Group
from domain.table.difference import against
from domain.table.header import names
from domain.table.order import Order
from domain.table.tracker import STOCK
from infrastructure.google.batch import Aim
from infrastructure.google.believing import Believed
from infrastructure.google.rows import Rows
from infrastructure.google.tab import Tab

MOST = 5
"""Sentences of one kind; a sheet of her own numbers must not become a book."""


def tell(aim: Aim, tab: Tab, believed: Believed, rows: Rows) -> Iterator[str]:
    """In the language of the tab."""
    language = aim.language
    if aim.tab == STOCK and copied(aim, tab):
        yield notices.COPY_CONNECTED.say(language)
    if believed.order is not None and _resorted(believed.order, rows.order):
        yield notices.ORDER_ADOPTED.say(language)
    yield from _columns(aim, tab, believed)
    yield from _missing(aim, tab, believed, rows)
    yield from _twice(rows, language)


def copied(aim: Aim, tab: Tab) -> bool:
    """Did it come with a copy of the file that we wrote to until now?"""
    return tab.marker is not None and tab.marker.copied_from(aim.target.spreadsheet_id)


def edits(aim: Aim, tab: Tab, believed: Believed, rows: Rows, formulas: int) -> Iterator[str]:
    """How many of our cells no longer hold what we wrote, where all of them were read; `formulas`
    are those among them."""
    if believed.cells is not None and believed.order is not None:
        tags = sorted(aim.values(tab.columns), key=tab.columns.__getitem__)
        known = tuple(at for at in rows.still if at[1] in believed.cells.index)
        typed_over = against(tab.present, believed.cells, tags, known).size + formulas
        if typed_over:
            yield notices.EDITS_RESTORED.say(aim.language, n=typed_over)


def told_returned(aim: Aim, groups: Sequence[Group]) -> Iterator[str]:
    """Columns she asked for."""
    if groups:
        called = names(aim.groups, aim.language)
        listed = ", ".join(called[tag] for group in groups for tag in group.tags)
        yield notices.COLUMNS_RETURNED.say(aim.language, names=listed)


def came_and_went(aim: Aim, marked: Iterable[bool]) -> Iterator[str]:
    """Products that vanished from the account or returned to it: told of «Stock Tracker», like
    those that are new."""
    marked = list(marked)
    if aim.tab == STOCK and marked:
        gone = sum(marked)
        back = len(marked) - gone
        yield notices.GONE_AND_BACK.say(aim.language, gone=gone, back=back)


def _resorted(placed: Order, seen: Order) -> bool:
    """Rows that only moved down together are not a new order."""
    left = {nm for _, nm in seen}
    before = [nm for _, nm in placed if nm in left]
    after = [nm for _, nm in seen]
    return before != after and sorted(before) == sorted(after)


def _columns(aim: Aim, tab: Tab, believed: Believed) -> Iterator[str]:
    """Said once: the layout remembers what she took away."""
    layout = believed.layout
    if layout is not None and aim.target.returned in (None, layout.returned):
        called = names(aim.groups, aim.language)
        for tag in layout.made:
            if tag not in layout.gone and tag not in tab.columns:
                yield notices.COLUMN_DELETED.say(aim.language, name=called.get(tag, tag))


def _missing(aim: Aim, tab: Tab, believed: Believed, rows: Rows) -> Iterator[str]:
    """Rows for products that had one: she typed over the key, or deleted the row."""
    placed = {nm for _, nm in believed.remembered}
    lost = [nm for nm in rows.fresh if nm in placed]
    changed = rows.overtyped
    for row, nm in list(changed.items())[:MOST]:
        yield notices.KEY_CHANGED.say(aim.language, row=row + 1, nm=nm)
    if len(lost) > len(changed):
        yield notices.ROWS_BACK.say(aim.language, n=len(lost) - len(changed))
    complete = placed and not (tab.marker and tab.marker.fill)
    if aim.tab == STOCK and complete and len(rows.fresh) > len(lost):
        yield notices.NEW_PRODUCTS.say(aim.language, n=len(rows.fresh) - len(lost))
    yield from _foreign([at for at in rows.foreign if at[0] not in changed], aim.language)


def _foreign(foreign: list[tuple[int, int]], language: str) -> Iterator[str]:
    for row, number in foreign[:MOST]:
        yield notices.NOT_IN_ACCOUNT.say(language, row=row + 1, nm=number)
    if len(foreign) > MOST:
        yield notices.MORE_FOREIGN.say(language, n=len(foreign) - MOST)


def _twice(rows: Rows, language: str) -> Iterator[str]:
    where = defaultdict(list)
    for row, nm in rows.order:
        if nm in rows.twice:
            where[nm].append(str(row + 1))
    for nm, at in list(where.items())[:MOST]:
        yield notices.TWICE.say(language, nm=nm, rows=", ".join(at))

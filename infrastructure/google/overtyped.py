"""Rows whose key she typed over: hers from then on, and freed of the figures we had put there.

A row of hers may also have moved up into the place of one that she deleted. So a row counts as
typed over only if the texts we wrote still stand in it, and only what is still our figure goes.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping

from domain.table.columns import KEY, TEXTS
from domain.table.difference import against
from domain.table.figures import Figures
from domain.table.order import Order, key_of
from domain.table.segments import areas
from infrastructure.google import changes
from infrastructure.google.batch import Aim
from infrastructure.google.believing import Believed
from infrastructure.google.spans import Json, Span
from infrastructure.google.tab import Tab


def doubtful(tab: Tab, believed: Believed) -> bool:
    """Do the keys alone not tell what stands in the rows?"""
    return not believed.enough or bool(_suspects(tab, believed.remembered))


def overtyped(tab: Tab, believed: Believed, fresh: Collection[int]) -> dict[int, int]:
    """Row → the product that stood there and needs a new row; none in a tab not read whole."""
    cells = believed.cells
    if not tab.whole or cells is None:
        return {}
    suspects = _suspects(tab, believed.remembered).items()
    return {row: nm for row, nm in suspects if nm in fresh and _texts_stand(tab, cells, row, nm)}


def cleared(aim: Aim, tab: Tab, believed: Believed, rows: Mapping[int, int]) -> Iterator[Json]:
    """Our figures go, once: a sum over the column would count them twice."""
    if believed.cells is None:
        return
    tags = [tag for tag in aim.values(tab.columns) if tag != KEY and tag not in TEXTS]
    tags.sort(key=tab.columns.__getitem__)
    for row, nm in rows.items():
        if not _fenced(tab, row):
            hers = against(tab.present, believed.cells, tags, ((row, nm),))
            mask = hers.write[row] | hers.clear[row]
            ours = [tag for k, tag in enumerate(tags) if not mask >> k & 1]
            for area in areas(ours, tab.columns) if ours else ():
                span = Span(row, row + 1, area.column, area.column + len(area.tags))
                yield changes.clear(tab.sheet_id, span)


def _suspects(tab: Tab, remembered: Order) -> dict[int, int]:
    """Row → the product that stood there, where it is gone and no neighbour moved up."""
    keys = {row: key_of(value) for row, value in tab.keys.items()}
    times = Counter(keys.values())
    missing = [(row, nm) for row, nm in remembered if not times[nm]]
    known = {nm for _, nm in remembered} if missing else set()
    return {
        row: nm
        for row, nm in missing
        if (now := keys.get(row)) is None or now not in known or times[now] > 1
    }


def _texts_stand(tab: Tab, cells: Figures, row: int, nm: int) -> bool:
    if nm not in cells.index:
        return False
    tags = [tag for tag in TEXTS if tag in tab.columns]
    said = any(tab.present(tag).get(row) for tag in tags)
    return said and not against(tab.present, cells, tags, ((row, nm),)).size


def _fenced(tab: Tab, row: int) -> bool:
    """A range closed to us in a row of hers must not stop the whole write."""
    return any(
        not fence.open_to_us and fence.span.top <= row < fence.span.bottom for fence in tab.fences
    )

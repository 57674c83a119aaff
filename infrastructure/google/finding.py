"""Finds the tab of a shop: by its id if we know it, else by its marker among all tabs."""

from domain.ports import TabState
from infrastructure.google.answers import Spreadsheet
from infrastructure.google.batch import Aim
from infrastructure.google.marker import STOCK, Marker
from infrastructure.google.tab import Tab, own_marker
from infrastructure.google.visit import Visit

SMALL = 50_000
"""Cells up to which a look reads all of ours; a larger tab is looked at by its keys."""


async def find(visit: Visit, aim: Aim, state: TabState | None) -> Tab | Spreadsheet:
    """The tab as it stands; or, if there is none of ours, the file it has to be made in."""
    whole = _cells(aim, state) <= SMALL
    if state is not None and state.rev:
        tab = await visit.look(state.sheet_id, whole=whole)
        if tab is not None and _ours(tab.marker, aim):
            return tab
    file = await visit.listing()
    for sheet in file.sheets:
        if _ours(own_marker(sheet)[0], aim):
            tab = await visit.look(sheet.properties.sheet_id, whole=whole)
            if tab is not None:
                return tab
    return file


def _ours(marker: Marker | None, aim: Aim) -> bool:
    return marker is not None and (marker.shop, marker.tab) == (aim.target.shop_id, STOCK)


def _cells(aim: Aim, state: TabState | None) -> int:
    products = max(len(aim.snapshot.nm_ids), len(state.order) if state else 0)
    return products * sum(len(group.columns) for group in aim.groups)

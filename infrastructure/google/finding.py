"""Finds the tabs of a shop: by their ids if we know them, else by their markers among all tabs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from domain.sheet_port import TabState
from domain.table.tracker import STOCK
from infrastructure.google.answers import Spreadsheet
from infrastructure.google.batch import Aim
from infrastructure.google.lookups import Look
from infrastructure.google.tab import Tab, own_marker
from infrastructure.google.visit import Visit

SMALL = 50_000
"""Cells up to which a look reads all of ours; a larger tab is looked at by its keys."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """`tabs` by their words in markers; `file` is listed if one that is wanted is not there."""

    tabs: Mapping[str, Tab]
    file: Spreadsheet = field(default_factory=Spreadsheet)

    @property
    def stock(self) -> Tab | None:
        """«Stock Tracker»."""
        return self.tabs.get(STOCK)


async def find(visit: Visit, aim: Aim, state: TabState | None) -> Found:
    """All tabs of ours in one look: those that are wanted, and those that no longer are."""
    wanted = {STOCK, *aim.beside, *aim.listed}
    if state is not None and state.rev:
        known = {STOCK: state.sheet_id, **{each.tab: each.sheet_id for each in state.listings}}
        if wanted <= known.keys():
            tabs = await _look(visit, aim, state, known)
            if wanted <= tabs.keys():
                return Found(tabs=tabs)
    file = await visit.listing()
    marked = {tab: sheet_id for tab, sheet_id in _marked(file, aim) if _ours(tab, wanted, state)}
    tabs = await _look(visit, aim, state, marked) if marked else {}
    return Found(tabs=tabs, file=file)


async def _look(
    visit: Visit, aim: Aim, state: TabState | None, where: Mapping[str, int]
) -> Mapping[str, Tab]:
    """Those of them that bear our marker."""
    looks = [
        Look(
            sheet_id=sheet_id,
            whole=_cells(aim, tab, state) <= SMALL,
            keyed=_keyed(aim, tab, state),
        )
        for tab, sheet_id in where.items()
    ]
    seen = await visit.look(looks)
    return {
        each.marker.tab: each
        for each in seen
        if each.marker and each.marker.shop == aim.target.shop_id
    }


def _marked(file: Spreadsheet, aim: Aim) -> Iterable[tuple[str, int]]:
    """The first one of each word."""
    for sheet in reversed(file.sheets):
        marker, _ = own_marker(sheet)
        if marker and marker.shop == aim.target.shop_id:
            yield marker.tab, sheet.properties.sheet_id


def _ours(tab: str, wanted: Iterable[str], state: TabState | None) -> bool:
    """Of a tab that neither is wanted nor was made by this state nothing is known: another program
    of hers may fill it."""
    return tab in wanted or (state is not None and any(tab == each.tab for each in state.listings))


def _keyed(aim: Aim, tab: str, state: TabState | None) -> bool:
    """Are its rows products? Of one that is no longer wanted, its state tells."""
    listings = state.listings if state else ()
    left = any(each.tab == tab and each.layout for each in listings)
    return tab == STOCK or tab in aim.beside or left


def _cells(aim: Aim, tab: str, state: TabState | None) -> int:
    shown = aim if tab == STOCK else aim.beside.get(tab)
    if shown is not None:
        products = max(len(aim.snapshot.nm_ids), len(state.order) if state else 0)
        return products * len(shown.columns)
    listed = aim.listed.get(tab)
    return len(listed.figures.keys) * len(listed.columns) if listed else SMALL + 1

"""How a shop's sheet is arranged beyond its numbers: what else it shows, and what is out of sight.

A part of the shop, so its facts stand in the tenant's stream too.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeAlias, assert_never
from uuid import UUID

from domain.fact import fact


@fact
class DataTabSwitched:
    """The tab «Данные» is filled too, or left to her."""

    shop_id: UUID
    on: bool


@fact
class CheckTabSwitched:
    """The tab «Сверка» is filled too, or left to her."""

    shop_id: UUID
    on: bool


@fact
class EmptyPlacesSwitched:
    """Columns of places without stock and orders are hidden, or those we hid are shown again."""

    shop_id: UUID
    hidden: bool


@fact
class ColumnsReturned:
    """Columns that she deleted in the sheet until now come back with the next sync."""

    shop_id: UUID


Event: TypeAlias = DataTabSwitched | CheckTabSwitched | EmptyPlacesSwitched | ColumnsReturned


@fact
class Arrangement:
    """None: nobody has said so; it is off, but for the tab «Сверка»."""

    data_tab: bool | None = None
    check_tab: bool | None = None
    hide_empty: bool | None = None


def evolve(arrangement: Arrangement, event: Event) -> Arrangement:
    match event:
        case DataTabSwitched(on=on):
            return replace(arrangement, data_tab=on)
        case CheckTabSwitched(on=on):
            return replace(arrangement, check_tab=on)
        case EmptyPlacesSwitched(hidden=hidden):
            return replace(arrangement, hide_empty=hidden)
        case ColumnsReturned():
            return arrangement
        case _:
            assert_never(event)


@fact
class ArrangeSheet:
    """None: as it is."""

    shop_id: UUID
    data_tab: bool | None = None
    check_tab: bool | None = None
    hide_empty: bool | None = None


@fact
class ReturnColumns:
    shop_id: UUID


Command: TypeAlias = ArrangeSheet | ReturnColumns


def decide(arrangement: Arrangement, command: Command) -> Iterator[Event]:
    match command:
        case ArrangeSheet(shop_id=shop_id):
            data_tab, check_tab = command.data_tab, command.check_tab
            hide_empty = command.hide_empty
            if data_tab is not None and data_tab != bool(arrangement.data_tab):
                yield DataTabSwitched(shop_id=shop_id, on=data_tab)
            if check_tab is not None and check_tab != (arrangement.check_tab is not False):
                yield CheckTabSwitched(shop_id=shop_id, on=check_tab)
            if hide_empty is not None and hide_empty != bool(arrangement.hide_empty):
                yield EmptyPlacesSwitched(shop_id=shop_id, hidden=hide_empty)
        case ReturnColumns(shop_id=shop_id):
            yield ColumnsReturned(shop_id=shop_id)
        case _:
            assert_never(command)

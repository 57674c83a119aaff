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
class ReplenishmentTabSwitched:
    """The tab «Пополнение» is filled too, or left to her."""

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


Event: TypeAlias = (
    DataTabSwitched
    | ReplenishmentTabSwitched
    | CheckTabSwitched
    | EmptyPlacesSwitched
    | ColumnsReturned
)


@fact
class Arrangement:
    """None: nobody has said so; it is off, but for the tab «Сверка»."""

    data_tab: bool | None = None
    check_tab: bool | None = None
    hide_empty: bool | None = None
    replenishment_tab: bool | None = None


def evolve(arrangement: Arrangement, event: Event) -> Arrangement:
    match event:
        case DataTabSwitched(on=on):
            return replace(arrangement, data_tab=on)
        case ReplenishmentTabSwitched(on=on):
            return replace(arrangement, replenishment_tab=on)
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
    replenishment_tab: bool | None = None


@fact
class ReturnColumns:
    shop_id: UUID


Command: TypeAlias = ArrangeSheet | ReturnColumns


def decide(arrangement: Arrangement, command: Command) -> Iterator[Event]:
    match command:
        case ArrangeSheet(shop_id=shop_id) as wished:
            for wish, stands, switched in (
                (wished.data_tab, bool(arrangement.data_tab), DataTabSwitched),
                (
                    wished.replenishment_tab,
                    bool(arrangement.replenishment_tab),
                    ReplenishmentTabSwitched,
                ),
                (wished.check_tab, arrangement.check_tab is not False, CheckTabSwitched),
            ):
                if wish is not None and wish != stands:
                    yield switched(shop_id=shop_id, on=wish)
            hidden = wished.hide_empty
            if hidden is not None and hidden != bool(arrangement.hide_empty):
                yield EmptyPlacesSwitched(shop_id=shop_id, hidden=hidden)
        case ReturnColumns(shop_id=shop_id):
            yield ColumnsReturned(shop_id=shop_id)
        case _:
            assert_never(command)

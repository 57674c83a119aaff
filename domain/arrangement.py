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
class EmptyPlacesSwitched:
    """Columns of places without stock and orders are hidden, or those we hid are shown again."""

    shop_id: UUID
    hidden: bool


@fact
class ColumnsReturned:
    """Columns that she deleted in the sheet until now come back with the next sync."""

    shop_id: UUID


Event: TypeAlias = (
    DataTabSwitched | ReplenishmentTabSwitched | EmptyPlacesSwitched | ColumnsReturned
)


@fact
class Arrangement:
    """None: nobody has said so, and it is off."""

    data_tab: bool | None = None
    hide_empty: bool | None = None
    replenishment_tab: bool | None = None


def evolve(arrangement: Arrangement, event: Event) -> Arrangement:
    match event:
        case DataTabSwitched(on=on):
            return replace(arrangement, data_tab=on)
        case ReplenishmentTabSwitched(on=on):
            return replace(arrangement, replenishment_tab=on)
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
    hide_empty: bool | None = None
    replenishment_tab: bool | None = None


@fact
class ReturnColumns:
    shop_id: UUID


Command: TypeAlias = ArrangeSheet | ReturnColumns


def decide(arrangement: Arrangement, command: Command) -> Iterator[Event]:
    match command:
        case ArrangeSheet(
            shop_id=shop_id, data_tab=data, replenishment_tab=refill, hide_empty=hide
        ):
            if data not in (None, bool(arrangement.data_tab)):
                yield DataTabSwitched(shop_id=shop_id, on=bool(data))
            if refill not in (None, bool(arrangement.replenishment_tab)):
                yield ReplenishmentTabSwitched(shop_id=shop_id, on=bool(refill))
            if hide not in (None, bool(arrangement.hide_empty)):
                yield EmptyPlacesSwitched(shop_id=shop_id, hidden=bool(hide))
        case ReturnColumns(shop_id=shop_id):
            yield ColumnsReturned(shop_id=shop_id)
        case _:
            assert_never(command)

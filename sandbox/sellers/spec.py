"""What may be asked of an invented seller; the same spec always makes the same seller."""

from typing import Annotated

import msgspec

MOSCOW_SHIFT_S = 3 * 3600
DAY_S = 86_400
KEPT_DAYS = 90  # "Информация о заказе хранится 90 дней" (supplier/orders, 12-reports)


class Spec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One seller's size and temper.

    ``places`` counts «Склад WB» as one; the others are half named WB places, half her own
    warehouses (``named`` fixes the former). ``start`` is the moment (epoch seconds) of the
    first look; orders reach ``history_days`` back from it and, if ``lively``, go on afterwards.
    ``daily_orders`` of None grows with the products up to 6,000. ``unnamed_share`` of her own
    orders carry «Склад WB РФ» instead of a warehouse, as the contract's example does.
    ``named_in_analytics`` shows named WB places in wb-warehouses; without it that report has
    «Склад WB» only, and the names stand in warehouse_remains alone.
    """

    seed: int = 1
    products: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] = 100
    places: Annotated[int, msgspec.Meta(ge=1, le=2_000)] = 3
    named: Annotated[int, msgspec.Meta(ge=0)] | None = None
    start: float = 0.0
    history_days: Annotated[int, msgspec.Meta(ge=0, lt=KEPT_DAYS)] = 14
    daily_orders: Annotated[int, msgspec.Meta(ge=0)] | None = None
    unnamed_share: Annotated[float, msgspec.Meta(ge=0, le=1)] = 0.0
    named_in_analytics: bool = True
    total_line: bool = True
    lively: bool = False


def orders_a_day(spec: Spec) -> int:
    """How many orders an average day brings."""
    if spec.products == 0:
        return 0
    if spec.daily_orders is not None:
        return spec.daily_orders
    return min(round(spec.products * 0.8), 6_000)


def moscow_day(moment: float) -> int:
    """The Moscow calendar day of a moment, as days since 1970-01-01 (UTC+3, no summer time)."""
    return int((moment + MOSCOW_SHIFT_S) // DAY_S)


def midnight(day: int) -> int:
    """The moment (epoch seconds) a Moscow day begins."""
    return day * DAY_S - MOSCOW_SHIFT_S

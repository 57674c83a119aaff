"""Protection, conditional formats and filters as a client sends them."""

from typing import Literal

from msgspec import field

from sandbox.google.errors import Json
from sandbox.google.wire.formats import CellFormat, Color, ColorStyle
from sandbox.google.wire.ranges import GridRange, Wire


class ConditionValue(Wire):
    user_entered_value: str | None = None
    relative_date: str | None = None


class BooleanCondition(Wire):
    type: str
    values: tuple[ConditionValue, ...] = ()


class BooleanRule(Wire):
    condition: BooleanCondition
    format: CellFormat | None = None


class ConditionalFormatRule(Wire):
    ranges: tuple[GridRange, ...] = ()
    boolean_rule: BooleanRule | None = None
    gradient_rule: Json | None = None


class Editors(Wire):
    users: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    domain_users_can_edit: bool | None = None


class ProtectedRange(Wire):
    protected_range_id: int | None = None
    range: GridRange | None = None
    named_range_id: str | None = None
    description: str | None = None
    warning_only: bool | None = None
    requesting_user_can_edit: bool | None = None
    unprotected_ranges: list[GridRange] | None = None
    editors: Editors | None = None


class SortSpec(Wire):
    dimension_index: int = 0
    sort_order: Literal["ASCENDING", "DESCENDING"] = "ASCENDING"
    foreground_color: Color | None = None
    background_color: Color | None = None
    foreground_color_style: ColorStyle | None = None
    background_color_style: ColorStyle | None = None


class FilterCriteria(Wire):
    hidden_values: tuple[str, ...] = ()
    condition: BooleanCondition | None = None
    visible_background_color: Color | None = None
    visible_background_color_style: ColorStyle | None = None
    visible_foreground_color: Color | None = None
    visible_foreground_color_style: ColorStyle | None = None


class FilterSpec(Wire):
    column_index: int = 0
    filter_criteria: FilterCriteria | None = None


class BasicFilter(Wire):
    range: GridRange = field(default_factory=GridRange)
    sort_specs: tuple[SortSpec, ...] = ()
    criteria: dict[str, FilterCriteria] | None = None
    filter_specs: tuple[FilterSpec, ...] = ()


class DimensionProperties(Wire):
    pixel_size: int | None = None
    hidden_by_user: bool | None = None
    hidden_by_filter: bool | None = None


class NamedRange(Wire):
    named_range_id: str | None = None
    name: str | None = None
    range: GridRange | None = None

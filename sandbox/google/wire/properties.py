"""Properties of a file and of a tab as a client sends them."""

from typing import Literal

from sandbox.google.wire.formats import CellFormat, Color, ColorStyle
from sandbox.google.wire.ranges import Wire


class GridProperties(Wire):
    row_count: int | None = None
    column_count: int | None = None
    frozen_row_count: int | None = None
    frozen_column_count: int | None = None
    hide_gridlines: bool | None = None
    row_group_control_after: bool | None = None
    column_group_control_after: bool | None = None


class SheetProperties(Wire):
    sheet_id: int | None = None
    title: str | None = None
    index: int | None = None
    sheet_type: Literal["GRID", "OBJECT", "DATA_SOURCE"] | None = None
    grid_properties: GridProperties | None = None
    hidden: bool | None = None
    tab_color: Color | None = None
    tab_color_style: ColorStyle | None = None
    right_to_left: bool | None = None


class SpreadsheetProperties(Wire):
    title: str | None = None
    locale: str | None = None
    auto_recalc: Literal["ON_CHANGE", "MINUTE", "HOUR"] | None = None
    time_zone: str | None = None
    default_format: CellFormat | None = None

"""CellFormat and its parts, only to refuse names and types that Google would refuse."""

from typing import Literal, TypeAlias

from sandbox.google.wire.ranges import Wire

Style: TypeAlias = Literal[
    "NONE", "DOTTED", "DASHED", "SOLID", "SOLID_MEDIUM", "SOLID_THICK", "DOUBLE"
]


class Color(Wire):
    red: float | None = None
    green: float | None = None
    blue: float | None = None
    alpha: float | None = None


class ColorStyle(Wire):
    rgb_color: Color | None = None
    theme_color: str | None = None


class Border(Wire):
    style: Style | None = None
    width: int | None = None
    color: Color | None = None
    color_style: ColorStyle | None = None


class Borders(Wire):
    top: Border | None = None
    bottom: Border | None = None
    left: Border | None = None
    right: Border | None = None


class Padding(Wire):
    top: int | None = None
    right: int | None = None
    bottom: int | None = None
    left: int | None = None


class NumberFormat(Wire):
    type: Literal[
        "TEXT", "NUMBER", "PERCENT", "CURRENCY", "DATE", "TIME", "DATE_TIME", "SCIENTIFIC"
    ]
    pattern: str | None = None


class Link(Wire):
    uri: str | None = None


class TextFormat(Wire):
    foreground_color: Color | None = None
    foreground_color_style: ColorStyle | None = None
    font_family: str | None = None
    font_size: int | None = None
    bold: bool | None = None
    italic: bool | None = None
    strikethrough: bool | None = None
    underline: bool | None = None
    link: Link | None = None


class TextRotation(Wire):
    angle: int | None = None
    vertical: bool | None = None


class CellFormat(Wire):
    number_format: NumberFormat | None = None
    background_color: Color | None = None
    background_color_style: ColorStyle | None = None
    borders: Borders | None = None
    padding: Padding | None = None
    horizontal_alignment: Literal["LEFT", "CENTER", "RIGHT"] | None = None
    vertical_alignment: Literal["TOP", "MIDDLE", "BOTTOM"] | None = None
    wrap_strategy: Literal["OVERFLOW_CELL", "LEGACY_WRAP", "CLIP", "WRAP"] | None = None
    text_direction: Literal["LEFT_TO_RIGHT", "RIGHT_TO_LEFT"] | None = None
    text_format: TextFormat | None = None
    hyperlink_display_type: Literal["LINKED", "PLAIN_TEXT"] | None = None
    text_rotation: TextRotation | None = None

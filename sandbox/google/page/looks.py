"""Cell formats as classes of a style sheet, since the page's policy forbids inline styles."""

from collections.abc import Iterator
from hashlib import blake2s
from typing import Final

from sandbox.google.errors import Json
from sandbox.google.model.formats import PLAIN, Format, read, restyled
from sandbox.google.model.sheet import Sheet, Size
from sandbox.google.model.spans import Span

_ALIGN: Final = {"LEFT": "start", "CENTER": "center", "RIGHT": "end"}
_VERTICAL: Final = {"TOP": "top", "MIDDLE": "middle", "BOTTOM": "bottom"}
_WIDTHS: Final = {"SOLID_MEDIUM": "2px solid", "SOLID_THICK": "3px solid", "DOUBLE": "3px double"}
_STYLES: Final = {"DOTTED": "1px dotted", "DASHED": "1px dashed"}
_SIDES: Final = ("top", "right", "bottom", "left")
# The height of the row of column letters, above which frozen rows stick.
LETTERS: Final = 22
# The width of the column of row numbers.
NUMBERS: Final = 46


def look_class(text: Format) -> str:
    """The class of a format; the same format has the same class on every page."""
    return "" if text == PLAIN else "f" + blake2s(text.encode(), digest_size=5).hexdigest()


def merged_look(sheet: Sheet, span: Span) -> Format:
    """A merged cell looks like its first cell, with the borders of its far sides."""
    look = sheet.format(span.top, span.left)
    right = sheet.format(span.top, span.right - 1)
    bottom = sheet.format(span.bottom - 1, span.left)
    look = restyled(look, (("borders", "right"),), right)
    return restyled(look, (("borders", "bottom"),), bottom)


def style_sheet(sheet: Sheet) -> str:
    """The rules for all formats, sizes, frozen rows and conditional formats of a tab."""
    looks = {look for runs in sheet.formats for look in runs.values}
    looks |= {merged_look(sheet, span) for span in sheet.merges}
    parts = [_rule(f".{look_class(text)}", read(text)) for text in sorted(looks) if text]
    ranked = reversed(list(enumerate(sheet.rules)))
    conditional = [_rule(f".c{at}.c{at}", _conditional(rule.body)) for at, rule in ranked]
    return "\n".join([*parts, *conditional, *_sizes(sheet), *_stuck(sheet)]) + "\n"


def _rule(selector: str, style: Json) -> str:
    return f".sheet td{selector} {{ {' '.join(_declarations(style))} }}"


def _declarations(style: Json) -> Iterator[str]:
    fill = _color(style.get("backgroundColorStyle"))
    if fill:
        yield f"background-color: {fill};"
    if style.get("horizontalAlignment") in _ALIGN:
        yield f"text-align: {_ALIGN[style['horizontalAlignment']]};"
    if style.get("verticalAlignment") in _VERTICAL:
        yield f"vertical-align: {_VERTICAL[style['verticalAlignment']]};"
    if style.get("wrapStrategy") == "WRAP":
        yield "white-space: pre-wrap; overflow-wrap: anywhere;"
    yield from _text(style.get("textFormat", {}))
    yield from _borders(style.get("borders", {}))


def _text(text: Json) -> Iterator[str]:
    color = _color(text.get("foregroundColorStyle"))
    if color:
        yield f"color: {color};"
    if "bold" in text:
        yield f"font-weight: {700 if text['bold'] else 400};"
    if "italic" in text:
        yield f"font-style: {'italic' if text['italic'] else 'normal'};"
    if "fontSize" in text:
        yield f"font-size: {int(text['fontSize'])}pt;"
    lines = {"underline": "underline", "strikethrough": "line-through"}
    drawn = [line for name, line in lines.items() if text.get(name)]
    if drawn:
        yield f"text-decoration: {' '.join(drawn)};"


def _borders(borders: Json) -> Iterator[str]:
    for side in _SIDES:
        border = borders.get(side)
        if border:
            style = border.get("style", "SOLID")
            line = _WIDTHS.get(style) or _STYLES.get(style, "1px solid")
            yield f"border-{side}: {line} {_color(border.get('colorStyle')) or '#000'};"


def _conditional(body: Json) -> Json:
    found: Json = body.get("booleanRule", {}).get("format", {})
    return found


def _color(style: Json | None) -> str:
    if not style or "rgbColor" not in style:
        return ""
    parts = (style["rgbColor"].get(name) or 0 for name in ("red", "green", "blue"))
    return "#" + "".join(f"{min(255, max(0, round(part * 255))):02x}" for part in parts)


def _sizes(sheet: Sheet) -> Iterator[str]:
    for pixels in sorted({size.pixels for size in sheet.sizes["COLUMNS"].values}):
        yield f".sheet col.w{pixels} {{ inline-size: {pixels}px; }}"
    for pixels in sorted({size.pixels for size in sheet.sizes["ROWS"].values}):
        yield f".sheet tr.h{pixels} > * {{ block-size: {pixels}px; }}"
        yield f".sheet tr.h{pixels} .text {{ max-block-size: {max(pixels, 17)}px; }}"
    shown = sum(n * size.pixels for n, size in _runs(sheet) if not size.hidden)
    yield f".sheet table {{ inline-size: {shown + NUMBERS}px; }}"


def _runs(sheet: Sheet) -> Iterator[tuple[int, Size]]:
    runs = sheet.sizes["COLUMNS"]
    return runs.cut(0, runs.size)


def _stuck(sheet: Sheet) -> Iterator[str]:
    yield from _frozen_rows(sheet)
    left = NUMBERS
    for column in range(sheet.frozen_columns):
        yield f".sheet .y{column} {{ inset-inline-start: {left}px; }}"
        size = sheet.sizes["COLUMNS"].at(column)
        left += 0 if size.hidden else size.pixels


def _frozen_rows(sheet: Sheet) -> Iterator[str]:
    top = LETTERS
    for row in range(sheet.frozen_rows):
        yield f".sheet tr.z{row} > * {{ inset-block-start: {top}px; }}"
        size = sheet.sizes["ROWS"].at(row)
        top += 0 if size.hidden else size.pixels

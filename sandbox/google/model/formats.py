"""Cell formats as canonical texts: equal formats are one string, whoever wrote them."""

from functools import lru_cache
from typing import Final, TypeAlias

import msgspec

from sandbox.google.errors import Json

Format: TypeAlias = str
Path: TypeAlias = tuple[str, ...]

PLAIN: Final = ""
# CellFormat carries each colour twice; the plain one is deprecated in favour of the style.
_STYLED: Final = {
    "backgroundColor": "backgroundColorStyle",
    "foregroundColor": "foregroundColorStyle",
    "color": "colorStyle",
}
_DEFAULT: Final[Json] = {
    "backgroundColorStyle": {"rgbColor": {"red": 1, "green": 1, "blue": 1}},
    "padding": {"top": 2, "right": 3, "bottom": 2, "left": 3},
    "verticalAlignment": "BOTTOM",
    "wrapStrategy": "OVERFLOW_CELL",
    "textFormat": {
        "foregroundColorStyle": {"rgbColor": {}},
        "fontFamily": "Arial",
        "fontSize": 10,
        "bold": False,
        "italic": False,
        "strikethrough": False,
        "underline": False,
    },
}


def written(given: Json) -> Format:
    """The canonical text of a CellFormat as a client sent it."""
    tidy = _tidy(given)
    return msgspec.json.encode(tidy, order="deterministic").decode() if tidy else PLAIN


@lru_cache(maxsize=4096)
def read(text: Format) -> Json:
    """The format as a tree, colours as styles only; not to be changed by the caller."""
    tree: Json = msgspec.json.decode(text) if text else {}
    return tree


@lru_cache(maxsize=4096)
def answered(text: Format) -> Json:
    """userEnteredFormat as the API sends it, colours in both spellings."""
    return _both(read(text))


@lru_cache(maxsize=4096)
def effective(text: Format) -> Json:
    """effectiveFormat: the spreadsheet's default with the cell's own on top."""
    return _both(_over(_DEFAULT, read(text)))


@lru_cache(maxsize=65536)
def restyled(text: Format, paths: tuple[Path, ...], given: Format) -> Format:
    """The format with every path taken from `given`: absent there means cleared."""
    tree: Json = msgspec.json.decode(text) if text else {}
    source = read(given)
    for path in paths:
        if not path:
            return given
        _take(tree, tuple(_STYLED.get(name, name) for name in path), source)
    return written(tree)


def _take(tree: Json, path: Path, source: Json) -> None:
    for name in path[:-1]:
        tree = tree.setdefault(name, {})
        source = source.get(name, {})
    tree.pop(path[-1], None)
    if path[-1] in source:
        tree[path[-1]] = source[path[-1]]


def _tidy(tree: Json) -> Json:
    answer: Json = {}
    for name, value in tree.items():
        inner = _tidy(value) if isinstance(value, dict) else value
        if name in _STYLED:
            answer.setdefault(_STYLED[name], {"rgbColor": inner})
        elif inner != {} or name == "rgbColor":
            answer[name] = inner
    styles = {name: answer[name] for name in _STYLED.values() if tree.get(name)}
    return {**answer, **{name: _tidy(tree[name]) for name in styles}}


def _both(tree: Json) -> Json:
    plain = {style: name for name, style in _STYLED.items()}
    answer = {name: _both(v) if isinstance(v, dict) else v for name, v in tree.items()}
    colours = {
        plain[name]: value["rgbColor"]
        for name, value in answer.items()
        if name in plain and "rgbColor" in value
    }
    return {**answer, **colours}


def _over(under: Json, top: Json) -> Json:
    answer = dict(under)
    for name, value in top.items():
        old = answer.get(name)
        merge = isinstance(old, dict) and isinstance(value, dict) and not name.endswith("Style")
        answer[name] = _over(old, value) if merge and isinstance(old, dict) else value
    return answer

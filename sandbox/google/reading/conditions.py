"""Whether a condition of a filter or a conditional format holds for a cell."""

from collections.abc import Callable
from typing import Final

from sandbox.google.errors import Json
from sandbox.google.formulas.evaluate import Calculation
from sandbox.google.model.sheet import Sheet
from sandbox.google.model.spans import Span
from sandbox.google.model.typed import typed
from sandbox.google.model.values import Effective

_NUMBERS: Final[dict[str, Callable[[float, float], bool]]] = {
    "NUMBER_GREATER": lambda a, b: a > b,
    "NUMBER_GREATER_THAN_EQ": lambda a, b: a >= b,
    "NUMBER_LESS": lambda a, b: a < b,
    "NUMBER_LESS_THAN_EQ": lambda a, b: a <= b,
    "NUMBER_EQ": lambda a, b: a == b,
    "NUMBER_NOT_EQ": lambda a, b: a != b,
}
_TEXTS: Final[dict[str, Callable[[str, str], bool]]] = {
    "TEXT_CONTAINS": lambda a, b: b in a,
    "TEXT_NOT_CONTAINS": lambda a, b: b not in a,
    "TEXT_STARTS_WITH": str.startswith,
    "TEXT_ENDS_WITH": str.endswith,
    "TEXT_EQ": lambda a, b: a == b,
    "TEXT_NOT_EQ": lambda a, b: a != b,
}


class Conditions:
    """Conditions judged on one tab at one moment."""

    def __init__(self, sheet: Sheet, seen: Calculation) -> None:
        self.sheet = sheet
        self.seen = seen

    def holds(self, condition: Json, span: Span, row: int, column: int) -> bool:
        """Whether the condition holds for a cell of the range it was written for."""
        kind = str(condition.get("type", ""))
        wanted = [v.get("userEnteredValue", "") for v in condition.get("values", [])]
        if kind == "CUSTOM_FORMULA":
            return self.seen.test(wanted[0], self.sheet, row - span.top, column - span.left)
        value = self.seen.value(self.sheet, row, column)
        if kind in ("BLANK", "NOT_BLANK"):
            blank = value is None or value == ""
            return blank == (kind == "BLANK")
        return self._compares(kind, value, wanted)

    def _compares(self, kind: str, value: Effective, wanted: list[str]) -> bool:
        if kind in _TEXTS:
            text = "" if value is None else str(value)
            return _TEXTS[kind](text.casefold(), wanted[0].casefold())
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        limits = [self._number(text) for text in wanted]
        if kind in ("NUMBER_BETWEEN", "NUMBER_NOT_BETWEEN"):
            return (limits[0] <= value <= limits[1]) == (kind == "NUMBER_BETWEEN")
        return kind in _NUMBERS and _NUMBERS[kind](value, limits[0])

    def _number(self, text: str) -> float:
        value = typed(text, self.seen.book.rules, 2000).value
        return value if isinstance(value, int | float) else float("nan")

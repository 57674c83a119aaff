"""Which rows the basic filter hides."""

from sandbox.google.errors import Json
from sandbox.google.formulas.evaluate import Calculation
from sandbox.google.model.formats import read
from sandbox.google.model.locales import Locale
from sandbox.google.model.rules import Filter
from sandbox.google.model.sheet import Sheet
from sandbox.google.reading.conditions import Conditions
from sandbox.google.reading.shown import shown_text


def hidden_rows(sheet: Sheet, held: Filter, seen: Calculation, locale: Locale) -> set[int]:
    """The rows below the filter's header that some criterion hides."""
    judge = Conditions(sheet, seen)
    rows = range(held.span.top + 1, min(held.span.bottom, sheet.height))
    return {
        row
        for row in rows
        if any(
            _hides(judge, rule, (row, column), held, locale)
            for column, rule in held.criteria.items()
        )
    }


def _hides(
    judge: Conditions, rule: Json, place: tuple[int, int], held: Filter, locale: Locale
) -> bool:
    row, column = place
    style = read(judge.sheet.format(row, column))
    text = shown_text(judge.seen.value(judge.sheet, row, column), style, locale)
    if text in rule.get("hiddenValues", ()):
        return True
    condition: Json = rule.get("condition", {})
    span = held.span._replace(top=held.span.top + 1, left=column)
    return bool(condition) and not judge.holds(condition, span, row, column)

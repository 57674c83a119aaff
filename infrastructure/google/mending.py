"""Conditional formats of ours that name cells she deleted: without «Бренд» the alarm knew no first
cell any more. They name them anew; a rule that she deleted stays deleted."""

import re
from collections.abc import Iterator
from copy import deepcopy

from domain.table.columns import Holds
from infrastructure.google import rules
from infrastructure.google.batch import Aim, Batch
from infrastructure.google.spans import OPEN, Json, Span
from infrastructure.google.tab import Tab

LOST = ("#REF!", "#ССЫЛКА!")
"""What stands in a formula instead of a cell that is gone."""
# Up to the tag a file may show a formula with other signs.
_DAYS = re.compile(r'<\s*(\d+)\s*[;,]\s*N\("st\.(low|soon)"')


def mended(aim: Aim, tab: Tab, batch: Batch, first: tuple[int, int]) -> Iterator[Json]:
    """Behind all that makes them wider; `first` is the first cell of ours."""
    for index, rule in enumerate(tab.rules):
        formula = rules.formula_of(rule)
        if any(each in formula for each in LOST):
            other = deepcopy(rule)
            if rules.ALARMED in formula:
                _say(other, rules.alarm(*first))
            elif (found := _DAYS.search(formula)) and (figures := _figures(aim, batch)):
                _say(other, rules.cover(figures, aim.language, int(found[1]), found[2]))
                other["ranges"] = [figures.on(tab.sheet_id)]
            if other != rule:
                shape = {"index": index, "sheetId": tab.sheet_id, "rule": other}
                yield {"updateConditionalFormatRule": shape}


def _say(rule: Json, formula: str) -> None:
    rule["booleanRule"]["condition"]["values"] = [{"userEnteredValue": formula}]


def _figures(aim: Aim, batch: Batch) -> Span | None:
    """From the first column of turnover to our edge."""
    at = batch.columns
    days = [at[tag] for tag, each in aim.columns.items() if each.holds is Holds.DAYS and tag in at]
    return Span(batch.top, OPEN, min(days), max(at.values()) + 1) if days else None

"""The conditional formats and the warning on the header: made once, widened with new places."""

import re
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import replace

from domain.table.freshness import ALARM
from domain.table.listing import WARNING as LISTED
from domain.table.look import COVER, LOW, SOON
from domain.table.words import Words
from infrastructure.google.looks import WHITE, colour
from infrastructure.google.spans import Json, Span, letters
from infrastructure.google.tab import Fence, Tab

WARNING = Words(ru="Шапку заполняет Stock Tracker", en="Stock Tracker fills the header")
_WARNINGS = (WARNING.ru, WARNING.en)
ALARMED = 'N("st.stale")'
_TAG = 'N("st.'  # a rule of ours is found again among hers by this text in its formula
_COVERS = ("low", "soon")
# Up to the tag a file may show it with other signs, and refers to where the columns stand now.
_DAYS = re.compile(r'(<\s*)\d+(\s*[;,]\s*N\("st\.(low|soon)")')


def warning(sheet_id: int, header: Span, language: str) -> Json:
    """A warning before she types into the header; data rows carry none."""
    shape = {
        "range": header.on(sheet_id),
        "description": WARNING.say(language),
        "warningOnly": True,
    }
    return {"addProtectedRange": {"protectedRange": shape}}


def listing_warning(sheet_id: int, language: str) -> Json:
    """The same for a whole tab that is ours."""
    said, everything = LISTED.say(language), {"sheetId": sheet_id}
    shape = {"range": everything, "description": said, "warningOnly": True}
    return {"addProtectedRange": {"protectedRange": shape}}


def unwarned(fences: Sequence[Fence]) -> Iterator[Json]:
    """Warnings of ours go, where nothing is ours any more."""
    texts = {LISTED.ru, LISTED.en}
    for fence in fences:
        if fence.warning and fence.description in texts:
            yield {"deleteProtectedRange": {"protectedRangeId": fence.id}}


def stale(sheet_id: int, first: Span, index: int = 0) -> Json:
    """Red letters in the first cell when it sounds the alarm."""
    look = {
        "backgroundColorStyle": WHITE,
        "textFormat": {"foregroundColorStyle": colour("#C5221F"), "bold": True},
    }
    return _rule(sheet_id, index, first, alarm(first.top, first.left), look)


def realarmed(tab: Tab, first: Span) -> Iterator[Json]:
    """The alarm that went with the upper row of a header. It becomes the last of all rules, so that
    the places of the others stay what they were."""
    if not any(ALARMED in formula_of(rule) for rule in tab.rules):
        yield stale(tab.sheet_id, first, len(tab.rules))


def rewarned(tab: Tab, header: Span, language: str) -> Iterator[Json]:
    """The warning that went with both rows."""
    if not any(fence.warning and fence.description in _WARNINGS for fence in tab.fences):
        yield warning(tab.sheet_id, header, language)


def covers(sheet_id: int, figures: Span, language: str, below: tuple[int, int]) -> Iterator[Json]:
    """Fills where stock runs out soon: below these days of turnover."""
    for index, (tag, days, fill) in enumerate(zip(_COVERS, below, (LOW, SOON), strict=True), 1):
        look = {"backgroundColorStyle": colour(fill)}
        yield _rule(sheet_id, index, figures, cover(figures, language, days, tag), look)


def recoloured(tab: Tab, below: tuple[int, int] | None) -> tuple[Tab, list[Json]]:
    """The tab with such fills by other days, and the requests that make it so, which go first: they
    name cells as they were read. What she deleted stays deleted; None: nothing changes."""
    if below is None:
        return tab, []
    changed = {
        index: other
        for index, rule in enumerate(tab.rules)
        if (other := _by(rule, dict(zip(_COVERS, below, strict=True)), tab.height)) != rule
    }
    present = tuple(changed.get(index, rule) for index, rule in enumerate(tab.rules))
    requests = [_changed(tab.sheet_id, index, rule) for index, rule in changed.items()]
    return replace(tab, rules=present), requests


def _by(rule: Json, days: dict[str, int], height: int) -> Json:
    """The same rule by other days, if it is one of ours; what reached the last row still does after
    more rows came."""
    other = deepcopy(rule)
    for value in other.get("booleanRule", {}).get("condition", {}).get("values", []):
        said = str(value.get("userEnteredValue", ""))
        now = _DAYS.sub(lambda found: f"{found[1]}{days[found[3]]}{found[2]}", said)
        if now != said:
            value["userEnteredValue"] = now
            for each in other.get("ranges", []):
                if each.get("endRowIndex") == height:
                    del each["endRowIndex"]
    return other


def widened(
    sheet_id: int, present: Sequence[Json], fences: Sequence[Fence], edge: int, to: int
) -> Iterator[Json]:
    """What ended at our right edge now ends further right. What she deleted stays deleted."""
    for fence in fences:
        if fence.description in _WARNINGS and fence.warning and fence.span.right == edge:
            grown = fence.span._replace(right=to).on(sheet_id)
            shape = {"protectedRangeId": fence.id, "range": grown}
            yield {"updateProtectedRange": {"protectedRange": shape, "fields": "range"}}
    for index, rule in enumerate(present):
        grown_rule = _grown(rule, edge, to) if _TAG in formula_of(rule) else None
        if grown_rule:
            yield _changed(sheet_id, index, grown_rule)


def _changed(sheet_id: int, index: int, rule: Json) -> Json:
    shape = {"index": index, "sheetId": sheet_id, "rule": rule}
    return {"updateConditionalFormatRule": shape}


def _grown(rule: Json, edge: int, to: int) -> Json | None:
    wider = deepcopy(rule)
    ending = [each for each in wider.get("ranges", []) if each.get("endColumnIndex") == edge]
    for each in ending:
        each["endColumnIndex"] = to
        each.pop("endRowIndex", None)  # as read it would cut off the rows this batch inserts
    return wider if ending else None


def formula_of(rule: Json) -> str:
    """As it was read."""
    values = rule.get("booleanRule", {}).get("condition", {}).get("values", [])
    return "".join(str(value.get("userEnteredValue", "")) for value in values)


def alarm(row: int, column: int) -> str:
    """Of the rule of this first cell."""
    return f'=AND(LEFT(${letters(column)}${row + 1};1)="{ALARM}";{ALARMED}=0)'


def cover(figures: Span, language: str, days: int, tag: str) -> str:
    """Of the rule of such a fill: only under a header that speaks of turnover."""
    word = COVER.say(language)
    name, head, row = letters(figures.left), figures.top, figures.top + 1
    heading = f'LEFT({name}${head};{len(word)})="{word}"'
    cell = f"{name}{row}"
    return f'=AND({heading};ISNUMBER({cell});{cell}<{days};N("st.{tag}")=0)'


def _rule(sheet_id: int, index: int, span: Span, formula: str, look: Json) -> Json:
    values = [{"userEnteredValue": formula}]
    condition = {"type": "CUSTOM_FORMULA", "values": values}
    boolean = {"condition": condition, "format": look}
    rule = {"ranges": [span.on(sheet_id)], "booleanRule": boolean}
    return {"addConditionalFormatRule": {"index": index, "rule": rule}}

"""Requests about what hangs on ranges: protection, conditional formats, filter, names."""

from dataclasses import replace
from typing import Any

import msgspec

from sandbox.google.changes.change import PROTECTED, Change
from sandbox.google.errors import Json, invalid
from sandbox.google.masks import parse_mask
from sandbox.google.model.formats import answered, written
from sandbox.google.model.rules import Filter, Named, Protection, Rule
from sandbox.google.model.sheet import Sheet
from sandbox.google.reading.rules import named_json, protection_json, rule_json
from sandbox.google.wire import requests as kinds
from sandbox.google.wire.rules import BooleanRule, ConditionalFormatRule, Editors, ProtectedRange


def add_protected_range(change: Change, request: kinds.AddProtectedRange) -> Json:
    """Protect a range; whoever asks stays an editor, as does the owner."""
    given = request.protected_range
    if given.range is None:
        raise invalid("protectedRange.range must be set.")
    sheet = change.book.sheet(given.range.sheet_id)
    taken = {p.id for other in change.book.sheets for p in other.protections}
    if given.protected_range_id in taken:
        raise invalid(f"A protected range with id {given.protected_range_id} already exists.")
    new_id = given.protected_range_id or change.book.new_id(taken.__contains__)
    blank = Protection(new_id, given.range.span(), editors=(change.who,))
    protection = _protected(blank, given, "*", change)
    sheet.protections.append(protection)
    answer = protection_json(protection, sheet.id, change.who, change.book.owner)
    return {"addProtectedRange": {"protectedRange": answer}}


def update_protected_range(change: Change, request: kinds.UpdateProtectedRange) -> None:
    sheet, old = _protection(change, request.protected_range.protected_range_id)
    new = _protected(old, request.protected_range, request.fields, change)
    sheet.protections[sheet.protections.index(old)] = new


def delete_protected_range(change: Change, request: kinds.DeleteProtectedRange) -> None:
    sheet, old = _protection(change, request.protected_range_id)
    sheet.protections.remove(old)


def add_conditional_format_rule(change: Change, request: kinds.AddConditionalFormatRule) -> None:
    sheet, rule = _rule(change, request.rule)
    if not 0 <= request.index <= len(sheet.rules):
        raise invalid(f"index[{request.index}] is out of bounds.")
    sheet.rules.insert(request.index, rule)


def update_conditional_format_rule(
    change: Change, request: kinds.UpdateConditionalFormatRule
) -> Json:
    """Replace the rule at an index, or move it to another one."""
    if request.rule is not None:
        sheet, rule = _rule(change, request.rule)
        old = _at(sheet, request.index)
        sheet.rules[request.index] = rule
        answer = {"newRule": rule_json(rule, sheet.id), "newIndex": request.index}
        return {"updateConditionalFormatRule": {**answer, "oldRule": rule_json(old, sheet.id)}}
    if request.new_index is None:
        raise invalid("Either rule or newIndex must be set.")
    sheet = change.book.sheet(request.sheet_id)
    rule = _at(sheet, request.index)
    sheet.rules.remove(rule)
    sheet.rules.insert(request.new_index, rule)
    moved = {"newIndex": request.new_index, "oldIndex": request.index}
    return {"updateConditionalFormatRule": {"newRule": rule_json(rule, sheet.id), **moved}}


def delete_conditional_format_rule(
    change: Change, request: kinds.DeleteConditionalFormatRule
) -> Json:
    sheet = change.book.sheet(request.sheet_id)
    rule = _at(sheet, request.index)
    del sheet.rules[request.index]
    return {"deleteConditionalFormatRule": {"rule": rule_json(rule, sheet.id)}}


def set_basic_filter(change: Change, request: kinds.SetBasicFilter) -> None:
    """Set the tab's filter; criteria count the sheet's columns."""
    given = request.filter
    sheet = change.book.sheet(given.range.sheet_id)
    criteria = {int(column): rule for column, rule in (given.criteria or {}).items()}
    criteria |= {s.column_index: s.filter_criteria for s in given.filter_specs if s.filter_criteria}
    rules = {column: msgspec.to_builtins(rule) for column, rule in criteria.items()}
    order = tuple(msgspec.to_builtins(spec) for spec in given.sort_specs)
    sheet.filter = Filter(sheet.demand(given.range.span()), rules, order)


def clear_basic_filter(change: Change, request: kinds.ClearBasicFilter) -> None:
    change.book.sheet(request.sheet_id).filter = None


def add_named_range(change: Change, request: kinds.AddNamedRange) -> Json:
    given, book = request.named_range, change.book
    if given.range is None or not given.name:
        raise invalid("namedRange.name and namedRange.range must be set.")
    if any(old.name == given.name for old in book.named.values()):
        raise invalid(f"A named range with name {given.name} already exists.")
    sheet = book.sheet(given.range.sheet_id)
    new_id = given.named_range_id or f"named{book.new_id()}"
    named = Named(new_id, given.name, sheet.id, given.range.span())
    book.named[new_id] = named
    return {"addNamedRange": {"namedRange": named_json(named)}}


def delete_named_range(change: Change, request: kinds.DeleteNamedRange) -> None:
    if change.book.named.pop(request.named_range_id, None) is None:
        raise invalid(f"No named range with id: {request.named_range_id}")


def _protection(change: Change, wanted: int | None) -> tuple[Sheet, Protection]:
    for sheet in change.book.sheets:
        for protection in sheet.protections:
            if protection.id == wanted:
                if protection.stops(protection.span, change.who, change.book.owner):
                    raise invalid(PROTECTED)
                return sheet, protection
    raise invalid(f"No protected range with ID: {wanted}")


def _protected(old: Protection, given: ProtectedRange, fields: str, change: Change) -> Protection:
    mask = parse_mask(fields)
    parts: dict[str, Any] = {}
    if "range" in mask and given.range is not None:
        parts["span"] = given.range.span()
    if "description" in mask:
        parts["description"] = given.description or ""
    if "warningOnly" in mask:
        parts["warning_only"] = bool(given.warning_only)
    if "unprotectedRanges" in mask:
        parts["free"] = tuple(r.span() for r in given.unprotected_ranges or ())
    if "editors" in mask:
        users = (given.editors or Editors()).users
        parts["editors"] = tuple(dict.fromkeys((*users, change.who)))
    return replace(old, **parts)


def _rule(change: Change, given: ConditionalFormatRule) -> tuple[Sheet, Rule]:
    if not given.ranges:
        raise invalid("rule.ranges must not be empty.")
    sheet = change.book.sheet(given.ranges[0].sheet_id)
    if any(r.sheet_id != sheet.id for r in given.ranges):
        raise invalid("All the ranges of a rule must be on the same grid.")
    spans = tuple(r.span() for r in given.ranges)
    for span in spans:
        sheet.demand(span)
    return sheet, Rule(spans, _rule_body(given))


def _rule_body(given: ConditionalFormatRule) -> Json:
    if given.boolean_rule is None:
        if given.gradient_rule is None:
            raise invalid("Either booleanRule or gradientRule must be set.")
        return {"gradientRule": given.gradient_rule}
    _check_condition(given.boolean_rule)
    body = msgspec.to_builtins(given.boolean_rule)
    body["format"] = answered(written(body.get("format", {})))
    return {"booleanRule": body}


def _check_condition(rule: BooleanRule) -> None:
    values = [value.user_entered_value or "" for value in rule.condition.values]
    if rule.condition.type == "CUSTOM_FORMULA" and not (values and values[0].startswith("=")):
        raise invalid("The condition CUSTOM_FORMULA needs a formula that starts with =.")


def _at(sheet: Sheet, index: int) -> Rule:
    if not 0 <= index < len(sheet.rules):
        raise invalid(f"No conditional format on sheet: {sheet.id} at index: {index}")
    return sheet.rules[index]

"""Protection, conditional formats, filter and names as the API sends them."""

from sandbox.google.errors import Json
from sandbox.google.model.rules import Filter, Named, Protection, Rule


def protection_json(held: Protection, sheet_id: int, who: str, owner: str) -> Json:
    """ProtectedRange as that person sees it: editors only if she may edit."""
    may = not held.stops(held.span, who, owner)
    answer: Json = {"protectedRangeId": held.id, "range": held.span.json(sheet_id)}
    if held.description:
        answer["description"] = held.description
    if held.warning_only:
        answer["warningOnly"] = True
    if may:
        answer["requestingUserCanEdit"] = True
    if held.free:
        answer["unprotectedRanges"] = [free.json(sheet_id) for free in held.free]
    if may and not held.warning_only:
        answer["editors"] = {"users": [*dict.fromkeys((owner, *held.editors))]}
    return answer


def rule_json(rule: Rule, sheet_id: int) -> Json:
    """ConditionalFormatRule."""
    return {"ranges": [span.json(sheet_id) for span in rule.spans], **rule.body}


def filter_json(held: Filter, sheet_id: int) -> Json:
    """BasicFilter with its criteria in both spellings."""
    answer: Json = {"range": held.span.json(sheet_id)}
    if held.sort:
        answer["sortSpecs"] = list(held.sort)
    if held.criteria:
        answer["criteria"] = {str(column): rule for column, rule in held.criteria.items()}
        answer["filterSpecs"] = [
            {"columnIndex": column, "filterCriteria": rule}
            for column, rule in held.criteria.items()
        ]
    return answer


def named_json(named: Named) -> Json:
    """NamedRange."""
    span = named.span.json(named.sheet_id)
    return {"namedRangeId": named.id, "name": named.name, "range": span}

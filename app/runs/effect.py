"""What came of a run: in one sentence for a list, and in full for its page."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.web.console.formats import number
from app.web.languages import counted, translated
from domain.snapshot import Gap
from domain.table.gaps import explained


def _(message: str) -> str:
    """Marks a message of the catalogue."""
    return message


MOST, LONGEST = 20, 200
"""Lines of what came of a run, and letters of one."""
LABELS: Mapping[str, str] = {
    "products": _("Products"),
    "places": _("Warehouses and other places"),
    "cells": _("Cells written"),
    "googleReads": _("Reads from Google"),
    "googleWrites": _("Writes to Google"),
    "mails": _("Mails sent"),
    "keptBack": _("Kept back: too many for one day"),
    "unreachable": _("Not sent: nobody at the address"),
    "act": _("What is done"),
    "query": _("To the runs found by"),
    "runs": _("Runs"),
    "unchanged": _("Left as they were"),
    "unknown_run": _("Not found"),
    "run_finished": _("Had ended already"),
    "run_under_way": _("Were under way"),
    "run_ending": _("Were being cancelled"),
    "too_often": _("Sooner than the plan allows"),
}
ACTS: Mapping[str, str] = {"retry": _("Run again"), "cancel": _("Cancel")}
NONE_FOUND = _("Nothing was done: none of the runs that it was for was found.")
APART = ("by", "changed", "gaps", "notices", "unanswered")
"""Told otherwise than as a line."""
HEADER_ONLY = _("No figure had changed; only the header and the marks were brought up to date.")
UNANSWERED = _(
    "A write had begun, and its answer never came: the sheet may hold the new numbers, or still "
    "the former ones. The next sync finds out and makes it right."
)


def effect(result: Mapping[str, Any] | None, language: str) -> str:
    """In one sentence."""
    told = result or {}
    if told.get("act") in ACTS:
        return _of_many(told, language)
    cells = told.get("cells")
    if not isinstance(cells, int):
        return ", ".join(f"{name}: {value}" for name, value in effects(told, language)[:3])
    return " ".join(_of_a_sync(cells, told, language))


def effects(result: Mapping[str, Any] | None, language: str) -> Sequence[tuple[str, str]]:
    """Line by line: what it is called, and how much or what it is."""
    lines = [
        (translated(LABELS[name], language) if name in LABELS else name[:LONGEST], said)
        for name, value in (result or {}).items()
        if name not in APART and (said := _said(value, language))
    ]
    return lines[:MOST]


def notices(result: Mapping[str, Any] | None, language: str) -> Sequence[str]:
    """What a person should know beyond the figures: what was not read and why, what was found."""
    told = result or {}
    said = [*_gaps(told.get("gaps"), language), *_texts(told.get("notices"), language)]
    if told.get("act") in ACTS and not _found(told):
        said.append(translated(NONE_FOUND, language))
    return said[:MOST]


def _of_a_sync(cells: int, told: Mapping[str, Any], language: str) -> Iterator[str]:
    """What is known to have arrived in the sheet, and what may have."""
    if cells:
        figures = counted("%(num)s cell written.", "%(num)s cells written.", cells, language)
        yield figures % {"num": number(cells, language)}
    elif told.get("changed"):
        yield translated(HEADER_ONLY, language)
    if told.get("unanswered"):
        yield translated(UNANSWERED, language)
    elif not cells and not told.get("changed"):
        yield translated("Nothing had changed, so nothing was written.", language)


def _of_many(told: Mapping[str, Any], language: str) -> str:
    """A bulk: what was done, to how many of how many, and how many there were none of."""
    names = ("changed", "runs", "unknown_run")
    figures = {name: number(int(told.get(name) or 0), language) for name in names}
    said = [translated("%(changed)s of %(runs)s runs", language) % figures]
    if told.get("unknown_run"):
        said.append(translated("%(unknown_run)s not found", language) % figures)
    return f"{translated(ACTS[told['act']], language)}: {', '.join(said)}"


def _found(told: Mapping[str, Any]) -> int:
    """How many of those that a bulk was for there are."""
    return int(told.get("runs") or 0) - int(told.get("unknown_run") or 0)


def _said(value: object, language: str) -> str:
    match value:
        case "retry" | "cancel":
            return translated(ACTS[value], language)
        case bool():
            return ""
        case int() | float():
            return number(value, language)
        case str():
            return value[:LONGEST]
        case _:
            return ""


def _gaps(told: object, language: str) -> Iterator[str]:
    for each in told if isinstance(told, list) else ():
        match each:
            case {"source": str(source), "cause": str(cause)}:
                gap = Gap(source=source, columns=(), cause=cause)
                because, cure = explained(gap, language)
                blank = translated("Some cells are blank: %(because)s. %(cure)s", language)
                yield blank % {"because": because, "cure": cure}


def _texts(told: object, language: str) -> Sequence[str]:
    listed = told if isinstance(told, list) else ()
    return [translated(each, language)[:LONGEST] for each in listed if isinstance(each, str)]

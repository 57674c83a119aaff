"""A plan in a seller's words: how many calls, the next slot, and about when it is ready."""

from collections.abc import Mapping, Sequence
from typing import Protocol
from uuid import UUID

from markupsafe import Markup, escape

from app.stock.capability_words import source
from app.stock.forecast import SHEET, Forecast, Planned
from app.stock.read import shop_by_id
from app.web.console import Visitor, render
from app.web.console.formats import moment, number
from app.web.languages import counted, translated
from domain.access import TenantScope
from domain.planner import Cause, Line


def _(message: str) -> str:
    """Marks a message of the catalogue."""
    return message


PARTS: Mapping[str, str] = {
    "cards": _("Products"),
    "wb_stock": _("Stock at Wildberries"),
    "seller_stock": _("Stock in your own warehouses"),
    "orders": _("Orders"),
    "supplies": _("Supplies"),
    "order_feed": _("Order feed"),
    "cabinet": _("Stock history of the cabinet"),
    SHEET: _("The sheet"),
}
CAUSES: Mapping[Cause, str] = {
    Cause.LIMIT: _("by the limit of Wildberries"),
    Cause.AWAY: _("it answers nobody at the moment"),
    Cause.CLOSED: _("not read: closed to this token"),
    Cause.KEPT: _("not read again: today's numbers are there"),
}
A_WAIT = 45.0
"""Seconds from which on a wait is worth a word."""


class Reads(Protocol):
    """As much of a run as is needed here."""

    @property
    def run_id(self) -> UUID: ...
    @property
    def kind(self) -> str: ...
    @property
    def shop_id(self) -> UUID | None: ...


def sentence(planned: Planned, visitor: Visitor) -> Markup:
    """How many calls, the next slot where there is one to wait for, and when it is ready."""
    language, calls = visitor.language, planned.plan.calls
    message = counted("%(num)s call", "%(num)s calls", calls, language)
    told = [escape(message % {"num": number(calls, language)})]
    waits = planned.plan.waits
    if waits and waits.waited >= A_WAIT:
        slot = translated("%(part)s: next slot %(at)s", language)
        part = translated(PARTS[waits.part], language)
        told.append(escape(slot) % {"part": part, "at": _at(planned, waits.starts, visitor)})
    ready = translated("ready about %(at)s", language)
    told.append(escape(ready) % {"at": _at(planned, planned.plan.ends, visitor)})
    return Markup("; ").join(told) + "."


async def left(
    forecast: Forecast, scope: TenantScope, run: Reads, visitor: Visitor
) -> Markup | str:
    """What is left of a run under way, for its page; nothing of one that reads nothing, and while
    that cannot be told."""
    if run.shop_id is None:
        return ""
    shop = await shop_by_id(forecast.database, scope, run.shop_id)
    if shop is None:
        return ""
    planned = await forecast.left(scope, shop, run.run_id)
    if planned is None or not planned.plan.calls:
        return ""
    values = {"said": sentence(planned, visitor), "lines": lines(planned, visitor)}
    return Markup(render("stock/plan.html", visitor, **values))  # noqa: S704 - a template of ours


def lines(planned: Planned, visitor: Visitor) -> Sequence[tuple[str, str, Line, Markup | str]]:
    """Part, source, the line itself and a remark, part by part."""
    return [
        (
            translated(PARTS[each.part], visitor.language),
            source(each.reading, visitor.language) if each.reading != SHEET else "Google",
            each,
            _remark(each, planned, visitor),
        )
        for each in planned.plan.lines
    ]


def _remark(line: Line, planned: Planned, visitor: Visitor) -> Markup | str:
    if line.cause is Cause.NONE or (line.calls and line.waited < A_WAIT):
        return ""
    why = translated(CAUSES[line.cause], visitor.language)
    if not line.calls:
        return why
    told = escape(translated("from %(at)s, %(why)s", visitor.language))
    return told % {"at": _at(planned, line.starts, visitor), "why": why}


def _at(planned: Planned, seconds: float, visitor: Visitor) -> Markup:
    return moment(planned.moment(seconds), visitor.language, visitor.zone, visitor.now)

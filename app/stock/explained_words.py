"""An explanation in words: what the figure is called, its formula in names and in numbers."""

from collections.abc import Mapping
from datetime import date

from app.web.console.formats import number
from app.web.languages import translated
from domain.explain import Cell, Explanation, Value
from domain.table.words import day


def _(message: str) -> str:
    """Marks a message of the catalogue."""
    return message


NAMES: Mapping[Cell, str] = {
    Cell.STOCK: _("Stock"),
    Cell.ORDERS: _("Orders"),
    Cell.TURNOVER: _("Turnover, days"),
    Cell.TO_CLIENT: _("On the way to buyers"),
    Cell.RETURNS: _("On the way back"),
    Cell.ON_THE_WAY: _("On the way to Wildberries"),
    Cell.DAYS_ON_SALE: _("Days on sale"),
    Cell.ORDERS_PER_DAY: _("Orders per day on sale"),
    Cell.DAYS_OF_COVER: _("Lasts, days"),
    Cell.RUNS_OUT: _("Runs out"),
    Cell.LEAD_TIME_DEMAND: _("Demand of the lead time"),
    Cell.SAFETY_STOCK: _("Safety stock"),
    Cell.SHIP: _("To ship"),
    Cell.SHIP_BY: _("Ship by"),
    Cell.LOST_SALES: _("Lost sales, an estimate"),
    Cell.IDLE_DAYS: _("Days without orders"),
    Cell.BUYOUT: _("Buyout, per cent"),
}
SOURCES: Mapping[Cell, str] = {
    Cell.STOCK: _("What lies at each place, all sizes together. Goods in transit are not counted."),
    Cell.ORDERS: _("Orders made in the period, each number once, without those cancelled by now."),
    Cell.TURNOVER: _("Rounded to a tenth of a day, halves up. Without orders it is blank."),
    Cell.TO_CLIENT: _("As Wildberries' report of its warehouses tells it."),
    Cell.RETURNS: _("As Wildberries' report of its warehouses tells it. It is no part of stock."),
    Cell.ON_THE_WAY: _("Of supplies that were sent: what is not on sale yet."),
    Cell.DAYS_ON_SALE: _(
        "Days of the period on which it lay somewhere or was ordered; a day that nobody saw counts."
    ),
    Cell.LOST_SALES: _("An estimate: as much as on the days it was on sale."),
    Cell.BUYOUT: _("Of orders that are three to seven weeks old, for by then most are settled."),
}
"""Where a figure's numbers come from, of those that do not say it themselves."""
DECIMALS: Mapping[Cell, int] = {
    Cell.TURNOVER: 1,
    Cell.ORDERS_PER_DAY: 2,
    Cell.DAYS_OF_COVER: 1,
    Cell.LEAD_TIME_DEMAND: 1,
    Cell.BUYOUT: 1,
}


def name(cell: Cell, language: str) -> str:
    """Of a figure."""
    return translated(NAMES[cell], language)


def told_source(cell: Cell, language: str) -> str:
    """In a sentence; empty where the formula says it all."""
    return translated(SOURCES.get(cell, ""), language)


def in_words(found: Explanation, language: str) -> str:
    """The formula in names; empty without one."""
    return found.formula.format(**{each.key: each.name.say(language) for each in found.terms})


def in_numbers(found: Explanation, language: str) -> str:
    """The same with the numbers put in, and what comes of it."""
    if not found.formula:
        return ""
    filled = found.formula.format(**{each.key: said(each.value, language) for each in found.terms})
    return f"{filled} = {value(found, language)}"


def value(found: Explanation, language: str) -> str:
    """As the table shows it; empty where it is blank."""
    return said(found.value, language, DECIMALS.get(found.cell))


def said(told: Value, language: str, digits: int | None = None) -> str:
    """A number or a day."""
    if told is None:
        return ""
    return day(told, language) if isinstance(told, date) else number(told, language, digits)

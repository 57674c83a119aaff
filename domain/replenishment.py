"""What to ship, how much and until when: every figure of one product, or of it at one place.

Integers and exact fractions; each figure is rounded once, at its end. Demand is measured while the
product was on sale: days with empty shelves say nothing of how much is wanted.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction

from domain.fact import fact
from domain.snapshot import Period
from domain.turnover import tenths

IDLE = 30
"""Full days without an order after which stock counts as dead."""
COHORT, SETTLING = 28, 21
"""Days of orders whose buyout is measured, and how many days ago the last of them was: by then
nearly all have been bought, refused or returned."""
UNSETTLED = 10
"""Per cent of a cohort that may still be open before its buyout has to be read with care."""
_LAST = date.max.toordinal()


@fact
class Terms:
    """How a seller restocks. `lead`: days from shipping until it is on sale; `cover`: days the
    shipment should last beyond that; `pack`: pieces that go together; `safety`: days of demand kept
    for surprises. The defaults hold until somebody of the shop says otherwise."""

    lead: int = 14
    cover: int = 30
    pack: int = 1
    safety: int = 7


USUAL = Terms()
BOUNDS: Mapping[str, tuple[int, int]] = {
    "lead": (0, 365),
    "cover": (0, 365),
    "pack": (1, 100_000),
    "safety": (0, 365),
}
"""The least and the most that each may be."""


@fact
class Known:
    """What is known of a product on the Moscow day `day`; None is not known, never 0.

    `orders` of a period of `days` complete days, on `on_sale` of which it could be bought.
    `coming`: pieces on the way to the marketplace's warehouses. `quiet_since`: the later of the day
    of the last order and the day since which it lies there, as far as the history tells.
    """

    day: date
    days: int
    stock: int | None
    orders: int | None
    on_sale: int | None
    coming: int | None = None
    quiet_since: date | None = None


@fact
class Replenishment:
    """`hundredths` of an order, `tenths` of a day, of a piece; pieces; days. None is blank."""

    a_day_hundredths: int | None
    cover_tenths: int | None
    runs_out: date | None
    lead_demand_tenths: int | None
    safety: int | None
    ship: int | None
    ship_by: date | None
    lost: int | None
    idle: int | None

    @property
    def dead(self) -> bool:
        """Does its stock lie there for nothing?"""
        return self.idle is not None and self.idle >= IDLE


def replenishment(known: Known, terms: Terms = USUAL) -> Replenishment:
    """All figures that follow from what is known."""
    pace = a_day(known.orders, known.on_sale)
    out = runs_out(known.day, known.stock, pace)
    pieces = ship(known.stock, known.coming, pace, terms)
    return Replenishment(
        a_day_hundredths=None if pace is None else half_up(pace * 100),
        cover_tenths=tenths(known.stock, known.on_sale or 0, known.orders) if pace else None,
        runs_out=out,
        lead_demand_tenths=None if pace is None else half_up(pace * terms.lead * 10),
        safety=None if pace is None else safety(pace, terms),
        ship=pieces,
        ship_by=ship_by(known.day, out, terms) if pieces else None,
        lost=lost(known, pace),
        idle=idle(known),
    )


def a_day(orders: int | None, on_sale: int | None) -> Fraction | None:
    """Orders per day on sale: orders of the period ÷ days it was on sale in it. None where either
    is unknown, and for what was never on sale."""
    return Fraction(orders, on_sale) if orders is not None and on_sale else None


def runs_out(day: date, stock: int | None, pace: Fraction | None) -> date | None:
    """The data's day + ⌊stock ÷ orders per day⌋: days of cover as a date, blank as they are, and
    where it lies beyond all calendars."""
    if stock is None or not pace:
        return None
    at = day.toordinal() + stock // pace
    return date.fromordinal(at) if at <= _LAST else None


def safety(pace: Fraction, terms: Terms) -> int:
    """Demand of the safety days, in whole pieces, rounded up: a share of sales instead of z·σ·√L,
    for a week of orders is no sample to take a deviation from."""
    return _up(pace * terms.safety)


def ship(
    stock: int | None, coming: int | None, pace: Fraction | None, terms: Terms = USUAL
) -> int | None:
    """The order-up-to quantity: demand of lead time and cover + safety − stock − what is coming,
    never below nothing, in whole packs. What is coming counts as nothing where it is not known.
    None without stock or demand."""
    if stock is None or pace is None:
        return None
    wanted = pace * (terms.lead + terms.cover) + safety(pace, terms) - stock - (coming or 0)
    return _up(max(Fraction(0), wanted) / terms.pack) * terms.pack


def ship_by(day: date, out: date | None, terms: Terms = USUAL) -> date | None:
    """The last day to ship so that it arrives before the safety days are used up; not before the
    data's own day."""
    return None if out is None else max(day, out - _within(out, terms.lead + terms.safety))


def lost(known: Known, pace: Fraction | None) -> int | None:
    """An estimate: orders per day on sale × days of the period on which it was not. None without
    demand."""
    if not pace or known.on_sale is None:
        return None
    return half_up(pace * (known.days - known.on_sale))


def idle(known: Known) -> int | None:
    """Full days that stock has lain there without an order; the day of the data is not over. None
    without stock."""
    if not known.stock or known.quiet_since is None:
        return None
    return max(0, (known.day - known.quiet_since).days - 1)


@fact
class Settled:
    """What became of the orders of a cohort. `unsettled`: those that still may become either."""

    bought: int
    refused: int
    unsettled: int

    @property
    def vague(self) -> bool:
        """Are so many still open that the figure may move?"""
        total = self.bought + self.refused + self.unsettled
        return self.unsettled * 100 > total * UNSETTLED

    @property
    def buyout_tenths(self) -> int | None:
        """Bought ÷ (bought + cancelled + returned), tenths of a per cent, half up: the only one of
        the usual definitions that does not move with how many orders are on the way. None while
        nothing is settled."""
        settled = self.bought + self.refused
        return half_up(Fraction(1_000 * self.bought, settled)) if settled else None


def cohort(day: date, seen_from: date) -> Period | None:
    """Days of ordering whose buyout can be measured on `day`: up to 28, the last of them 21 days
    ago. What became of orders is known from the day `seen_from` on, so of older ones only those
    that were late would count. None while there are no such days yet."""
    last = day - timedelta(days=SETTLING)
    first = max(seen_from, last - timedelta(days=COHORT - 1))
    return Period(first=first, last=last) if first <= last else None


def half_up(exact: Fraction) -> int:
    """Halves go up, as people round."""
    return (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)


def _up(exact: Fraction) -> int:
    return -(-exact.numerator // exact.denominator)


def _within(out: date, days: int) -> timedelta:
    """Not further back than the calendar goes."""
    return timedelta(days=min(days, out.toordinal() - 1))

"""What to ship of a product, in words: each figure in a line, or why it is blank."""

from collections.abc import Iterator, Sequence

from app.stock.grid import Reasons
from app.stock.moving import Demand, Movement, Movements
from app.stock.moving_words import reason
from app.web.console import Visitor
from app.web.console.formats import number
from domain.fact import fact
from domain.flow import Flow
from domain.replenishment import IDLE, Replenishment, Terms, replenishment
from domain.snapshot import MOSCOW
from domain.stock import Unread
from domain.table.words import day, days

DISTRICTS = 5


def _(message: str) -> str:
    """Marks a message of the catalogue."""
    return message


NOT_ON_SALE = _("It was not on sale on any day of the period, so nobody knows how much is wanted.")
LATER = _("It is worked out with the next update.")
TERMS = _(
    "So that it lasts %(cover)s days beyond the %(lead)s that a supply takes, with %(safety)s days "
    "for surprises."
)


@fact
class Told:
    """A line: `words` of the figure, nothing where it is blank; `more` about it, or why."""

    name: str
    words: str
    more: str = ""


def lines(  # noqa: PLR0913, PLR0917 - of one product
    found: Movements,
    nm_id: int,
    terms: Terms,
    wanted: Demand | None,
    reasons: Reasons,
    visitor: Visitor,
) -> Sequence[Told]:
    """Of a product, by the shop's terms; none of one that has left meanwhile."""
    one = found.of.get(nm_id)
    return list(_Words(found, one, terms, reasons, visitor).all(wanted, nm_id)) if one else ()


class _Words:
    def __init__(
        self, found: Movements, one: Movement, terms: Terms, reasons: Reasons, visitor: Visitor
    ) -> None:
        self._found, self._one, self._reasons, self._terms = found, one, reasons, terms
        self._say, self._language = visitor.say, visitor.language
        self._figures: Replenishment = replenishment(one.known, terms)

    def all(self, wanted: Demand | None, nm_id: int) -> Iterator[Told]:
        yield self._ship()
        yield self._lasts()
        yield self._sells()
        yield self._coming()
        yield self._buyout()
        if self._figures.idle is not None and self._one.known.orders == 0:
            yield self._idle(self._figures.idle)
        if wanted is not None and wanted.of[nm_id]:
            yield self._demand(wanted, nm_id)

    def _ship(self) -> Told:
        name, pieces, by = self._say(_("To ship")), self._figures.ship, self._figures.ship_by
        if pieces is None:
            return Told(name=name, words="", more=self._unknown())
        if not pieces:
            return Told(name=name, words=self._say(_("nothing for now")))
        terms = {name: getattr(self._terms, name) for name in ("lead", "cover", "safety")}
        more = self._say(TERMS, **terms)
        if by is None:
            return Told(name=name, words=self._pieces(pieces), more=more)
        told = {"pieces": self._pieces(pieces), "day": day(by, self._language)}
        return Told(name=name, words=self._say(_("%(pieces)s by %(day)s"), **told), more=more)

    def _lasts(self) -> Told:
        name, tenths, out = (
            self._say(_("Lasts")),
            self._figures.cover_tenths,
            self._figures.runs_out,
        )
        if tenths is None:
            nobody = self._one.known.orders == 0 and self._one.known.stock is not None
            why = self._say(_("Nobody ordered it in the period.")) if nobody else self._unknown()
            return Told(name=name, words="", more=why)
        lasts = self._say(_("%(n)s days"), n=number(tenths / 10, self._language, 1))
        if out is None:
            return Told(name=name, words=lasts)
        until = self._say(_("It runs out on %(day)s."), day=day(out, self._language))
        return Told(name=name, words=lasts, more=until)

    def _sells(self) -> Told:
        name, known, pace = self._say(_("Orders")), self._one.known, self._figures.a_day_hundredths
        if pace is None:
            return Told(name=name, words="", more=self._unknown())
        words = self._say(_("%(n)s a day on sale"), n=number(pace / 100, self._language, 2))
        more = self._say(_("On sale on %(n)s of %(of)s days."), n=known.on_sale or 0, of=known.days)
        if self._figures.lost:
            lost = _("About %(n)s pcs were lost on the others, as an estimate.")
            more = f"{more} {self._say(lost, n=self._figures.lost)}"
        return Told(name=name, words=words, more=more)

    def _coming(self) -> Told:
        name, coming, shipped = (
            self._say(_("On the way to Wildberries")),
            self._one.known.coming,
            self._one.shipped,
        )
        if coming is None:
            return Told(name=name, words="", more=self._blank(Flow.SUPPLIES))
        more = ""
        if shipped is not None:
            at = day(shipped.at.astimezone(MOSCOW).date(), self._language)
            there = _("Last shipped on %(day)s to %(warehouse)s.")
            somewhere = _("Last shipped on %(day)s.")
            message = there if shipped.warehouse else somewhere
            more = self._say(message, day=at, warehouse=shipped.warehouse)
        return Told(name=name, words=self._pieces(coming), more=more)

    def _buyout(self) -> Told:
        name, settled, of = self._say(_("Buyout")), self._one.settled, self._found.cohort
        if settled is None or of is None:
            return Told(name=name, words="", more=self._blank(Flow.FEED))
        period = days(of.first, of.last, self._language)
        percent = settled.buyout_tenths
        if percent is None:
            none = _("No order of %(days)s is settled.")
            return Told(name=name, words="", more=self._say(none, days=period))
        more = self._say(_("Of what was ordered on %(days)s."), days=period)
        if settled.vague:
            more = f"{more} {self._say(_('More than a tenth is still open.'))}"
        return Told(name=name, words=f"{number(percent / 10, self._language, 1)} %", more=more)

    def _idle(self, idle: int) -> Told:
        words = self._say(_("%(n)s days"), n=number(idle, self._language))
        dead = self._say(_("Dead stock: nothing was ordered for %(n)s days."), n=IDLE)
        more = dead if self._figures.dead else ""
        return Told(name=self._say(_("Without orders for")), words=words, more=more)

    def _demand(self, wanted: Demand, nm_id: int) -> Told:
        untold = self._say(_("not told"))
        parts = [
            f"{district or untold} {number(orders, self._language)}"
            for district, orders in wanted.of[nm_id][:DISTRICTS]
        ]
        period = days(wanted.period.first, wanted.period.last, self._language)
        more = self._say(_("Orders of %(days)s. No place where anything lies."), days=period)
        return Told(name=self._say(_("Where buyers are")), words=", ".join(parts), more=more)

    def _unknown(self) -> str:
        """Why stock or demand is not known."""
        known = self._one.known
        if known.orders is None:
            return self._reasons.of(Unread.ORDERS)
        if known.on_sale is None:
            return self._say(LATER)
        if not known.on_sale:
            return self._say(NOT_ON_SALE)
        return self._reasons.of_stock()

    def _blank(self, flow: Flow) -> str:
        return reason(flow, self._found.causes.get(flow, ""), self._language)

    def _pieces(self, n: int) -> str:
        return self._say(_("%(n)s pcs"), n=number(n, self._language))

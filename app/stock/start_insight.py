"""What a token is good for, in a seller's words: what will work, what will not, until when."""

import hashlib
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from app.stock.connect import Inspector
from app.web.console import Visitor
from domain.fact import fact
from domain.ports import Access, Account, Clock


def _(message: str) -> str:
    """Marks a message of the catalogue."""
    return message


BASE = "base"
FRESH = timedelta(minutes=10)
REMEMBERED = 1_000

KINDS: Mapping[str, str] = {
    BASE: _("Base token"),
    "personal": _("Personal token"),
    "service": _("Service token"),
    "test": _("Test token"),
}
SOURCES: Mapping[str, tuple[str, str, str]] = {
    "cards": (_("Products"), _("All of them, with your articles."), "Content"),
    "stock": (_("Stock in Wildberries warehouses"), _("At every update."), "Analytics"),
    "seller_stock": (_("Stock in your own warehouses"), _("At every update."), "Marketplace"),
    "orders": (_("Orders and turnover"), _("At every update."), "Statistics"),
    "supplies": (_("On the way to Wildberries"), _("Once a day."), "Supplies"),
}
"""What it is called, how often it comes, and the category that a token needs for it."""
RARELY = _("Once in 3 hours: Wildberries is slow for Base tokens. By your hour it is read anyway.")
LACKING = _(
    "The token lacks the category “%(category)s”. These cells stay blank and say why; you can "
    "replace the token at any time."
)
CATEGORIES: Mapping[str, str] = {
    "Content": _("Content"),
    "Analytics": _("Analytics"),
    "Marketplace": _("Marketplace"),
    "Statistics": _("Statistics"),
    "Supplies": _("Supplies"),
}


@fact
class Line:
    """`mark` is a state of the design system: succeeded, waiting, failed or cancelled."""

    mark: str
    words: str
    more: str


@fact
class Insight:
    """`writes`: it could also change something, which we never do."""

    seller: str
    kind: str
    expires_at: datetime | None
    writes: bool
    lines: Sequence[Line]


class Insights:
    """Looks at a token once, however often it is asked about within minutes: a plain Base token may
    ask for its seller's name once a day (dev.wildberries.ru, seller-info). Held in memory alone,
    and under a hash."""

    def __init__(self, inspector: Inspector, clock: Clock) -> None:
        self._inspector = inspector
        self._clock = clock
        self._known: OrderedDict[bytes, tuple[datetime, Account]] = OrderedDict()

    async def inspect(self, access: Access) -> Account:
        """See `domain.ports.Marketplace`; a refusal is never remembered."""
        key, now = hashlib.sha256(access.token.encode()).digest(), self._clock()
        known = self._known.get(key)
        if known is not None and now - known[0] < FRESH:
            return known[1]
        account = await self._inspector.inspect(access)
        self._keep(key, account)
        return account

    def remember(self, token_id: UUID, account: Account) -> None:
        """For the page that comes after connecting."""
        self._keep(token_id.bytes, account)

    def of(self, token_id: UUID) -> Account | None:
        """What was found out about it lately, by this process."""
        known = self._known.get(token_id.bytes)
        return known[1] if known and self._clock() - known[0] < FRESH else None

    def _keep(self, key: bytes, account: Account) -> None:
        self._known[key] = (self._clock(), account)
        self._known.move_to_end(key)
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)


def insight(account: Account, visitor: Visitor, *, slow: bool) -> Insight:
    """For the page. `slow`: Base tokens are, for the operator has no service secret."""
    return Insight(
        seller=account.seller_name,
        kind=kind(account.token_kind, visitor),
        expires_at=account.expires_at,
        writes=not account.read_only,
        lines=[_line(source, account, visitor, slow=slow) for source in SOURCES]
        + [_named(visitor)],
    )


def kind(name: str, visitor: Visitor) -> str:
    """What kind of token it is."""
    return visitor.say(KINDS.get(name, name))


def _line(source: str, account: Account, visitor: Visitor, *, slow: bool) -> Line:
    words, often, category = SOURCES[source]
    if source not in account.works:
        told = visitor.say(LACKING, category=visitor.say(CATEGORIES[category]))
        return Line(mark="failed", words=visitor.say(words), more=told)
    if source == "orders" and slow and account.token_kind == BASE:
        return Line(mark="waiting", words=visitor.say(words), more=visitor.say(RARELY))
    return Line(mark="succeeded", words=visitor.say(words), more=visitor.say(often))


def _named(visitor: Visitor) -> Line:
    """Release note 570 of Wildberries: one figure for all of its warehouses in Russia."""
    return Line(
        mark="cancelled",
        words=visitor.say(_("Single Wildberries warehouses")),
        more=visitor.say(
            _("Wildberries has shown one common “Склад WB” since 15 August 2026, for every token.")
        ),
    )

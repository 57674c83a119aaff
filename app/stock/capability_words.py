"""Sources of the marketplace in a seller's words: what each tells, and why one is closed."""

from collections.abc import Mapping, Sequence

from app.web.languages import translated
from domain.capability import SWITCHED_OFF, Capability, Evidence, Reading, Standing
from domain.fact import fact


def _(message: str) -> str:
    """Marks a message of the catalogue."""
    return message


SOURCES: Mapping[str, tuple[str, str]] = {
    Reading.CARDS: (_("List of product cards"), _("Products, with your articles")),
    Reading.WB_WAREHOUSES: (
        _("Stock in Wildberries' warehouses"),
        _("Stock there, and what is on the way to buyers and back"),
    ),
    Reading.REMAINS: (
        _("Report of remains"),
        _("The same, made within minutes: in place of the one above"),
    ),
    Reading.SELLER_WAREHOUSES: (
        _("Stock in the seller's warehouses"),
        _("Stock in your own warehouses"),
    ),
    Reading.FBS: (
        _("Stock of each warehouse"),
        _("The same, warehouse by warehouse: in place of the one above"),
    ),
    Reading.ORDERS: (_("Orders"), _("Orders and turnover")),
    Reading.FEED: (
        _("Order feed"),
        _("The same, where the one above is closed; once a day buyouts, and where your buyers are"),
    ),
    Reading.SUPPLIES: (_("Supplies"), _("What is on the way to Wildberries; once a day")),
    Reading.CABINET: (
        _("Stock history of the cabinet"),
        _("What the cabinet shows, for the check; once a day"),
    ),
}
"""What a source is called, and what it tells."""
STANDINGS: Mapping[Standing, tuple[str, str, str]] = {
    Standing.ALLOWED: ("ok", "succeeded", _("Open")),
    Standing.FORBIDDEN: ("off", "cancelled", _("Closed to this token")),
    Standing.OFF: ("wait", "waiting", _("Switched off by Wildberries")),
    Standing.UNKNOWN: ("off", "waiting", _("Not tried yet")),
}
"""Kind and icon of the design system, and the word."""
EVIDENCE: Mapping[Evidence, str] = {
    Evidence.RULES: _("Wildberries opens it to other types of token only"),
    Evidence.CLAIMS: _("by the categories of the token"),
    Evidence.TRIAL: _("tried when the token was connected"),
    Evidence.ANSWER: _("answered to an update"),
}
CURES: Mapping[str, str] = {
    "no_scope": _("Make a token with the category “%(category)s” and replace this one."),
    "no_funds": _("The service's balance with Wildberries is empty: write to us."),
    SWITCHED_OFF: _("We look again every hour; there is nothing to do."),
}
BY_RULES = _("Nothing to do: another source is read in its place.")
CATEGORIES: Mapping[Reading, str] = {
    Reading.CARDS: _("Content"),
    Reading.ORDERS: _("Statistics"),
    Reading.FBS: _("Marketplace"),
    Reading.SUPPLIES: _("Supplies"),
}
ANALYTICS = _("Analytics")


@fact
class Source:
    """A row of a table: `kind` and `icon` are of the design system."""

    name: str
    gives: str
    kind: str
    icon: str
    standing: str
    evidence: str
    cure: str
    seen: Capability


def source(reading: str, language: str) -> str:
    """What it is called."""
    return translated(SOURCES[reading][0], language) if reading in SOURCES else reading


def gives(reading: str, language: str) -> str:
    """What it tells."""
    return translated(SOURCES[reading][1], language)


def cure(seen: Capability, language: str) -> str:
    """What to do about a closed one, if anything."""
    if seen.standing not in (Standing.FORBIDDEN, Standing.OFF):
        return ""
    if seen.evidence is Evidence.RULES:
        return translated(BY_RULES, language)
    told = translated(CURES.get(seen.cause, ""), language) if seen.cause in CURES else ""
    category = CATEGORIES.get(seen.reading, ANALYTICS)
    return told % {"category": translated(category, language)} if "%(" in told else told


def sources(found: Sequence[Capability], language: str) -> Sequence[Source]:
    """All of them, in the order of the table."""
    return [_source(each, language) for each in found]


def _source(seen: Capability, language: str) -> Source:
    kind, icon, standing = STANDINGS[seen.standing]
    untried = seen.standing is Standing.UNKNOWN
    return Source(
        name=source(seen.reading, language),
        gives=gives(seen.reading, language),
        kind=kind,
        icon=icon,
        standing=translated(standing, language),
        evidence="" if untried else translated(EVIDENCE[seen.evidence], language),
        cure=cure(seen, language),
        seen=seen,
    )

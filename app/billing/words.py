"""How limits and their use are said on the page of the plan."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from app.billing.usage import Bar
from app.web.console import Visitor
from app.web.console.formats import duration, number
from domain.limit_words import A_DAY, every
from domain.limits import Limit, tolerated
from domain.plan import Limits


def _(message: str) -> str:
    """Marks a message of the catalogue."""
    return message


ONE_DAY = timedelta(days=1)
USES: Mapping[Limit, str] = {
    Limit.PRODUCTS: _("Products of the largest shop"),
    Limit.INTERVAL: _("The fastest schedule"),
    Limit.SHOPS: _("Shops"),
    Limit.SEATS: _("People"),
    Limit.HISTORY: _("Days of history"),
}
"""What is used."""
TERMS: Mapping[Limit, str] = {
    **USES,
    Limit.PRODUCTS: _("Products in a shop"),
    Limit.INTERVAL: _("By schedule"),
}
"""What a plan has."""
_OVER: Mapping[Limit, str] = {
    Limit.INTERVAL: _("The schedule stays as it is, and is followed every %(may)s."),
    Limit.SHOPS: _("The shops that are connected go on. Another one cannot be added."),
    Limit.SEATS: _("Everybody stays. Nobody can be added."),
    Limit.HISTORY: _("Older days are kept, and not shown."),
}
_GROWN = _(
    "Syncs go on up to %(most)s products. Beyond that they stop; the sheet keeps its numbers and "
    "all its rows."
)
_STOPPED = _(
    "Syncs stop until there are no more than %(most)s products. The sheet keeps its numbers and "
    "all its rows."
)


def used(bar: Bar, visitor: Visitor) -> str:
    """So much of so much."""
    values = {"used": _amount(bar.limit, bar.used, visitor), "may": _may(bar, visitor)}
    if bar.limit is Limit.INTERVAL:
        return visitor.say("every %(used)s, the plan allows every %(may)s", **values)
    return visitor.say("%(used)s of %(may)s", **values)


def meaning(bar: Bar, visitor: Visitor) -> str:
    """What happens to who uses more: it is slowed or paused, and nothing goes away."""
    if bar.limit is Limit.PRODUCTS:
        most = tolerated(bar.may)
        sentence = _STOPPED if bar.used > most else _GROWN
        return visitor.say(sentence, most=number(most, visitor.language))
    return visitor.say(_OVER[bar.limit], may=_may(bar, visitor))


def terms(limits: Limits, visitor: Visitor) -> Sequence[tuple[str, str]]:
    """What a plan has, by name."""
    return [*_terms(limits, visitor)]


def days_left(time: timedelta) -> int:
    """One that has begun counts as a whole one; 0 in the last."""
    return -(-time // ONE_DAY) if time >= ONE_DAY else 0


def pace(minutes: int, visitor: Visitor) -> str:
    """What follows on "every": 15 min, hour, 6 h, day, 2 days."""
    if minutes >= 2 * A_DAY:
        return duration(minutes * 60, visitor.language)
    return every(min(minutes, A_DAY)).told(visitor.language).replace(" ", "\N{NO-BREAK SPACE}")


def _terms(limits: Limits, visitor: Visitor) -> Iterator[tuple[str, str]]:
    for limit, name in TERMS.items():
        said = _amount(limit, getattr(limits, limit), visitor)
        if limit is Limit.INTERVAL:
            said = visitor.say("every %(time)s", time=said)
        yield visitor.say(name), said


def _may(bar: Bar, visitor: Visitor) -> str:
    return _amount(bar.limit, bar.may, visitor)


def _amount(limit: Limit, value: int, visitor: Visitor) -> str:
    paced = limit is Limit.INTERVAL
    return pace(value, visitor) if paced else number(value, visitor.language)

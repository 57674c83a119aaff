"""What a run is and does, in words: its kind, its step, who asked, why it waits, what it did."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeAlias

from markupsafe import Markup, escape

from app.runs.holds import Hold
from app.runs.standing import AHEAD
from app.runs.waiting import Reason, Why
from app.web.console.formats import number
from app.web.languages import counted, translated
from domain.fact import fact
from domain.run_acts import Act


def _(message: str) -> str:
    """Marks a message of the catalogue."""
    return message


KINDS: Mapping[str, str] = {
    "sync": _("Sync"),
    "bulk": _("Bulk action"),
    "notice": _("Notice by mail"),
    "flows": _("Supplies, buyouts, check"),
    "billing": _("Look at Stripe"),
}
"""What people call a kind of run; any other one is called what the code calls it."""
MANY: Mapping[str, str] = {
    "sync": _("Syncs"),
    "bulk": _("Bulk actions"),
    "notice": _("Notices by mail"),
    "flows": _("Readings of supplies and buyouts, checks"),
    "billing": _("Looks at Stripe"),
}
"""The same of all of a kind."""
STEPS: Mapping[str, str] = {
    "cards": _("Reading the products"),
    "wb_stock": _("Reading the stock in Wildberries' warehouses"),
    "seller_stock": _("Reading the stock in the seller's own warehouses"),
    "orders": _("Reading the orders"),
    "snapshot": _("Putting the numbers together"),
    "sheet": _("Writing to the sheet"),
    "mails": _("Writing mails"),
    "supplies": _("Reading the supplies"),
    "cabinet": _("Checking against the cabinet"),
    "order_feed": _("Reading what became of orders"),
    Act.RETRY: _("Running them again"),
    Act.CANCEL: _("Cancelling them"),
}
SOURCES: Mapping[str, str] = {
    "user": _("a person"),
    "api_token": _("a program, by the API"),
    "schedule": _("the schedule"),
    "run": _("another run"),
    "staff": _("the staff of Stock Tracker"),
    "cli": _("the server's administrator"),
}
REASONS: Mapping[Why, str] = {
    Why.STOPPING: _("Somebody cancelled it; it stops before it does anything more."),
    Why.NEIGHBOUR: _("%(told)s It goes on by itself %(until)s."),
    Why.BACKOFF: _("%(told)s Try %(number)s of %(most)s is %(until)s."),
    Why.UNKNOWN_KIND: _(
        "No worker knows runs of this kind yet: a newer version will. It is looked at again "
        "%(until)s."
    ),
    Why.LATER: _("Its time has not come: it begins %(until)s."),
    Why.NO_WORKER: _(
        "No worker is running, so nothing begins. This is on us: it goes on by itself once one is "
        "up."
    ),
    Why.BUSY: _(
        "All workers are busy, %(number)s of %(most)s slots: it begins once one of them is free."
    ),
    Why.CAP: _(
        "%(number)s of %(most)s runs that this company may have at once are under way: it begins "
        "once one of them has ended."
    ),
    Why.HANDED: _("It is handed to a worker and begins at any moment."),
    Why.SOON: _("Nothing holds it up: it begins within a second or two."),
    Why.STUCK: _(
        "Its turn came %(since)s and nothing holds it up, yet no worker took it: the queue may "
        "be away. This is on us."
    ),
}
ELSEWHERE = (
    _("The shop was disconnected, or has no sheet."),
    _("The company is gone."),
    _("The worker was lost; another one goes on."),
    _("the worker was lost"),
    _("The database does not answer at the moment. Try again."),
)
"""What runs are told by who cannot mark it: the sync, the ledger, the database."""
ENDINGS: Mapping[str, str] = {
    "unchanged": _("Nothing had changed, so nothing was written."),
    "with gaps": _("Some cells are blank; their header says why."),
}
"""What the ledger keeps for how a sync ended."""
Held: TypeAlias = Mapping[tuple[bool, bool, bool], str]

HELD: Held = {
    (True, False, False): _(
        "All runs of all companies have been on hold since %(since)s (%(who)s)."
    ),
    (True, True, False): _(
        "Such runs of all companies have been on hold since %(since)s (%(who)s)."
    ),
    (False, False, False): _(
        "All runs of the company have been on hold since %(since)s (%(who)s)."
    ),
    (False, True, False): _(
        "Such runs of the company have been on hold since %(since)s (%(who)s)."
    ),
    (False, False, True): _("All runs of this shop have been on hold since %(since)s (%(who)s)."),
    (False, True, True): _("Such runs of this shop have been on hold since %(since)s (%(who)s)."),
}
"""By whether a hold is everybody's, of one kind, of one shop."""
HELD_HER: Held = {
    **dict.fromkeys(
        ((True, False, False), (True, True, False)),
        _("Everybody's syncs have been on hold since %(since)s (%(who)s)."),
    ),
    **dict.fromkeys(
        ((False, False, False), (False, True, False)),
        _("Your syncs have been on hold since %(since)s (%(who)s)."),
    ),
    **dict.fromkeys(
        ((False, False, True), (False, True, True)),
        _("Syncs of this shop have been on hold since %(since)s (%(who)s)."),
    ),
}
"""What is said to the seller of a hold, by the keys of HELD: what she waits for are syncs."""
STAFF = _("Stock Tracker's staff")
LEFT = _("somebody who has left")
"""Who holds runs stands in brackets, where `SOURCES` would need another case."""

Moment: TypeAlias = Callable[[datetime], str]
"""Says a time to the reader, also as HTML."""


@fact
class Times:
    """The same alone, as after "since", and as it goes on after a verb: at 08:00."""

    plain: Moment
    at: Moment


def kind(name: str, language: str) -> str:
    """What this kind of run is called."""
    return translated(KINDS[name], language) if name in KINDS else name


def kinds(name: str, language: str) -> str:
    """What all runs of this kind are called."""
    return translated(MANY[name], language) if name in MANY else name


def source(name: str, language: str) -> str:
    """Who asked for it, as it goes on after "by"."""
    return translated(SOURCES[name], language) if name in SOURCES else name


def step(told: Mapping[str, Any] | None, language: str) -> str:
    """What it is at, and how far; nothing before it says so."""
    name = str((told or {}).get("step", ""))
    if not told or not name:
        return ""
    words = translated(STEPS[name], language) if name in STEPS else name
    done, total = told.get("done"), told.get("total")
    if not isinstance(done, int) or not done:
        return words
    figures = number(done, language)
    if isinstance(total, int) and total:
        of = {"done": figures, "total": number(total, language)}
        figures = translated("%(done)s of %(total)s", language) % of
    return f"{words}, {figures}"


def share(told: Mapping[str, Any] | None) -> tuple[int, int] | None:
    """How much of how much, if a run says so."""
    done, total = (told or {}).get("done"), (told or {}).get("total")
    if isinstance(done, int) and isinstance(total, int) and total > 0:
        return min(max(done, 0), total), total
    return None


def why(reason: Reason, language: str, times: Times, held: Held = HELD) -> Markup:
    """Why it waits, in one or two sentences; `held` as of `why_held`."""
    if reason.hold is not None:
        return why_held(reason.hold, language, times.plain, held)
    if reason.why is Why.BEHIND:
        return _behind(reason.number, language)
    known = {"until": reason.until, "since": reason.since}
    values = {name: times.at(value) for name, value in known.items() if value is not None}
    values |= {
        "told": _ended(translated(reason.told, language)),
        "number": number(reason.number, language),
        "most": number(reason.most, language),
    }
    return escape(translated(REASONS[reason.why], language)) % values


def why_held(hold: Hold, language: str, moment: Moment, said: Held = HELD) -> Markup:
    """What is on hold, by whom and since when; `said` has the same keys as HELD."""
    message = said[hold.fleet, hold.of_kind, hold.of_shop]
    values = {"who": _who(hold, language), "since": moment(hold.since)}
    return escape(translated(message, language)) % values


def told(why: str, language: str) -> str:
    """What the ledger keeps of why a run was put back, or how it ended, as a sentence."""
    return translated(ENDINGS.get(why, why), language)


def plainly(reason: Reason, language: str) -> str:
    """Why it waits, for programs and terminals: with times in UTC."""

    def utc(at: datetime) -> str:
        return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"

    def at_utc(at: datetime) -> str:
        return f"at {utc(at)}" if language == "en" else utc(at)

    return why(reason, language, Times(plain=utc, at=at_utc)).unescape()


def _who(hold: Hold, language: str) -> str:
    if hold.fleet or hold.source == "staff":
        return translated(STAFF, language)
    return hold.by or translated(LEFT, language)


def _behind(ahead: int, language: str) -> Markup:
    if ahead > AHEAD:
        message = translated("More than %(num)s runs of this company go first.", language)
        return escape(message % {"num": AHEAD})
    message = counted(
        "%(num)s run of this company goes first.",
        "%(num)s runs of this company go first.",
        ahead,
        language,
    )
    return escape(message % {"num": ahead})


def _ended(sentence: str) -> str:
    """With its full stop, for another sentence follows."""
    text = sentence.strip()
    return text if not text or text.endswith((".", "!", "?", "…")) else f"{text}."

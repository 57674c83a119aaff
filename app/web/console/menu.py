"""The side menu: one list of all pages that are reached from everywhere.

A page is offered to whoever may open it, once it is there: what no handler shows her is left out.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace

from domain.fact import fact


def _(message: str) -> str:
    """Marks a message of the catalogue; it is translated where it is shown."""
    return message


@fact
class Entry:
    """A link. `key` is the key that goes there; `here`: it is the page that is shown, or one that
    belongs to it; `also`: where those stand, if not below it."""

    path: str
    words: str
    key: str = ""
    here: bool = False
    also: str = ""


@fact
class Group:
    """Links under one heading; None is the company's own name."""

    heading: str | None
    entries: Sequence[Entry]


OPERATE = Group(
    heading=_("Operate"),
    entries=(
        Entry(path="/overview", words=_("Overview"), key="o"),
        Entry(path="/runs", words=_("Runs"), key="r"),
        Entry(path="/failures", words=_("Failures"), key="f"),
        Entry(path="/schedules", words=_("Schedules"), key="s"),
        Entry(path="/workers", words=_("Workers"), key="w"),
        Entry(path="/lanes", words=_("Lanes and budgets"), key="l"),
        Entry(path="/operate/billing", words=_("Payments"), key="y"),
        Entry(path="/operate/billing/inbox", words=_("Messages from Stripe")),
        Entry(path="/operate/billing/drift", words=_("Compare with Stripe")),
    ),
)
SELL = Group(
    heading=None,
    entries=(
        Entry(path="/overview", words=_("Overview"), key="o"),
        Entry(path="/stock", words=_("Stock"), key="t", also="/shops"),
        Entry(path="/runs", words=_("Syncs"), key="r"),
        Entry(path="/failures", words=_("Failures"), key="f"),
        Entry(path="/schedules", words=_("Schedules"), key="s"),
        Entry(path="/lanes", words=_("Your lane"), key="l"),
        Entry(path="/start", words=_("Start"), key="b"),
    ),
)
COMPANY = Group(
    heading=_("Company"),
    entries=(
        Entry(path="/team", words=_("Team")),
        Entry(path="/audit", words=_("Audit"), key="a"),
        Entry(path="/notices", words=_("Mails"), key="m"),
        Entry(path="/billing", words=_("Plan"), key="p"),
    ),
)
LOOK_UP = Group(heading=_("Look up"), entries=(Entry(path="/tenants", words=_("Tenants")),))


def menu(paths: Collection[str], path: str, *, staff: bool) -> Sequence[Group]:
    """What a visitor of `path` may go to, of the `paths` that she may open."""
    groups = (OPERATE, LOOK_UP, SELL, COMPANY) if staff else (SELL, COMPANY)
    every = (place for group in groups for each in group.entries for place in _places(each))
    nearest = max((each for each in every if _below(path, each)), key=len, default="")
    shown: list[Group] = []
    taken: set[str] = set()
    for group in groups:
        entries = [each for each in group.entries if each.path in paths and each.path not in taken]
        taken |= {each.path for each in entries}
        if entries:
            marked = tuple(replace(each, here=nearest in _places(each)) for each in entries)
            shown.append(Group(heading=group.heading, entries=marked))
    return shown


def _places(entry: Entry) -> Sequence[str]:
    return [each for each in (entry.path, entry.also) if each]


def _below(path: str, place: str) -> bool:
    return path == place or path.startswith(f"{place}/")

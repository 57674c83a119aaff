"""The tabs beside «Stock Tracker» in one call with it: made, changed, or left to her."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from domain.both import Both
from domain.errors import Rejected
from domain.sheet_port import ListingState
from domain.table import notices
from domain.table.freshness import ALARM, beside_hers
from domain.table.keyed import KeyedTab
from domain.table.listing import Listed, Listing
from domain.table.words import OURS
from infrastructure.google import changes, listing, rules
from infrastructure.google.answers import Spreadsheet
from infrastructure.google.batch import Aim, Batch, Part, says_so
from infrastructure.google.believing import Believed, Known
from infrastructure.google.chunks import SHORT
from infrastructure.google.create import backups, create, new_id, title_in
from infrastructure.google.finding import Found
from infrastructure.google.listing import ListingPart
from infrastructure.google.spans import Json
from infrastructure.google.tab import Tab
from infrastructure.google.update import update


@dataclass(slots=True, kw_only=True)
class LeftPart(Part):
    """A tab that she no longer wants filled: marker and warning go, all else stays as hers."""

    def marker(self, aim: Aim, rev: int) -> None:
        """None: it is hers."""
        del aim, rev


@dataclass(slots=True, kw_only=True)
class Beside:
    """`parts` are to be sent, `states` is what will be known then, `notices` are true anyway.
    `room`: bytes that the call has left; `taken`: ids that no new tab may have."""

    room: int
    taken: set[int]
    parts: list[Part] = field(default_factory=list)
    states: dict[str, ListingState] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)

    def add(self, part: Part) -> None:
        """To be sent."""
        self.parts.append(part)
        self.room = max(0, self.room - len(msgspec.json.encode(part.requests)))


def beside(  # noqa: PLR0913, PLR0917 - of one call
    aim: Aim,
    found: Found,
    batch: Batch,
    known: Mapping[str, Believed],
    old: Known | None,
    former: Sequence[ListingState],
    address: str | Both,
) -> Beside:
    """What goes along with the part of «Stock Tracker»; `known` is what the tabs hold that are
    there, `former` are those known until now."""
    others = aim.beside or aim.listed
    plan = Beside(
        room=SHORT - (len(msgspec.json.encode(batch.requests)) if others else 0),
        taken={batch.sheet_id} | {each.properties.sheet_id for each in found.file.sheets},
    )
    for tab in aim.target.keyed:
        seen = found.tabs.get(tab.tab)
        if tab.tab not in aim.beside:
            _too_large(aim, tab, former, plan)
        elif seen is None:
            _keyed(aim, tab, found, former, plan)
        else:
            _updated(aim, seen, known[tab.tab], address, plan)
    _listings(aim, found, old, former, plan)
    _leave(aim, found, former, plan)
    return plan


def state_of(aim: Aim, part: Batch | ListingPart) -> ListingState:
    """What is known of its tab once it arrived."""
    if isinstance(part, Batch):
        return ListingState(
            tab=part.tab,
            sheet_id=part.sheet_id,
            shows=None if part.rest else aim.snapshot_id,
            order=part.order,
            layout=str(part.layout),
        )
    shows = None if part.rest else part.listed.id
    return ListingState(tab=part.tab, sheet_id=part.sheet_id, shows=shows)


def _keyed(
    aim: Aim, tab: KeyedTab, found: Found, former: Sequence[ListingState], plan: Beside
) -> None:
    """Whose rows are products, and which is not there."""
    part = create(aim.beside[tab.tab], found.file, new_id(plan.taken), room=plan.room)
    plan.taken.add(part.sheet_id)
    _rebuilt(aim, tab, part, former)
    plan.states[tab.tab] = state_of(aim, part)
    plan.add(part)


def _updated(aim: Aim, seen: Tab, known: Believed, address: str | Both, plan: Beside) -> None:
    """Whose rows are products. What keeps us out of it must not stop the others."""
    shown = aim.beside[seen.marker.tab if seen.marker else ""]
    try:
        part = update(shown, seen, known, address)
    except Rejected as no:
        said = notices.IN_TAB.say(aim.language, title=seen.title, said=str(no))
        plan.notices.append(said)
        plan.states[shown.tab] = ListingState(
            tab=shown.tab,
            sheet_id=seen.sheet_id,
            shows=None,
            order=known.remembered,
            layout=str(known.layout or ""),
        )
        return
    part.notices = [
        notices.IN_TAB.say(aim.language, title=seen.title, said=each) for each in part.notices
    ]
    plan.notices += part.notices
    plan.states[shown.tab] = state_of(aim, part)
    current = seen.marker is not None and seen.marker.snap == aim.snapshot_id
    if not (current and seen.marker and says_so(seen.marker, part)):
        plan.add(part)


def _listings(
    aim: Aim, found: Found, old: Known | None, former: Sequence[ListingState], plan: Beside
) -> None:
    """Those that are ours entirely."""
    for definition in aim.target.listings:
        seen = found.tabs.get(definition.tab)
        if definition.tab not in aim.listed:
            _too_large(aim, definition, former, plan)
            continue
        if seen is not None and _blocked(aim, seen, definition, plan):
            continue
        if seen is not None:
            held = _held(aim, seen, definition, old)
            part = listing.changed(aim, seen, definition.tab, held, plan.room)
        else:
            part = _made(aim, found.file, definition, new_id(plan.taken), plan.room)
            plan.taken.add(part.sheet_id)
            _rebuilt(aim, definition, part, former)
        plan.states[definition.tab] = state_of(aim, part)
        if seen is None or not listing.settled(part, seen):
            plan.add(part)


def _rebuilt(aim: Aim, tab: Listing | KeyedTab, part: Part, former: Sequence[ListingState]) -> None:
    if any(each.tab == tab.tab for each in former):
        part.notices.append(notices.LISTING_REBUILT.say(aim.language, title=tab.title))


def _made(
    aim: Aim, file: Spreadsheet, definition: Listing, sheet_id: int, room: int
) -> ListingPart:
    title = title_in(file, definition.title)
    part = listing.made(aim, definition.tab, (sheet_id, title), file.properties, room)
    wanted = definition.title
    part.requests[:0] = backups(aim, file, part, wanted, title)
    return part


def _held(aim: Aim, seen: Tab, definition: Listing, old: Known | None) -> Listed | None:
    """What its marker says that it holds, if that can be told."""
    snap = seen.marker.snap if seen.marker else None
    if snap == aim.listed[definition.tab].id:
        return aim.listed[definition.tab]
    if old is not None and snap == definition.id_of(old[0]):
        return definition.listed(old, aim.language)
    return None


def _blocked(aim: Aim, seen: Tab, definition: Listing, plan: Beside) -> bool:
    """A range that is closed to us would stop the whole call: the tab is left out instead."""
    fence = next((each for each in seen.fences if not each.open_to_us), None)
    if fence is None:
        return False
    name = fence.description or fence.span.a1
    said = notices.LISTING_PROTECTED.say(aim.language, title=seen.title, range=name)
    plan.notices.append(said)
    plan.states[definition.tab] = ListingState(
        tab=definition.tab, sheet_id=seen.sheet_id, shows=None
    )
    return True


def _too_large(
    aim: Aim, definition: Listing | KeyedTab, former: Sequence[ListingState], plan: Beside
) -> None:
    plan.notices.append(notices.LISTING_FULL.say(aim.language, title=definition.title))
    plan.states |= {each.tab: each for each in former if each.tab == definition.tab}


def _leave(aim: Aim, found: Found, former: Sequence[ListingState], plan: Beside) -> None:
    wanted = {each.tab for each in aim.target.keyed} | {each.tab for each in aim.target.listings}
    for known in former:
        seen = found.tabs.get(known.tab)
        if known.tab not in wanted and seen is not None:
            part = LeftPart(sheet_id=seen.sheet_id, marker_id=seen.marker_id)
            part.requests += (*rules.unwarned(seen.fences), *_quiet(seen))
            part.notices.append(notices.LISTING_LEFT.say(aim.language, title=seen.title))
            plan.parts.append(part)


def _quiet(seen: Tab) -> list[Json]:
    """What nobody fills any more must not sound the alarm: its first cell keeps its words only."""
    row = seen.head[0]
    told = ((at, note) for at, note in seen.notes.items() if at[0] == row)
    column = min((at[1] for at, note in told if OURS in note), default=None)
    if row is None or column is None:
        return []
    said = str(seen.at(row, column) or seen.title)
    cell = changes.typed(seen.title if said.startswith(ALARM) else said)
    hers = beside_hers("", seen.notes[row, column]).rstrip("\n")
    note = {"note": hers} if hers else {}
    return [
        changes.update_cells(seen.sheet_id, row, column, [[cell | note]], changes.VALUE_AND_NOTE)
    ]

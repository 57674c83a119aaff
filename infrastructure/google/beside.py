"""The tabs beside «Stock Tracker» in one call with it: made, changed, or left to her."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from domain.ports import ListingState
from domain.table import notices
from domain.table.listing import Listed, Listing
from infrastructure.google import listing, rules
from infrastructure.google.answers import Spreadsheet
from infrastructure.google.batch import Aim, Batch, Part
from infrastructure.google.believing import Known
from infrastructure.google.chunks import SHORT
from infrastructure.google.create import backups, new_id, title_in
from infrastructure.google.finding import Found
from infrastructure.google.listing import ListingPart
from infrastructure.google.tab import Tab


@dataclass(slots=True, kw_only=True)
class LeftPart(Part):
    """A tab that she no longer wants filled: marker and warning go, all else stays as hers."""

    def marker(self, aim: Aim, rev: int) -> None:
        """None: it is hers."""
        del aim, rev


@dataclass(slots=True, kw_only=True)
class Beside:
    """`parts` are to be sent, `states` is what will be known then, `notices` are true anyway."""

    parts: list[Part]
    states: dict[str, ListingState]
    notices: list[str]


def beside(
    aim: Aim, found: Found, batch: Batch, old: Known | None, former: Sequence[ListingState]
) -> Beside:
    """What goes along with the part of «Stock Tracker»; `former` are the tabs known until now."""
    plan = Beside(parts=[], states={}, notices=[])
    room = SHORT - (len(msgspec.json.encode(batch.requests)) if aim.listed else 0)
    taken = {batch.sheet_id} | {each.properties.sheet_id for each in found.file.sheets}
    for definition in aim.target.listings:
        seen = found.tabs.get(definition.tab)
        if definition.tab not in aim.listed:
            _too_large(aim, definition, former, plan)
            continue
        if seen is not None and _blocked(aim, seen, definition, plan):
            continue
        if seen is not None:
            held = _held(aim, seen, definition, old)
            part = listing.changed(aim, seen, definition.tab, held, room)
        else:
            part = _made(aim, found.file, definition, new_id(taken), room)
            taken.add(part.sheet_id)
            if any(each.tab == definition.tab for each in former):
                said = notices.LISTING_REBUILT.say(aim.language, title=definition.title)
                part.notices.append(said)
        plan.states[definition.tab] = state_of(part)
        if seen is None or not listing.settled(part, seen):
            plan.parts.append(part)
            room = max(0, room - len(msgspec.json.encode(part.requests)))
    _leave(aim, found, former, plan)
    return plan


def state_of(part: ListingPart) -> ListingState:
    """What is known of its tab once it arrived."""
    shows = None if part.rest else part.listed.id
    return ListingState(tab=part.tab, sheet_id=part.sheet_id, shows=shows)


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


def _too_large(aim: Aim, definition: Listing, former: Sequence[ListingState], plan: Beside) -> None:
    plan.notices.append(notices.LISTING_FULL.say(aim.language, title=definition.title))
    plan.states |= {each.tab: each for each in former if each.tab == definition.tab}


def _leave(aim: Aim, found: Found, former: Sequence[ListingState], plan: Beside) -> None:
    wanted = {each.tab for each in aim.target.listings}
    for known in former:
        seen = found.tabs.get(known.tab)
        if known.tab not in wanted and seen is not None:
            part = LeftPart(sheet_id=seen.sheet_id, marker_id=seen.marker_id)
            part.requests += rules.unwarned(seen.fences)
            part.notices.append(notices.LISTING_LEFT.say(aim.language, title=seen.title))
            plan.parts.append(part)

"""One write from the first look to the last answer, and what to do when an answer is lost.

Inserts are not idempotent, so a batch is never sent twice blindly: its number is kept before the
call, and a look at the tab's marker tells whether it arrived. Planning a hundred thousand rows
takes seconds: it happens in threads, so that heartbeats go on.
"""

from asyncio import to_thread
from collections.abc import Iterable, Sequence
from dataclasses import replace

from domain.errors import Rejected, Unavailable
from domain.ports import Effect, ListingState, TabState, Written
from domain.table import notices
from infrastructure.google import listing, verifying
from infrastructure.google.answers import BatchAnswer, Spreadsheet
from infrastructure.google.batch import Aim, Batch, Part, following, says_so
from infrastructure.google.believing import Believed, Known, believed, next_rev
from infrastructure.google.beside import beside, state_of
from infrastructure.google.create import create, fill, new_id
from infrastructure.google.faults import Unanswered
from infrastructure.google.finding import Found, find
from infrastructure.google.former import former
from infrastructure.google.listing import ListingPart
from infrastructure.google.overtyped import doubtful
from infrastructure.google.sending import body_of, wanted
from infrastructure.google.tab import Tab
from infrastructure.google.trail import Trail
from infrastructure.google.update import update
from infrastructure.google.visit import Visit


class Writing:
    """Makes the tabs say what `aim` holds; `old` is the snapshot that the trail says it holds."""

    def __init__(self, visit: Visit, aim: Aim, old: Known | None, trail: Trail) -> None:
        self._visit = visit
        self._aim = aim
        self._old = old
        self._trail = trail
        self._effect = aim.target.before
        self._notices: dict[str, None] = {}
        self._known = Believed()
        self._listings: dict[str, ListingState] = {}

    async def run(self) -> Written:
        """Raises Rejected, Unavailable, Malformed."""
        try:
            return await self._attempt()
        except Unanswered:
            await self._visit.pause(1.0)
        try:
            return await self._attempt()
        except Unanswered:
            raise self._visit.voice.unavailable("google_unavailable") from None

    async def _attempt(self) -> Written:
        found = await find(self._visit, self._aim, self._trail.state)
        if self._trail.unchecked:
            found = await self._whole(found)
        seen = found.stock
        if seen is None:
            batch = await self._made(found.file)
        else:
            seen, batch = await self._updated(seen)
        rev = next_rev(found.tabs.values(), self._trail.state)
        others = await self._others(found, batch)
        if seen is not None:
            self._found(found, seen, batch)
            proven = seen.editable or not self._aim.target.look
            if seen.marker and proven and says_so(seen.marker, batch) and not others:
                rev = seen.marker.rev
                return self._written(self._answered(batch, rev, checked=seen.whole))
        return await self._write(batch, others, rev, seen)

    async def _whole(self, found: Found) -> Found:
        """Once a day every cell of ours is read, of all tabs in one call."""
        partly = [tab for tab in found.tabs.values() if not tab.whole]
        if not partly:
            return found
        whole = {tab.sheet_id: tab for tab in await self._visit.whole(partly)}
        tabs = {word: whole.get(tab.sheet_id, tab) for word, tab in found.tabs.items()}
        return replace(found, tabs=tabs)

    async def _made(self, file: Spreadsheet) -> Batch:
        taken = {sheet.properties.sheet_id for sheet in file.sheets}
        state = self._trail.state
        if state and state.rev and state.sheet_id not in taken:
            self._tell([notices.TAB_REBUILT.say(self._aim.language)])
        kept = await former(self._visit, self._aim, file)
        batch = await to_thread(create, self._aim, file, new_id(taken), kept)
        self._trail.starts(batch)
        return batch

    async def _updated(self, seen: Tab) -> tuple[Tab, Batch]:
        new = self._aim.snapshot_id, self._aim.snapshot
        self._known = believed(seen, self._trail.state, new, self._old)
        if not seen.whole and await to_thread(doubtful, seen, self._known):
            (seen,) = await self._visit.whole([seen])
        address = self._visit.voice.address
        return seen, await to_thread(update, self._aim, seen, self._known, address)

    async def _others(self, found: Found, batch: Batch) -> Sequence[Part]:
        earlier = self._trail.state.listings if self._trail.state else ()
        plan = await to_thread(beside, self._aim, found, batch, self._old, earlier)
        self._tell(plan.notices)
        self._listings = plan.states
        return plan.parts

    def _found(self, found: Found, seen: Tab, batch: Batch) -> None:
        """What the look says of the call before this one."""
        self._trail.found(seen, self._known, batch)
        sent = self._effect.sent
        if sent and any(tab.marker and tab.marker.rev == sent[0] for tab in found.tabs.values()):
            self._arrived()
        self._tell(batch.notices)

    async def _write(
        self, batch: Batch, others: Sequence[Part], rev: int, seen: Tab | None
    ) -> Written:
        checked = seen is None or seen.whole
        try:
            answer = await self._send(batch, rev, others, checked=checked)
        except Rejected as no:
            if no.cause != "sheet_full" or not others:
                raise
            others = self._without(others)
            rev += 1
            answer = await self._send(batch, rev, others, checked=checked)
        order = verifying.seen_order(answer, batch) if seen is not None else ()
        if order and order != batch.order:
            self._tell([notices.ORDER_ADOPTED.say(self._aim.language)])
            batch = await to_thread(verifying.corrected, self._aim, batch, order)
            rev += 1
            await self._send(batch, rev, checked=checked)
        return await self._fill(batch, others, rev)

    def _without(self, others: Sequence[Part]) -> Sequence[Part]:
        """Tabs that the file has no room for are left out: «Stock Tracker» may still have it."""
        self._tell(
            notices.LISTING_FULL.say(self._aim.language, title=each.title)
            for each in self._aim.target.listings
        )
        state = self._trail.state
        self._listings = {each.tab: each for each in state.listings} if state else {}
        return [part for part in others if not isinstance(part, ListingPart)]

    async def _fill(self, batch: Batch, others: Sequence[Part], rev: int) -> Written:
        """The rest of what did not fit into one call, chunk by chunk."""
        while batch.rest:
            first, *rest = batch.rest
            batch = following(batch, tuple(rest))
            await to_thread(fill, self._aim, batch, first)
            rev += 1
            await self._send(batch, rev)
        for part in (each for each in others if isinstance(each, ListingPart)):
            for chunk in listing.following(part):
                batch = following(batch, ())
                self._listings[part.tab] = state_of(chunk)
                rev += 1
                await self._send(batch, rev, [chunk])
        return self._written(self._answered(batch, rev, checked=False))

    async def _send(
        self, batch: Batch, rev: int, others: Sequence[Part] = (), *, checked: bool = True
    ) -> BatchAnswer:
        """The number is kept before the call, and the new state after it."""
        body, parts = body_of(self._aim, batch, rev, others), (batch, *others)
        cells = sum(part.cells for part in parts)
        try:
            answer = await self._visit.change(
                body, wanted(batch), begins=lambda: self._sends(batch, rev, cells)
            )
        except (Rejected, Unavailable):
            await self._refused()
            raise
        self._answered(batch, rev, checked=checked)
        self._arrived()
        self._tell(said for part in parts for said in part.notices)
        return answer

    def _answered(self, batch: Batch, rev: int, *, checked: bool) -> TabState:
        return self._trail.answered(batch, rev, self._listings.values(), checked=checked)

    async def _sends(self, batch: Batch, rev: int, cells: int) -> None:
        effect = replace(self._so_far(), sent=(rev, cells))
        await self._trail.sends(batch, rev, effect)
        self._effect = effect

    async def _refused(self) -> None:
        """What was answered with a refusal is not in the sheet."""
        if self._effect.sent:
            self._effect = replace(self._effect, sent=None)
            await self._trail.refused(self._effect)

    def _arrived(self) -> None:
        """The batch that was sent: its answer says so, or the tab's marker."""
        _, cells = self._effect.sent or (0, 0)
        cells += self._effect.cells
        self._effect = replace(self._effect, changed=True, cells=cells, sent=None)

    def _so_far(self) -> Effect:
        before, visit = self._aim.target.before, self._visit
        reads, writes = before.reads + visit.reads, before.writes + visit.writes
        return replace(self._effect, reads=reads, writes=writes)

    def _tell(self, sentences: Iterable[str]) -> None:
        """Each once, also when a lost answer makes us look twice."""
        self._notices |= dict.fromkeys(sentences)

    def _written(self, state: TabState) -> Written:
        return Written(state=state, effect=self._so_far(), notices=tuple(self._notices))

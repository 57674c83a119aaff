"""One write from the first look to the last answer, and what to do when an answer is lost.

Inserts are not idempotent, so a batch is never sent twice blindly: its number is kept before the
call, and a look at the tab's marker tells whether it arrived. Planning a hundred thousand rows
takes seconds: it happens in threads, so that heartbeats go on.
"""

from asyncio import to_thread
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from domain.errors import Rejected, Unavailable
from domain.replenishment import Terms
from domain.sheet_port import Effect, ListingState, TabState, Written
from domain.table import notices
from domain.table.tracker import STOCK
from infrastructure.google import listing, terms, verifying
from infrastructure.google.answers import BatchAnswer, Spreadsheet
from infrastructure.google.batch import Aim, Batch, Part, following, says_so, unchanged
from infrastructure.google.believing import (
    Believed,
    Known,
    believed,
    believed_beside,
    next_rev,
)
from infrastructure.google.beside import LeftPart, beside, state_of
from infrastructure.google.create import chunked, create, new_id
from infrastructure.google.faults import Unanswered
from infrastructure.google.finding import Found, find
from infrastructure.google.former import former
from infrastructure.google.listing import ListingPart
from infrastructure.google.overtyped import doubtful
from infrastructure.google.room import need
from infrastructure.google.sending import body_of, wanted
from infrastructure.google.spans import Json
from infrastructure.google.tab import Tab
from infrastructure.google.telling import copied
from infrastructure.google.trail import Trail
from infrastructure.google.update import update
from infrastructure.google.visit import Visit

FULL = "sheet_full"


class Writing:
    """Makes the tabs say what `aim` holds; `old` is the snapshot that the trail says it holds."""

    def __init__(self, visit: Visit, aim: Aim, old: Known | None, trail: Trail) -> None:
        self._visit = visit
        self._aim = aim
        self._old = old
        self._trail = trail
        self._effect = aim.target.before
        self._notices = dict.fromkeys(self._effect.notices)
        self._known: dict[str, Believed] = {}
        self._listings: dict[str, ListingState] = {}
        self._sent: Sequence[Json] = ()
        self._terms: Terms | None = None

    async def run(self) -> Written:
        """Raises Rejected, Unavailable, Malformed."""
        try:
            return await self._twice()
        except Rejected as no:
            if no.cause != FULL or not (lacks := need(await self._visit.listing(), self._sent)):
                raise
            raise self._visit.voice.rejected(FULL, need=lacks) from None

    async def _twice(self) -> Written:
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
            found = await self._whole(found, found.tabs.values())
        found = await self._whole(found, await to_thread(self._doubtful, found))
        self._obey(found)
        seen = found.stock
        rev = next_rev(found.tabs.values(), self._trail.state)  # before a new tab's trail starts
        if seen is None:
            batch = await self._made(found.file)
        else:
            address = self._visit.voice.address
            batch = await to_thread(update, self._aim, seen, self._known[STOCK], address)
        others = await self._others(found, batch)
        if seen is not None:
            self._found(found, seen, batch)
            proven = seen.editable or not self._aim.target.look
            proven = proven and not copied(self._aim, seen)
            if seen.marker and proven and says_so(seen.marker, batch) and not others:
                rev = seen.marker.rev
                return self._written(self._answered(batch, rev, checked=seen.whole))
        return await self._write(batch, others, rev, seen)

    async def _whole(self, found: Found, tabs: Iterable[Tab]) -> Found:
        """Once a day every cell of ours is read, and of a tab whose keys alone do not tell enough;
        of all of them in one call."""
        partly = [tab for tab in tabs if not tab.whole]
        if not partly:
            return found
        whole = {tab.sheet_id: tab for tab in await self._visit.whole(partly)}
        return replace(
            found,
            tabs={word: whole.get(tab.sheet_id, tab) for word, tab in found.tabs.items()},
        )

    def _doubtful(self, found: Found) -> Sequence[Tab]:
        """Judges what the tabs hold whose rows are products."""
        state, aim = self._trail.state, self._aim
        former = {each.tab: each for each in state.listings} if state else {}
        keyed = {word: tab for word, tab in found.tabs.items() if word in aim.beside}
        self._known = {
            word: believed_beside(aim.beside[word], tab, former.get(word), self._old)
            for word, tab in keyed.items()
        }
        if found.stock is not None:
            keyed[STOCK] = found.stock
            self._known[STOCK] = believed(aim, found.stock, state, self._old)
        return [tab for word, tab in keyed.items() if doubtful(tab, self._known[word])]

    def _obey(self, found: Found) -> None:
        """Her yellow cells decide at once, also by what cells are coloured."""
        for word, aim in self._aim.beside.items():
            tab = found.tabs.get(word)
            if tab is not None and aim.shown.terms:
                typed, language = terms.of_hers(aim, tab), aim.language
                told = (notices.IN_TAB.say(language, title=tab.title, said=x) for x in typed.told)
                self._tell(told)
                target = replace(self._aim.target, terms=typed.terms)
                self._aim, self._terms = replace(self._aim, target=target), typed.terms

    async def _made(self, file: Spreadsheet) -> Batch:
        taken = {sheet.properties.sheet_id for sheet in file.sheets}
        state = self._trail.state
        if state and state.rev and state.sheet_id not in taken:
            self._tell([notices.TAB_REBUILT.say(self._aim.language)])
        kept = await former(self._visit, self._aim, file)
        batch = await to_thread(create, self._aim, file, new_id(taken), kept)
        self._trail.starts(batch)
        return batch

    async def _others(self, found: Found, batch: Batch) -> Sequence[Part]:
        earlier = self._trail.state.listings if self._trail.state else ()
        address = self._visit.voice.address
        plan = await to_thread(
            beside, self._aim, found, batch, self._known, self._old, earlier, address
        )
        self._tell(plan.notices)
        self._listings = plan.states
        return plan.parts

    def _found(self, found: Found, seen: Tab, batch: Batch) -> None:
        """What the look says of the call before this one."""
        self._trail.found(seen, self._known[STOCK], batch)
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
            if no.cause != FULL or not others:
                raise
            others = self._without(others)
            rev += 1
            answer = await self._send(batch, rev, others, checked=checked)
        sorted_since = await to_thread(self._corrected, answer, (batch, *others))
        if sorted_since:
            self._tell([notices.ORDER_ADOPTED.say(self._aim.language)])
            batch = sorted_since.pop(STOCK, unchanged(batch))
            self._listings |= {tab: state_of(self._aim, part) for tab, part in sorted_since.items()}
            rev += 1
            await self._send(batch, rev, list(sorted_since.values()), checked=checked)
        return await self._fill(batch, others, rev, checked=checked)

    def _corrected(self, answer: BatchAnswer, parts: Sequence[Part]) -> dict[str, Batch]:
        """By tab: what has to be written once more, where she sorted meanwhile."""
        keyed = (part for part in parts if isinstance(part, Batch))
        return {
            part.tab: verifying.corrected(self._aim_of(part), part, order)
            for part in keyed
            if (order := verifying.resorted(answer, part))
        }

    def _aim_of(self, part: Batch) -> Aim:
        return self._aim if part.tab == STOCK else self._aim.beside[part.tab]

    def _without(self, others: Sequence[Part]) -> Sequence[Part]:
        """Tabs that the file has no room for are left out: «Stock Tracker» may still have it."""
        self._tell(
            notices.LISTING_FULL.say(self._aim.language, title=title)
            for title in self._aim.target.beside
        )
        state = self._trail.state
        self._listings = {each.tab: each for each in state.listings} if state else {}
        return [part for part in others if isinstance(part, LeftPart)]

    async def _fill(
        self, batch: Batch, others: Sequence[Part], rev: int, *, checked: bool
    ) -> Written:
        """The rest of what did not fit into one call, chunk by chunk."""
        rest = chunked(self._aim, batch)
        while (chunk := await to_thread(next, rest, None)) is not None:
            batch = chunk
            rev += 1
            await self._send(batch, rev, checked=checked)
        for part in others:
            more = self._more(part)
            while (piece := await to_thread(next, more, None)) is not None:
                batch = following(batch, ())
                self._listings[piece.tab] = state_of(self._aim, piece)
                rev += 1
                await self._send(batch, rev, [piece], checked=checked)
        return self._written(self._answered(batch, rev, checked=False))

    def _more(self, part: Part) -> Iterator[Batch | ListingPart]:
        match part:
            case Batch():
                yield from chunked(self._aim_of(part), part)
            case ListingPart():
                yield from listing.following(part)

    async def _send(
        self, batch: Batch, rev: int, others: Sequence[Part] = (), *, checked: bool
    ) -> BatchAnswer:
        """The number is kept before the call, and the new state after it."""
        body, parts = body_of(self._aim, batch, rev, others), (batch, *others)
        cells, self._sent = sum(part.cells for part in parts), body["requests"]
        try:
            answer = await self._visit.change(
                body, wanted(body), begins=lambda: self._sends(batch, rev, cells)
            )
        except (Rejected, Unavailable):
            await self._refused()
            raise
        self._answered(batch, rev, checked=checked)
        self._tell(said for part in parts for said in part.notices)
        self._arrived()
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
        """The batch that was sent, and with it what was told of it: its answer says so, or the
        tab's marker."""
        _, cells = self._effect.sent or (0, 0)
        cells += self._effect.cells
        told = tuple(self._notices)
        self._effect = replace(self._effect, changed=True, cells=cells, sent=None, notices=told)

    def _so_far(self) -> Effect:
        before, visit = self._aim.target.before, self._visit
        reads, writes = before.reads + visit.reads, before.writes + visit.writes
        return replace(self._effect, reads=reads, writes=writes)

    def _tell(self, sentences: Iterable[str]) -> None:
        """Each once, also when a lost answer makes us look twice."""
        self._notices |= dict.fromkeys(sentences)

    def _written(self, state: TabState) -> Written:
        effect = replace(self._so_far(), notices=tuple(self._notices))
        return Written(state=state, effect=effect, terms=self._terms)

"""One write from the first look to the last answer, and what to do when an answer is lost.

Inserts are not idempotent, so a batch is never sent twice blindly: its number is kept before the
call, and a look at the tab's marker tells whether it arrived. Planning a hundred thousand rows
takes seconds: it happens in threads, so that heartbeats go on.
"""

from asyncio import to_thread
from collections.abc import Container, Iterable
from dataclasses import replace
from secrets import randbelow

from domain.errors import Rejected, Unavailable
from domain.ports import Effect, TabState, Written
from domain.table import notices
from infrastructure.google import verifying
from infrastructure.google.answers import BatchAnswer, Spreadsheet
from infrastructure.google.batch import Aim, Batch, following, says_so
from infrastructure.google.believing import Believed, Known, believed, next_rev
from infrastructure.google.create import create, fill
from infrastructure.google.faults import Unanswered
from infrastructure.google.finding import find
from infrastructure.google.former import former
from infrastructure.google.overtyped import doubtful
from infrastructure.google.sending import body_of, wanted
from infrastructure.google.tab import Tab, with_values
from infrastructure.google.trail import Trail
from infrastructure.google.update import update
from infrastructure.google.visit import Visit

_IDS = 2**31 - 2


class Writing:
    """Makes the tab say what `aim` holds; `old` is the snapshot that the trail says it holds."""

    def __init__(self, visit: Visit, aim: Aim, old: Known | None, trail: Trail) -> None:
        self._visit = visit
        self._aim = aim
        self._old = old
        self._trail = trail
        self._effect = aim.target.before
        self._notices: dict[str, None] = {}

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
        if isinstance(found, Spreadsheet):
            return await self._create(found)
        new = self._aim.snapshot_id, self._aim.snapshot
        known = believed(found, self._trail.state, new, self._old)
        if not found.whole and await to_thread(doubtful, found, known):
            columns = await self._visit.columns(found.sheet_id, sorted(found.columns))
            found = with_values(found, columns)
        return await self._update(found, known)

    async def _create(self, file: Spreadsheet) -> Written:
        taken = {sheet.properties.sheet_id for sheet in file.sheets}
        state = self._trail.state
        if state and state.rev and state.sheet_id not in taken:
            self._tell([notices.TAB_REBUILT.say(self._aim.language)])
        kept = await former(self._visit, self._aim, file)
        batch = await to_thread(create, self._aim, file, _new_id(taken), kept)
        rev = next_rev(None, state)
        self._trail.starts(batch)
        await self._send(batch, rev)
        return await self._fill(batch, rev)

    async def _update(self, tab: Tab, known: Believed) -> Written:
        address = self._visit.voice.address
        batch = await to_thread(update, self._aim, tab, known, address)
        rev = next_rev(tab, self._trail.state)
        self._trail.found(tab, known, batch)
        if tab.marker and self._effect.sent and tab.marker.rev == self._effect.sent[0]:
            self._arrived()
        self._tell(batch.notices)
        proven = tab.editable or not self._aim.target.look
        if tab.marker and proven and says_so(tab.marker, batch):
            return self._written(self._trail.answered(batch, tab.marker.rev, checked=tab.whole))
        answer = await self._send(batch, rev, checked=tab.whole)
        seen = verifying.seen_order(answer, batch)
        if seen and seen != batch.order:
            self._tell([notices.ORDER_ADOPTED.say(self._aim.language)])
            batch = await to_thread(verifying.corrected, self._aim, batch, seen)
            rev += 1
            await self._send(batch, rev, checked=tab.whole)
        return await self._fill(batch, rev)

    async def _fill(self, batch: Batch, rev: int) -> Written:
        """The rest of a first write, chunk by chunk."""
        while batch.rest:
            first, *rest = batch.rest
            batch = following(batch, tuple(rest))
            await to_thread(fill, self._aim, batch, first)
            rev += 1
            await self._send(batch, rev)
        return self._written(self._trail.answered(batch, rev, checked=False))

    async def _send(self, batch: Batch, rev: int, *, checked: bool = True) -> BatchAnswer:
        """The number is kept before the call, and the new state after it."""
        body = body_of(self._aim, batch, rev)
        try:
            answer = await self._visit.change(
                body, wanted(batch), begins=lambda: self._sends(batch, rev)
            )
        except (Rejected, Unavailable):
            await self._refused()
            raise
        self._trail.answered(batch, rev, checked=checked)
        self._arrived()
        self._tell(batch.notices)
        return answer

    async def _sends(self, batch: Batch, rev: int) -> None:
        effect = replace(self._so_far(), sent=(rev, batch.cells))
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


def _new_id(taken: Container[int]) -> int:
    """Of a tab. Chosen here, so that the batch that makes it can also name it."""
    return next(each for each in iter(lambda: 1 + randbelow(_IDS), None) if each not in taken)

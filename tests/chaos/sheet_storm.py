"""A seller at work in her sheet, a marketplace that changes, neighbours that fail, workers that die:
step after step from one seed, and after each sync a look at what must hold."""

import random
from collections import Counter, deque

from domain.arrangement import ReturnColumns
from domain.errors import Malformed, Rejected
from domain.run import TRIES, Done
from sandbox.google import Span, Tab
from sandbox.google.model.book import MOST_CELLS
from sandbox.google.model.sheet import Sheet
from tests.chaos.her_hands import Hands
from tests.chaos.market_days import Days
from tests.chaos.sheet_truth import (
    differing,
    hers_in,
    lying_at_hers,
    miscounted,
    misplaced,
    misread,
    ours_in,
)

CRASHES, LAST_AWAIT = 0.3, 160
"""How many of the syncs are killed, and in which of their awaits at the latest."""
LONGEST_LOG = 60
MINUTE, HOUR, DAY = 60, 3_600, 86_400
NEVER = ("google_refused", "google_malformed")
"""Causes that nothing here may bring about."""
WIDE = "Огромная"
FENCE = "Не трогать"


class Storm:
    """`counts` says how often what happened. `plain`: of our cells only the keys are looked at, so
    she leaves the others alone."""

    def __init__(self, world, seed, *, plain=False):
        self.world, self.seed = world, seed
        self.dice = random.Random(seed)  # noqa: S311 - choices, not secrets
        self.days = Days(world, self.dice)
        self.hands = Hands(world.file, self.dice, self.days.known, plain=plain)
        self.steps, self.counts, self.log = 0, Counter(), deque(maxlen=LONGEST_LOG)
        self.version, self.at_hers = None, set()
        self.turns = {
            self.her_act: 50,
            self.market_day: 18,
            self.sync: 45,
            self.fault: 7,
            self.google_fault: 4,
            self.time_passes: 8,
            self.her_trouble: 2,
            self.key_column: 0.5,
            self.calm: 1,
        }

    async def blow(self, steps, over=lambda: False):
        """So many steps, or until it is over. A broken promise is told with seed and last steps."""
        turns = [*self.turns]
        weights = [self.turns[each] for each in turns]
        try:
            while self.steps < steps and not over():
                self.steps += 1
                turn = self.dice.choices(turns, weights)[0]
                self._note(turn.__name__, await turn())
            await self.calm()
        except Exception as wrong:
            told = "\n".join(self.log)
            message = f"seed {self.seed}, {self.world.kind}, step {self.steps}: {wrong}\n{told}"
            raise AssertionError(message) from wrong

    def _note(self, what, told):
        self.log.append(f"{self.steps} {self.world.moment():%d.%m %H:%M:%S} {what}: {told}")
        self.counts[what] += 1

    # Steps

    async def her_act(self):
        self.world.moment.seconds += 1
        return self.hands.act()

    async def market_day(self):
        told = self.days.turn()
        await self._not_half_gone()
        return told

    async def fault(self):
        return self.days.fault()

    async def google_fault(self):
        return self.days.google_fault()

    async def time_passes(self):
        spans = (10 * MINUTE, 40 * MINUTE, HOUR, 5 * HOUR, 14 * HOUR, DAY, 3 * DAY, 32 * DAY)
        span = self.dice.choices(spans, (6, 6, 6, 4, 4, 3, 1, 0.3))[0]
        self.world.moment.seconds += span
        return f"{span} s"

    async def her_trouble(self):
        """She closes the file to us, or a range of it, or fills it; or all that is over."""
        act = self.dice.choice((self._unshare, self._protect, self._fill, self._undo, self._undo))
        act()
        return act.__name__

    async def key_column(self):
        """Without it nothing is written; she presses Ctrl+Z."""
        ours = ours_in(self.world.file, self.days.known)
        if ours is None or self.world.run is not None:
            return None
        before = self.world.file.book.copy()
        Tab(self.world.file, ours.sheet.title).delete_columns(ours.columns["nm"])
        self._need_a_write()
        broken = hers_in(self.world.file, self.days.known)
        told = await self.sync(crash=False)
        assert hers_in(self.world.file, self.days.known) == broken
        self.world.file.book.adopt(before)
        return told

    async def calm(self):
        """All trouble is over: it gets well by itself."""
        self.days.calm()
        self._undo()
        self.world.moment.seconds += 2 * HOUR
        if self.dice.random() < 0.3:
            await self.world.tell(ReturnColumns(shop_id=self.world.key.shop))
        self._need_a_write()
        await self.world.end()
        for _ in range(12):
            ended = await self._sync(None)
            if isinstance(ended, Done):
                return await self._note_end(ended)
            self._wait_for(ended, certain=True)
        raise AssertionError(f"It does not get well: {ended!r}")

    async def sync(self, *, crash=True):
        """One attempt of the run that is under way, or of a new one."""
        if self.dice.random() < 0.4:
            self._need_a_write()
        crash_at = None
        if crash and self.dice.random() < CRASHES:
            crash_at = self.dice.randrange(1, LAST_AWAIT)
        ended = await self._sync(crash_at)
        return await self._note_end(ended)

    async def _sync(self, crash_at):
        before = hers_in(self.world.file, self.days.known)
        if self.world.run is None:
            self.version = self.world.seller.version
        source = self.dice.choice(("schedule", "user"))
        ended = await self.world.attempt(crash_at, source)
        wrong = misplaced(before, hers_in(self.world.file, self.days.known))
        assert not wrong, f"hers was touched: {wrong}"
        overrun = self.days.overrun()
        assert not overrun, f"calls that were forbidden: {overrun}"
        if isinstance(ended, Done):
            await self._quiet(ended)
        return ended

    async def _note_end(self, ended):
        if ended is None:
            self.counts["killed"] += 1
            return f"killed in {self.world.crashed[-1]}"
        if isinstance(ended, Done):
            self.counts["written" if ended.result["googleWrites"] else "unchanged"] += 1
            return f"done {ended.why} {ended.result}"
        self.counts[ended.cause] += 1
        assert ended.cause not in NEVER, f"{ended.cause}: {ended}"
        if ended.cause == "held_back":  # two unheard-of lines of one product, one of them stock
            assert self.world.seller.pseudo, f"{ended}"
        if isinstance(ended, Rejected) or self.world.attempts >= 2 * TRIES:
            await self.world.end()
        self._wait_for(ended)
        return f"{type(ended).__name__} {ended.cause}: {ended}"

    # What must hold

    async def _quiet(self, ended):
        world = self.world
        state = await world.book.tab(world.key, world.file.id)
        shown = await world.book.snapshot(world.key, state.snapshot_id)
        _, latest = await world.book.latest(world.key)
        if self.days.looked:
            adopted = {nm for _, nm in state.order}
            wrong = differing(world.file, adopted, shown)
            assert not wrong, f"our cells are not the snapshot's: {wrong[:5]}"
        wrong = miscounted(world.seller, latest, await world.orders_heard())
        assert not wrong, f"orders are not counted once each: {wrong}"
        if self.version == world.seller.version:
            wrong = list(misread(world.seller, latest, world.moment.seconds, self.at_hers))
            assert not wrong, f"stock is not what lies there: {wrong[:5]}"
            self.counts["compared"] += 1
        self.at_hers = lying_at_hers(latest, self.at_hers)

    # How

    def _need_a_write(self):
        """Something differs, so that the sheet is looked at."""
        self.world.moment.seconds += 2
        nm = self.dice.choice(sorted(self.world.seller.cards))
        size = self.world.seller.size(nm, 0)
        size.to_client += 1
        self.world.seller.version += 1

    def _wait_for(self, ended, *, certain=False):
        until = getattr(ended, "until", None)
        if until is not None and (certain or self.dice.random() < 0.7):
            self.world.moment.seconds = max(self.world.moment.seconds, until.timestamp())
        elif certain and not isinstance(ended, Malformed):
            self.world.moment.seconds += MINUTE

    async def _not_half_gone(self):
        """A fall by half of all she has is another story."""
        latest = await self.world.book.latest(self.world.key)
        before = sum(filter(None, latest[1].stock)) if latest else 0
        for _ in range(20):
            if self.days.held() >= 0.6 * before:
                return
            self.days.stock()

    def _unshare(self):
        self.world.file.unshare(self.world.address)

    def _protect(self):
        if ours := ours_in(self.world.file, self.days.known):
            span = Span(ours.top, ours.top + 2, 0, 5)
            Tab(self.world.file, ours.sheet.title).protect(span, FENCE)

    def _fill(self):
        book = self.world.file.book
        if book.titled(WIDE) is None:
            room = MOST_CELLS - sum(sheet.cells for sheet in book.sheets)
            book.sheets.append(Sheet(book.new_id(), WIDE, room // 26, 26))

    def _undo(self):
        book = self.world.file.book
        self.world.file.share(self.world.address)
        book.sheets = [sheet for sheet in book.sheets if sheet.title != WIDE]
        for sheet in book.sheets:
            sheet.protections = [each for each in sheet.protections if each.description != FENCE]

"""Holds back new numbers that look like a fault of the marketplace, and has them read again.

A reading is what a run remembers under one number: the next one forgets all that was kept of it, so
that the same cached report is never its own witness.
"""

from collections.abc import Collection
from contextlib import suppress
from datetime import date, datetime

from app.handle import Handle
from app.read_models import Database
from app.stock.doubt_words import SUMS, held, what
from app.stock.read import ShopRow, shop_by_id
from app.stock.reporting import report
from app.stock.writing import Why, Writing
from domain import doubt, shop
from domain.access import Role, TenantScope
from domain.doubt import AGAIN, Seen, Standing, doubted
from domain.errors import Malformed, Unavailable
from domain.fact import fact
from domain.ports import Clock, Memory, Progress
from domain.run import Task
from domain.snapshot import Snapshot, period
from domain.table.words import Words

HELD = "held_back"
"""The cause, as runs and the sheet's first cell know it."""
READINGS, _HELD = "readings", "held"
"""What a run remembers: how many readings it has made, and which one a person may accept."""


def of_day(step: str, day: date) -> str:
    """What a run's memory calls a step of reading the figures up to that day."""
    return f"{day} {step}"


@fact
class OneReading:
    """`domain.ports.Memory` of one reading among those of a run, until midnight: a run that waited
    for longer reads anew. The first one's is the run's own; later ones share two places, for a run
    may wait for days: of them the last two are there."""

    memory: Memory
    number: int
    day: date

    async def recall(self, step: str) -> bytes | None:
        """What this reading has done before."""
        kept = await self.memory.recall(self._place(step))
        if kept is None or not self.number:
            return kept
        number, _, result = kept.partition(b":")
        return result if number == b"%d" % self.number else None

    async def keep(self, step: str, result: bytes) -> None:
        """For this reading alone."""
        kept = b"%d:%b" % (self.number, result) if self.number else result
        await self.memory.keep(self._place(step), kept)

    def _place(self, step: str) -> str:
        return of_day(f"{1 + self.number % 2}.{step}" if self.number else step, self.day)


@fact
class Wrong:
    """A reading of `at` that is held back. `cause` chooses the banner, `what` stands in it, `said`
    is what the run says."""

    cause: str
    what: Words
    at: datetime
    said: str


@fact
class Doubting:
    """Knows what looked wrong before, and tells the sheet."""

    database: Database
    writing: Writing
    handle: Handle
    clock: Clock

    async def reading(
        self, row: ShopRow, task: Task, memory: Memory, progress: Progress
    ) -> OneReading:
        """The one to go on with. What was held and is accepted now needs no other. Raises
        Unavailable while it is too early for another."""
        count, held = [await memory.recall(each) for each in (READINGS, _HELD)]
        number = int(count or 0)
        if row.doubt == Standing.HELD and row.doubt_at is not None:
            if self.clock() < row.doubt_at + AGAIN:
                raise await self._held(row, task, _fallen(row.seen, row.doubt_at), memory, progress)
        elif row.doubt == Standing.ACCEPTED and held is not None and int(held) == number - 1:
            number -= 1
        return OneReading(memory=memory, number=number, day=period(self.clock()).last)

    async def judge(  # noqa: PLR0913, PLR0917 - a reading, and what it is judged by
        self,
        row: ShopRow,
        task: Task,
        reading: OneReading,
        new: Snapshot,
        good: Snapshot | None,
        cards: Collection[int],
        progress: Progress,
    ) -> None:
        """Raises Unavailable where nothing speaks for what looks wrong."""
        seen = doubted(new, good, cards)
        if seen is None and row.doubt != Standing.HELD:
            return
        told = doubt.ReportReading(
            shop_id=row.shop_id,
            at=new.taken_at,
            good_at=good.taken_at if good else None,
            seen=seen,
        )
        await report(self.handle, task, told)
        row = await self._now(row, task)
        if seen is not None and row.doubt == Standing.HELD:
            await reading.memory.keep(_HELD, b"%d" % reading.number)
            raise await self._again(row, task, _fallen(seen, new.taken_at), reading, progress)

    async def contradicts(
        self, row: ShopRow, task: Task, wrong: Malformed, reading: OneReading, progress: Progress
    ) -> Unavailable:
        """Of an answer that cannot be true: no person and no second one like it speaks for it."""
        told = Wrong(cause="contradiction", what=SUMS, at=self.clock(), said=str(wrong))
        return await self._again(row, task, told, reading, progress)

    async def _again(
        self, row: ShopRow, task: Task, wrong: Wrong, reading: OneReading, progress: Progress
    ) -> Unavailable:
        await reading.memory.keep(READINGS, b"%d" % (reading.number + 1))
        return await self._held(row, task, wrong, reading.memory, progress)

    async def _held(
        self, row: ShopRow, task: Task, wrong: Wrong, memory: Memory, progress: Progress
    ) -> Unavailable:
        why = Why(cause=wrong.cause, values={"what": wrong.what.both()})
        with suppress(Unavailable):  # with Google away the run tells of the doubt all the same
            await self.writing.warn(row, task, why, memory, progress)
        return Unavailable(wrong.said, cause=HELD, until=wrong.at + AGAIN)

    async def _now(self, row: ShopRow, task: Task) -> ShopRow:
        """As the facts left it. Raises UnknownShop for one that is gone."""
        scope = TenantScope(tenant=task.tenant, person=task.run_id, role=Role.VIEWER)
        found = await shop_by_id(self.database, scope, row.shop_id)
        if found is None:
            raise shop.UnknownShop
        return found


def _fallen(seen: Seen, at: datetime) -> Wrong:
    wrong = what(seen)
    return Wrong(cause=HELD, what=wrong, at=at, said=str(held(wrong, at)))

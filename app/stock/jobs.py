"""The sync of one shop: read the marketplace whole, take a snapshot, write the sheet."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from uuid import UUID

from app.handle import Handle
from app.read_models import Database
from app.stock import written
from app.stock.alarms import missed_by, why_old
from app.stock.book import StockBook
from app.stock.capabilities import A_DAY, known, news
from app.stock.doubt_words import settled
from app.stock.doubting import HELD, Doubting, OneReading
from app.stock.limiting import Limiting
from app.stock.ordered import ReadOrders
from app.stock.reach import KEPT
from app.stock.read import ShopRow, overdue, shop_by_id
from app.stock.reporting import notice, report
from app.stock.showing import fresh, shown_anew
from app.stock.writing import PEOPLE, Writing
from domain import health, writer
from domain.access import Role, TenantScope
from domain.capability import Known, Reading
from domain.errors import Malformed, Outside, Rejected
from domain.fact import fact
from domain.ids import uuid7
from domain.ports import Access, Clock, Marketplace, Memory, Progress
from domain.run import Cancel, Done, Outcome, Task
from domain.sheet_port import Written
from domain.snapshot import Snapshot, flaws, period
from domain.stock import ShopKey
from domain.table.words import Words
from domain.taking import take
from domain.terms import FollowTab

GONE = Cancel(why="The shop was disconnected, or has no sheet.")
CONTRADICT = Words(
    ru="Числа противоречат друг другу, прежние остаются: {what}",
    en="The numbers contradict each other, the former ones stay: {what}",
)
HIDDEN = "hidden_place"
"""No gap of ours: Wildberries shows nobody its warehouses in Russia (release note 570)."""

log = logging.getLogger(__name__)


@fact
class Sync:
    """`open_token` unseals a shop's token for one read, `writing` fills its sheet, `doubting` holds
    back what looks wrong; `limiting` holds up what the plan does not allow; `afterwards` is
    told of each good sync: of which shop, and with which token."""

    book: StockBook
    database: Database
    marketplace: Marketplace
    writing: Writing
    doubting: Doubting
    handle: Handle
    clock: Clock
    open_token: Callable[[UUID, UUID], Awaitable[Access]]
    limiting: Limiting
    afterwards: Callable[[ShopKey, UUID, Task], Awaitable[None]]

    async def __call__(self, task: Task, memory: Memory, progress: Progress) -> Outcome:
        """Done with counts and notices; a dead token or an unshared sheet is told once."""
        scope = TenantScope(tenant=task.tenant, person=task.run_id, role=Role.VIEWER)
        row = await self._ready(scope, task)
        if row is None:
            return GONE
        if wait := await self.limiting.wait(scope, row, task, memory):
            return wait
        key, token = ShopKey(tenant=task.tenant, shop=row.shop_id), row.token_id
        try:
            reading = await self.doubting.reading(row, task, memory, progress)
            new, noticed = await self._there(row, task, reading) or await self._taken(
                scope, row, task, reading, progress
            )
            row = await self._ready(scope, task)  # she may have changed it while we read
            if row is None:
                return GONE
            wrote = await self.writing(row, task, new, memory, progress)
        except Exception as no:
            if isinstance(no, Rejected):
                broken = health.ReportBroken(shop_id=key.shop, cause=no.cause, token_id=token)
                await report(self.handle, task, broken)
            await self._warn(task, token, no, memory, progress)
            raise
        await report(self.handle, task, health.ReportHealthy(shop_id=key.shop))
        if wrote.terms is not None and wrote.terms != row.terms:
            await report(self.handle, task, FollowTab(shop_id=key.shop, terms=wrote.terms))
        if robot := self.writing.writers.unsettled(row):
            await report(self.handle, task, writer.SettleRobot(shop_id=key.shop, address=robot))
        await self.afterwards(key, row.token_id, task)
        told = settled(row, self.clock())
        return _done(new[1], [*noticed, *([str(told.both())] if told else [])], wrote)

    async def _warn(
        self, task: Task, token: UUID, no: Exception, memory: Memory, progress: Progress
    ) -> None:
        """What keeps her numbers old stands in the sheet itself, where that can be written."""
        try:
            await self._alarm(task, token, no, memory, progress)
        except Outside:
            return  # the run tells of what came first
        except Exception:
            log.exception("no banner", extra={"run_id": str(task.run_id)})

    async def _alarm(
        self, task: Task, token: UUID, no: Exception, memory: Memory, progress: Progress
    ) -> None:
        """A token that she has replaced meanwhile is told of nowhere."""
        scope = TenantScope(tenant=task.tenant, person=task.run_id, role=Role.VIEWER)
        row, now = await self._ready(scope, task), self.clock()
        if row is None:
            return
        if row.token_id != token and isinstance(no, Outside) and no.cause in health.OF_TOKEN:
            return
        by = missed_by(no, row, now)
        late = by is not None and await overdue(self.database, scope, row.shop_id, by)
        if why := why_old(no, row, task, now, late=late):
            await self.writing.warn(row, task, why, memory, progress)

    async def _ready(self, scope: TenantScope, task: Task) -> ShopRow | None:
        """The shop as it is at this moment, if it can be synced."""
        row = await shop_by_id(self.database, scope, task.shop_id) if task.shop_id else None
        return row if row and row.spreadsheet_id else None

    async def _there(
        self, row: ShopRow, task: Task, memory: Memory
    ) -> tuple[tuple[UUID, Snapshot], Sequence[str]] | None:
        """The snapshot that a killed worker had taken for this very run, or that it is asked to
        show once more, while it is fresh."""
        taken = await memory.recall("snapshot")
        if taken is None:
            new = await shown_anew(self.book, row, task, self.clock(), KEPT)
            if new is not None:
                await memory.keep("snapshot", new[0].bytes)
            return (new, ()) if new else None
        key, snapshot_id = ShopKey(tenant=task.tenant, shop=row.shop_id), UUID(bytes=taken)
        snapshot = await self.book.snapshot(key, snapshot_id)
        if snapshot is None or not fresh(snapshot, self.clock()):
            return None
        return (snapshot_id, snapshot), ()

    async def _taken(
        self, scope: TenantScope, row: ShopRow, task: Task, memory: OneReading, progress: Progress
    ) -> tuple[tuple[UUID, Snapshot], Sequence[str]]:
        """The new snapshot, kept, and what was noticed on the way; however it ends, what the token
        was seen to open is kept too. Raises Unavailable for one that is held back."""
        seen = await known(self.database, scope, row.shop_id, row.token_id)
        seen.anew = task.source in PEOPLE
        try:
            return await self._read(scope, row, task, seen, memory, progress)
        except Malformed as wrong:
            if wrong.cause != HELD:
                raise
            raise await self.doubting.contradicts(row, task, wrong, memory, progress) from wrong
        finally:
            key = ShopKey(tenant=task.tenant, shop=row.shop_id)
            await self.book.keep(news(key, row.token_id, seen))

    async def _read(  # noqa: PLR0913, PLR0917 - whose, why, and what is known of it
        self,
        scope: TenantScope,
        row: ShopRow,
        task: Task,
        seen: Known,
        memory: OneReading,
        progress: Progress,
    ) -> tuple[tuple[UUID, Snapshot], Sequence[str]]:
        key = ShopKey(tenant=task.tenant, shop=row.shop_id)
        access = await self.open_token(key.tenant, row.token_id)
        await once(memory, "cards", lambda: self._read_cards(key, access, progress))
        cards = await self.book.cards(key)
        grown = await self.limiting.count(scope, len(cards))
        seen.saw(Reading.CARDS, self.clock())
        seen.counted(len(cards), sum(len(card.sizes) for card in cards.values()))
        stock = await self.marketplace.stock(access, cards.values(), memory, progress, seen)
        days = period(stock.at)
        orders = ReadOrders(
            book=self.book,
            marketplace=self.marketplace,
            clock=self.clock,
            key=key,
            access=access,
            seen=seen,
        )
        gap = await orders(days, memory, progress)
        await progress("snapshot")
        counts = None if gap else await self.book.order_counts(key, days)
        read = replace(stock, gaps=(*stock.gaps, gap)) if gap else stock
        latest = await self.book.latest(key)
        before = latest[1] if latest else None
        snapshot = take(read, cards, counts, days, await self.book.places(key), previous=before)
        if wrong := flaws(snapshot):
            raise Malformed(str(CONTRADICT.both(what=wrong[0])), cause=HELD)
        await self.doubting.judge(row, task, memory, snapshot, before, cards, progress)
        # By the clock: a killed worker may have kept one of this read too, and the later counts.
        new = uuid7(self.clock()), snapshot
        await self.book.save(key, new, before, KEPT)
        await memory.keep("snapshot", new[0].bytes)
        await notice(self.handle, self.book, task, key, (before, snapshot), row.terms)
        return new, [*stock.noticed, *grown]

    async def _read_cards(self, key: ShopKey, access: Access, progress: Progress) -> None:
        """What changed since the last time; once a day all of it, for a deleted card is silent."""
        read, begun = 0, self.clock()
        mark = await self.book.bookmark(key, "cards")
        whole = await self.book.bookmark(key, "catalogue")
        anew = mark is None or whole is None or begun - whole.read_at >= A_DAY
        async for page in self.marketplace.cards(access, None if anew or not mark else mark.cursor):
            await self.book.keep_cards(key, page)
            read += len(page.cards)
            await progress("cards", read)
        if anew:
            await self.book.end_catalogue(key, begun)


async def once(memory: Memory, step: str, work: Callable[[], Awaitable[None]]) -> None:
    """Do a step whose results are kept elsewhere, unless this run has done it before."""
    if await memory.recall(step) is None:
        await work()
        await memory.keep(step, b"done")


def _done(snapshot: Snapshot, noticed: Sequence[str], wrote: Written) -> Done:
    gaps = [gap for gap in snapshot.gaps if gap.cause != HIDDEN]
    result = {
        "products": len(snapshot.nm_ids),
        "places": len(snapshot.places),
        "gaps": [{"source": gap.source, "cause": gap.cause} for gap in gaps],
        **written.result(wrote.effect),
        "notices": [*noticed, *wrote.notices],
    }
    ending = "with gaps" if gaps else "" if wrote.effect.changed else "unchanged"
    return Done(why=ending, result=result)

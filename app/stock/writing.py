"""The last part of a sync: its snapshot goes into the shop's sheet, as her people want it shown."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import TypeAlias
from uuid import NAMESPACE_URL, UUID, uuid5

from app.cron import following
from app.read_models import Database
from app.stock import closed, written
from app.stock.book import StockBook
from app.stock.check_book import CheckBook
from app.stock.doubt_words import remarks
from app.stock.limiting import slowed_by
from app.stock.moved import moving_of
from app.stock.moving import movements
from app.stock.read import ShopRow, shops
from app.stock.writers import Writers
from domain.access import Role, TenantScope
from domain.fact import fact
from domain.limits import Plans
from domain.place import Place
from domain.ports import Clock, Memory, Progress
from domain.run import Task
from domain.schedule import Schedule
from domain.sheet_port import Effect, TabState, Target, Written
from domain.snapshot import MOSCOW, Snapshot
from domain.stock import ShopKey
from domain.table import check, data, replenishment
from domain.table.banner import banner
from domain.table.check import Check
from domain.table.data import Data
from domain.table.header import names
from domain.table.layout import deleted, layout_of
from domain.table.listing import Listing
from domain.table.place_columns import groups
from domain.table.replenishment import Replenishing

AN_HOUR, NOT_AT_ALL = timedelta(hours=1), timedelta(0)
PEOPLE = ("user", "api_token", "cli")
"""Sources of runs that somebody waits for; the others are the schedule's."""
GRACE = timedelta(hours=2)
"""How long after the promised hour a sheet that was not written turns red."""
EMPTY_FOR = timedelta(days=30)
"""How long a place has to be without stock and orders to be out of sight."""
LANGUAGE = "ru"
"""Of every sheet."""
Known: TypeAlias = tuple[tuple[UUID, Snapshot], tuple[UUID, Snapshot] | None, TabState | None]
"""What is to be shown, what is shown, and where the tab stands."""


@fact
class Why:
    """A cause of `domain.table.causes`, with what its sentences name."""

    cause: str
    values: Mapping[str, object]


@fact
class Writing:
    """Knows the tabs of the shop from one run to the next. `former`: what an old tool's tab may be
    called in a sheet that comes over; `mailed`: people are written to."""

    book: StockBook
    checks: CheckBook
    database: Database
    writers: Writers
    plans: Plans
    clock: Clock
    former: str | None = None
    mailed: bool = False

    async def __call__(
        self,
        row: ShopRow,
        task: Task,
        new: tuple[UUID, Snapshot],
        memory: Memory,
        progress: Progress,
    ) -> Written:
        """Raises what the port raises."""
        if row.data_tab or row.replenishment_tab:
            new = await self._moved(row, task, new)
        state, old = await self._known(row, task)
        target = await self._target(row, task, new[1], state, memory)
        told = replace(target, remarks=self._remarks(row, state))
        return await self._write(row, told, (new, old, state), memory, progress)

    async def warn(
        self, row: ShopRow, task: Task, why: Why, memory: Memory, progress: Progress
    ) -> None:
        """The numbers that are shown stay; above them stands the banner of a cause. Nothing where
        nothing is shown, and no tab that is not there yet. Raises what the port raises."""
        state, old = await self._known(row, task)
        if old is None or state is None:
            return
        shown = await self._arrived(row, state) or old
        target = await self._target(row, task, shown[1], state, memory)
        there = {each.tab for each in state.listings}
        target = replace(
            target,
            banner=banner(why.cause, shown[1], LANGUAGE, **why.values),
            keyed=tuple(each for each in target.keyed if each.tab in there),
            listings=tuple(each for each in target.listings if each.tab in there),
        )
        await self._write(row, target, (shown, old, state), memory, progress)

    def _remarks(self, row: ShopRow, state: TabState | None) -> tuple[str, ...]:
        now = self.clock()
        shut = closed.closing(row, state, now)
        return *remarks(row, now, LANGUAGE), *closed.remarks(shut, now, LANGUAGE)

    async def _arrived(self, row: ShopRow, state: TabState) -> tuple[UUID, Snapshot] | None:
        """What a call may have brought whose answer never came: the sheet is not put back behind
        it."""
        if state.pending is None:
            return None
        key = ShopKey(tenant=row.tenant_id, shop=row.shop_id)
        snapshot = await self.book.snapshot(key, state.pending[1])
        return (state.pending[1], snapshot) if snapshot else None

    async def _known(
        self, row: ShopRow, task: Task
    ) -> tuple[TabState | None, tuple[UUID, Snapshot] | None]:
        """Where the tab stands, and what it shows."""
        key = ShopKey(tenant=task.tenant, shop=row.shop_id)
        state = await self.book.tab(key, str(row.spreadsheet_id))
        shown = await self.book.snapshot(key, state.snapshot_id) if state else None
        return state, ((state.snapshot_id, shown) if state and shown else None)

    async def _write(
        self, row: ShopRow, target: Target, known: Known, memory: Memory, progress: Progress
    ) -> Written:
        await progress("sheet")
        new, old, state = known
        key, file = ShopKey(tenant=row.tenant_id, shop=row.shop_id), target.spreadsheet_id
        places = [each.place for each in new[1].places]

        shut, opened = state.closed if state else None, closed.closing(row, state, self.clock())

        async def keep(newer: TabState, effect: Effect) -> None:
            await progress("sheet")  # the last moment to learn that another worker writes it
            await written.keep(memory, effect)
            newer = replace(newer, closed=shut)
            await self.book.keep_tab(key, file, newer, list(_gone(newer, places)))

        sheet = await self.writers.of(row)
        wrote = await sheet.write(target, new, old, state if old else None, keep)
        if wrote.state is not state:
            shut = opened  # nobody could know before whether it is
            await keep(wrote.state, wrote.effect)
        return wrote

    async def _moved(
        self, row: ShopRow, task: Task, new: tuple[UUID, Snapshot]
    ) -> tuple[UUID, Snapshot]:
        """With what moves, as it is known now. It stays so: a call may already have shown it."""
        snapshot_id, snapshot = new
        key = ShopKey(tenant=task.tenant, shop=row.shop_id)
        scope = TenantScope(tenant=key.tenant, person=task.run_id, role=Role.VIEWER)
        found = await movements(self.database, scope, key.shop) if not snapshot.moving else None
        if found is None:
            return new
        whole = replace(snapshot, moving=moving_of(found, snapshot))
        await self.book.amend(key, snapshot_id, whole)
        return snapshot_id, whole

    async def _target(
        self, row: ShopRow, task: Task, new: Snapshot, state: TabState | None, memory: Memory
    ) -> Target:
        scope = TenantScope(tenant=task.tenant, person=task.run_id, role=Role.VIEWER)
        mine = await shops(self.database, scope)
        return Target(
            spreadsheet_id=str(row.spreadsheet_id),
            shop_id=marked(row.marketplace, row.seller_id),
            title=_titled("Stock Tracker", row, mine),
            language=LANGUAGE,
            deadline=await self._deadline(scope, row, new),
            look=self._doubtful(row, task, state),
            before=await written.recalled(memory),
            keyed=self._keyed(row, mine),
            listings=await self._listings(row, task, mine),
            empty=await self._empty(row, task, new, state) if row.hide_empty else frozenset(),
            returned=row.columns_returned_at,
            former=self.former,
            mailed=self.mailed,
            terms=row.terms,
        )

    async def _deadline(self, scope: TenantScope, row: ShopRow, new: Snapshot) -> datetime:
        allowed = await self.plans.allowed(scope)
        return deadline(row.schedule, new.taken_at, slowed_by(allowed, row.schedule, self.clock()))

    def _keyed(self, row: ShopRow, mine: Sequence[ShopRow]) -> tuple[Replenishing, ...]:
        if not row.replenishment_tab:
            return ()
        title = _titled(replenishment.TITLE.say(LANGUAGE), row, mine)
        return (Replenishing(title=title, terms=row.terms),)

    async def _listings(
        self, row: ShopRow, task: Task, mine: Sequence[ShopRow]
    ) -> tuple[Listing, ...]:
        listings: list[Listing] = []
        if row.data_tab:
            listings.append(Data(title=_titled(data.TITLE.say(LANGUAGE), row, mine)))
        key = ShopKey(tenant=task.tenant, shop=row.shop_id)
        found = await self.checks.latest(key) if row.check_tab else None
        if found is not None:
            title = _titled(check.TITLE.say(LANGUAGE), row, mine)
            listings.append(Check(title=title, reconciliation=found))
        return tuple(listings)

    async def _empty(
        self, row: ShopRow, task: Task, new: Snapshot, state: TabState | None
    ) -> frozenset[int]:
        """A place whose stock was not read is not known to be empty: it stays as it is."""
        key = ShopKey(tenant=task.tenant, shop=row.shop_id)
        since = new.taken_at.astimezone(MOSCOW).date() - EMPTY_FOR
        idle = await self.book.idle_places(key, since)
        known = {each.place.number for each in new.places if None not in each.stock}
        layout = layout_of(state.layout) if state else None
        hidden = layout.hidden if layout else frozenset[str]()
        return frozenset(number for number in idle if number in known or f"p{number}" in hidden)

    def _doubtful(self, row: ShopRow, task: Task, state: TabState | None) -> bool:
        """Is it worth a look whether the sheet is still there, though nothing has changed? When it
        was broken; and when a person asks who has not been answered by a look for an hour, or who
        may just have typed other terms into it."""
        if row.broken is not None or state is None:
            return True
        long_ago = self.clock() - state.checked_at > AN_HOUR
        return task.source in PEOPLE and (long_ago or row.terms_in_tab)


def marked(marketplace: str, seller_id: str) -> UUID:
    """What a tab's marker calls the shop: the same with a database and without one, so that the
    old single-user job goes on in the tab that the service filled, and the other way round."""
    return uuid5(NAMESPACE_URL, f"stock-tracker:{marketplace}:{seller_id}")


def deadline(schedule: Schedule, now: datetime, slowed: timedelta = NOT_AT_ALL) -> datetime:
    """When the sheet turns red by itself: the first promised hour, or minute of cron, after the
    coming Moscow midnight, plus grace. The period moves at that midnight, so a healthy sync always
    writes. `slowed`: how far apart the plan keeps the syncs of this schedule."""
    tomorrow = now.astimezone(MOSCOW).date() + timedelta(days=1)
    promised = following(schedule, datetime.combine(tomorrow, time.min, MOSCOW) + slowed)
    return promised.astimezone(UTC) + GRACE


def _gone(state: TabState, places: Sequence[Place]) -> Iterator[str]:
    """What the columns were called that she deleted; those of another tab with its name."""
    called = names(groups(places), LANGUAGE)
    yield from (called[tag] for tag in deleted(state.layout) if tag in called)
    tab, group = replenishment.TITLE.say(LANGUAGE), replenishment.GROUP
    for tag in (tag for each in state.listings if each.layout for tag in deleted(each.layout)):
        if tag in group.tags:
            yield f"{tab} · {names([group], LANGUAGE)[tag]}"


def _titled(title: str, row: ShopRow, mine: Sequence[ShopRow]) -> str:
    """A tab's name; shops that share a file tell theirs apart."""
    first = next(each for each in mine if each.spreadsheet_id == row.spreadsheet_id)
    return title if first.shop_id == row.shop_id else f"{title} · {row.name}"

"""The last part of a sync: its snapshot goes into the shop's sheet, as her people want it shown."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from app.cron import following
from app.read_models import Database
from app.stock import written
from app.stock.book import StockBook
from app.stock.check_book import CheckBook
from app.stock.read import ShopRow, shops
from domain.access import Role, TenantScope
from domain.fact import fact
from domain.ports import Clock, Effect, Memory, Progress, Sheet, TabState, Target, Written
from domain.run import Task
from domain.schedule import Schedule
from domain.snapshot import MOSCOW, Snapshot
from domain.stock import ShopKey
from domain.table import check, data
from domain.table.check import Check
from domain.table.data import Data
from domain.table.header import names
from domain.table.layout import deleted, layout_of
from domain.table.listing import Listing
from domain.table.place_columns import groups

AN_HOUR = timedelta(hours=1)
PEOPLE = ("user", "api_token", "cli")
"""Sources of runs that somebody waits for; the others are the schedule's."""
GRACE = timedelta(hours=2)
"""How long after the promised hour a sheet that was not written turns red."""
EMPTY_FOR = timedelta(days=30)
"""How long a place has to be without stock and orders to be out of sight."""
LANGUAGE = "ru"
"""Of every sheet."""


@fact
class Writing:
    """Knows the tabs of the shop from one run to the next. `former`: what an old tool's tab may be
    called in a sheet that comes over; `mailed`: people are written to."""

    book: StockBook
    checks: CheckBook
    database: Database
    sheet: Sheet
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
        await progress("sheet")
        key, file = ShopKey(tenant=task.tenant, shop=row.shop_id), str(row.spreadsheet_id)
        state = await self.book.tab(key, file)
        shown = await self.book.snapshot(key, state.snapshot_id) if state else None
        old = (state.snapshot_id, shown) if state and shown else None
        called = names(groups(each.place for each in new[1].places), LANGUAGE)

        async def keep(newer: TabState, effect: Effect) -> None:
            await progress("sheet")  # the last moment to learn that another worker writes it
            await written.keep(memory, effect)
            gone = [called[tag] for tag in deleted(newer.layout) if tag in called]
            await self.book.keep_tab(key, file, newer, gone)

        target = await self._target(row, task, new[1], state, memory)
        wrote = await self.sheet.write(target, new, old, state if old else None, keep)
        if wrote.state is not state:
            await keep(wrote.state, wrote.effect)
        return wrote

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
            deadline=deadline(row.schedule, new.taken_at),
            look=self._doubtful(row, task, state),
            before=await written.recalled(memory),
            listings=await self._listings(row, task, mine),
            empty=await self._empty(row, task, new, state) if row.hide_empty else frozenset(),
            returned=row.columns_returned_at,
            former=self.former,
            mailed=self.mailed,
        )

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
        was broken; and when a person asks who has not been answered by a look for an hour."""
        if row.broken is not None or state is None:
            return True
        return task.source in PEOPLE and self.clock() - state.checked_at > AN_HOUR


def marked(marketplace: str, seller_id: str) -> UUID:
    """What a tab's marker calls the shop: the same with a database and without one, so that the
    old single-user job goes on in the tab that the service filled, and the other way round."""
    return uuid5(NAMESPACE_URL, f"stock-tracker:{marketplace}:{seller_id}")


def deadline(schedule: Schedule, now: datetime) -> datetime:
    """When the sheet turns red by itself: the first promised hour, or minute of cron, after the
    coming Moscow midnight, plus grace. The period moves at that midnight, so a healthy sync always
    writes."""
    tomorrow = now.astimezone(MOSCOW).date() + timedelta(days=1)
    promised = following(schedule, datetime.combine(tomorrow, time.min, MOSCOW))
    return promised.astimezone(UTC) + GRACE


def _titled(title: str, row: ShopRow, mine: Sequence[ShopRow]) -> str:
    """A tab's name; shops that share a file tell theirs apart."""
    first = next(each for each in mine if each.spreadsheet_id == row.spreadsheet_id)
    return title if first.shop_id == row.shop_id else f"{title} · {row.name}"

"""What a sync adds to its company's history: changes of health, numbers that look wrong,
products that fell, terms that she typed into her sheet, no more."""

from contextlib import suppress

from app.handle import Ask, Handle
from app.stock.book import StockBook
from domain import doubt, health, shop, tenant
from domain.events import Origin, Rows, Stream
from domain.levels import ReportFall, compared
from domain.replenishment import Terms
from domain.run import Task
from domain.snapshot import Snapshot
from domain.stock import ShopKey
from domain.terms import FollowTab
from domain.writer import SettleRobot


async def report(
    handle: Handle,
    task: Task,
    said: health.Command | doubt.ReportReading | ReportFall | SettleRobot | FollowTab,
    rows: Rows = (),
) -> None:
    """In the name of the run. A shop that is gone has no history to add to."""
    origin = Origin(
        source="run",
        actor=None,
        correlation=task.correlation,
        causation=f"run:{task.run_id}",
    )
    stream = Stream(kind="tenant", tenant=task.tenant, id=task.tenant)
    with suppress(shop.UnknownShop):
        await handle(
            Ask(decider=tenant.decider, stream=stream, command=said), origin=origin, rows=rows
        )


async def notice(  # noqa: PLR0913, PLR0917 - each is another part of the world
    handle: Handle,
    book: StockBook,
    task: Task,
    key: ShopKey,
    taken: tuple[Snapshot | None, Snapshot],
    terms: Terms,
) -> None:
    """Who came below the lead time, or to nothing, between the two snapshots is told once. Whoever
    is killed before that leaves it to the next one, for the levels are kept with the fact."""
    known = await book.levels(key)
    levels, fell = compared(known, *taken, terms)
    if levels == known:
        return
    rows = book.keeping(key, levels)
    if fell.low or fell.out:
        await report(handle, task, ReportFall(shop_id=key.shop, fell=fell), rows)
    else:
        await book.keep(rows)

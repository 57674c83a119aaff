"""The old single-user job: one token and one sheet from `.env`, no database; the same layout."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import click

from app.settings import Single
from app.stock.ordered import UNREADABLE
from app.stock.writing import deadline, marked
from app.wiring.outside import alone
from domain.capability import Known, Reading
from domain.errors import Malformed, Rejected, Unavailable
from domain.ids import uuid7
from domain.ports import Access, Marketplace
from domain.schedule import by_cron
from domain.sheet_port import Effect, TabState, Target
from domain.snapshot import MOSCOW, Period, Snapshot, flaws, period
from domain.stock import Order, OrderCount, Unread, unread
from domain.table.link import spreadsheet_id
from domain.taking import take

CHANGED_SINCE = timedelta(days=30)
"""A cancelled order changes later than it was made: so orders are read from further back."""


class Forgetful:
    """`domain.ports.Memory` of a job that is over when its process is."""

    async def recall(self, step: str) -> bytes | None:
        """Nothing was done before."""
        del step
        return None

    async def keep(self, step: str, result: bytes) -> None:
        """It is not needed again."""


async def progress(step: str, done: int = 0, total: int | None = None) -> None:
    """A line for each step, and for each page of it."""
    of = f" of {total}" if total is not None else ""
    click.echo(f"{step} {done}{of}" if done else step)


async def sync_single(single: Single) -> int:
    """0 when the sheet says what the marketplace says. Raises what the ports raise."""
    file = spreadsheet_id(single.sheet_id, field="GOOGLE_SHEET_ID")
    access = Access(token=single.api_key.reveal())
    async with alone(single) as outside:
        seller_id = outside.marketplace.seller_id(access)
        snapshot = await read_once(outside.marketplace, access)
        if wrong := flaws(snapshot):
            raise Malformed(f"The numbers contradict each other: {wrong[0]}.", cause="held_back")
        click.echo(f"{len(snapshot.nm_ids)} products in {len(snapshot.places)} places")
        if single.old.dry_run:
            click.echo("DRY_RUN is on: the sheet is left as it is.")
            return 0
        target = Target(
            spreadsheet_id=file,
            shop_id=marked("wildberries", seller_id),
            title=single.old.sheet_name,
            language="ru",
            deadline=deadline(by_cron(single.old.schedule, single.old.zone), snapshot.taken_at),
        )
        new = uuid7(snapshot.taken_at), snapshot
        written = await outside.sheet.write(target, new, None, None, _forget)
    for notice in written.notices:
        click.echo(notice)
    click.secho(f"{written.effect.cells} cells written.", fg="green")
    return 0


async def read_once(marketplace: Marketplace, access: Access) -> Snapshot:
    """All of it from its beginning, with nothing known before. Raises what the port raises."""
    cards = {
        card.nm_id: card async for page in marketplace.cards(access, None) for card in page.cards
    }
    stock = await marketplace.stock(access, cards.values(), Forgetful(), progress, Known())
    days, cause = period(stock.at), ""
    for source in marketplace.order_sources(access, Known()):
        try:
            orders = await _orders(marketplace, access, stock.at - CHANGED_SINCE, source)
        except (Rejected, Unavailable) as no:
            if no.cause not in UNREADABLE:
                raise
            cause = cause or no.cause
        else:
            return take(stock, cards, list(_counted(orders, days)), days, known=())
    gap = unread(Unread.ORDERS, cause)
    return take(replace(stock, gaps=(*stock.gaps, gap)), cards, None, days, known=())


async def _orders(
    marketplace: Marketplace, access: Access, since: datetime, source: Reading
) -> Collection[Order]:
    """The latest word on each order."""
    orders: dict[str, Order] = {}
    async for page in marketplace.orders(access, None, since, source):
        for order in page.orders:
            known = orders.get(order.srid)
            if known is None or known.changed_at <= order.changed_at:
                orders[order.srid] = order
        await progress("orders", len(orders))
    return orders.values()


def _counted(orders: Iterable[Order], days: Period) -> Iterator[OrderCount]:
    """Orders of the period: not cancelled, one per srid, by product and warehouse."""
    counts = Counter(
        (order.nm_id, order.by_seller, order.warehouse)
        for order in orders
        if not order.cancelled
        and days.first <= order.ordered_at.astimezone(MOSCOW).date() <= days.last
    )
    for (nm_id, by_seller, warehouse), pieces in counts.items():
        yield OrderCount(nm_id=nm_id, by_seller=by_seller, warehouse=warehouse, pieces=pieces)


async def _forget(state: TabState, effect: Effect) -> None:
    """The tab's own marker is all there is to remember."""
    del state, effect

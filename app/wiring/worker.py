"""A worker over open adapters: its clockwork, its queue, its jobs."""

import asyncio
import logging
import os
import socket
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from uuid import UUID

from app.accounts.traces import sweep
from app.notices.jobs import Notify
from app.notices.links import Links
from app.runs import tail
from app.runs.acts import Acts
from app.runs.acts.bulk import Bulk
from app.runs.dispatch import Chores, Dispatch, Rung, every
from app.runs.execute import Execute
from app.runs.overview.shops import ShopSeen, late_shop
from app.stock.connect import TOKEN
from app.stock.doubting import Doubting
from app.stock.flows import AskForFlows, ReadFlows
from app.stock.jobs import Sync
from app.stock.limiting import Limiting
from app.stock.read import shop_by_id
from app.stock.reconciling import Reconciling
from app.stock.watch import Watch
from app.stock.writers import Writers
from app.stock.writing import Writing
from app.wiring import Product, pace
from app.wiring.facts import SHAPES
from domain.access import Role, TenantScope
from domain.both import Both
from domain.errors import Unavailable
from domain.ports import Access
from domain.run import Job
from infrastructure.arq import work
from infrastructure.clock import system_clock
from infrastructure.postgres import minutes
from infrastructure.postgres.checks import PostgresChecks
from infrastructure.postgres.flows import PostgresFlows
from infrastructure.postgres.ledger import PostgresLedger
from infrastructure.postgres.notices import PostgresBooks
from infrastructure.postgres.schedules import PostgresSchedules
from infrastructure.postgres.steps import Steps
from infrastructure.postgres.stock import PostgresStock
from infrastructure.postgres.upkeep import Upkeep
from infrastructure.postgres.watching import PostgresFound
from infrastructure.postgres.workers import Workers

SLOTS = 10
"""Runs that one worker has in hands: they mostly wait for neighbours."""
BEAT_EVERY = 5.0

log = logging.getLogger(__name__)


class Hand:
    """One worker of the fleet: what it tells of itself, and what it hears of the others."""

    def __init__(self, product: Product, slots: int, jobs: Mapping[str, Job]) -> None:
        self.name = f"{socket.gethostname()}:{os.getpid()}"
        self.slots = self.fleet = slots
        self.leaving = asyncio.Event()
        self.ledger = PostgresLedger(product.database, system_clock)
        self.rung = Rung()
        self.execute = Execute(
            ledger=self.ledger,
            jobs=jobs,
            memory_of=lambda task: Steps(product.database, task),
            clock=system_clock,
            worker=self.name,
            told=product.news.tell,
            freed=self.rung.soon,
        )
        self._product = product
        self._workers = Workers(database=product.database, clock=system_clock, version=_version())

    async def run(self) -> None:
        """Until cancelled, when what is in hand may end for a while; or until it is asked to drain,
        and all that was in hand has ended."""
        product = self._product
        await product.queue.check()
        await self._workers.arrive(self.name, slots=self.slots)
        await self._beat()
        chores = Chores(
            fold=self._fold,
            house=self._house,
            seal=product.exports.sealing.changed,
            watch=_watch(product),
        )
        dispatch = Dispatch(
            ledger=self.ledger,
            schedules=PostgresSchedules(product.database, system_clock),
            queue=product.queue,
            chores=chores,
            slots=lambda: self.fleet,
            rung=self.rung,
        )
        try:
            async with asyncio.TaskGroup() as loops:
                around = [
                    loops.create_task(each)
                    for each in (
                        dispatch.run(),
                        every(BEAT_EVERY, self._beat),
                        every(0, self._hear),
                        *(product.billing.loops() if product.billing else ()),
                    )
                ]
                await loops.create_task(self._work())
                for each in around:
                    each.cancel()
        finally:
            with suppress(Unavailable):
                await self._workers.leave(self.name)

    async def _work(self) -> None:
        """On the way out the worker goes on beating, for others see that it drains."""
        queue = self._product.queue
        working = asyncio.create_task(
            work(queue, self.execute, slots=self.slots, leaving=self.leaving)
        )
        try:
            await asyncio.shield(working)
        except asyncio.CancelledError:
            self.leaving.set()
            working.cancel()
            await asyncio.wait({working})
            raise

    async def _beat(self) -> None:
        heard = await self._workers.beat(
            self.name,
            slots=self.slots,
            busy=len(self.execute.pulses),
            draining=self.leaving.is_set(),
        )
        self.fleet = heard.slots
        if heard.drain and not self.leaving.is_set():
            log.info("asked to drain: no more runs are taken here")
            self.leaving.set()
            await self._beat()

    async def _hear(self) -> None:
        """Facts ask for runs, and cancel them."""
        bell = self._product.bell
        async with bell.listening() as deaf:
            while not deaf():
                await bell.wait()
                self.rung.ring()
                await self.execute.hasten()

    async def _fold(self) -> None:
        await minutes.fold(self._product.database, system_clock())

    async def _house(self) -> None:
        await Upkeep(self._product.database, SHAPES, system_clock)()
        await sweep(self._product.accounts.people)
        await minutes.forget(self._product.database, system_clock())
        await self._workers.forget()


async def run_worker(
    product: Product, *, slots: int = SLOTS, jobs: Mapping[str, Job] | None = None
) -> None:
    """Ask for what is due, hand out what is asked for, and do it; until cancelled. `jobs`: other
    kinds of runs than the product's own."""
    tail.listen()
    await Hand(product, slots, jobs or own_jobs(product)).run()


def own_jobs(product: Product) -> Mapping[str, Job]:
    """What each kind of run does."""
    return {
        **({"billing": product.billing.ingest} if product.billing else {}),
        "sync": _sync(product),
        "bulk": _bulk(product),
        "notice": _notify(product),
        "flows": _flows(product),
    }


def _watch(product: Product) -> Watch:
    async def opens(company: UUID, shop_id: UUID) -> bool:
        scope = TenantScope(tenant=company, person=shop_id, role=Role.VIEWER)
        row = await shop_by_id(product.database, scope, shop_id)
        return row is not None and await _writers(product).opens(row)

    found = PostgresFound(product.database, system_clock)
    return Watch(found=found, handle=product.handle, clock=system_clock, opens=opens)


def _version() -> str:
    try:
        return version("stock-tracker")
    except PackageNotFoundError:  # started from a folder with its sources
        return "sources"


def _bulk(product: Product) -> Bulk:
    acts = Acts(
        database=product.database, handle=product.handle, clock=system_clock, pace=pace(product)
    )
    return Bulk(acts=acts, database=product.database)


def _notify(product: Product) -> Notify:
    async def look(scope: TenantScope, shop_id: UUID) -> ShopSeen | None:
        return await late_shop(product.database, scope, shop_id, system_clock())

    async def address(scope: TenantScope, shop_id: UUID) -> str | Both:
        row = await shop_by_id(product.database, scope, shop_id)
        return _writers(product).named(row) if row else ""

    return Notify(
        database=product.database,
        post=product.post,
        books=PostgresBooks(product.database),
        look=look,
        links=Links(base=product.settings.public_url, keys=product.accounts.keys),
        clock=system_clock,
        address=address,
    )


def _writers(product: Product) -> Writers:
    return Writers(principals=product.principals, vault=product.vault)


def _flows(product: Product) -> ReadFlows:
    book = PostgresFlows(product.database, system_clock)
    return ReadFlows(
        book=book,
        check=Reconciling(
            book=PostgresChecks(product.database),
            flows=book,
            marketplace=product.flows,
            clock=system_clock,
        ),
        database=product.database,
        marketplace=product.flows,
        clock=system_clock,
        open_token=_opener(product),
        ask=PostgresLedger(product.database, system_clock).follow,
    )


def _opener(product: Product) -> Callable[[UUID, UUID], Awaitable[Access]]:
    async def open_token(tenant_id: UUID, token_id: UUID) -> Access:
        token = await product.vault.open(tenant_id, token_id, TOKEN)
        return Access(token=token.decode())

    return open_token


def _sync(product: Product) -> Sync:
    database, book = product.database, PostgresStock(product.database, system_clock)
    ledger = PostgresLedger(database, system_clock)
    flows = PostgresFlows(database, system_clock)
    writing = Writing(
        book=book,
        checks=PostgresChecks(database),
        database=database,
        writers=_writers(product),
        clock=system_clock,
        former=product.settings.old.sheet_name,
        mailed=product.post.on,
        plans=product.plans,
    )
    return Sync(
        book=book,
        database=database,
        marketplace=product.marketplace,
        writing=writing,
        doubting=Doubting(
            database=database, writing=writing, handle=product.handle, clock=system_clock
        ),
        handle=product.handle,
        clock=system_clock,
        open_token=_opener(product),
        limiting=Limiting(
            database=database,
            plans=product.plans,
            clock=system_clock,
            postpone=PostgresSchedules(database, system_clock).postpone,
        ),
        afterwards=AskForFlows(book=flows, ask=ledger.follow, clock=system_clock),
    )

"""A worker over open adapters: its clockwork, its queue, its jobs."""

import asyncio
import os
import socket
from uuid import UUID

from app.accounts.traces import sweep
from app.runs.dispatch import Dispatch
from app.runs.execute import Execute
from app.stock.connect import TOKEN
from app.stock.jobs import Sync
from app.wiring import SHAPES, Product
from domain.ports import Access
from infrastructure.arq import work
from infrastructure.clock import system_clock
from infrastructure.postgres.ledger import PostgresLedger
from infrastructure.postgres.schedules import PostgresSchedules
from infrastructure.postgres.steps import Steps
from infrastructure.postgres.stock import PostgresStock
from infrastructure.postgres.upkeep import Upkeep

SLOTS = 10
"""Runs that one worker has in hands: they mostly wait for neighbours."""


async def run_worker(product: Product, *, slots: int = SLOTS) -> None:
    """Ask for what is due, hand out what is asked for, and do it; until cancelled."""
    ledger = PostgresLedger(product.database, system_clock)

    async def room() -> int:
        return 2 * slots - await product.queue.length()

    async def upkeep() -> None:
        await Upkeep(product.database, SHAPES, system_clock)()
        await sweep(product.accounts.people)

    dispatch = Dispatch(
        ledger=ledger,
        schedules=PostgresSchedules(product.database, system_clock),
        upkeep=upkeep,
        hand_over=product.queue.hand_over,
        room=room,
        seal=product.exports.sealing.changed,
    )
    execute = Execute(
        ledger=ledger,
        jobs={"sync": _sync(product)},
        memory_of=lambda task: Steps(product.database, task),
        clock=system_clock,
        worker=f"{socket.gethostname()}:{os.getpid()}",
    )
    async with asyncio.TaskGroup() as loops:
        loops.create_task(dispatch.run())
        loops.create_task(work(product.queue, execute, slots=slots))


def _sync(product: Product) -> Sync:
    async def open_token(tenant_id: UUID, token_id: UUID) -> Access:
        token = await product.vault.open(tenant_id, token_id, TOKEN)
        return Access(token=token.decode())

    return Sync(
        book=PostgresStock(product.database, system_clock),
        database=product.database,
        marketplace=product.marketplace,
        sheet=product.sheet,
        handle=product.handle,
        clock=system_clock,
        open_token=open_token,
    )

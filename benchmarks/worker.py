"""The process that syncs, alone: the product's own worker, which measures itself.

Asked on standard input, one line a sync: tenant and shop. It answers with one line of JSON.
"""

import asyncio
import json
import resource
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import uvloop

from app import settings
from app.handle import Ask
from app.runs.read import live_run
from app.wiring import Product, opened
from app.wiring.worker import own_jobs, run_worker
from domain import shop, tenant
from domain.access import Role, TenantScope
from domain.events import Origin, Stream

LOOK = 0.25
ENDED = "SELECT state, why, result FROM job_history WHERE tenant_id = $1 AND run_id = $2"


async def main() -> None:
    """Until standard input ends."""
    async with opened(settings.load()) as product:
        while line := await asyncio.to_thread(sys.stdin.readline):
            tenant_id, shop_id = map(UUID, line.split())
            print(json.dumps(await measured(product, tenant_id, shop_id)), flush=True)


async def measured(product: Product, tenant_id: UUID, shop_id: UUID) -> dict[str, Any]:
    """One sync from the request to the end of its run: how it went, CPU, memory, time."""
    run_id = await _asked(product, tenant_id, shop_id)
    _forget_peak()
    began, spent = time.perf_counter(), _cpu()
    # What is read once a day is no part of a sync: it stays where it was asked for.
    jobs = {"sync": own_jobs(product)["sync"]}
    hand = asyncio.create_task(run_worker(product, slots=1, jobs=jobs))
    try:
        state, why, result = await _ended(product, tenant_id, run_id)
    finally:
        hand.cancel()
        with suppress(asyncio.CancelledError):
            await hand
    return {
        "state": state,
        "why": why,
        "result": result,
        "cpu_s": _cpu() - spent,
        "peak_mib": _peak(),
        "wall_s": time.perf_counter() - began,
    }


async def _asked(product: Product, tenant_id: UUID, shop_id: UUID) -> UUID:
    """The run that connecting the sheet began, or a new one."""
    scope = TenantScope(tenant=tenant_id, person=uuid4(), role=Role.OWNER)
    key = f"sync:{shop_id}"
    if run := await live_run(product.database, scope, key):
        return run.run_id
    origin = Origin(source="cli", actor=None, correlation=uuid4(), causation="cli:bench")
    stream = Stream(kind="tenant", tenant=tenant_id, id=tenant_id)
    command = shop.RequestSync(shop_id=shop_id)
    await product.handle(Ask(decider=tenant.decider, stream=stream, command=command), origin=origin)
    run = await live_run(product.database, scope, key)
    assert run, "a requested sync has a run"
    return run.run_id


async def _ended(product: Product, tenant_id: UUID, run_id: UUID) -> tuple[str, str, object]:
    while True:
        async with product.database.driver() as driver:
            row = await driver.fetchrow(ENDED, tenant_id, run_id)
        if row:
            return row["state"], row["why"], row["result"]
        await asyncio.sleep(LOOK)


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _forget_peak() -> None:
    """The kernel's mark of the most memory ever used becomes what is used now (proc(5))."""
    Path("/proc/self/clear_refs").write_text("5")


def _peak() -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())

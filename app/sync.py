"""Syncing from the command line: asked for like any other sync, watched until it ends."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from uuid import UUID, uuid4

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

from app.handle import Ask
from app.read_models import Database
from app.runs import words
from app.runs.read import RunRow, live_run, run_by_id
from app.runs.standing import reasons
from app.settings import Settings
from app.stock.read import ShopRow, shops
from app.web.languages import translated
from app.wiring import Product, opened
from app.wiring.worker import run_worker
from domain import shop, tenant
from domain.access import Role, TenantScope
from domain.errors import Invalid
from domain.events import Origin, Stream

LOOK = 0.3


async def sync_shop(settings: Settings, shop_id: UUID | None) -> int:
    """0 when it succeeded. This process lends a hand: it needs no running worker."""
    async with opened(settings) as product:
        owner, row = await find(product, shop_id)
        return await _sync(product, owner, row)


async def sync_first_company(settings: Settings) -> int:
    """Every shop of the oldest company, one after the other."""
    async with opened(settings) as product:
        owner, _ = await find(product, None)
        codes = []
        for row in await shops(product.database, owner):
            if row.spreadsheet_id is None:
                click.secho(
                    f"{row.name or row.shop_id}: no Google Sheet yet, left out.", fg="yellow"
                )
            else:
                codes.append(await _sync(product, owner, row))
        return max(codes, default=1)


async def find(product: Product, shop_id: UUID | None) -> tuple[TenantScope, ShopRow]:
    """The shop, and the right to read its company; without an id the oldest. Raises Invalid."""
    query = (
        "SELECT tenant_id, shop_id FROM shops WHERE $1::uuid IS NULL OR shop_id = $1 "
        "ORDER BY connected_at, shop_id LIMIT 1"
    )
    async with product.database.driver() as driver:
        found = await driver.fetchrow(query, shop_id)
    if found is None:
        message = f"No shop {shop_id}." if shop_id else "No shop is connected yet."
        raise Invalid(f"{message} Connect one with `connectShop` in GraphQL.", field="--shop")
    scope = TenantScope(tenant=found["tenant_id"], person=uuid4(), role=Role.OWNER)
    mine = await shops(product.database, scope)
    return scope, next(row for row in mine if row.shop_id == found["shop_id"])


async def _sync(product: Product, owner: TenantScope, row: ShopRow) -> int:
    origin = Origin(source="cli", actor=None, correlation=uuid4(), causation="cli:sync")
    stream = Stream(kind="tenant", tenant=owner.tenant, id=owner.tenant)
    command = shop.RequestSync(shop_id=row.shop_id)
    await product.handle(Ask(decider=tenant.decider, stream=stream, command=command), origin=origin)
    asked = await live_run(product.database, owner, f"sync:{row.shop_id}")
    hand = asyncio.create_task(run_worker(product, slots=1))
    try:
        ended = await _watch(product, owner, asked) if asked else None
    finally:
        hand.cancel()
        with suppress(asyncio.CancelledError):
            await hand
    return _tell(row, ended)


async def _watch(product: Product, owner: TenantScope, run: RunRow) -> RunRow:
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
    )
    with Progress(*columns) as bar:
        line = bar.add_task("waiting for its turn", total=None)
        while run.finished_at is None:
            await asyncio.sleep(LOOK)
            run = await run_by_id(product.database, owner, run.run_id) or run
            if why := await waits_for(product.database, owner, run, product.accounts.clock()):
                bar.update(line, description=f"waiting: {why}")
            if progress := run.progress:
                step = words.STEPS.get(progress["step"], progress["step"])
                done, total = progress["done"], progress["total"]
                bar.update(line, description=step, completed=done, total=total)
    return run


async def waits_for(database: Database, owner: TenantScope, run: RunRow, now: datetime) -> str:
    """Why it waits, if it does."""
    reason = (await reasons(database, owner, [run], now)).get(run.run_id)
    return words.plainly(reason, "en") if reason else ""


def _tell(row: ShopRow, run: RunRow | None) -> int:
    name = row.name or row.shop_id
    if run is None or run.state != "succeeded" or run.result is None:
        why = translated(run.why, "en") if run else "it ended before it could be watched"
        click.secho(f"{name}: not synced. {why}", fg="red", err=True)
        return 1
    result, notices = run.result, run.result["notices"]
    sheet = f"{result['cells']} cells written" if result["changed"] else "nothing had changed"
    click.secho(f"{name}: {result['products']} products, {sheet}.", fg="green")
    _list(notices)
    return 0


def _list(notices: Sequence[str]) -> None:
    for notice in notices:
        click.echo(f"  {notice}")

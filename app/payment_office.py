"""Stripe on the command line: where it and we differ, what it sent, what is not worked on."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import uuid4

from rich.console import Console
from rich.table import Table

from app.audit.export.asked import moment_of
from app.billing.desk import BillingOff
from app.billing.reconcile import Drift, Kind
from app.graphql.connection import text
from app.handle import Ask, Handle
from app.settings import Settings
from app.staff import reason_of
from app.wiring import Product, opened
from app.wiring.billing import Billing
from domain import fleet
from domain.billed import Ahead, Billed
from domain.errors import Invalid
from domain.events import Origin
from domain.inbox_port import COUNTED, Wanted

CAUSE = "cli:billing reconcile"
OFF = "Billing is off here: nobody pays, and nothing is limited. STRIPE_SECRET_KEY turns it on."
REASON = "command line"
"""Of a look for which none was given."""
STATUS = ("status",)
WIDE = 200
"""Columns, where nobody's screen is that narrow: a row is a line."""
WHAT = {
    Kind.DIFFERS: "differs in {}",
    Kind.MISSING: "Stripe has no subscription of hers",
    Kind.UNKNOWN: "pays, and no company here is this customer",
    Kind.TWICE: "pays for several subscriptions at once",
}


async def reconcile(settings: Settings, reason: str | None, *, dry: bool) -> int:
    """1 when anything differs and nothing is done about it. Raises BillingOff, Invalid."""
    why = reason_of(reason or REASON, "--reason")
    async with _office(settings) as (product, billing):
        await _on_record(product.handle, why)
        if dry:
            found = [each async for each in billing.reconcile.drift()]
        else:
            found = [*await billing.reconcile("cli", CAUSE)]
    _show(found)
    asked = sum(each.to_look_at is not None for each in found)
    if asked and not dry:
        Console(stderr=True).print(f"Companies that a worker looks at anew: {asked}.")
    return int(dry and bool(found))


async def backfill(settings: Settings, days: int) -> int:
    """How many messages were new. Raises BillingOff."""
    async with _office(settings) as (_, billing):
        now = billing.desk.reading.clock()
        return await billing.backfill(now - timedelta(days=days))


def range_of(since: str, until: str, type_: str | None, customer: str | None) -> Wanted:
    """Which messages are meant. Raises Invalid."""
    begin, end = moment_of("since", since), moment_of("until", until)
    if begin and end and begin >= end:
        message = "`until` must be later than `since`."
        raise Invalid(message, field="until")
    named, whose = text(type_, "type"), text(customer, "customer")
    return Wanted(since=begin, until=end, type=named, customer=whose)


async def replay(settings: Settings, wanted: Wanted) -> int:
    """How many are worked on again. Raises BillingOff."""
    async with _office(settings) as (_, billing):
        return await billing.inbox.replay(wanted)


async def show_inbox(settings: Settings) -> None:
    """One line for each state. Raises BillingOff."""
    async with _office(settings) as (_, billing):
        backlog = await billing.inbox.backlog()
    table = Table("messages", "", box=None)
    table.add_row("waiting", _counted(backlog.waiting))
    table.add_row("of nobody here, so far", _counted(backlog.orphans))
    table.add_row("given up", _counted(backlog.failed))
    since = backlog.oldest
    table.add_row(
        "the oldest waits since", f"{since:%Y-%m-%d %H:%M} UTC" if since else "none waits"
    )
    Console().print(table)


@asynccontextmanager
async def _office(settings: Settings) -> AsyncIterator[tuple[Product, Billing]]:
    if settings.stripe is None:
        raise BillingOff(OFF)
    async with opened(settings) as product:
        if product.billing is None:
            raise BillingOff(OFF)
        yield product, product.billing


async def _on_record(handle: Handle, reason: str) -> None:
    look = fleet.ReadAsStaff(reason=reason)
    origin = Origin(source="cli", actor=None, correlation=uuid4(), causation=CAUSE)
    await handle(Ask(decider=fleet.decider, stream=fleet.STREAM, command=look), origin=origin)


def _show(found: Sequence[Drift]) -> None:
    if not found:
        Console().print("Stripe and we agree.")
        return
    table = Table("company", "customer", "what", "we know", "Stripe has", box=None)
    for each in found:
        for what, ours, theirs in _lines(each):
            table.add_row(str(each.tenant or "none"), each.customer, what, ours, theirs)
    screen = Console()
    (screen if screen.is_terminal else Console(width=WIDE)).print(table)


def _lines(drift: Drift) -> Iterator[tuple[str, str, str]]:
    """What it is, what we know, what Stripe has."""
    what = WHAT[drift.kind]
    for each in drift.subscriptions:
        yield what, _said(drift.ours, "subscription"), each
    for field in drift.fields or (() if drift.subscriptions else STATUS):
        yield what.format(field), _said(drift.ours, field), _said(drift.theirs, field)


def _said(billed: Billed | None, field: str) -> str:
    """As it stands; of the waiting for a payment no more than that it differs is known."""
    value = getattr(billed, field, "") if billed else None
    if isinstance(value, Ahead):
        return f"{value.plan} at {value.at or 'its payment'}"
    return "none" if value is None else str(value)


def _counted(number: int) -> str:
    return f"{number:,}" if number < COUNTED else f"{COUNTED:,} or more"

"""What companies may use, and what they paid."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    DateTime,
    Integer,
    Text,
    Uuid,
    column,
    select,
    table,
    true,
)

from app.billing.projected import REST
from app.read_models import Database
from domain.access import Everyone, TenantScope
from domain.billed import Ahead, Billed, Status
from domain.entitlement import Held, Lent
from domain.fact import fact
from domain.plan import Kept, Plan
from domain.standing import Standing

_TEXTS = (
    "plan",
    "trial_plan",
    "grant_plan",
    "subscription",
    "status",
    "reason",
    "paid_plan",
    "next_plan",
    "payment_method",
)
_TIMES = (
    "since",
    "trial_until",
    "grant_until",
    "subscribed_at",
    "paid_until",
    "paid_trial_until",
    "cancel_at",
    "next_at",
    "grace_until",
)
SUBSCRIPTIONS = table(
    "subscriptions",
    column("tenant_id", Uuid),
    *(column(each, Text) for each in _TEXTS),
    *(column(each, DateTime(timezone=True)) for each in (*_TIMES, *REST.values())),
    column("collecting", Boolean),
    column("kept_products", Integer),
    column("kept_interval", Integer),
)
CUSTOMERS = table(
    "billing_customers",
    column("tenant_id", Uuid),
    column("customer", Text),
    column("version", Integer),
)
_NEWEST_FIRST = CUSTOMERS.c.version.desc().nulls_last()
CUSTOMER = (
    select(CUSTOMERS.c.customer)
    .where(CUSTOMERS.c.tenant_id == SUBSCRIPTIONS.c.tenant_id)
    .order_by(_NEWEST_FIRST)
    .limit(1)
    .lateral("customer")
)
"""Beside SUBSCRIPTIONS: as what the payment provider knows the company now."""
_invoices = table(
    "paid_invoices",
    column("invoice", Text),
    column("paid_at", DateTime(timezone=True)),
    column("amount", BigInteger),
    column("currency", Text),
    column("tax", BigInteger),
)


_SUBSCRIPTION = select(SUBSCRIPTIONS)


@fact
class SubscriptionRow:
    """What speaks for the company's plan, and since when it has one at all."""

    held: Held
    since: datetime
    kept: Kept | None


@fact
class Known:
    """A company that is a customer, and what we know that she pays for."""

    tenant: UUID
    standing: Standing


@fact
class InvoiceRow:
    """Amounts in minor units; `tax` is part of `amount`."""

    invoice: str
    paid_at: datetime
    amount: int
    currency: str
    tax: int


async def subscription_of(database: Database, scope: TenantScope) -> SubscriptionRow | None:
    """The company's own."""
    async with database.reading(scope) as connection:
        row = (await connection.execute(_SUBSCRIPTION)).mappings().first()
    if row is None:
        return None
    return SubscriptionRow(held=held_of(row), since=row["since"], kept=_kept(row))


async def customer_of(database: Database, scope: TenantScope) -> str | None:
    """As what the payment provider knows the company."""
    return next(iter(await customers_of(database, scope)), None)


async def customers_of(database: Database, scope: TenantScope) -> Sequence[str]:
    """As what it ever knew the company: what it is now, and then the former ones."""
    query = select(CUSTOMERS.c.customer).order_by(_NEWEST_FIRST)
    async with database.reading(scope) as connection:
        return (await connection.execute(query)).scalars().all()


async def known(database: Database, scope: Everyone) -> Mapping[str, Known]:
    """All companies that are customers, by what they are called there now."""
    query = select(CUSTOMER.c.customer, SUBSCRIPTIONS).join_from(SUBSCRIPTIONS, CUSTOMER, true())
    async with database.reading(scope) as connection:
        rows = (await connection.execute(query)).mappings()
        return {
            row["customer"]: Known(tenant=row["tenant_id"], standing=held_of(row).standing)
            for row in rows
        }


async def invoices_of(
    database: Database, scope: TenantScope, limit: int, before: datetime | None = None
) -> Sequence[InvoiceRow]:
    """The latest paid ones, newest first; those before a moment."""
    query = select(_invoices).order_by(_invoices.c.paid_at.desc(), _invoices.c.invoice)
    if before is not None:
        query = query.where(_invoices.c.paid_at < before)
    async with database.reading(scope) as connection:
        rows = await connection.execute(query.limit(limit))
        return [InvoiceRow(**row) for row in rows.mappings()]


async def is_paid(database: Database, scope: TenantScope, invoice: str) -> bool:
    """Is it an invoice that the company paid?"""
    query = select(_invoices.c.invoice).where(_invoices.c.invoice == invoice)
    async with database.reading(scope) as connection:
        return (await connection.execute(query)).first() is not None


def held_of(row: Any) -> Held:  # noqa: ANN401 - a row's columns by name
    """All that speaks for the plan of a row of SUBSCRIPTIONS."""
    return Held(
        plan=Plan(row["plan"]),
        trial=_lent(row["trial_plan"], row["trial_until"]),
        grant=_lent(row["grant_plan"], row["grant_until"]),
        standing=Standing(
            billed=_billed(row),
            grace_until=row["grace_until"],
            rest={plan: row[each] for plan, each in REST.items() if row[each]},
        ),
    )


def _lent(plan: str | None, until: datetime | None) -> Lent | None:
    return Lent(plan=Plan(plan), until=until) if plan and until else None


def _billed(row: Any) -> Billed | None:  # noqa: ANN401 - a row's columns by name
    if row["subscription"] is None:
        return None
    ahead = row["next_plan"]
    return Billed(
        subscription=row["subscription"],
        status=Status(row["status"]),
        plan=Plan(row["paid_plan"]) if row["paid_plan"] else None,
        since=row["subscribed_at"],
        paid_until=row["paid_until"],
        trial_until=row["paid_trial_until"],
        cancel_at=row["cancel_at"],
        collecting=row["collecting"],
        ahead=Ahead(plan=Plan(ahead), at=row["next_at"]) if ahead else None,
        payment_method=row["payment_method"],
        reason=row["reason"],
    )


def _kept(row: Any) -> Kept | None:  # noqa: ANN401 - a row's columns by name
    products, interval = row["kept_products"], row["kept_interval"]
    if products is None or interval is None:
        return None
    return Kept(products=products, interval=interval)

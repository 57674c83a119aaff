"""Messages, companies and differences as GraphQL shows them."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry

from app.billing.graphql import PaidSubscription, paid_of
from app.billing.operate.customers import CustomerRow
from app.billing.operate.office import ident
from app.billing.reconcile import Drift, Kind
from app.graphql.fields import resolved, said
from domain.billed import Status
from domain.entitlement import Because, access
from domain.inbox_port import COUNTED, Backlog, Message, State
from domain.plan import Plan

strawberry.enum(
    State,
    name="BillingEventState",
    description="How a message stands. ORPHAN: nobody here is its customer, so far; UNCLAIMED: nor "
    "became it within 30 days; FAILED: a company's, and given up. These two wait until somebody "
    "retries them. The last three were decided when it came.",
)
strawberry.enum(
    Kind,
    name="BillingDriftKind",
    description="DIFFERS: Stripe has something else than we know; MISSING: it has no subscription "
    "of hers; UNKNOWN: somebody pays for a plan, and no company here is this customer; TWICE: "
    "several subscriptions of hers are charged for.",
)


@strawberry.type(description="A message of Stripe's.")
class BillingEvent:
    id: str = said("Its name here: the mode and Stripe's own id, test:evt_…")
    type: str = said("What it is about, Stripe's word.")
    state: State = said("How it stands.")
    livemode: bool = said("Is money real where it comes from.")
    account: str | None = said("Of which connected account; null: of ours.")
    api_version: str = said("In which version of Stripe's API it is written.")
    created_at: datetime = said("When Stripe made it.")
    received_at: datetime = said("When it came.")
    customer: str | None = said("About which customer, as far as it says.")
    tenant_id: UUID | None = said("Whose it is, as far as that is known.")
    readable: bool = said("Can anybody still read what it says.")
    sha256: str = said("Of what it says, in hexadecimal.")
    tries: int = said("How often it was tried in vain.")
    due_at: datetime | None = said("When it is tried next.")
    cause: str = said("Of the last failure, in a word.")
    why: str = said("The same in a sentence.")


@strawberry.type(description="A message, and what it says.")
class OpenedBillingEvent(BillingEvent):
    opened: strawberry.Private[Callable[[], Awaitable[str | None]]]

    @resolved("As it came; null if nobody can read it any more. That it is opened is on record.")
    async def body(self) -> str | None:
        return await self.opened()


@strawberry.type(description="What of Stripe's messages is not done; 10,000 means at least that.")
class BillingBacklog:
    waiting: int = said("To be worked on: of companies, and what has just come.")
    orphans: int = said("Nobody here is their customer, so far.")
    failed: int = said("Of companies, given up until somebody retries them.")
    oldest_at: datetime | None = said("Since when the first one waits that is to be worked on.")


@strawberry.type(description="A customer of whom Stripe has something else than we know.")
class BillingDrift:
    kind: Kind = said("In which way.")
    customer: str = said("Which customer.")
    tenant_id: UUID | None = said("Which company that is; null: none.")
    fields: list[str] = said("What differs.")
    ours: PaidSubscription | None = said("What we know.")
    theirs: PaidSubscription | None = said("What Stripe has; of several the one that counts.")
    subscriptions: list[str] = said("Of TWICE: all that are charged for, that one first.")


@strawberry.type(description="A company and its plan.")
class BillingCustomer:
    tenant_id: UUID = said("Its id.")
    company_name: str = said("What it is called.")
    plan: Plan = said("The plan in force.")
    because: Because = said("Why it is.")
    until: datetime | None = said("When that ends unless something is paid; null: never.")
    status: Status | None = said("Of its subscription; null: it never had one.")
    paid_until: datetime | None = said("The end of what is paid.")
    customer: str | None = said("As what Stripe knows it.")
    trouble_since: datetime | None = said("Since when a payment is awaited that failed.")


def event_of(row: Message) -> BillingEvent:
    """A message as callers know it."""
    return BillingEvent(**_columns(row))


def opened_of(row: Message, opened: Callable[[], Awaitable[str | None]]) -> OpenedBillingEvent:
    """The same with what it says; `opened` opens it, once it is asked for."""
    return OpenedBillingEvent(**_columns(row), opened=opened)


def backlog_of(backlog: Backlog) -> BillingBacklog:
    """What is not done."""
    return BillingBacklog(
        waiting=min(backlog.waiting, COUNTED),
        orphans=min(backlog.orphans, COUNTED),
        failed=min(backlog.failed, COUNTED),
        oldest_at=backlog.oldest,
    )


def drift_of(drift: Drift) -> BillingDrift:
    """A difference."""
    return BillingDrift(
        kind=drift.kind,
        customer=drift.customer,
        tenant_id=drift.tenant,
        fields=list(drift.fields),
        ours=paid_of(drift.ours) if drift.ours else None,
        theirs=paid_of(drift.theirs) if drift.theirs else None,
        subscriptions=list(drift.subscriptions),
    )


def customer_of(row: CustomerRow, now: datetime) -> BillingCustomer:
    """A company as it is at this moment."""
    force, billed = access(row.held, now), row.held.standing.billed
    return BillingCustomer(
        tenant_id=row.tenant_id,
        company_name=row.company,
        plan=force.plan,
        because=force.because,
        until=force.until,
        status=billed.status if billed else None,
        paid_until=billed.paid_until if billed else None,
        customer=row.customer,
        trouble_since=row.trouble,
    )


def _columns(row: Message) -> dict[str, Any]:
    return {
        "id": ident(row.key),
        "type": row.type,
        "state": row.state,
        "livemode": row.key.livemode,
        "account": row.key.account or None,
        "api_version": row.api_version,
        "created_at": row.created,
        "received_at": row.received_at,
        "customer": row.customer or None,
        "tenant_id": row.tenant,
        "readable": row.readable,
        "sha256": row.sha256.hex(),
        "tries": row.tries,
        "due_at": row.due_at,
        "cause": row.cause,
        "why": row.why,
    }

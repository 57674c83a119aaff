"""Payments over GraphQL, for those who run the servers: with a reason, which stays on record."""

from datetime import datetime

import strawberry

from app.billing.desk import BillingOff
from app.billing.operate.customers import CustomerRow, Key, count_customers, customers
from app.billing.operate.office import At, Office, key_in
from app.billing.operate.shown import (
    BillingBacklog,
    BillingCustomer,
    BillingDrift,
    BillingEvent,
    OpenedBillingEvent,
    backlog_of,
    customer_of,
    drift_of,
    event_of,
    opened_of,
)
from app.billing.reconcile import Reconcile
from app.graphql.connection import (
    COUNTED,
    Connection,
    Edge,
    connection,
    cursor,
    key_of,
    page_size,
    text,
)
from app.graphql.context import AsStaff, Context, Info, asker_of, everyone_of
from app.graphql.errors import UserError, refusals
from app.graphql.fields import mutation, query, said
from app.graphql.moment import instant
from domain.access import Role
from domain.inbox_port import Message, State, Wanted

DEAR = 1_000
"""What reads all that the provider has."""
REASON = "For which reason, which stays on record. A ticket's number, never a name."


@strawberry.input(description="Which messages; all that is given must be true.")
class BillingEventFilter:
    state: State | None = strawberry.field(default=None, description="Those that stand so.")
    type: str | None = strawberry.field(default=None, description="Of this type: invoice.paid.")
    customer: str | None = strawberry.field(default=None, description="About her: cus_…")
    since: datetime | None = strawberry.field(default=None, description="Came then or later.")
    until: datetime | None = strawberry.field(default=None, description="Came before.")


@strawberry.type
class Query:
    @query(Role.VIEWER, "For our staff: messages of Stripe's, the newest first; 1 to 100 a page.")
    async def billing_events(
        self,
        info: Info,
        filter: BillingEventFilter | None = None,  # noqa: A002 - its name in the API
        first: int = 20,
        after: str | None = None,
        as_staff: AsStaff = None,
    ) -> Connection[BillingEvent]:
        size, office, wanted = page_size(first), office_of(info.context), wanted_of(filter)
        last = key_of(after, At) if after is not None else None
        scope = await everyone_of(info, as_staff)
        rows = await office.messages(scope, wanted, size + 1, last)

        async def count() -> int:
            return await office.inbox.count(scope, wanted, COUNTED)

        def edge_of(row: Message) -> Edge[BillingEvent]:
            return Edge(cursor=cursor(*row.place), node=event_of(row))

        return connection(rows, size, after, edge_of, count)

    @query(Role.VIEWER, "For our staff: one message, and what it says.")
    async def billing_event(
        self,
        info: Info,
        id: str,  # noqa: A002 - its name in the API
        as_staff: AsStaff = None,
    ) -> OpenedBillingEvent:
        office, key = office_of(info.context), key_in(id)
        scope = await everyone_of(info, as_staff)
        row, who = await office.message(scope, key), info.context.who
        return opened_of(row, lambda: office.opened(who, row, scope.reason))

    @query(Role.VIEWER, "For our staff: what of Stripe's messages is not done.")
    async def billing_backlog(self, info: Info, as_staff: AsStaff = None) -> BillingBacklog:
        office = office_of(info.context)
        await everyone_of(info, as_staff)
        return backlog_of(await office.backlog())

    @query(
        Role.VIEWER,
        "For our staff: where Stripe and we differ, read from it this moment.",
        DEAR,
        waits=True,
    )
    async def billing_drift(self, info: Info, as_staff: AsStaff = None) -> list[BillingDrift]:
        office = office_of(info.context)
        await everyone_of(info, as_staff)
        return [drift_of(each) for each in await office.differs()]

    @query(
        Role.VIEWER,
        "For our staff: companies and their plans, those whose payment failed first; 1 to 100 a "
        "page. `search`: a company's id, cus_…, sub_…, or how a name begins.",
    )
    async def billing_customers(
        self,
        info: Info,
        search: str | None = None,
        first: int = 20,
        after: str | None = None,
        as_staff: AsStaff = None,
    ) -> Connection[BillingCustomer]:
        size, ports, sought = page_size(first), info.context.ports, text(search, "search")
        last = key_of(after, Key) if after is not None else None
        scope = await everyone_of(info, as_staff)
        rows = await customers(ports.database, scope, sought, last, size + 1)
        now = ports.clock()

        async def count() -> int:
            return await count_customers(ports.database, scope, sought, COUNTED)

        def edge_of(row: CustomerRow) -> Edge[BillingCustomer]:
            return Edge(cursor=cursor(*row.key), node=customer_of(row, now))

        return connection(rows, size, after, edge_of, count)


@strawberry.input(description="Messages that are to be worked on once more.")
class RetryBillingEventsInput:
    ids: list[str] = said("Their names, as `billingEvents` says them; at most 100.")
    as_staff: str = said(REASON)


@strawberry.input(description="A range of messages that is to be worked on once more.")
class ReplayBillingEventsInput:
    filter: BillingEventFilter = said("Which; `since` is needed.")
    as_staff: str = said(REASON)


@strawberry.input(description="Why Stripe is compared with what we know.")
class ReconcileBillingInput:
    as_staff: str = said(REASON)


@strawberry.type(description="What came of asking for messages to be worked on once more.")
class BillingEventsPayload:
    count: int | None = strawberry.field(default=None, description="How many they are.")
    user_errors: list[UserError] = refusals()


@strawberry.type(description="What came of comparing.")
class ReconcileBillingPayload:
    drift: list[BillingDrift] | None = strawberry.field(
        default=None,
        description="What differs: each such company is looked at anew by a run, but for TWICE.",
    )
    user_errors: list[UserError] = refusals()


@strawberry.type
class Mutation:
    @mutation(
        Role.VIEWER,
        "For our staff: work on these messages once more, whatever became of them. What is known "
        "already does not change.",
    )
    async def retry_billing_events(
        self,
        info: Info,
        input: RetryBillingEventsInput,  # noqa: A002 - its name in the API
    ) -> BillingEventsPayload:
        office, keys = office_of(info.context), [key_in(each, "ids") for each in input.ids]
        await everyone_of(info, input.as_staff)
        return BillingEventsPayload(count=await office.retry(keys))

    @mutation(Role.VIEWER, "For our staff: the same for all messages of a range.")
    async def replay_billing_events(
        self,
        info: Info,
        input: ReplayBillingEventsInput,  # noqa: A002 - its name in the API
    ) -> BillingEventsPayload:
        office, wanted = office_of(info.context), wanted_of(input.filter)
        await everyone_of(info, input.as_staff)
        return BillingEventsPayload(count=await office.replay(wanted))

    @mutation(
        Role.VIEWER,
        "For our staff: compare Stripe with what we know; whoever differs is looked at anew.",
    )
    async def reconcile_billing(
        self,
        info: Info,
        input: ReconcileBillingInput,  # noqa: A002 - its name in the API
    ) -> ReconcileBillingPayload:
        office = office_of(info.context)
        await everyone_of(info, input.as_staff)
        found = await office.mend(asker_of(info, input))
        return ReconcileBillingPayload(drift=[drift_of(each) for each in found])


def office_of(context: Context) -> Office:
    """Raises BillingOff."""
    ports = context.ports
    if ports.payments is None or ports.inbox is None or ports.wish is None:
        raise BillingOff
    reconcile = Reconcile(
        database=ports.database, payments=ports.payments, clock=ports.clock, wish=ports.wish
    )
    return Office(
        database=ports.database,
        handle=ports.handle,
        inbox=ports.inbox,
        reconcile=reconcile,
        clock=ports.clock,
    )


def wanted_of(filter: BillingEventFilter | None) -> Wanted:  # noqa: A002 - its name in the API
    """Which messages are meant. Raises Invalid."""
    if filter is None:
        return Wanted()
    return Wanted(
        state=filter.state,
        type=text(filter.type, "type"),
        customer=text(filter.customer, "customer"),
        since=instant(filter.since, "since") if filter.since else None,
        until=instant(filter.until, "until") if filter.until else None,
    )

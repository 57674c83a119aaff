"""How facts write what companies may use, and what that gives them of the workers."""

from collections.abc import Callable, Mapping
from typing import Any, get_args

from app.read_models import Projected, Projection, Statement, Written
from domain import lending, payment, standing, subscription
from domain.billed import Billed
from domain.events import Recorded
from domain.plan import SHARES, Plan

REST: Mapping[Plan, str] = {
    each: f"{each}_until" for each in (Plan.STARTER, Plan.PRO, Plan.ENTERPRISE)
}
"""Columns that say until when a plan is paid by subscriptions beside the one that counts."""
SUBSCRIPTIONS = Projected(name="subscriptions", key=("tenant_id",))
CUSTOMERS = Projected(name="billing_customers", key=("customer",))
INVOICES = Projected(name="paid_invoices", key=("tenant_id", "invoice"))

START = SUBSCRIPTIONS.put("plan", "since")
KEEP = SUBSCRIPTIONS.change("kept_products", "kept_interval")
TRY = SUBSCRIPTIONS.change("trial_plan", "trial_until")
GRANT = SUBSCRIPTIONS.change("grant_plan", "grant_until", "grant_reason")
FORCE = SUBSCRIPTIONS.change("force_plan", "force_because", "force_until", "force_since")
SUBSCRIBE = SUBSCRIPTIONS.change(
    "subscription",
    "status",
    "reason",
    "paid_plan",
    "subscribed_at",
    "paid_until",
    "paid_trial_until",
    "cancel_at",
    "collecting",
    "next_plan",
    "next_at",
    "payment_method",
)
SET_PLAN = SUBSCRIPTIONS.change("paid_plan")
SET_STATUS = SUBSCRIPTIONS.change("status", "reason")
SET_PERIOD = SUBSCRIPTIONS.change("paid_until")
SET_TRIAL = SUBSCRIPTIONS.change("paid_trial_until")
SET_END = SUBSCRIPTIONS.change("cancel_at")
SET_COLLECTING = SUBSCRIPTIONS.change("collecting")
SET_NEXT = SUBSCRIPTIONS.change("next_plan", "next_at")
SET_METHOD = SUBSCRIPTIONS.change("payment_method")
SET_GRACE = SUBSCRIPTIONS.change("grace_until")
SET_REST = {plan: SUBSCRIPTIONS.change(column) for plan, column in REST.items()}
LINK = CUSTOMERS.put("tenant_id", "version")
PAY = INVOICES.put("paid_at", "amount", "currency", "tax")

CHANGES: Mapping[type, tuple[Statement, Callable[[Any], tuple[object, ...]]]] = {
    standing.PlanChanged: (SET_PLAN, lambda event: (event.plan,)),
    standing.StatusChanged: (SET_STATUS, lambda event: (event.status, event.reason)),
    standing.PeriodRenewed: (SET_PERIOD, lambda event: (event.paid_until,)),
    standing.TrialMoved: (SET_TRIAL, lambda event: (event.trial_until,)),
    standing.CancellationScheduled: (SET_END, lambda event: (event.at,)),
    standing.CancellationRevoked: (SET_END, lambda _: (None,)),
    standing.CollectionPaused: (SET_COLLECTING, lambda _: (False,)),
    standing.CollectionResumed: (SET_COLLECTING, lambda _: (True,)),
    standing.PlanChangeAgreed: (SET_NEXT, lambda event: (event.plan, event.at)),
    standing.PlanChangeDropped: (SET_NEXT, lambda _: (None, None)),
    standing.PaymentMethodChanged: (SET_METHOD, lambda event: (event.method,)),
    standing.GraceStarted: (SET_GRACE, lambda event: (event.until,)),
    standing.GraceEnded: (SET_GRACE, lambda _: (None,)),
    lending.TrialStarted: (TRY, lambda event: (event.plan, event.until)),
    lending.AccessGranted: (GRANT, lambda event: (event.plan, event.until, event.reason)),
    lending.AccessWithdrawn: (GRANT, lambda _: (None, None, None)),
}
"""Facts that are one row each, with these columns."""

# The lane is looked at again: it may have been waiting at its former cap.
SHARE = """
INSERT INTO lanes AS l (tenant_id, weight, cap) VALUES ($1, $2, $3)
ON CONFLICT (tenant_id) DO UPDATE SET weight = $2, cap = $3, ready = true, vtime = CASE
  WHEN l.ready THEN l.vtime ELSE greatest(l.vtime, (SELECT last_value FROM lane_clock)) END
"""

# What waited for somebody to be this customer is its from now on, and what was found out to be
# hers: it is looked for less and less often, and must not wait for that.
CLAIM = """
UPDATE stripe_pending SET tenant_id = $1, due_at = $3, tries = 0, cause = '', why = ''
WHERE tenant_id IS NULL
  AND about IN (SELECT $2 UNION SELECT subject FROM stripe_keys WHERE customer = $2)
"""


def project(recorded: Recorded) -> Written:
    tenant, event = recorded.tenant, recorded.event
    match event:
        case subscription.Started(plan=plan):
            yield START, (tenant, plan, recorded.at)
        case subscription.LimitsKept(products=products, interval=interval):
            yield KEEP, (tenant, products, interval)
        case subscription.CustomerLinked(customer=customer):
            yield LINK, (customer, tenant, recorded.version)
        case subscription.PlanInForce(plan=plan, because=because, until=until):
            yield FORCE, (tenant, plan, because, until, recorded.at)
        case payment.InvoicePaid(invoice=invoice, amount=amount, currency=currency, tax=tax):
            yield PAY, (tenant, invoice, recorded.at, amount, currency, tax)
        case standing.Subscribed(billed=billed):
            yield SUBSCRIBE, (tenant, *_columns(billed))
            yield SET_GRACE, (tenant, None)
        case standing.PaidTimeLeft(plan=plan, until=until) if plan in SET_REST:
            yield SET_REST[plan], (tenant, until)
        case _ if type(event) in CHANGES:
            statement, values = CHANGES[type(event)]
            yield statement, (tenant, *values(event))


def _columns(billed: Billed) -> tuple[object, ...]:
    ahead = billed.ahead
    return (
        billed.subscription,
        billed.status,
        billed.reason,
        billed.plan,
        billed.since,
        billed.paid_until,
        billed.trial_until,
        billed.cancel_at,
        billed.collecting,
        ahead.plan if ahead else None,
        ahead.at if ahead else None,
        billed.payment_method,
    )


def share(recorded: Recorded) -> Written:
    """What the company's lane gets of the workers: apart, for a lane is more than its facts."""
    match recorded.event:
        case subscription.Started(plan=plan) | subscription.PlanInForce(plan=plan):
            yield SHARE, (recorded.tenant, SHARES[plan].weight, SHARES[plan].cap)


def claim(recorded: Recorded) -> Written:
    """What came before it was known whose it is."""
    match recorded.event:
        case subscription.CustomerLinked(customer=customer):
            yield CLAIM, (recorded.tenant, customer, recorded.at)


PROJECTION = Projection(
    project=project,
    tables=(SUBSCRIPTIONS, CUSTOMERS, INVOICES),
    reads=frozenset(
        {
            *get_args(subscription.OwnEvent),
            *get_args(lending.Event),
            *get_args(standing.Event),
            payment.InvoicePaid,
        }
    ),
)

"""What a subscription of Stripe's means for us: above all, until when it is paid.

Stripe moves a period on when it begins, an hour before it tries to be paid for it (Subscription
invoices), and goes on doing so while nobody pays. So what is paid ends where the first period
begins whose invoice is not settled.
"""

from collections.abc import Mapping, Sequence
from itertools import takewhile

from domain.billed import ENDED, Ahead, Billed, Status
from domain.plan import Plan
from infrastructure.stripe.bodies import malformed
from infrastructure.stripe.shapes import Invoice, Item, Price, Subscription, at, perhaps

Plans = Mapping[str, Plan]
"""By the price's id."""

UNTRIED = frozenset({Status.INCOMPLETE, Status.INCOMPLETE_EXPIRED})
OWING = frozenset({Status.PAST_DUE, Status.UNPAID})

_STATUSES = {each.value: each for each in Status}


def status_of(seen: Subscription) -> Status:
    """OTHER for a word that is new."""
    return _STATUSES.get(seen.status, Status.OTHER)


def item_of(seen: Subscription, plans: Plans) -> Item:
    """The one that the plan is of. Raises Malformed for a subscription to nothing."""
    ours = (each for each in seen.items.data if each.price.id in plans)
    found = next(ours, None) or next(iter(seen.items.data), None)
    if found is None:
        raise malformed("items: []", Subscription.__name__)
    return found


def billed(seen: Subscription, invoices: Sequence[Invoice], plans: Plans) -> Billed:
    """`invoices`: hers, the newest first; the latest where that `tells_all`."""
    status, item = status_of(seen), item_of(seen, plans)
    open_ones = _unsettled(seen, status, invoices)
    ends = seen.cancel_at or (item.current_period_end if seen.cancel_at_period_end else None)
    details = seen.cancellation_details
    plan = plans.get(item.price.id)
    return Billed(
        subscription=seen.id,
        status=status,
        plan=plan,
        since=at(seen.created),
        paid_until=at(_paid_until(seen, status, item, open_ones)),
        trial_until=perhaps(seen.trial_end),
        cancel_at=perhaps(ends),
        owing_since=perhaps(_owing_since(status, open_ones)),
        collecting=seen.pause_collection is None,
        ahead=_ahead(seen, plan, plans),
        payment_method=seen.default_payment_method,
        reason=details.reason if details and status in ENDED else None,
    )


# What is paid


def tells_all(seen: Subscription) -> bool:
    """Whether the latest invoice is enough. If it is not settled, or is of a change alone, the ones
    before it say what is paid: several periods may be unpaid, one after the other."""
    latest = seen.latest_invoice
    return latest is None or _settled(latest, seen, status_of(seen))


def _unsettled(
    seen: Subscription, status: Status, invoices: Sequence[Invoice]
) -> Sequence[Invoice]:
    """From the newest back to the first that is settled. What was asked for a change of plan and
    not paid is of no period."""
    latest = seen.latest_invoice
    waiting = latest.id if latest and seen.pending_update else None
    unsettled = takewhile(lambda each: not _settled(each, seen, status), invoices)
    return [each for each in unsettled if each.id != waiting and not each.is_of_a_change]


def _settled(invoice: Invoice, seen: Subscription, status: Status) -> bool:
    running = status in (Status.ACTIVE, Status.TRIALING)
    if invoice.is_of_a_change:
        return invoice.status == "paid"
    match invoice.status:
        case "open":
            return running and invoice.collection_method == "send_invoice"  # until it is due
        case "draft":
            return running and invoice.last_finalization_error is not None  # that is on us
        case "void":
            return running and seen.pause_collection is None
        case "uncollectible":
            return False
        case _:
            return True


def _paid_until(
    seen: Subscription, status: Status, item: Item, open_ones: Sequence[Invoice]
) -> int:
    if status in UNTRIED:
        return seen.created
    if status is Status.TRIALING:
        return seen.trial_end or item.current_period_end
    if open_ones:
        return min([item.current_period_start, *(each.begins for each in open_ones[1:])])
    latest, begins = seen.latest_invoice, item.current_period_start
    if status is Status.PAUSED and (latest is None or latest.created < begins):
        return begins  # after a trial: a period for which nobody was asked to pay
    return item.current_period_end


def _owing_since(status: Status, open_ones: Sequence[Invoice]) -> int | None:
    """The first that was tried in vain, or is overdue; also one that was given up, or the next one
    would begin her trouble anew."""
    tried = ("open", "uncollectible") if status in OWING else ("open",)
    failed = (
        each
        for each in reversed(open_ones)
        if each.status in tried and (each.attempt_count or status in OWING)
    )
    first = next(failed, None)
    if first is None:
        return None
    made = first.status_transitions.finalized_at if first.status_transitions else None
    return first.due_date or made or first.created


# What is agreed


def _ahead(seen: Subscription, plan: Plan | None, plans: Plans) -> Ahead | None:
    wanted = _plan(waiting_for(seen), plans)
    if wanted and wanted is not plan:
        return Ahead(plan=wanted, at=None)
    schedule = seen.schedule
    if schedule is None or schedule.status not in ("active", "not_started"):
        return None
    now_ends = schedule.current_phase.end_date if schedule.current_phase else 0
    following = (each for each in schedule.phases if each.start_date >= now_ends)
    first = min(following, key=lambda each: each.start_date, default=None)
    then = _plan([each.price for each in first.items], plans) if first else None
    if first is None or then is None or then is plan:
        return None
    return Ahead(plan=then, at=at(first.start_date))


def waiting_for(seen: Subscription) -> Sequence[str]:
    """Prices of a change that waits for its payment."""
    waiting = seen.pending_update.subscription_items if seen.pending_update else None
    return [_id(each.price) for each in waiting or ()]


def _plan(prices: Sequence[str], plans: Plans) -> Plan | None:
    return next((plans[each] for each in prices if each in plans), None)


def _id(price: Price | str) -> str:
    return price if isinstance(price, str) else price.id

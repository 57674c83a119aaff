"""A subscription as the payment provider has it at one moment. Times are aware."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from domain.fact import fact
from domain.plan import Plan


class Status(StrEnum):
    """As Stripe calls them (API reference, the Subscription object, `status`), and one for a word
    that is new to us."""

    INCOMPLETE = "incomplete"
    INCOMPLETE_EXPIRED = "incomplete_expired"
    TRIALING = "trialing"
    ACTIVE = "active"
    PAST_DUE = "past_due"
    UNPAID = "unpaid"
    CANCELED = "canceled"
    PAUSED = "paused"
    OTHER = "other"


ENDED = frozenset({Status.CANCELED, Status.INCOMPLETE_EXPIRED})
"""Nothing follows on these; who wants to go on subscribes anew."""
TROUBLED = frozenset({Status.PAST_DUE, Status.OTHER})
"""A payment failed, or we do not know: paid work goes on for a while."""
HELD = frozenset({Status.UNPAID, Status.PAUSED, Status.INCOMPLETE})
"""Nothing is charged for while it stands so: another plan would be had for nothing."""
_RANK = (
    Status.ACTIVE,
    Status.TRIALING,
    Status.PAST_DUE,
    Status.OTHER,
    Status.UNPAID,
    Status.PAUSED,
    Status.INCOMPLETE,
)


@fact
class Ahead:
    """A change of plan that is agreed: at `at`, or as soon as it is paid where that is None."""

    plan: Plan
    at: datetime | None


@fact
class Billed:
    """One subscription as the provider has it. `plan`: None for a price that is none of ours.

    `paid_until`: the end of what is paid or on trial, hence the start of a period whose invoice is
    open; `owing_since`: when that invoice was made. `reason`: why it ended, the provider's word.
    """

    subscription: str
    status: Status
    plan: Plan | None
    since: datetime
    paid_until: datetime
    trial_until: datetime | None = None
    cancel_at: datetime | None = None
    owing_since: datetime | None = None
    collecting: bool = True
    ahead: Ahead | None = None
    payment_method: str | None = None
    reason: str | None = None


def leading(several: Sequence[Billed]) -> Billed | None:
    """The one that counts where a customer has several: what is paid before what is not, then the
    higher plan, then the newer."""
    return max(several, key=_rank, default=None)


def charged(several: Sequence[Billed]) -> Sequence[Billed]:
    """Those of a customer's that are of plans of ours and are paid for month by month, or soon are;
    the one that counts comes first."""
    hers = [e for e in several if e.plan and e.collecting and e.status not in ENDED | HELD]
    return sorted(hers, key=_rank, reverse=True)


def _rank(each: Billed) -> tuple[int, int, datetime, str]:
    if each.status in ENDED:
        return -len(_RANK), 0, each.since, each.subscription
    height = list(Plan).index(each.plan) if each.plan else -1
    return -_RANK.index(each.status), height, each.since, each.subscription

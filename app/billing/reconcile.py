"""Where what we know of paying companies has drifted from what the payment provider has.

Messages may be lost, and we may be wrong; so all is compared now and then. Comparing changes
nothing: a customer who differs is looked at by the usual run, which is what mends her. That she
pays for two subscriptions no run can mend: a person says which of them ends.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from uuid import UUID

from app.billing.jobs import KIND, run_about
from app.billing.read import Known, known
from app.read_models import Database
from domain import standing
from domain.access import TenantScope
from domain.billed import ENDED, Billed, charged, leading
from domain.fact import fact
from domain.fleet import FLEET
from domain.payments_port import Payments
from domain.ports import Clock
from domain.run import Wanted
from domain.standing import Standing

BATCH = 500
ALL = TenantScope.everyone(FLEET, "reconciliation")
"""Nobody looks: what comes of it are runs. Who shows it to somebody puts that on record."""
FIELDS = (
    *("subscription", "status", "plan", "paid_until", "trial_until", "cancel_at", "collecting"),
    *("ahead", "payment_method", "reason"),
)
GRACE = "grace_until"
"""Whether a payment is awaited, where that alone differs."""


class Kind(StrEnum):
    """DIFFERS: what the provider has is not what we know. MISSING: we know of a subscription, and
    it has none. UNKNOWN: somebody pays for a plan of ours, and no company is this customer. TWICE:
    several subscriptions of hers are charged for."""

    DIFFERS = "differs"
    MISSING = "missing"
    UNKNOWN = "unknown"
    TWICE = "twice"


@fact
class Drift:
    """One customer's. `tenant`: None if she is nobody's; `fields` are the names of what differs in
    `ours` and `theirs`, the subscription that counts; `subscriptions`: of TWICE all that are
    charged for, the one that counts first."""

    kind: Kind
    tenant: UUID | None
    customer: str
    ours: Billed | None
    theirs: Billed | None
    fields: Sequence[str]
    subscriptions: Sequence[str] = ()

    @property
    def to_look_at(self) -> UUID | None:
        """The company that a look may mend; None: no look can."""
        return None if self.kind is Kind.TWICE else self.tenant


@fact
class Reconcile:
    """`wish` puts runs into the ledger; while the same work is alive it adds nothing."""

    database: Database
    payments: Payments
    clock: Clock
    wish: Callable[[Sequence[Wanted]], Awaitable[None]]

    async def drift(self) -> AsyncIterator[Drift]:
        """Each customer who differs, or pays twice, or both; nothing is written. Ours is read last:
        what was learnt while the provider told its own may be found to differ, and is looked at in
        vain.

        Raises what the provider raises.
        """
        told = {customer: hers async for customer, hers in self.payments.everything()}
        ours = await known(self.database, ALL)
        for customer, hers in told.items():
            for found in _found(customer, ours.get(customer), hers):
                yield found
        for found in _missing(ours, told):
            yield found

    async def __call__(self, source: str, causation: str) -> Sequence[Drift]:
        """What differs; whoever is a company that a look may mend is looked at anew by a run.
        `source`: through which door this was asked for, and `causation` by what."""
        found = [each async for each in self.drift()]
        at = self.clock().isoformat()
        wanted = [
            Wanted(
                tenant=tenant,
                run=run_about(each.customer, whatever=True),
                cause=f"{KIND}:reconcile:{at}",
                causation=causation,
                source=source,
            )
            for each in found
            if (tenant := each.to_look_at) is not None
        ]
        for first in range(0, len(wanted), BATCH):
            await self.wish(wanted[first : first + BATCH])
        return found


def _found(customer: str, ours: Known | None, hers: Sequence[Billed]) -> Iterator[Drift]:
    theirs = leading(hers)
    if (differs := _compared(customer, ours, theirs)) is not None:
        yield differs
    if len(several := charged(hers)) > 1:
        yield Drift(
            kind=Kind.TWICE,
            tenant=ours.tenant if ours else None,
            customer=customer,
            ours=ours.standing.billed if ours else None,
            theirs=theirs,
            fields=(),
            subscriptions=[each.subscription for each in several],
        )


def _compared(customer: str, ours: Known | None, theirs: Billed | None) -> Drift | None:
    """What a look would record is what differs, and nothing else is."""
    if theirs is None:
        return None
    if ours is None:
        # An account may sell other things too, and have had customers before us.
        if theirs.status in ENDED or theirs.plan is None:
            return None
        return Drift(
            kind=Kind.UNKNOWN, tenant=None, customer=customer, ours=None, theirs=theirs, fields=()
        )
    if not [*standing.differences(ours.standing, theirs)]:
        return None
    return Drift(
        kind=Kind.DIFFERS,
        tenant=ours.tenant,
        customer=customer,
        ours=ours.standing.billed,
        theirs=theirs,
        fields=_fields(ours.standing, theirs),
    )


def _fields(ours: Standing, theirs: Billed) -> Sequence[str]:
    if ours.billed is None:
        return FIELDS[:1]
    differ = [each for each in FIELDS if getattr(ours.billed, each) != getattr(theirs, each)]
    return differ or [GRACE]


def _missing(ours: Mapping[str, Known], told: Mapping[str, Sequence[Billed]]) -> Sequence[Drift]:
    lost = ((customer, each) for customer, each in ours.items() if not told.get(customer))
    return [
        Drift(
            kind=Kind.MISSING,
            tenant=each.tenant,
            customer=customer,
            ours=billed,
            theirs=None,
            fields=FIELDS[:1],
        )
        for customer, each in lost
        if (billed := each.standing.billed) is not None and billed.status not in ENDED
    ]

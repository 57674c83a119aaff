"""A company with a subscription, and what is read of it at the provider, for given and when."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from domain import standing, subscription
from domain.billed import Billed, Status
from domain.entitlement import Because
from domain.plan import Plan
from domain.standing import LATE
from domain.subscription import PlanInForce
from tests.given import given

NOW = datetime(2026, 11, 1, tzinfo=UTC)
DAY = timedelta(days=1)
MONTH_END = NOW + 30 * DAY

started = subscription.Started(plan=Plan.FREE)
paying = Billed(
    subscription="sub_1", status=Status.ACTIVE, plan=Plan.PRO, since=NOW, paid_until=MONTH_END
)
subscribed = standing.Subscribed(billed=paying)
in_force = PlanInForce(plan=Plan.PRO, because=Because.PAID, until=MONTH_END + LATE)
free = PlanInForce(plan=Plan.FREE, because=Because.FREE, until=None)


def observe(*seen, at=NOW):
    return Observing(seen, at)


@dataclass(frozen=True)
class Observing:
    """Begun from all that was known."""

    seen: tuple[Billed, ...]
    at: datetime

    def of(self, history):
        known = subscription.decider.replay((started, *history))
        return subscription.Observe(
            customer=known.customer, basis=known.claims.standing, seen=self.seen, at=self.at
        )


@dataclass(frozen=True)
class Company:
    history: tuple[object, ...]

    def when(self, command):
        asked = command.of(self.history) if isinstance(command, Observing) else command
        return given(subscription.decider, started, *self.history).when(asked)


def billing(*history):
    return Company(history)

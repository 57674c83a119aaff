"""The subscriptions table."""

from app.read_models import Written
from domain import subscription
from domain.ports import Recorded

START = "INSERT INTO subscriptions (tenant_id, plan, since) VALUES ($1, $2, $3)"


def project(recorded: Recorded) -> Written:
    match recorded.event:
        case subscription.Started(plan=plan):
            yield START, (recorded.tenant, plan, recorded.at)

"""The subscription as of a moment."""

from app.billing.read import SubscriptionRow
from app.graphql.context import Context
from app.past import recorded_at, state_then
from domain import subscription
from domain.events import Moment

SINCE = ("subscription.started",)
"""Facts that a plan counts from."""


async def subscription_then(context: Context, until: Moment) -> SubscriptionRow | None:
    """None before it started. Raises TooNew."""
    state, version = await state_then(context, subscription.decider, until)
    if state.claims.plan is None:
        return None
    since = await recorded_at(context, "subscription", version, SINCE)
    return SubscriptionRow(held=state.claims, since=since[context.scope.tenant], kept=state.kept)

"""Whose a thing of Stripe's is, where an event does not say so.

A snapshot event of a refund or a dispute names the charge alone, a thin event of anything the thing
alone (API reference, "Event" and "v2 Event", `related_object`).
"""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

import stripe

from infrastructure.stripe import shapes
from infrastructure.stripe.client import Client

_Ask: TypeAlias = Callable[[str], Awaitable[stripe.StripeObject]]


async def owner(client: Client, ident: str) -> str | None:
    """The customer's id; None where there is no such thing, or nobody's."""
    v1 = client.v1
    asks: dict[str, _Ask] = {
        "ch_": v1.charges.retrieve_async,
        "py_": v1.charges.retrieve_async,
        "pi_": v1.payment_intents.retrieve_async,
        "in_": v1.invoices.retrieve_async,
        "sub_sched_": v1.subscription_schedules.retrieve_async,
        "sub_": v1.subscriptions.retrieve_async,
        "cs_": v1.checkout.sessions.retrieve_async,
        "pm_": v1.payment_methods.retrieve_async,
        "re_": lambda refund: v1.refunds.retrieve_async(refund, {"expand": ["charge"]}),
        "du_": lambda dispute: v1.disputes.retrieve_async(dispute, {"expand": ["charge"]}),
        "dp_": lambda dispute: v1.disputes.retrieve_async(dispute, {"expand": ["charge"]}),
    }
    ask = next((each for begins, each in asks.items() if ident.startswith(begins)), None)
    found = await client.perhaps(ask(ident), shapes.Owned) if ask else None
    if found is None:
        return None
    charge = found.charge
    return found.customer or (charge.customer if isinstance(charge, shapes.Owned) else None)

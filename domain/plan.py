"""What each plan allows."""

from dataclasses import replace
from enum import StrEnum

from domain.fact import fact


class Plan(StrEnum):
    """From the free one upwards."""

    FREE = "free"
    STARTER = "starter"
    PRO = "pro"
    ENTERPRISE = "enterprise"


@fact
class Limits:
    """A limit slows or pauses; it never shortens a sheet. Intervals in minutes, history in days."""

    products: int
    interval: int
    shops: int
    seats: int
    history: int
    webhooks: int


def _limits(*values: int) -> Limits:
    names = ("products", "interval", "shops", "seats", "history", "webhooks")
    return Limits(**dict(zip(names, values, strict=True)))


LIMITS = {
    Plan.FREE: _limits(500, 360, 1, 2, 30, 0),
    Plan.STARTER: _limits(5_000, 60, 1, 3, 90, 1),
    Plan.PRO: _limits(50_000, 15, 3, 10, 365, 5),
    Plan.ENTERPRISE: _limits(500_000, 5, 20, 50, 1_095, 20),
}


@fact
class Kept:
    """What a company had before it came to us: its plan allows no less. `interval` in minutes."""

    products: int
    interval: int


def limits(plan: Plan, kept: Kept | None) -> Limits:
    """The plan's, and no narrower than what the company keeps."""
    own = LIMITS[plan]
    if kept is None:
        return own
    products, interval = max(own.products, kept.products), min(own.interval, kept.interval)
    return replace(own, products=products, interval=interval)


@fact
class Share:
    """A company's part of the workers: while all have work, one of twice the `weight` gets twice as
    much done; no more than `cap` runs of it are in hands at once."""

    weight: int
    cap: int


SHARES = {
    Plan.FREE: Share(weight=1, cap=10),
    Plan.STARTER: Share(weight=2, cap=10),
    Plan.PRO: Share(weight=4, cap=10),
    Plan.ENTERPRISE: Share(weight=8, cap=20),
}
"""A shop has one live sync, so no cap holds up the shops that its plan allows. A narrower one would
slow nobody but who has more of them: whoever runs this without billing, where all plans are free,
or kept what they had before."""

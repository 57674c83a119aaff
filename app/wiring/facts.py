"""How facts are kept, and what is written with each of them."""

from collections.abc import Iterator, Sequence
from typing import Any

import app.accounts.read
import app.audit.read
import app.billing.projected
import app.notices.reactions
import app.notices.read
import app.runs.acts.reactions
import app.runs.holds
import app.stock.projected
import app.stock.reactions
from app.history import form_of
from domain import fleet, subscription, tenant, user
from domain.events import Recorded
from infrastructure.postgres.codec import Codec, Upcaster
from infrastructure.postgres.wishes import grant

FACTS = (
    ("tenant", tenant.Event),
    ("user", user.Event),
    ("subscription", subscription.Event),
    ("fleet", fleet.Event),
)
SHAPES = [form_of(each.decider).digest for each in (tenant, user, subscription, fleet)]
PROJECTIONS = (
    app.accounts.read.PROJECTION,
    app.stock.projected.PROJECTION,
    app.billing.projected.PROJECTION,
    app.audit.read.PROJECTION,
    app.runs.holds.PROJECTION,
    app.notices.read.PROJECTION,
)
WRITERS = (
    *(projection.project for projection in PROJECTIONS),
    app.stock.projected.plan,
    app.billing.projected.share,
    app.billing.projected.claim,
    app.notices.read.told_of,
)
REACTIONS = (
    app.stock.reactions.react,
    app.runs.acts.reactions.react,
    app.notices.reactions.react,
)

UPCASTERS: tuple[Upcaster, ...] = (
    # There were no filters: all was taken.
    Upcaster(name="tenant.audit_exported", version=1, up=lambda told: {**told, "filter": None}),
    # There was one account of ours, and nothing said which.
    Upcaster(name="tenant.shop_connected", version=1, up=lambda told: {**told, "robot": None}),
    # There was cron alone; what was missed was run once, what met a live run was dropped.
    Upcaster(
        name="tenant.schedule_set",
        version=1,
        up=lambda told: {
            "shop_id": told["shop_id"],
            "schedule": {
                "cron": {"fields": told["cron"], "zone": told["zone"]},
                "catch_up": "once",
                "overlap": "skip",
            },
        },
    ),
)

CODEC = Codec(FACTS, UPCASTERS)


def follow(recorded: Recorded) -> Iterator[tuple[str, Sequence[Any]]]:
    """Everything that is written with a fact: rows of the read tables, and what becomes of runs."""
    for write in WRITERS:
        yield from write(recorded)
    for react in REACTIONS:
        for wish in react(recorded):
            yield from grant(wish, recorded)

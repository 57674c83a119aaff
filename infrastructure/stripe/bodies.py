"""What we read of Stripe's messages: of an object only what is told is needed."""

from typing import TypeVar

import msgspec

from domain.both import Both
from domain.errors import Malformed
from infrastructure.stripe.shapes import Moment, Page, Shape

T = TypeVar("T")

THIN = "v2.core.event"
SHAPE = "stripe_shape"


class Envelope(Shape, frozen=True):
    """Of any message."""

    type: str
    object: str = "event"


class Data(Shape, frozen=True):
    object: msgspec.Raw
    previous_attributes: dict[str, msgspec.Raw] | None = None


class Snapshot(Shape, frozen=True):
    """A message that holds its object as it was."""

    type: str
    created: Moment
    data: Data


class Tax(Shape, frozen=True):
    amount: int


class Problem(Shape, frozen=True):
    type: str = "unknown"
    code: str | None = None


class Bill(Shape, frozen=True):
    """An invoice."""

    id: str
    currency: str
    amount_paid: int = 0
    total_taxes: list[Tax] | None = None
    attempt_count: int = 0
    next_payment_attempt: Moment | None = None
    last_finalization_error: Problem | None = None


class Details(Shape, frozen=True):
    subscription: str


class Parent(Shape, frozen=True):
    subscription_details: Details


class Upcoming(Shape, frozen=True):
    """An invoice that is none yet, and has no id."""

    currency: str
    amount_due: int
    period_end: Moment
    parent: Parent


class Trial(Shape, frozen=True):
    """A subscription that is on trial."""

    id: str
    trial_end: Moment


class Charge(Shape, frozen=True):
    id: str
    currency: str
    amount_refunded: int


class Refund(Shape, frozen=True):
    id: str
    status: str | None = None


class Dispute(Shape, frozen=True):
    id: str
    currency: str
    amount: int
    status: str = ""


class Entitlement(Shape, frozen=True):
    lookup_key: str


class Summary(Shape, frozen=True):
    """Of what a customer may use."""

    entitlements: Page[Entitlement] = Page()


def decoded(body: bytes | msgspec.Raw, shape: type[T], about: str) -> T:
    """Raises Malformed, which names what it is about."""
    try:
        return msgspec.json.decode(body, type=shape)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as wrong:
        raise malformed(str(wrong), about) from None


def malformed(what: str, about: str) -> Malformed:
    """An answer or a message (`about`) that is not as documented; `what` names the place."""
    said = Both(
        ru=f"Stripe прислал не то, что обещает ({about}): {what}",
        en=f"Stripe sent something other than documented ({about}): {what}",
    )
    return Malformed(str(said), cause=SHAPE)

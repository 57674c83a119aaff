"""What we read of Stripe's objects, and no more: unknown fields and new words are let through.

Version 2026-10-28.endive: a period stands on the subscription's item, and the subscription of an
invoice in its `parent`. The SDK's own objects hold Decimals and are no dicts, so the answer's text
is decoded once more.
"""

from datetime import UTC, datetime
from typing import Annotated, Any, Generic, TypeVar

import msgspec

T = TypeVar("T")

Moment = Annotated[int, msgspec.Meta(ge=0, le=253_402_300_799)]
"""Seconds since 1970, up to the last that a datetime knows."""


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    """Of any object here."""


class Named(Shape, frozen=True):
    id: str


class Page(Shape, Generic[T], frozen=True):
    data: list[T] = []
    has_more: bool = False


class Owned(Shape, frozen=True):
    """Whose it is, or whose the charge that it is about is."""

    customer: str | None = None
    charge: "Owned | str | None" = None


class Person(Shape, frozen=True):
    """A customer: once deleted, little more than that is known."""

    id: str
    deleted: bool = False


class Address(Shape, frozen=True):
    """An object that is a page for people."""

    url: str


class Session(Address, frozen=True):
    """A page of Checkout that can be paid."""

    id: str
    metadata: dict[str, str] = {}


class Recurring(Shape, frozen=True):
    interval: str
    interval_count: int = 1


class Price(Shape, frozen=True):
    id: str
    active: bool = True
    currency: str = ""
    unit_amount: int | None = None
    recurring: Recurring | None = None


class Item(Shape, frozen=True):
    id: str
    price: Price
    current_period_start: Moment
    current_period_end: Moment
    quantity: int | None = 1


class Transitions(Shape, frozen=True):
    finalized_at: Moment | None = None


class Span(Shape, frozen=True):
    start: Moment


class Proration(Shape, frozen=True):
    proration: bool = False


class LineParent(Shape, frozen=True):
    invoice_item_details: Proration | None = None
    subscription_item_details: Proration | None = None


class Tax(Shape, frozen=True):
    amount: int
    tax_behavior: str = "exclusive"


class Discount(Shape, frozen=True):
    amount: int


class Line(Shape, frozen=True):
    amount: int
    period: Span
    discount_amounts: list[Discount] | None = None
    taxes: list[Tax] | None = None
    parent: LineParent | None = None

    @property
    def is_proration(self) -> bool:
        """Whether it is for a change in the middle of a period."""
        parent = self.parent or LineParent()
        details = (parent.subscription_item_details, parent.invoice_item_details)
        return any(each is not None and each.proration for each in details)

    @property
    def whole(self) -> int:
        """Less discounts, with the tax that the amount does not hold."""
        off = sum(each.amount for each in self.discount_amounts or ())
        on = (each.amount for each in self.taxes or () if each.tax_behavior == "exclusive")
        return self.amount - off + sum(on)


class Invoice(Shape, frozen=True):
    created: Moment
    id: str = ""
    status: str | None = None
    total: int = 0
    currency: str = ""
    collection_method: str = "charge_automatically"
    attempt_count: int = 0
    due_date: Moment | None = None
    last_finalization_error: dict[str, Any] | None = None
    status_transitions: Transitions | None = None
    lines: Page[Line] = Page()
    hosted_invoice_url: str | None = None
    invoice_pdf: str | None = None

    @property
    def begins(self) -> int:
        """The period that it is for. Lines for what changed meanwhile are of the one before."""
        return max((each.period.start for each in self.lines.data), default=self.created)

    @property
    def is_of_a_change(self) -> bool:
        """Whether it is for a change within a period alone, and not for a period."""
        return bool(self.lines.data) and all(each.is_proration for each in self.lines.data)


class PhaseItem(Shape, frozen=True):
    price: str


class Phase(Shape, frozen=True):
    start_date: Moment
    items: list[PhaseItem] = []


class CurrentPhase(Shape, frozen=True):
    start_date: Moment
    end_date: Moment


class Schedule(Shape, frozen=True):
    id: str
    status: str
    current_phase: CurrentPhase | None = None
    phases: list[Phase] = []


class PendingItem(Shape, frozen=True):
    price: Price | str


class PendingUpdate(Shape, frozen=True):
    subscription_items: list[PendingItem] | None = None


class Cancellation(Shape, frozen=True):
    reason: str | None = None


class Subscription(Shape, frozen=True):
    """With its latest invoice and its schedule: ask for them by `expand`."""

    id: str
    customer: str
    status: str
    created: Moment
    items: Page[Item]
    latest_invoice: Invoice | None = None
    schedule: Schedule | None = None
    trial_end: Moment | None = None
    cancel_at: Moment | None = None
    cancel_at_period_end: bool = False
    cancellation_details: Cancellation | None = None
    default_payment_method: str | None = None
    pause_collection: dict[str, Any] | None = None
    pending_update: PendingUpdate | None = None


def at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def perhaps(seconds: int | None) -> datetime | None:
    return None if seconds is None else at(seconds)

"""The provider through whom companies pay, as the product needs it."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from domain import payment
from domain.billed import Billed
from domain.errors import Refused
from domain.fact import fact
from domain.plan import Plan

OWNED = ("ch_", "py_", "pi_", "in_", "sub_", "cs_", "pm_", "re_", "du_", "dp_")
"""How the ids of things begin that are a customer's, and may be named without her."""
MISSING = "stripe_missing"
"""Cause of a Rejected: the provider never had this, or has it no more."""


class NotForSale(Refused):
    """This plan cannot be bought here: it has no price. Ask us for an invoice."""


class OnHold(Refused):
    """The subscription is paused or unpaid. Go on with it, or pay, and then change its plan."""


class AlreadyCancelled(Refused):
    """The subscription was cancelled. Take the cancellation back, and then change its plan."""


@fact
class Said:
    """What one message of the provider says. `told`: of a single object, if anything; `refetch`:
    whether the customer's subscriptions may have changed."""

    told: payment.Event | None
    refetch: bool


@fact
class Checkout:
    """A page where a company subscribes. `back`: where she comes back to, paid or not; `key`: the
    same page for the same key. `language`: ru or en."""

    tenant: UUID
    customer: str
    plan: Plan
    back: str
    language: str
    key: str


@fact
class Price:
    """Of a month, in the currency's minor units."""

    plan: Plan
    amount: int
    currency: str


@fact
class Preview:
    """What a change of plan costs: `now` is charged (or credited, below 0) at once, `then` each
    month from `at` on. Amounts in minor units, tax included."""

    now: int
    then: int
    currency: str
    at: datetime


@fact
class Invoice:
    """`page`: where it is shown and paid; `file`: as a PDF. Both are secrets of the customer's."""

    page: str | None
    file: str | None


class Payments(Protocol):
    """All raise Unavailable when the provider does not answer (nothing is half done: the same key
    again is the same change again), Rejected when it refuses, Malformed for another shape.

    Keys are idempotency keys of ours.
    """

    def read(self, body: bytes) -> Said:
        """What a message that has passed its check says. Raises Malformed."""

    async def subscriptions_of(self, customer: str) -> Sequence[Billed]:
        """All of her subscriptions, ended ones too; of a customer that is deleted, ended ones or
        none. Raises Rejected for one that was never there."""

    async def customer_of(self, thing: str) -> str | None:
        """Whom this is of; `thing` begins like one of OWNED."""

    async def new_customer(self, tenant: UUID, key: str) -> str:
        """A customer that is known by the company's id alone: no address, no name."""

    async def prices(self) -> Sequence[Price]:
        """What is for sale, each plan in the currency of its first price; as some minutes ago."""

    async def checkout(self, asked: Checkout) -> str:
        """The page's address; any that she was given before for something else can no longer be
        paid. Raises NotForSale, and Rejected as MISSING for a customer that is deleted."""

    async def portal(self, customer: str, back: str, language: str) -> str:
        """The address of the page where cards and invoices are looked after. Raises Rejected as
        MISSING for a customer that is deleted."""

    async def preview(self, billed: Billed, plan: Plan) -> Preview:
        """Of a change at this moment, computed by the provider. Raises NotForSale, OnHold,
        AlreadyCancelled."""

    async def change(self, billed: Billed, plan: Plan, key: str) -> None:
        """To a higher plan at once, in force when it is paid; to a lower one at the end of what is
        paid. A change that is ahead is replaced; to the plan she has, it is dropped. Raises
        NotForSale, OnHold, AlreadyCancelled."""

    async def cancel(self, billed: Billed, key: str, *, at_once: bool = False) -> None:
        """At the end of what is paid."""

    async def resume(self, billed: Billed, key: str) -> None:
        """Take a cancellation back, and a change with it that is ahead; go on after a pause."""

    async def invoice(self, invoice: str) -> Invoice:
        """Where it is to be seen now."""

    def everything(self) -> AsyncIterator[tuple[str, Sequence[Billed]]]:
        """Every customer that has any, with all of her subscriptions."""

    def messages(self, since: datetime) -> AsyncIterator[bytes]:
        """All messages since then, the newest first, as bodies of what was, or was to be, sent;
        the provider keeps them for thirty days."""

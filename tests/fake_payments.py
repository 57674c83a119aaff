"""A payment provider in memory that keeps the port's promises; its contract tests hold it to them.

A test sets what a customer has, makes it unavailable, and counts calls.
"""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from domain.billed import ENDED, HELD, Ahead, Billed, Status
from domain.errors import Outside, Rejected
from domain.payments_port import (
    MISSING,
    AlreadyCancelled,
    Checkout,
    Invoice,
    NotForSale,
    OnHold,
    Preview,
    Price,
    Said,
)
from domain.plan import Plan
from infrastructure.stripe.messages import read

NOON = datetime(2026, 11, 23, 9, tzinfo=UTC)
MONTH = timedelta(days=30)
AMOUNTS = {Plan.STARTER: 99_000, Plan.PRO: 299_000, Plan.ENTERPRISE: 990_000}


@dataclass
class FakePayments:
    """`has`: each customer's subscriptions; `down` is raised by every call; `pays`: whose card is
    declined is not in it. What is `sent` is told by `messages`, the oldest first."""

    has: dict[str, list[Billed]] = field(default_factory=dict)
    sells: dict[Plan, int] = field(default_factory=lambda: dict(AMOUNTS))
    charges: dict[str, str] = field(default_factory=dict)
    invoices: dict[str, Invoice] = field(default_factory=dict)
    declined: set[str] = field(default_factory=set)
    sent: list[tuple[datetime, bytes]] = field(default_factory=list)
    asked: dict[str, Checkout] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)
    calls: Counter[str] = field(default_factory=Counter)
    down: Outside | None = None
    now: datetime = NOON
    _answers: dict[str, str] = field(default_factory=dict)

    # What a test does

    def subscribe(self, customer: str, plan: Plan, **fields: object) -> Billed:
        """As if she had paid at the checkout."""
        paid = Billed(
            subscription=f"sub_{uuid4().hex}",
            status=Status.ACTIVE,
            plan=plan,
            since=self.now,
            paid_until=self.now + MONTH,
            payment_method=f"pm_{uuid4().hex}",
        )
        made = replace(paid, **fields)
        self.has.setdefault(customer, []).append(made)
        return made

    def becomes(self, billed: Billed, **fields: object) -> Billed:
        """Another state of the same subscription."""
        hers = self.has[self._owner(billed.subscription)]
        at = next(n for n, each in enumerate(hers) if each.subscription == billed.subscription)
        hers[at] = replace(hers[at], **fields)
        return hers[at]

    def delete(self, customer: str) -> None:
        """Her subscriptions end with her."""
        self.deleted.add(customer)
        for each in self.has[customer]:
            if each.status not in ENDED:
                self.becomes(each, status=Status.CANCELED)

    # The port

    def read(self, body: bytes) -> Said:
        return read(body)

    async def subscriptions_of(self, customer: str) -> Sequence[Billed]:
        self._called("subscriptions_of")
        return [*self._hers(customer)]

    async def customer_of(self, thing: str) -> str | None:
        self._called("customer_of")
        return self.charges.get(thing)

    async def new_customer(self, tenant: UUID, key: str) -> str:
        self._called("new_customer")
        made = self._answers.setdefault(key, f"cus_{uuid4().hex}")
        self.has.setdefault(made, [])
        return made

    async def prices(self) -> Sequence[Price]:
        self._called("prices")
        return [Price(plan=plan, amount=n, currency="rub") for plan, n in self.sells.items()]

    async def checkout(self, asked: Checkout) -> str:
        self._called("checkout")
        self._price(asked.plan)
        self._must_be_there(asked.customer)
        self.asked[asked.key] = asked
        return self._answers.setdefault(asked.key, f"https://pay.example.com/{uuid4().hex}")

    async def portal(self, customer: str, back: str, language: str) -> str:
        self._called("portal")
        self._must_be_there(customer)
        return f"https://pay.example.com/portal/{uuid4().hex}"

    async def preview(self, billed: Billed, plan: Plan) -> Preview:
        self._called("preview")
        price, seen = self._price(plan), self._seen(billed)
        _must_go_on(seen)
        rest = max(seen.paid_until - self.now, timedelta()) / MONTH
        now = round(rest * (price - self.sells[seen.plan])) if _is_higher(plan, seen) else 0
        return Preview(now=now, then=price, currency="rub", at=seen.paid_until)

    async def change(self, billed: Billed, plan: Plan, key: str) -> None:
        self._called("change")
        self._price(plan)
        seen = self._seen(billed)
        if plan is seen.plan:
            self.becomes(billed, ahead=None)
            return
        _must_go_on(seen)
        if not _is_higher(plan, seen):
            self.becomes(billed, ahead=Ahead(plan=plan, at=seen.paid_until))
        elif self._owner(billed.subscription) in self.declined:
            self.becomes(billed, ahead=Ahead(plan=plan, at=None))
        else:
            self.becomes(billed, plan=plan, ahead=None)

    async def cancel(self, billed: Billed, key: str, *, at_once: bool = False) -> None:
        self._called("cancel")
        seen = self._seen(billed)
        if at_once:
            self.becomes(billed, status=Status.CANCELED, ahead=None)
        else:
            self.becomes(billed, cancel_at=seen.paid_until, ahead=None)

    async def resume(self, billed: Billed, key: str) -> None:
        self._called("resume")
        if self._seen(billed).status is Status.PAUSED:
            self.becomes(billed, status=Status.ACTIVE, paid_until=self.now + MONTH)
        else:
            self.becomes(billed, cancel_at=None, collecting=True)

    async def invoice(self, invoice: str) -> Invoice:
        self._called("invoice")
        if invoice not in self.invoices:
            raise Rejected("Нет такого счёта / No such invoice", cause=MISSING)
        return self.invoices[invoice]

    async def everything(self) -> AsyncIterator[tuple[str, Sequence[Billed]]]:
        self._called("everything")
        for customer, hers in self.has.items():
            if hers:
                yield customer, [*hers]

    async def messages(self, since: datetime) -> AsyncIterator[bytes]:
        self._called("messages")
        for at, body in reversed(self.sent):
            if at >= since:
                yield body

    def _called(self, verb: str) -> None:
        self.calls[verb] += 1
        if self.down is not None:
            raise self.down

    def _hers(self, customer: str) -> list[Billed]:
        if customer not in self.has:
            raise _nobody()
        return self.has[customer]

    def _must_be_there(self, customer: str) -> None:
        if customer not in self.has or customer in self.deleted:
            raise _nobody()

    def _owner(self, subscription: str) -> str:
        owners = (
            customer
            for customer, hers in self.has.items()
            if any(each.subscription == subscription for each in hers)
        )
        return next(owners)

    def _seen(self, billed: Billed) -> Billed:
        hers = self.has[self._owner(billed.subscription)]
        return next(each for each in hers if each.subscription == billed.subscription)

    def _price(self, plan: Plan) -> int:
        if plan not in self.sells:
            raise NotForSale(field="plan")
        return self.sells[plan]


def _nobody() -> Rejected:
    return Rejected("Нет такого клиента / No such customer", cause=MISSING)


def _must_go_on(seen: Billed) -> None:
    if seen.status in HELD:
        raise OnHold(field="plan")
    if seen.cancel_at is not None:
        raise AlreadyCancelled(field="plan")


def _is_higher(plan: Plan, seen: Billed) -> bool:
    plans = list(Plan)
    return seen.plan is None or plans.index(plan) > plans.index(seen.plan)

"""One Stripe account, as its owner, its customers and its banks move it."""

import time
from collections import Counter
from collections.abc import Callable

import msgspec

from sandbox.stripe.errors import Json
from sandbox.stripe.faults import Faults
from sandbox.stripe.form import Form
from sandbox.stripe.life import cards, checkout, money, standing
from sandbox.stripe.life.time import advance, settle
from sandbox.stripe.settings import SECRET_KEY, Settings
from sandbox.stripe.shapes.person import Card
from sandbox.stripe.store import Store
from sandbox.stripe.webhooks.courier import Courier


class Kept(msgspec.Struct, frozen=True):
    """An answer, for whoever asks the same again under the same key."""

    asked: str
    status: int
    body: msgspec.Raw
    replayed: bool = False


URL = "http://127.0.0.1:8001/stripe"


class Book(Store):
    """A Store with hands. No HTTP is needed to move it.

    `clock` dates what happens, `wall` (epoch seconds) what is signed and sent: whoever checks a
    signature has the real time.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.time,
        settings: Settings | None = None,
        url: str = URL,
        wall: Callable[[], float] = time.time,
        secret_key: str = SECRET_KEY,
    ) -> None:
        super().__init__(clock, settings, url)
        self.wall = wall
        self.secret_key = secret_key
        self.courier = Courier(self)
        self.faults = Faults()
        self.answers: dict[str, Kept] = {}
        self.calls: Counter[str] = Counter()

    def settle(self) -> None:
        """Whatever is due happens."""
        settle(self)

    def advance(self, seconds: int) -> None:
        """Time passes in the account."""
        advance(self, seconds)

    def complete(self, session_id: str, card: Card | None = "ok", email: str | None = None) -> Json:
        """A customer pays in Checkout; her subscription."""
        return checkout.completed(self, self.find("checkout.session", session_id), card, email)

    def settle_debit(self, invoice_id: str) -> None:
        """A bank debit is decided now, before its days are over."""
        standing.debited(self, invoice_id, self.now)

    def refund(self, charge_id: str, amount: int | None = None) -> Json:
        """Money goes back; all that is left of the charge, or so much."""
        wish = {"charge": charge_id} | ({} if amount is None else {"amount": str(amount)})
        return money.refunded(self, Form(wish))

    def dispute(self, charge_id: str, amount: int | None = None, reason: str = "general") -> Json:
        """Her bank takes a payment back."""
        return money.disputed(self, self.find("charge", charge_id), amount, reason)

    def decide(self, dispute_id: str, *, won: bool) -> Json:
        """Her bank decides."""
        return money.decided(self, dispute_id, won=won)

    def bounce(self, refund_id: str) -> Json:
        """A refund that her bank does not take."""
        return money.bounced(self, refund_id)

    def card(self, customer_id: str, card: Card | None) -> None:
        """Another card pays from now on, or none."""
        customer = self.find("customer", customer_id)
        if card is None:
            cards.take_away(self, customer)
        else:
            cards.give(self, customer, card)

"""What happens at Stripe without us: cards, the account's owner at her dashboard, banks, strangers."""

from contextlib import suppress
from uuid import uuid4

from sandbox.stripe import Settings
from sandbox.stripe.errors import Problem
from sandbox.stripe.form import Form
from sandbox.stripe.http import billing, collecting
from sandbox.stripe.life import cards, checkout, people, starting
from sandbox.stripe.life.invoices import open_invoices

DAY = 86_400
CARDS = (*("ok",) * 8, "decline", "needs_action", "delayed", "delayed_decline")
PAUSES = ("void", "keep_as_draft", "mark_uncollectible")


class Elsewhere:
    """One account and one pair of dice. Each act is of one customer, and does nothing where it makes
    no sense."""

    def __init__(self, book, dice, prices):
        self.book, self.dice = book, dice
        self.prices = [ids[0] for ids in prices.values()]
        self.strangers = set()
        self.turns = {
            self.card: 8,
            self.pays_by_hand: 5,
            self.cancels: 3,
            self.goes_on: 3,
            self.ends: 1,
            self.stops_collecting: 2,
            self.collects_again: 2,
            self.pauses: 2,
            self.resumes: 2,
            self.forgives: 1,
            self.refunds: 2,
            self.bounces: 1,
            self.disputes: 1,
            self.decides: 1,
            self.moves: 2,
            self.second: 0.5,
            self.tries: 0.5,
            self.is_deleted: 2,
        }

    def act(self, customer):
        """Something happens to her; what."""
        self.book.settle()
        turns = [*self.turns]
        turn = self.dice.choices(turns, [self.turns[each] for each in turns])[0]
        with suppress(Problem):
            if turn(customer) is not None:
                self.book.settle()
                return turn.__name__
        self.book.settle()
        return None

    def settings(self):
        """The owner chooses what becomes of who does not pay."""
        word = self.dice.choice(("canceled", "unpaid", "past_due"))
        days = self.dice.choice(((3, 5, 7), (1,), (7, 14, 21)))
        self.book.settings = Settings(when_unpaid=word, retry_days=days, overdue_days=14)

    def stranger(self):
        """Somebody buys who is no company of ours."""
        made = people.created(self.book, Form({"email": f"{uuid4().hex}@example.com"}))
        self.strangers.add(made["id"])
        cards.give(self.book, made, "ok")
        self._begins(made["id"])
        self.book.refund(self._charges(made["id"])[0]["id"], 100)

    # Her card and her bank

    def card(self, customer):
        card = self.dice.choice((*CARDS, None))
        self.book.card(customer, card)
        return customer

    def pays_by_hand(self, customer):
        for bill in open_invoices(self.book, customer):
            return collecting.pay(self.book, Form({}), bill["id"])
        return None

    def disputes(self, customer):
        return self._of_a_charge(customer, self.book.dispute)

    def decides(self, customer):
        hers = {each["id"] for each in self._charges(customer)}
        for each in self.book.all("dispute"):
            if each["charge"] in hers and each["status"] not in ("won", "lost"):
                return self.book.decide(each["id"], won=self.dice.random() < 0.5)
        return None

    # At the dashboard, or on the portal

    def cancels(self, customer):
        return self._changed(customer, cancel_at_period_end="true")

    def goes_on(self, customer):
        return self._changed(customer, cancel_at_period_end="false")

    def ends(self, customer):
        return self._of_one(customer, lambda found: billing.cancel(self.book, Form({}), found))

    def stops_collecting(self, customer):
        how = {"behavior": self.dice.choice(PAUSES)}
        if self.dice.random() < 0.3:
            how["resumes_at"] = str(self.book.now + self.dice.randrange(1, 50) * DAY)
        return self._changed(customer, pause_collection=how)

    def collects_again(self, customer):
        return self._changed(customer, pause_collection="")

    def pauses(self, customer):
        return self._of_one(customer, lambda found: billing.pause(self.book, Form({}), found))

    def resumes(self, customer):
        return self._of_one(customer, lambda found: billing.resume(self.book, Form({}), found))

    def forgives(self, customer):
        verb = self.dice.choice((collecting.void, collecting.give_up))
        for bill in open_invoices(self.book, customer):
            return verb(self.book, Form({}), bill["id"])
        return None

    def refunds(self, customer):
        amount = self.dice.choice((None, 100))
        return self._of_a_charge(customer, lambda charge: self.book.refund(charge, amount))

    def bounces(self, customer):
        hers = {each["id"] for each in self._charges(customer)}
        for each in self.book.all("refund"):
            if each["charge"] in hers and each["status"] == "succeeded":
                return self.book.bounce(each["id"])
        return None

    def moves(self, customer):
        found = self.book.find("customer", customer)
        people.updated(self.book, found, Form({"name": uuid4().hex}))
        return found

    def second(self, customer):
        """Another subscription beside the one that she may have."""
        return self._begins(customer)

    def tries(self, customer):
        days = str(self.dice.randrange(1, 20))
        how = self.dice.choice(("create_invoice", "pause", "cancel"))
        end = {"end_behavior": {"missing_payment_method": how}}
        return self._begins(customer, trial_period_days=days, trial_settings=end)

    def is_deleted(self, customer):
        return people.deleted(self.book, self.book.find("customer", customer))

    # Pages of ours that she left open

    def completes(self, session):
        """She pays, or tries to; with what card."""
        self.book.settle()
        card = self.dice.choice(CARDS)
        with suppress(Problem):
            checkout.completed(self.book, self.book.find("checkout.session", session), card)
            self.book.settle()
            return card
        return None

    # How

    def _begins(self, customer, **more):
        item = {"price": self.dice.choice(self.prices), "quantity": "1"}
        return starting.start(self.book, Form({"customer": customer, "items": [item], **more}))

    def _changed(self, customer, **wish):
        return self._of_one(customer, lambda found: billing.update(self.book, Form(wish), found))

    def _of_one(self, customer, do):
        """Of those of her subscriptions that are not over, a random one."""
        hers = [
            each["id"]
            for each in self.book.all("subscription")
            if each["customer"] == customer
            and each["status"] not in ("canceled", "incomplete_expired")
        ]
        return do(self.dice.choice(hers)) if hers else None

    def _of_a_charge(self, customer, do):
        good = [e["id"] for e in self._charges(customer) if e["status"] == "succeeded"]
        return do(self.dice.choice(good)) if good else None

    def _charges(self, customer):
        return [each for each in self.book.all("charge") if each["customer"] == customer]

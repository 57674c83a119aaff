"""Customers of the sandbox's Stripe do whatever comes to mind: the account stays consistent."""

import random

import pytest

from sandbox.stripe import Book, Settings, price_list
from sandbox.stripe.errors import Problem
from sandbox.stripe.form import Form
from sandbox.stripe.http import billing, collecting
from sandbox.stripe.life import people, starting
from tests.sandbox.stripe_visit import DAY, NOON

RUNNING = ("trialing", "active", "past_due", "unpaid")
CARDS = ("ok", "ok", "ok", "decline", "needs_action", "delayed", "delayed_decline", None)
PAYING = ("allow_incomplete", "pending_if_incomplete", "default_incomplete", "error_if_incomplete")
PRORATING = ("create_prorations", "always_invoice", "none")


class Walk:
    """Random wishes of random customers, as their forms would say them."""

    def __init__(self, seed):
        self.dice = random.Random(seed)  # noqa: S311 - a walk is repeatable
        ends = self.dice.choice(("canceled", "unpaid", "past_due"))
        self.book = Book(clock=lambda: NOON, settings=Settings(when_unpaid=ends, overdue_days=5))
        self.prices = [price_list(self.book)[plan][0] for plan in ("starter", "pro", "enterprise")]

    def begin(self):
        customer = people.created(self.book, Form({"email": "o@example.com"}))["id"]
        card = self.dice.choice(CARDS)
        self.book.card(customer, card)
        wish = {"customer": customer, "items": [{"price": self.dice.choice(self.prices)}]}
        trial = {"trial_period_days": str(self.dice.randint(1, 30))}
        trial["trial_settings"] = {
            "end_behavior": {"missing_payment_method": self.dice.choice(("pause", "cancel"))}
        }
        starting.start(
            self.book, Form(wish | (trial if card is None or self.dice.random() < 0.5 else {}))
        )

    def change(self, found):
        item = found["items"]["data"][0]
        wish = {
            "items": [{"id": item["id"], "price": self.dice.choice(self.prices)}],
            "proration_behavior": self.dice.choice(PRORATING),
            "payment_behavior": self.dice.choice(PAYING),
        }
        billing.update(self.book, Form(wish), found["id"])

    def end(self, found):
        ending = self.dice.choice(("true", "false"))
        billing.update(self.book, Form({"cancel_at_period_end": ending}), found["id"])

    def stop_collecting(self, found):
        behaviour = self.dice.choice(("void", "keep_as_draft", "mark_uncollectible"))
        wish = {"pause_collection": self.dice.choice(("", {"behavior": behaviour}))}
        billing.update(self.book, Form(wish), found["id"])

    def pause(self, found):
        verb = billing.resume if found["status"] == "paused" else billing.pause
        verb(self.book, Form({}), found["id"])

    def schedule(self, found):
        if found["schedule"]:
            billing.release_schedule(self.book, Form({}), found["schedule"])
            return
        made = billing.make_schedule(self.book, Form({"from_subscription": found["id"]}), "")
        now = made["phases"][0]
        item = {"price": now["items"][0]["price"], "quantity": str(now["items"][0]["quantity"])}
        phases = [
            {"items": [item], "end_date": str(now["end_date"])},
            {"items": [{"price": self.dice.choice(self.prices)}]},
        ]
        ends = self.dice.choice(("release", "release", "cancel"))
        wish = {"phases": phases, "end_behavior": ends}
        billing.update_schedule(self.book, Form(wish), made["id"])

    def pay(self, found):
        if found["latest_invoice"]:
            collecting.pay(self.book, Form({}), found["latest_invoice"])

    def card(self, found):
        self.book.card(found["customer"], self.dice.choice(CARDS))

    def cancel(self, found):
        if self.dice.random() < 0.2:
            billing.cancel(self.book, Form({}), found["id"])

    def step(self):
        found = self.dice.choice([*self.book.all("subscription")])
        verbs = (self.change, self.end, self.stop_collecting, self.pause, self.schedule)
        verbs = (*verbs, self.pay, self.card, self.cancel)
        try:
            self.dice.choice(verbs)(found)
        except Problem as no:
            return no.status
        return 200

    def go(self, steps):
        said = set()
        for _ in range(steps):
            if self.dice.random() < 0.1:
                self.begin()
            said.add(self.step())
            self.book.advance(self.dice.randint(0, 2 * DAY))
        return said


def wrong_subscriptions(book):
    """What cannot be."""
    for each in book.all("subscription"):
        item, status = each["items"]["data"][0], each["status"]
        ident = f"{each['id']} {status}"
        if status in RUNNING and item["current_period_end"] <= book.now:
            yield f"{ident}: its period is over"
        if status == "trialing" and each["trial_end"] != item["current_period_end"]:
            yield f"{ident}: its trial ends at another time than its period"
        if (status in ("canceled", "incomplete_expired")) != (each["ended_at"] is not None):
            yield f"{ident}: ended at {each['ended_at']}"
        if each["schedule"] and _of(book, "subscription_schedule", each) != "active":
            yield f"{ident}: its schedule is over"
        if status == "active" and _of(book, "invoice", each) == "open" and not _may_owe(book, each):
            yield f"{ident}: it owes for its latest invoice"
        if each["pending_update"] and each["pending_update"]["expires_at"] <= book.now:
            yield f"{ident}: its pending update is over"


def wrong_invoices(book):
    """What cannot be."""
    for each in book.all("invoice"):
        if each["status"] == "paid" and each["amount_remaining"]:
            yield f"{each['id']}: paid, and something remains"
        due = each["next_payment_attempt"]
        if due is not None and (each["status"] != "open" or due <= book.now):
            yield f"{each['id']} {each['status']}: a retry was missed"


def _of(book, kind, subscription):
    name = "latest_invoice" if kind == "invoice" else "schedule"
    return book.find(kind, subscription[name])["status"]


def _may_owe(book, subscription):
    """Money is on its way, or a change waits for it, or nobody was asked yet."""
    invoice = book.find("invoice", subscription["latest_invoice"])
    intent = book.find("invoice_payment", f"inpay{invoice['id'][2:]}")["payment"]["payment_intent"]
    processing = intent and book.find("payment_intent", intent)["status"] == "processing"
    return processing or subscription["pending_update"] or not invoice["attempted"]


@pytest.mark.parametrize("seed", range(5))
def test_whatever_customers_do_nothing_comes_about_that_cannot_be(seed):
    walk = Walk(seed)
    walk.begin()
    said = walk.go(250)

    assert {*wrong_subscriptions(walk.book), *wrong_invoices(walk.book)} == set()
    assert said <= {200, 400, 402, 404}
    assert {"active", "canceled"} <= {e["status"] for e in walk.book.all("subscription")}

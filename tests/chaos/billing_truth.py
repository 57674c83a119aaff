"""What companies have at Stripe and what they paid for, by the stand-in's own books: nothing here
asks the product how it reads them."""

from collections import defaultdict
from datetime import UTC, datetime
from itertools import takewhile

import msgspec

from domain.billed import Ahead, Billed, Status
from domain.plan import Plan
from domain.standing import GRACE, Standing

HEIGHT = {plan: height for height, plan in enumerate(Plan)}
ENDED = ("canceled", "incomplete_expired")
UNTRIED = ("incomplete", "incomplete_expired")
RUNNING = ("active", "trialing")
ORDER = ("active", "trialing", "past_due", "unpaid", "paused", "incomplete")
"""Which of several subscriptions counts before which."""


def moment(seconds):
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


class Truth:
    """`time`: by customer, what was ever paid, tried or forgiven: (plan, begins, ends)."""

    def __init__(self, book, prices):
        self.book = book
        self.plans = {price: plan for plan, ids in prices.items() for price in ids}
        self.time = defaultdict(list)

    # What was paid

    def note(self, body):
        """An event, in the order in which they happen."""
        event = msgspec.json.decode(body)
        thing = event["data"]["object"]
        if event["type"] in ("invoice.paid", "invoice.voided"):
            for line in thing["lines"]["data"]:
                if line["amount"] >= 0:
                    price = line["pricing"]["price_details"]["price"]
                    self._had(thing, price, line["period"]["start"], line["period"]["end"])
        elif event["type"].startswith("customer.subscription."):
            price = thing["items"]["data"][0]["price"]["id"]
            if thing["status"] == "trialing":
                self._had(thing, price, event["created"], thing["trial_end"])
            elif event["type"].endswith(".resumed"):  # then it is tried to be paid
                self._had(thing, price, event["created"], event["created"])
            elif thing["status"] == "active":  # a bank debit is trusted until it comes back
                self._had(thing, price, thing["created"], thing["created"])
        return event

    def most(self, customers, now, slack):
        """The highest plan that a company which was all of these may have: paid, or no longer than
        `slack` ago."""
        spoken = (
            plan
            for customer in customers
            for plan, begins, ends in self.time[customer]
            if moment(begins) <= now < moment(ends) + slack
        )
        return max(spoken, key=HEIGHT.get, default=Plan.FREE)

    def _had(self, thing, price, begins, ends):
        if price in self.plans:
            self.time[thing["customer"]].append((self.plans[price], begins, ends))

    # What is there

    def standing(self, customers):
        """As the product should know it: what the last of them has, and until she has anything, what
        has ended with the one before her. Nothing, while there is nothing."""
        of = defaultdict(list)
        for each in self.book.all("subscription"):
            of[each["customer"]].append(each)
        hers = next((of[each] for each in reversed(customers) if each in of), [])
        found = min(hers, key=self._place, default=None)
        if found is None:
            return Standing()
        since = self._owing_since(found) if found["status"] == "past_due" else None
        grace = moment(since) + GRACE if since else None
        return Standing(billed=self._billed(found), grace_until=grace)

    def subscription(self, ident):
        """One of them, also when another counts."""
        return self._billed(self.book.find("subscription", ident))

    def grace_of(self, ident):
        """Until when it may go on unpaid: who saw a bill that was forgiven since counts from there,
        who did not from the next one."""
        found = self.book.find("subscription", ident)
        unpaid = takewhile(lambda bill: bill["status"] != "paid", reversed(self._bills(found)))
        begun = (each["status_transitions"]["finalized_at"] for each in unpaid)
        return [moment(each) + GRACE for each in begun if each]

    def _place(self, found):
        plan = self.plans.get(found["items"]["data"][0]["price"]["id"])
        height = HEIGHT[plan] if plan and found["status"] not in ENDED else -1
        return _order(found["status"]), -height, -found["created"], _backwards(found["id"])

    def _billed(self, found):
        item = found["items"]["data"][0]
        ends = found["cancel_at"]
        if found["cancel_at_period_end"] and ends is None:
            ends = item["current_period_end"]
        reason = found["cancellation_details"]["reason"] if found["status"] in ENDED else None
        return Billed(
            subscription=found["id"],
            status=Status(found["status"]),
            plan=self.plans.get(item["price"]["id"]),
            since=moment(found["created"]),
            paid_until=moment(self._paid_until(found)),
            trial_until=moment(found["trial_end"]),
            cancel_at=moment(ends),
            collecting=found["pause_collection"] is None,
            ahead=self._ahead(found),
            payment_method=found["default_payment_method"],
            reason=reason,
        )

    def _paid_until(self, found):
        """The end of the last period that is paid for or forgiven, or of a pause after it for which
        nobody was asked to pay. What was paid for the time after a period began anew went into that
        one's price."""
        if found["status"] in UNTRIED:
            return found["created"]
        if found["status"] == "trialing":
            return found["trial_end"]
        begins = found["items"]["data"][0]["current_period_start"]
        until, current = found["created"], False
        asked = until
        for bill in self._bills(found):
            if asked == until:
                until = max(until, bill["period_start"])
            asked = max(asked, _covered(bill))
            if self._settled(bill, found):
                until = max(until, _covered(bill))
                current = current or bill["period_start"] == begins
        return until if current else min(until, begins)

    def _settled(self, bill, found):
        forgiving = found["status"] in RUNNING and found["pause_collection"] is None
        void = bill["status"] == "void" and not _of_a_change(bill)
        return bill["status"] == "paid" or (void and forgiving)

    def _bills(self, found):
        """Of its periods: that of a change which waits for its payment is of none."""
        bills = (self.book.find("invoice", e) for e in self.book.billed.get(found["id"], []))
        waiting = found["pending_update"] and found["latest_invoice"]
        return [each for each in bills if each["id"] != waiting]

    def _owing_since(self, found):
        """The first that was not paid of those since the last one that was."""
        first = None
        for bill in reversed(self._bills(found)):
            if bill["status"] == "paid":
                break
            if bill["status"] in ("open", "uncollectible"):
                first = bill["status_transitions"]["finalized_at"]
        return first

    def _ahead(self, found):
        plan = self.plans.get(found["items"]["data"][0]["price"]["id"])
        if held := found["pending_update"]:
            wanted = self.plans.get(held["subscription_items"][0]["price"]["id"])
            if wanted not in (None, plan):
                return Ahead(plan=wanted, at=None)
        if not found["schedule"]:
            return None
        held = self.book.find("subscription_schedule", found["schedule"])
        for phase in held["phases"]:
            if phase["start_date"] >= held["current_phase"]["end_date"]:
                wanted = self.plans.get(phase["items"][0]["price"])
                if wanted in (None, plan):
                    return None
                return Ahead(plan=wanted, at=moment(phase["start_date"]))
        return None


def _covered(bill):
    return max(each["period"]["end"] for each in bill["lines"]["data"])


def _of_a_change(bill):
    lines = (each["parent"]["subscription_item_details"] for each in bill["lines"]["data"])
    return all(each["proration"] for each in lines)


def _order(status):
    return ORDER.index(status) if status in ORDER else len(ORDER)


def _backwards(ident):
    return [-ord(each) for each in ident]

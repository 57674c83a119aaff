"""Until when a subscription of Stripe's is paid, and what is agreed about it."""

import json
from datetime import UTC, datetime

import pytest

from domain.billed import Ahead, Status
from domain.errors import Malformed
from domain.plan import Plan
from infrastructure.stripe import shapes
from infrastructure.stripe.bodies import decoded
from infrastructure.stripe.reading import billed

DAY = 86_400
MADE = 1_790_000_000
START = MADE + 30 * DAY
END = START + 30 * DAY
PLANS = {"price_starter": Plan.STARTER, "price_pro": Plan.PRO, "price_pro_old": Plan.PRO}


def moment(seconds):
    return datetime.fromtimestamp(seconds, UTC)


def item(price="price_pro", start=START, end=END):
    return {
        "id": "si_1",
        "price": {"id": price},
        "current_period_start": start,
        "current_period_end": end,
    }


def invoice(status, begins=START, **fields):
    line = {"amount": 299_000, "period": {"start": begins, "end": begins + 30 * DAY}}
    made = {"id": f"in_{begins}", "status": status, "created": begins + 5}
    return {**made, "lines": {"data": [line]}, **fields}


def read(status, *invoices, items=None, **fields):
    """The newest invoice comes first."""
    seen = {
        "id": "sub_1",
        "customer": "cus_1",
        "status": status,
        "created": MADE,
        "items": {"data": [item()] if items is None else items},
        "latest_invoice": invoices[0] if invoices else None,
        **fields,
    }
    subscription = decoded(json.dumps(seen).encode(), shapes.Subscription, "test")
    hers = decoded(json.dumps(invoices).encode(), list[shapes.Invoice], "test")
    return billed(subscription, hers, PLANS)


@pytest.mark.parametrize(
    ("status", "of_invoice", "until"),
    [
        ("active", "paid", END),
        ("active", None, END),
        ("active", "draft", START),
        ("active", "open", START),
        ("active", "uncollectible", START),
        ("active", "void", END),
        ("past_due", "open", START),
        ("past_due", "void", START),
        ("unpaid", "draft", START),
        ("word_of_tomorrow", "open", START),
        ("word_of_tomorrow", "paid", END),
        ("canceled", "paid", END),
        ("canceled", "open", START),
        ("canceled", "void", START),
        ("incomplete", "open", MADE),
        ("incomplete_expired", "void", MADE),
    ],
)
def test_a_period_is_paid_to_its_end_when_its_invoice_is_settled(status, of_invoice, until):
    seen = read(status, *([invoice(of_invoice)] if of_invoice else []))

    assert seen.paid_until == moment(until)


def test_a_trial_is_had_to_its_end():
    seen = read("trialing", invoice("paid"), trial_end=END - DAY)

    assert seen.paid_until == seen.trial_until == moment(END - DAY)


def test_of_two_periods_that_nobody_paid_the_first_counts():
    hers = (invoice("draft"), invoice("open", begins=MADE + DAY), invoice("paid", begins=MADE))

    assert read("unpaid", *hers).paid_until == moment(MADE + DAY)


def test_lines_for_what_changed_in_the_period_before_move_nothing():
    older = invoice("open", begins=MADE + DAY)
    older["lines"]["data"].append({"amount": 5, "period": {"start": MADE}})

    assert read("unpaid", invoice("draft"), older).paid_until == moment(MADE + DAY)


def test_an_invoice_that_is_sent_is_waited_for_until_it_is_overdue():
    sent = invoice("open", collection_method="send_invoice", due_date=START + 14 * DAY)

    assert read("active", sent).paid_until == moment(END)
    assert read("active", sent).owing_since is None
    assert read("past_due", sent).paid_until == moment(START)
    assert read("past_due", sent).owing_since == moment(START + 14 * DAY)


def test_a_period_that_could_not_be_billed_is_on_us():
    stuck = invoice("draft", last_finalization_error={"type": "invalid_request_error"})

    assert read("active", stuck).paid_until == moment(END)
    assert read("unpaid", stuck).paid_until == moment(START)


@pytest.mark.parametrize("behavior", ["void", "mark_uncollectible", "keep_as_draft"])
def test_a_period_for_which_nobody_collects_is_not_paid(behavior):
    word = {"void": "void", "mark_uncollectible": "uncollectible", "keep_as_draft": "draft"}
    seen = read("active", invoice(word[behavior]), pause_collection={"behavior": behavior})

    assert seen.paid_until == moment(START)
    assert seen.collecting is False


def test_what_is_paused_after_its_trial_is_paid_no_further():
    free = invoice("paid", begins=MADE)

    assert read("paused", free).paid_until == moment(START)
    assert read("paused").paid_until == moment(START)
    assert read("paused", invoice("paid")).paid_until == moment(END)


def test_a_change_that_waits_for_its_payment_takes_nothing_of_what_is_paid():
    waiting = {"subscription_items": [{"price": {"id": "price_pro"}}]}
    failed = invoice("open", attempt_count=1, billing_reason="subscription_update")

    seen = read("active", failed, items=[item("price_starter")], pending_update=waiting)

    assert seen.paid_until == moment(END)
    assert seen.owing_since is None
    assert (seen.plan, seen.ahead) == (Plan.STARTER, Ahead(plan=Plan.PRO, at=None))


def test_she_owes_since_the_first_invoice_that_was_tried_in_vain():
    first = invoice(
        "open",
        begins=MADE + DAY,
        attempt_count=4,
        status_transitions={"finalized_at": MADE + DAY + 3_600},
    )

    assert read("active", invoice("open")).owing_since is None
    assert read("active", invoice("open", attempt_count=1)).owing_since == moment(START + 5)
    assert read("unpaid", invoice("draft"), first).owing_since == moment(MADE + DAY + 3_600)
    assert read("active", invoice("uncollectible", attempt_count=1)).owing_since is None


def test_what_was_given_up_is_owed_like_what_is_still_tried():
    given_up = invoice("uncollectible", begins=MADE + DAY, attempt_count=4)

    seen = read("past_due", invoice("open", attempt_count=1), given_up)

    assert seen.owing_since == moment(MADE + DAY + 5)


@pytest.mark.parametrize(
    ("status", "known"),
    [("past_due", Status.PAST_DUE), ("word_of_tomorrow", Status.OTHER), ("other", Status.OTHER)],
)
def test_a_status_that_is_new_is_another_one(status, known):
    assert read(status).status is known


def test_the_plan_is_that_of_our_price_among_others():
    others = [item("price_none_of_ours"), item("price_pro_old")]

    assert read("active", items=others).plan is Plan.PRO
    assert read("active", items=others[:1]).plan is None


def test_a_subscription_to_nothing_is_malformed():
    with pytest.raises(Malformed):
        read("active", items=[])


def test_a_cancellation_is_at_the_end_of_the_period_unless_a_day_is_set():
    assert read("active").cancel_at is None
    assert read("active", cancel_at_period_end=True).cancel_at == moment(END)
    assert read("active", cancel_at=END - DAY).cancel_at == moment(END - DAY)


def test_the_reason_is_told_of_what_has_ended():
    why = {"reason": "payment_failed"}

    assert read("canceled", cancellation_details=why).reason == "payment_failed"
    assert read("active", cancellation_details=why).reason is None


def schedule(*following, status="active", current=True):
    now = {"start_date": START, "end_date": END}
    present = {**now, "items": [{"price": "price_pro"}]}
    return {
        "id": "sub_sched_1",
        "status": status,
        "current_phase": now if current else None,
        "phases": [
            {"start_date": MADE, "items": [{"price": "price_starter"}]},
            present,
            *following,
        ],
    }


LOWER = {"start_date": END, "items": [{"price": "price_starter"}]}
LATER = {"start_date": END + 30 * DAY, "items": [{"price": "price_pro_old"}]}


@pytest.mark.parametrize(
    ("planned", "ahead"),
    [
        (schedule(LOWER), Ahead(plan=Plan.STARTER, at=moment(END))),
        (schedule(LATER, LOWER), Ahead(plan=Plan.STARTER, at=moment(END))),
        (schedule(), None),
        (schedule({**LOWER, "items": [{"price": "price_pro_old"}]}), None),
        (schedule({**LOWER, "items": [{"price": "price_none_of_ours"}]}), None),
        (schedule(LOWER, status="released"), None),
        (None, None),
    ],
)
def test_a_lower_plan_is_ahead_when_the_next_phase_has_it(planned, ahead):
    assert read("active", schedule=planned).ahead == ahead

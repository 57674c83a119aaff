"""Whose move it is: one cause for each late shop, and one row for each incident."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.audit.sentences import CAUSES
from domain.lateness import MOVES, OURS, TOGETHER, Move, Seen, Why, folded, why
from domain.table.refusals import REFUSALS

EIGHT = datetime(2026, 11, 23, 5, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@dataclass
class Shop:
    why: Why
    since: datetime


def shop(cause, minutes=0):
    return Shop(Why(cause=cause, move=MOVES.get(cause, Move.US)), EIGHT + minutes * MINUTE)


@pytest.mark.parametrize(
    ("seen", "cause", "move"),
    [
        (Seen(has_sheet=False), "not_connected", Move.SELLER),
        (Seen(broken="token_dead", state="failed", error="token_dead"), "token_dead", Move.SELLER),
        (Seen(broken="sheet_full", state="failed"), "sheet_full", Move.SELLER),
        (Seen(held=True, state="waiting"), "held", Move.SELLER),
        (Seen(state="waiting", error="outage"), "outage", Move.MARKETPLACE),
        (Seen(state="waiting", error="no_quota"), "no_quota", Move.MARKETPLACE),
        (Seen(state="failed", error="malformed"), "malformed", Move.MARKETPLACE),
        (Seen(state="waiting", error="google_quota"), "google_quota", Move.GOOGLE),
        (Seen(state="waiting", error="google_unavailable"), "google_unavailable", Move.GOOGLE),
        (Seen(paused=True, state="waiting", error="outage"), "paused", Move.US),
        (Seen(state="waiting", error="our_outage"), "our_outage", Move.US),
        (Seen(state="failed", error="KeyError"), "fault", Move.US),
        (Seen(state="running", error="lost"), "lost", Move.US),
        (Seen(state="running"), "under_way", Move.US),
        (Seen(state="running", broken="token_dead"), "under_way", Move.US),
        (Seen(state="waiting"), "queued", Move.US),
        (Seen(state="waiting", error="outage", workers=False), "no_worker", Move.US),
        (Seen(state="succeeded"), "unasked", Move.US),
        (Seen(), "unasked", Move.US),
        (Seen(workers=False), "no_worker", Move.US),
        (Seen(state="cancelled"), "cancelled", Move.US),
        (Seen(state="failed"), "failed", Move.US),
    ],
)
def test_each_late_shop_has_one_true_cause_and_one_who_has_to_move(seen, cause, move):
    assert why(seen) == Why(cause=cause, move=move)


def test_every_word_that_a_broken_shop_or_a_sheet_may_give_is_known():
    said_of_unavailable = {"google_away"}

    assert {*CAUSES, *REFUSALS} - said_of_unavailable <= {*MOVES, *OURS}


def test_shops_of_one_cause_that_became_late_together_are_one_incident():
    groups = folded([shop("outage", 2), shop("outage"), shop("no_quota", 1), shop("outage", 90)])

    assert [(each[0].why.cause, len(each)) for each in groups] == [
        ("outage", 2),
        ("no_quota", 1),
        ("outage", 1),
    ]


def test_the_seller_comes_first_then_the_marketplace_google_and_us():
    groups = folded([shop(each) for each in ("fault", "google_quota", "outage", "token_dead")])

    assert [each[0].why.move for each in groups] == list(Move)


LATE = st.lists(
    st.builds(shop, st.sampled_from(["outage", "fault", "token_dead"]), st.integers(0, 500))
)


@settings(deadline=None)
@given(LATE)
def test_folding_loses_nobody_and_parts_only_what_is_apart(late):
    groups = folded(late)

    assert sorted(map(id, late)) == sorted(id(each) for group in groups for each in group)
    for group in groups:
        assert len({each.why.cause for each in group}) == 1
        gaps = [b.since - a.since for a, b in pairwise(group)]
        assert all(timedelta(0) <= gap <= TOGETHER for gap in gaps)
    ends = {(each[0].why.cause, each[-1].since) for each in groups}
    starts = {(each[0].why.cause, each[0].since) for each in groups}
    near = [
        (a, b)
        for a in ends
        for b in starts
        if a[0] == b[0] and timedelta(0) < b[1] - a[1] <= TOGETHER
    ]
    assert near == []

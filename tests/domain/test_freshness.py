"""Fresh or late: what was promised, and what a success covers of it, whatever the clocks do."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.cron import following
from domain.freshness import Freshness, Promise, hour_of, standing
from domain.schedule import by_cron, ready_by
from domain.start import MARGIN, slot_after

EIGHT = datetime(2026, 11, 23, 5, tzinfo=UTC)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
SHOP = UUID(int=7)
KEPT = Promise(
    kept_for=EIGHT, kept_at=EIGHT - 8 * MINUTE, coming=EIGHT + DAY, starts=EIGHT + DAY - MARGIN
)
OWED = Promise(
    owed=EIGHT,
    kept_for=EIGHT - DAY,
    kept_at=EIGHT - DAY - 8 * MINUTE,
    coming=EIGHT + DAY,
    starts=EIGHT + DAY - MARGIN,
)


def begun(promise, slot, shop):
    """As a dispatcher that asks for the slot's run keeps it."""
    hour = hour_of(slot.at, promised=shop.ready_by is not None)
    after = slot_after(shop, SHOP, slot.at, following)
    coming = hour_of(after.at, promised=shop.ready_by is not None)
    return replace(promise, owed=promise.owed or hour, coming=coming, starts=after.start)


def succeeded(promise, at):
    """As the end of a sync keeps it."""
    if promise.owed is None:
        return replace(promise, fresh_at=at)
    return replace(promise, owed=None, kept_for=promise.owed, kept_at=at, fresh_at=at)


def test_a_shop_that_was_ready_before_its_hour_is_fresh():
    found = standing(KEPT, EIGHT + 20 * MINUTE)

    assert (found.freshness, found.since, found.late_by) == (Freshness.FRESH, None, timedelta(0))


def test_a_shop_whose_hour_has_come_without_a_success_is_late_since_that_hour():
    found = standing(OWED, EIGHT + 20 * MINUTE)

    assert (found.freshness, found.since) == (Freshness.LATE, EIGHT)


def test_until_the_hour_strikes_it_is_judged_by_the_hour_before():
    assert standing(OWED, EIGHT - MINUTE).freshness is Freshness.FRESH
    assert standing(OWED, EIGHT).freshness is Freshness.LATE


def test_a_success_after_the_hour_makes_it_fresh_and_tells_how_late_it_came():
    found = standing(succeeded(OWED, EIGHT + 25 * MINUTE), EIGHT + 30 * MINUTE)

    assert (found.freshness, found.late_by) == (Freshness.FRESH, 25 * MINUTE)


def test_a_shop_that_missed_two_hours_is_late_since_the_first():
    shop = ready_by("08:00", "Europe/Moscow")
    again = begun(OWED, slot_after(shop, SHOP, EIGHT, following), shop)

    assert standing(again, EIGHT + DAY + MINUTE).since == EIGHT


def test_a_success_before_the_next_hour_covers_what_was_missed_as_well():
    shop = ready_by("08:00", "Europe/Moscow")
    again = begun(OWED, slot_after(shop, SHOP, EIGHT, following), shop)
    covered = succeeded(again, EIGHT + DAY - 8 * MINUTE)

    assert standing(covered, EIGHT + DAY + MINUTE).freshness is Freshness.FRESH


def test_a_success_that_owes_nothing_does_not_make_an_old_lateness_good():
    late = succeeded(OWED, EIGHT + 25 * MINUTE)

    assert standing(succeeded(late, EIGHT + 40 * MINUTE), EIGHT + DAY / 2).late_by == 25 * MINUTE


def test_a_slot_that_nobody_asked_for_is_owed_too():
    asleep = replace(KEPT, coming=EIGHT + DAY, starts=EIGHT + DAY - MARGIN)

    assert standing(asleep, EIGHT + DAY - MINUTE).freshness is Freshness.FRESH
    assert standing(asleep, EIGHT + DAY + MINUTE).since == EIGHT + DAY


@pytest.mark.parametrize(
    "promise",
    [
        Promise(),
        Promise(fresh_at=EIGHT),
        Promise(coming=EIGHT, starts=EIGHT - MARGIN),
        Promise(owed=EIGHT),
    ],
    ids=["nothing known", "synced by hand", "first hour to come", "first run under way"],
)
def test_a_shop_whose_first_hour_has_not_come_is_not_judged(promise):
    assert standing(promise, EIGHT - MARGIN - MINUTE).freshness is Freshness.UNJUDGED


def test_cron_promises_nothing_so_its_run_has_as_long_as_a_promise_allows():
    assert hour_of(EIGHT, promised=True) == EIGHT
    assert hour_of(EIGHT, promised=False) == EIGHT + MARGIN


@pytest.mark.parametrize(
    ("shop", "eve", "hour"),
    [
        # Berlin, 29 March 2026: 02:30 does not exist, 03:00 summer time comes instead.
        (ready_by("02:30", "Europe/Berlin"), datetime(2026, 3, 28, 12, tzinfo=UTC), "01:00"),
        # Berlin, 25 October 2026: 02:30 comes twice, and is meant the first time.
        (ready_by("02:30", "Europe/Berlin"), datetime(2026, 10, 24, 12, tzinfo=UTC), "00:30"),
        (by_cron("30 2 * * *", "Europe/Berlin"), datetime(2026, 10, 24, 12, tzinfo=UTC), "00:45"),
    ],
    ids=["spring", "autumn", "cron in autumn"],
)
def test_an_hour_that_the_clocks_leave_out_or_repeat_is_missed_once(shop, eve, hour):
    promise = begun(Promise(), slot_after(shop, SHOP, eve, following), shop)
    late = standing(promise, eve + DAY)

    assert f"{late.since:%H:%M}" == hour
    assert standing(succeeded(promise, late.since), eve + DAY).freshness is Freshness.FRESH


STEPS = st.lists(
    st.tuples(st.sampled_from(["slot", "success", "nothing"]), st.integers(1, 600)), max_size=30
)


@settings(deadline=None)
@given(STEPS, st.sampled_from([ready_by("08:00", "Europe/Berlin"), by_cron("7 * * * *", "UTC")]))
def test_a_shop_is_late_exactly_while_an_hour_has_passed_with_no_success_since_its_run_began(
    steps, shop
):
    now, promise, slot = EIGHT, Promise(), slot_after(shop, SHOP, EIGHT, following)
    asked, covered = [], []
    for what, minutes in steps:
        now += minutes * MINUTE
        while slot.start <= now:  # the dispatcher never sleeps
            promise, asked = begun(promise, slot, shop), [*asked, slot]
            slot = slot_after(shop, SHOP, slot.at, following)
        if what == "success":
            promise, covered = succeeded(promise, now), [*covered, now]
    hours = [(each.start, hour_of(each.at, promised=shop.ready_by is not None)) for each in asked]
    last = max(covered, default=EIGHT - DAY)
    missed = [hour for start, hour in hours if hour <= now and start > last]

    found = standing(promise, now)

    assert (found.freshness is Freshness.LATE) == bool(missed)
    assert found.since == (min(missed) if missed else None)
    assert found.late_by >= timedelta(0)

"""When a run begins: early enough to keep the promise, late enough to be fresh, not all at once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.schedule import EVERY_MORNING, CatchUp, by_cron
from domain.snapshot import period
from domain.start import APART, EARLIEST, MARGIN, jitter, missed, slot_after, start_of

EIGHT = datetime(2026, 11, 23, 5, tzinfo=UTC)
SHOP = UUID(int=7)
MOMENTS = st.integers(1_577_000_000, 2_208_000_000).map(lambda at: datetime.fromtimestamp(at, UTC))
PERIODS = st.timedeltas(timedelta(minutes=1), timedelta(days=400))


def every(gap):
    return lambda _, after: after + gap


def never(_schedule, _after):
    raise StopIteration


def test_the_first_shop_begins_last_and_each_other_one_before_it():
    starts = [start_of(EIGHT, turn) for turn in range(3)]

    assert starts == [EIGHT - MARGIN, EIGHT - MARGIN - APART, EIGHT - MARGIN - 2 * APART]


@settings(deadline=None)
@given(MOMENTS, st.integers(0, 10**6))
def test_nobody_begins_after_the_hour_or_more_than_six_hours_before_it(hour, turn):
    start = start_of(hour, turn)

    assert hour - EARLIEST <= start <= hour


@settings(deadline=None)
@given(MOMENTS, st.integers(0, 10**5))
def test_the_numbers_end_at_the_midnight_that_the_hour_expects(hour, turn):
    assert period(start_of(hour, turn)) == period(hour - timedelta.resolution)


def test_two_thousand_shops_of_one_hour_begin_at_two_thousand_moments():
    starts = {start_of(EIGHT, turn) for turn in range(2000)}

    assert len(starts) == 2000
    assert EIGHT - min(starts) < timedelta(hours=1)


def test_where_no_room_is_left_turns_begin_anew_from_the_last_one():
    room = (EARLIEST - MARGIN) // APART + 1
    three = datetime(2026, 11, 23, 12, tzinfo=UTC)

    assert start_of(three, room) == start_of(three, 0)
    assert len({start_of(three, turn) for turn in range(2 * room)}) == room


def test_an_hour_right_after_midnight_has_its_runs_begin_at_midnight():
    midnight = datetime(2026, 11, 22, 21, tzinfo=UTC)

    assert start_of(midnight + timedelta(minutes=5), 3) == midnight
    assert start_of(midnight, 0) == midnight - MARGIN


@settings(deadline=None)
@given(st.uuids(), PERIODS)
def test_cron_is_spread_by_a_minute_and_a_tenth_of_its_period_at_most(shop_id, gap):
    spread = jitter(shop_id, gap)

    assert timedelta(0) <= spread <= min(timedelta(minutes=1), gap / 10)
    assert spread == jitter(shop_id, gap)


def test_shops_of_one_minute_begin_at_many_moments():
    assert len({jitter(uuid4(), timedelta(days=1)) for _ in range(1000)}) == 60


def test_a_cron_slot_begins_a_little_after_its_minute_and_a_promise_before_its_hour():
    cron = slot_after(by_cron("0 5 * * *", "UTC"), SHOP, EIGHT, every(timedelta(hours=1)))
    promise = slot_after(EVERY_MORNING, SHOP, EIGHT, every(timedelta(hours=1)))

    assert cron.at == EIGHT + timedelta(hours=1)
    assert cron.start == cron.at + jitter(SHOP, timedelta(hours=1))
    assert (promise.at, promise.start) == (cron.at, cron.at - MARGIN)


@pytest.mark.parametrize(
    ("gap", "late", "gone"),
    [
        (timedelta(days=1), timedelta(minutes=59), False),
        (timedelta(days=1), timedelta(minutes=61), True),
        (timedelta(minutes=5), timedelta(minutes=4), False),
        (timedelta(minutes=5), timedelta(minutes=6), True),
        (timedelta(days=1), timedelta(minutes=-30), False),
    ],
)
def test_a_slot_is_missed_when_its_period_or_an_hour_is_over(gap, late, gone):
    skipping = replace(by_cron("0 5 * * *", "UTC"), catch_up=CatchUp.SKIP)

    assert missed(skipping, EIGHT, EIGHT + late, every(gap)) is gone
    assert not missed(by_cron("0 5 * * *", "UTC"), EIGHT, EIGHT + late, every(gap))


def test_the_last_slot_of_all_is_a_slot_like_others():
    skipping = replace(by_cron("0 5 * * *", "UTC"), catch_up=CatchUp.SKIP)

    assert not missed(skipping, EIGHT, EIGHT + timedelta(minutes=59), never)

"""When a schedule comes next: an hour or five fields, a zone, and the two odd nights of a year."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.cron import check, check_zone, following, shortest_pause, upcoming
from domain.errors import Invalid
from domain.schedule import by_cron, ready_by

NOW = datetime(2026, 11, 23, 4, 40, tzinfo=UTC)
SKIPPING = {
    "Europe/Berlin": ("02:30", "2026-03-28T12:00+00:00", "29 03:00 +0200", "30 02:30 +0200"),
    "America/New_York": ("02:30", "2026-03-07T12:00+00:00", "08 03:00 -0400", "09 02:30 -0400"),
    "Australia/Lord_Howe": ("02:15", "2026-10-03T00:00+00:00", "04 02:30 +1100", "05 02:15 +1100"),
    "Africa/Cairo": ("00:30", "2026-04-23T12:00+00:00", "24 01:00 +0300", "25 00:30 +0300"),
    "Pacific/Apia": ("08:00", "2011-12-29T20:00+00:00", "31 00:00 +1400", "31 08:00 +1400"),
}
REPEATING = {
    "Europe/Berlin": ("02:30", "2026-10-24T12:00+00:00", "25 02:30 +0200", "26 02:30 +0100"),
    "America/New_York": ("01:30", "2026-10-31T12:00+00:00", "01 01:30 -0400", "02 01:30 -0500"),
    "Australia/Lord_Howe": ("01:45", "2026-04-04T00:00+00:00", "05 01:45 +1100", "06 01:45 +1030"),
}


def refusal(cron, zone="Europe/Moscow"):
    with pytest.raises(Invalid) as refused:
        check(by_cron(cron, zone), NOW)
    return refused.value.field, str(refused.value)


def shown(times):
    return [each.strftime("%d %H:%M %z") for each in times]


def times(cron, zone, after, count):
    return shown(upcoming(by_cron(cron, zone), datetime.fromisoformat(after), count))


def promised(hour, zone, after, count, *days):
    weekdays = days or (1, 2, 3, 4, 5, 6, 7)
    schedule = ready_by(hour, zone, weekdays)
    return shown(upcoming(schedule, datetime.fromisoformat(after), count))


@pytest.mark.parametrize("cron", ["0 7 * * *", "*/15 8-20 * * MON-FRI", "0 0 29 2 *", "30 6 L * *"])
def test_five_fields_are_a_schedule(cron):
    schedule = by_cron(cron, "Europe/Moscow")
    check(schedule, NOW)

    assert following(schedule, NOW) > NOW


@pytest.mark.parametrize(
    "cron",
    [
        "",
        "* * * *",
        "*/5 * * * * *",
        "0 0 7 * * *",
        "@daily",
        "61 * * * *",
        "every day",
        "0 7 * * 9",
    ],
)
def test_anything_but_five_right_fields_is_refused_with_the_cure(cron):
    field, sentence = refusal(cron)

    assert field == "cron"
    assert "Five fields: minute, hour, day, month, weekday" in sentence
    assert "'0 7 * * *'" in sentence


@pytest.mark.parametrize("cron", ["0 7 30 2 *", "0 7 31 4,6,9,11 *"])
def test_a_day_that_never_comes_is_refused_with_the_cure(cron):
    field, sentence = refusal(cron)

    assert field == "cron"
    assert "'0 7 * * *'" in sentence


@pytest.mark.parametrize(
    "zone",
    ["", "Moscow", "europe/moscow", "UTC+3", "localtime", "Factory", "posixrules", "../etc/passwd"],
)
def test_a_zone_without_a_place_is_refused_with_the_cure(zone):
    field, sentence = refusal("0 7 * * *", zone)
    with pytest.raises(Invalid, match="zone"):
        check(ready_by("08:00", zone), NOW)

    assert field == "zone"
    assert repr(zone) in sentence
    assert "Europe/Moscow" in sentence


@pytest.mark.parametrize("zone", ["Europe/Moscow", "Asia/Kamchatka", "UTC", "Etc/GMT-3"])
def test_a_zone_of_the_database_is_taken(zone):
    check(by_cron("0 7 * * *", zone), NOW)
    check_zone(zone)


def test_a_schedule_goes_by_the_clock_of_its_zone():
    assert times("0 7 * * *", "Asia/Kamchatka", "2026-11-23T04:40+00:00", 2) == [
        "24 07:00 +1200",
        "25 07:00 +1200",
    ]


def test_a_time_that_spring_skips_comes_right_after_the_gap():
    assert times("30 2 * * *", "Europe/Berlin", "2026-03-28T12:00+00:00", 2) == [
        "29 03:00 +0200",
        "30 02:30 +0200",
    ]


def test_a_time_that_autumn_repeats_comes_once():
    assert times("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00+00:00", 2) == [
        "25 02:30 +0200",
        "26 02:30 +0100",
    ]


def test_every_hour_is_every_hour_that_passes_on_both_nights():
    spring = times("30 * * * *", "Europe/Berlin", "2026-03-28T23:45+00:00", 3)
    autumn = times("30 * * * *", "Europe/Berlin", "2026-10-24T22:45+00:00", 4)

    assert spring == ["29 01:30 +0100", "29 03:30 +0200", "29 04:30 +0200"]
    assert autumn == ["25 01:30 +0200", "25 02:30 +0200", "25 02:30 +0100", "25 03:30 +0100"]


def test_a_promise_goes_by_the_clock_of_its_zone_on_its_days():
    assert promised("08:00", "Asia/Kamchatka", "2026-11-23T04:40+00:00", 2) == [
        "24 08:00 +1200",
        "25 08:00 +1200",
    ]
    assert promised("08:00", "Europe/Moscow", "2026-11-23T04:40+00:00", 4, 1, 5) == [
        "23 08:00 +0300",
        "27 08:00 +0300",
        "30 08:00 +0300",
        "04 08:00 +0300",
    ]


def test_a_promise_passes_over_the_ends_of_months_and_years():
    assert promised("23:59", "Europe/Moscow", "2028-02-28T00:00+00:00", 3)[1:] == [
        "29 23:59 +0300",
        "01 23:59 +0300",
    ]
    assert promised("00:00", "UTC", "2026-12-31T12:00+00:00", 1) == ["01 00:00 +0000"]


def test_the_last_day_of_each_month_is_cron_s():
    assert times("0 7 L * *", "Europe/Moscow", "2027-01-31T12:00+00:00", 2) == [
        "28 07:00 +0300",
        "31 07:00 +0300",
    ]


@pytest.mark.parametrize("zone", SKIPPING)
def test_an_hour_that_spring_skips_is_promised_right_after_the_gap(zone):
    hour, after, *expected = SKIPPING[zone]

    assert promised(hour, zone, after, 2) == expected


@pytest.mark.parametrize("zone", REPEATING)
def test_an_hour_that_autumn_repeats_is_promised_once_the_first_time(zone):
    hour, after, *expected = REPEATING[zone]

    assert promised(hour, zone, after, 2) == expected


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Africa/Cairo"])
def test_cron_at_an_hour_and_the_promise_of_it_are_the_same_moments(zone):
    at = "30 2 * * *" if zone != "Africa/Cairo" else "30 0 * * *"
    hour = "02:30" if zone != "Africa/Cairo" else "00:30"
    start = datetime(2026, 1, 1, tzinfo=UTC)

    assert upcoming(by_cron(at, zone), start, 400) == upcoming(ready_by(hour, zone), start, 400)


MOMENTS = st.integers(1_420_000_000, 2_114_000_000).map(lambda at: datetime.fromtimestamp(at, UTC))
ZONES = st.sampled_from(
    [*SKIPPING, "Europe/Moscow", "Asia/Kathmandu", "America/St_Johns", "Africa/Casablanca", "UTC"]
)
PROMISES = st.builds(
    lambda hour, minute, zone, days: ready_by(f"{hour:02}:{minute:02}", zone, tuple(sorted(days))),
    st.integers(0, 23),
    st.integers(0, 59),
    ZONES,
    st.sets(st.integers(1, 7), min_size=1),
)
FIELDS = ["0 7 * * *", "30 2 * * *", "*/15 * * * *", "30 1 * * 0", "5 */3 * * 1-5", "0 0 L * *"]
CRONS = st.builds(by_cron, st.sampled_from([*FIELDS, "* 2 * * *", "59 23 29 2 *"]), ZONES)


@settings(deadline=None)
@given(st.one_of(PROMISES, CRONS), MOMENTS)
@example(by_cron("30 2 * * *", "Europe/Berlin"), datetime(2026, 10, 25, 1, 15, tzinfo=UTC))
@example(ready_by("02:30", "Europe/Berlin"), datetime(2026, 10, 25, 0, 30, tzinfo=UTC))
def test_what_follows_is_later_and_goes_on_later(schedule, after):
    moments = [each.astimezone(UTC) for each in upcoming(schedule, after, 5)]

    assert len(moments) == 5
    assert all(earlier < later for earlier, later in pairwise([after, *moments]))


@settings(deadline=None)
@given(PROMISES, MOMENTS)
def test_a_promise_is_never_more_than_eight_days_off_and_shown_by_its_own_clock(schedule, after):
    found = following(schedule, after)
    shifted = (found.hour, found.minute) != (schedule.form.at.hour, schedule.form.at.minute)
    before = (found.astimezone(UTC) - timedelta(seconds=1)).astimezone(ZoneInfo(schedule.form.zone))

    assert found - after <= timedelta(days=9)
    assert not shifted or before.utcoffset() != found.utcoffset()


@settings(deadline=None)
@given(st.one_of(PROMISES, CRONS), MOMENTS, st.timedeltas(timedelta(0), timedelta(days=3)))
def test_who_looks_later_never_sees_an_earlier_time(schedule, after, more):
    assert following(schedule, after).astimezone(UTC) <= following(schedule, after + more)


@pytest.mark.parametrize(
    ("cron", "minutes"),
    [
        ("0 */6 * * *", 360),
        ("*/15 * * * *", 15),
        ("*/7 * * * *", 4),
        ("0 8,20 * * *", 720),
        ("0,5 8 1 * *", 5),
        ("* * * * *", 1),
    ],
)
def test_how_often_a_schedule_comes_is_told_by_its_shortest_pause(cron, minutes):
    assert shortest_pause(by_cron(cron, "Europe/Moscow"), NOW) == timedelta(minutes=minutes)


@pytest.mark.parametrize("before", ["2026-03-28T12:00+00:00", "2026-10-24T12:00+00:00"])
def test_clocks_that_are_put_forward_or_back_make_no_schedule_faster(before):
    night, zone = datetime.fromisoformat(before), "Europe/Berlin"

    assert shortest_pause(by_cron("0 */6 * * *", zone), night) == timedelta(hours=6)
    assert shortest_pause(by_cron("*/30 * * * *", zone), night) == timedelta(minutes=30)
    assert shortest_pause(ready_by("08:00", zone), night) == timedelta(days=1)


def test_a_schedule_that_comes_once_in_a_lifetime_has_long_pauses():
    assert shortest_pause(by_cron("0 0 29 2 *", "UTC"), NOW) > timedelta(days=1_000)

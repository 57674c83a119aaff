"""When a schedule comes next: five fields, a zone with a name, and the two odd nights of a year."""

from datetime import UTC, datetime

import pytest

from app.cron import check, following
from domain.errors import Invalid

NOW = datetime(2026, 11, 23, 4, 40, tzinfo=UTC)


def refusal(cron, zone="Europe/Moscow"):
    with pytest.raises(Invalid) as refused:
        check(cron, zone, NOW)
    return refused.value.field, str(refused.value)


def times(cron, zone, after, count):
    found, moment = [], datetime.fromisoformat(after)
    for _ in range(count):
        moment = following(cron, zone, moment)
        found.append(moment.strftime("%d %H:%M %z"))
    return found


@pytest.mark.parametrize("cron", ["0 7 * * *", "*/15 8-20 * * MON-FRI", "0 0 29 2 *", "30 6 L * *"])
def test_five_fields_are_a_schedule(cron):
    check(cron, "Europe/Moscow", NOW)

    assert following(cron, "Europe/Moscow", NOW) > NOW


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

    assert field == "zone"
    assert repr(zone) in sentence
    assert "Europe/Moscow" in sentence


@pytest.mark.parametrize("zone", ["Europe/Moscow", "Asia/Kamchatka", "UTC", "Etc/GMT-3"])
def test_a_zone_of_the_database_is_taken(zone):
    check("0 7 * * *", zone, NOW)


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

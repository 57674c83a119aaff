"""A schedule: one of two forms, kept as plain values, and said as people say it."""

from dataclasses import replace
from datetime import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.schedule import (
    EVERY_MORNING,
    CatchUp,
    Cron,
    Overlap,
    ReadyBy,
    Schedule,
    by_cron,
    kept,
    ready_by,
)
from domain.schedule_words import in_words

ZONE = "Europe/Moscow"
HOURS = st.builds(time, st.integers(0, 23), st.integers(0, 59))
DAYS = st.sets(st.integers(1, 7), min_size=1).map(lambda days: tuple(sorted(days)))
PROMISES = st.builds(ReadyBy, at=HOURS, zone=st.just(ZONE), weekdays=DAYS)
FORMS = st.one_of(
    st.builds(Schedule, ready_by=PROMISES),
    st.builds(Schedule, cron=st.builds(Cron, fields=st.text(min_size=1), zone=st.just(ZONE))),
)
ANY = st.builds(
    lambda form, late, met: replace(form, catch_up=late, overlap=met),
    FORMS,
    st.sampled_from(CatchUp),
    st.sampled_from(Overlap),
)


@settings(deadline=None)
@given(ANY)
def test_plain_values_lead_back_to_the_schedule(schedule):
    assert kept(schedule.told()) == schedule


@settings(deadline=None)
@given(ANY)
def test_every_schedule_can_be_said_in_both_languages(schedule):
    assert in_words(schedule, "ru")
    assert in_words(schedule, "en")


def test_a_promise_is_told_as_cron_too_for_whoever_knows_nothing_else():
    told = ready_by("07:05", ZONE, (1, 5)).told()

    assert (told.cron, told.ready_hour, told.weekdays) == ("5 7 * * 1,5", time(7, 5), "15")
    assert EVERY_MORNING.told().cron == "0 8 * * *"


@pytest.mark.parametrize(
    "forms", [{}, {"ready_by": EVERY_MORNING.ready_by, "cron": Cron(fields="0 7 * * *", zone=ZONE)}]
)
def test_a_schedule_has_exactly_one_form(forms):
    with pytest.raises(ValueError, match="either"):
        Schedule(**forms)


@pytest.mark.parametrize(
    ("schedule", "russian", "english"),
    [
        (EVERY_MORNING, "Готово к 08:00 каждый день, Москва", "Ready by 08:00 every day, Moscow"),
        (
            ready_by("09:30", "Asia/Omsk", (1, 2, 3, 4, 5)),
            "Готово к 09:30 по будням, Омск",
            "Ready by 09:30 on weekdays, Omsk",
        ),
        (
            ready_by("17:00", "America/New_York", (6, 7)),
            "Готово к 17:00 по выходным, New York",
            "Ready by 17:00 at weekends, New York",
        ),
        (
            ready_by("07:00", "UTC", (1, 3, 7)),
            "Готово к 07:00 по понедельникам, средам и воскресеньям, UTC",
            "Ready by 07:00 on Mondays, Wednesdays and Sundays, UTC",
        ),
        (
            by_cron("30 8 * * 1-5", "Asia/Yekaterinburg"),
            "Начало в 08:30 по будням, Екатеринбург",
            "Starts at 08:30 on weekdays, Yekaterinburg",
        ),
        (by_cron("*/15 * * * *", ZONE), "Каждые 15 мин", "Every 15 min"),
        (by_cron("5 * * * *", ZONE), "Каждый час в 05 мин, Москва", "Every hour at :05, Moscow"),
        (by_cron("* * * * *", ZONE), "Каждую минуту", "Every minute"),
        (by_cron("0 7 1 * *", ZONE), "По cron «0 7 1 * *», Москва", "By cron “0 7 1 * *”, Moscow"),
        (
            by_cron("0 7 * * 5-2", ZONE),
            "По cron «0 7 * * 5-2», Москва",
            "By cron “0 7 * * 5-2”, Moscow",
        ),
        (
            replace(EVERY_MORNING, catch_up=CatchUp.SKIP, overlap=Overlap.RERUN),
            (
                "Готово к 08:00 каждый день, Москва; опоздавшее пропускается; "
                "вслед за идущим обновлением ещё одно"
            ),
            "Ready by 08:00 every day, Moscow; a late one is skipped; once more after a run under way",
        ),
    ],
)
def test_it_is_said_as_people_say_it(schedule, russian, english):
    assert in_words(schedule, "ru") == russian
    assert in_words(schedule, "en") == english

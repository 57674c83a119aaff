"""The first cell: what it promises, and how it grows old by itself."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from domain.snapshot import MOSCOW, Gap, Period, Snapshot
from domain.table.causes import CAUSES
from domain.table.freshness import beside_hers, clock, freshness, note

TAKEN = datetime(2026, 11, 23, 4, 40, tzinfo=UTC)
DEADLINE = datetime(2026, 11, 24, 10, 0, tzinfo=MOSCOW)
EMPTY = Snapshot(
    taken_at=TAKEN,
    period=Period(first=date(2026, 11, 16), last=date(2026, 11, 22)),
    nm_ids=(),
    brands=(),
    subjects=(),
    skus=(),
    to_client=(),
    returns=(),
    orders=(),
    stock=(),
    places=(),
)


def test_the_formula_holds_constants_valid_in_every_locale():
    fresh = freshness(EMPTY, DEADLINE, "Europe/Moscow", "ru")

    assert fresh.formula == (
        '=IF(NOW()<DATE(2026;11;24)+TIME(10;0;0);"Основная информация";'
        '"⚠ Нет обновления с 23.11.2026 07:40 (Мск). '
        'Причина и что сделать: в Stock Tracker")'
    )


@pytest.mark.parametrize(
    ("zone", "time"),
    [
        ("Asia/Yekaterinburg", "TIME(12;0;0)"),
        ("GMT-07:00", "TIME(0;0;0)"),
        ("GMT+5:30", "TIME(12;30;0)"),
        ("Mars/Olympus", "TIME(7;0;0)"),
        ("", "TIME(7;0;0)"),
    ],
)
def test_the_deadline_is_on_the_spreadsheets_own_clock(zone, time):
    assert time in freshness(EMPTY, DEADLINE, zone, "en").formula


@pytest.mark.parametrize(
    ("language", "text"), [("ru", "в Stock Tracker и в письме"), ("en", "in the mail")]
)
def test_who_is_written_to_finds_the_cause_in_the_mail_too(language, text):
    fresh = freshness(EMPTY, DEADLINE, "Europe/Moscow", language, mailed=True)

    assert fresh.formula.endswith(f'{text}")')


def test_the_note_tells_date_period_and_deadline():
    fresh = freshness(EMPTY, DEADLINE, "Europe/Moscow", "ru")

    assert note(fresh, EMPTY, {}) == (
        "Stock Tracker · данные Wildberries на 23.11.2026 07:40 (Мск)\n"
        "Заказы: 16.11–22.11.2026, 7 полных дней по Москве, без отменённых.\n"
        "Время меняется, когда меняются данные. Если обновление не придёт до 24.11.2026 10:00, "
        "эта ячейка сама станет красной."
    )


def test_the_note_names_blank_columns_but_not_hundreds():
    names = {f"p{n}.s": f"Склад {n} · Остатки" for n in range(9)}
    gap = Gap(source="orders", columns=tuple(names), cause="outage")
    holed = replace(EMPTY, gaps=(gap,))

    told = note(freshness(holed, DEADLINE, "UTC", "ru"), holed, names).splitlines()[-1]

    assert told.startswith("Пусто: Склад 0 · Остатки, ")
    assert told.endswith("Склад 5 · Остатки, и ещё 3: Wildberries не ответил.")


def test_a_note_of_hers_stays_above_ours():
    assert beside_hers("Stock Tracker · x", None) == "Stock Tracker · x"
    assert beside_hers("Stock Tracker · x", "Stock Tracker · w") == "Stock Tracker · x"
    assert beside_hers("Stock Tracker · x", "моё") == "моё\n\nStock Tracker · x"
    assert beside_hers("Stock Tracker · x", "моё\n\nStock Tracker · w") == (
        "моё\n\nStock Tracker · x"
    )


def test_an_unknown_zone_is_utc():
    assert clock("nowhere").utcoffset(TAKEN) == timedelta(0)


@pytest.mark.parametrize("cause", CAUSES)
def test_every_cause_sounds_the_alarm_in_both_languages(cause):
    words = CAUSES[cause].banner

    assert words.ru.startswith("⚠ Данные на {t}.")
    assert words.en.startswith("⚠ Data of {t}.")

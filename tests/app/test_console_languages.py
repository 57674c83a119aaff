"""Russian and English: the right words, figures and times for who reads them."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.audit.page_words import ACTIONS
from app.web.console import formats
from app.web.console.words import messages, missing
from app.web.languages import PO, catalogue, preferred, translated
from app.wiring.facts import CODEC
from tests.app.looking import NOW

MOSCOW, VLADIVOSTOK = ZoneInfo("Europe/Moscow"), ZoneInfo("Asia/Vladivostok")
BLANK = re.compile(r"%\((\w+)\)s")


@pytest.fixture(scope="module")
def said():
    """All that the console may say."""
    return messages()


def test_every_message_of_the_console_has_its_russian(said):
    known = catalogue()

    absent = [str(each.id) for each in said if each.id and each.id not in known]

    assert absent == [], "run `make words`, then translate what is new in ru.po"
    assert missing(known) == []


def test_the_catalogue_has_nothing_that_nobody_says_and_is_sorted(said):
    ids = [each.id if isinstance(each.id, str) else each.id[0] for each in catalogue() if each.id]

    assert [str(each.id) for each in catalogue() if each.id and each.id not in said] == []
    assert ids == sorted(ids)
    assert "#~" not in PO.read_text()


def test_a_translation_fills_in_the_same_values():
    pairs = ((each.id, each.string) for each in catalogue() if isinstance(each.id, str))

    assert [
        one for one, other in pairs if set(BLANK.findall(one)) != set(BLANK.findall(other))
    ] == []


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "ru"),
        ("ru-RU,ru;q=0.9,en;q=0.8", "ru"),
        ("en-GB,en;q=0.9,ru;q=0.8", "en"),
        ("de,ru;q=0.7,en;q=0.3", "ru"),
        ("de-DE,de", "en"),
        ("en,ru", "en"),
        ("ru;q=0,en;q=0.1", "en"),
        ("ru;q=1.1.1", "en"),
        ("*", "en"),
        ("\0,,;;q=1", "en"),
    ],
)
def test_a_browser_prefers_a_language(accepted, language):
    assert preferred(accepted) == language


def test_a_sentence_in_both_languages_gives_the_half_that_is_asked_for():
    both = "Это не токен: скопируйте его целиком / Not a token: copy all of it."

    assert translated(both, "ru") == "Это не токен: скопируйте его целиком."
    assert translated(both, "en") == "Not a token: copy all of it."


@pytest.mark.parametrize(
    ("value", "english", "russian"),
    [
        (0, "0", "0"),
        (1982, "1,982", "1\u202f982"),
        (18.1, "18.1", "18,1"),
        (-1234567.25, "−1,234,567.2", "−1\u202f234\u202f567,2"),
    ],
)
def test_figures_are_written_as_in_the_language(value, english, russian):
    assert formats.number(value, "en") == english
    assert formats.number(value, "ru") == russian


@pytest.mark.parametrize(
    ("value", "english", "russian"),
    [
        (0.34, "0.3 s", "0,3 с"),
        (12.9, "12 s", "12 с"),
        (3_000, "50 min", "50 мин"),
        (3_960, "1 h 06 min", "1 ч 06 мин"),
        (timedelta(days=1, hours=3), "1 day", "1 день"),
        (timedelta(days=2), "2 days", "2 дня"),
        (timedelta(days=11), "11 days", "11 дней"),
        (-5, "0.0 s", "0,0 с"),
    ],
)
def test_durations_have_at_most_two_units_that_never_part_from_their_figures(
    value, english, russian
):
    assert formats.duration(value, "en") == english.replace(" ", "\u00a0")
    assert formats.duration(value, "ru") == russian.replace(" ", "\u00a0")


@pytest.mark.parametrize(
    ("at", "zone", "english", "russian"),
    [
        (datetime(2026, 11, 23, 5, 1, tzinfo=UTC), MOSCOW, "08:01", "08:01"),
        (datetime(2026, 11, 22, 5, tzinfo=UTC), MOSCOW, "22 Nov 08:00", "22 ноя 08:00"),
        (datetime(2026, 5, 1, 5, tzinfo=UTC), MOSCOW, "1 May 08:00", "1 мая 08:00"),
        (datetime(2025, 11, 22, 5, tzinfo=UTC), MOSCOW, "22 Nov 2025 08:00", "22 ноя 2025 08:00"),
        (datetime(2026, 11, 22, 14, 30, tzinfo=UTC), VLADIVOSTOK, "00:30", "00:30"),
    ],
)
def test_a_moment_is_told_in_the_visitors_zone_with_the_day_only_if_it_is_another(
    at, zone, english, russian
):
    told = {each: formats.moment(at, each, zone, NOW) for each in ("en", "ru")}

    assert f">{english}<" in told["en"].replace("\u00a0", " ")
    assert f">{russian}<" in told["ru"].replace("\u00a0", " ")
    assert f'datetime="{at.astimezone(zone):%Y-%m-%dT%H:%M}' in told["en"]


@pytest.mark.parametrize(
    ("value", "english", "russian"),
    [
        (datetime(2026, 11, 23, 5, tzinfo=UTC), "at <08:00>", "в <08:00>"),
        (datetime(2026, 11, 24, 5, tzinfo=UTC), "on <24 Nov at 08:00>", "<24 ноя в 08:00>"),
        (
            datetime(2027, 1, 1, 5, tzinfo=UTC),
            "on <1 Jan 2027 at 08:00>",
            "<1 янв 2027 в 08:00>",
        ),
    ],
)
def test_after_a_verb_the_hour_of_another_day_has_its_prepositions(value, english, russian):
    told = {each: formats.at(value, each, MOSCOW, NOW) for each in ("en", "ru")}

    seen = {
        each: re.sub(r"<time[^>]*>([^<]*)</time>", r"<\1>", str(text))
        for each, text in told.items()
    }
    assert {each: text.replace("\N{NO-BREAK SPACE}", " ") for each, text in seen.items()} == {
        "en": english,
        "ru": russian,
    }


@pytest.mark.parametrize(
    ("on", "english", "russian"),
    [
        (date(2026, 1, 1), "1 Jan", "1 янв"),
        (date(2025, 12, 31), "31 Dec 2025", "31 дек 2025"),
    ],
)
def test_a_day_of_another_year_is_told_with_its_year(on, english, russian):
    told = {each: formats.shortly(on, each, date(2026, 1, 3)) for each in ("en", "ru")}

    assert {each: text.replace("\N{NO-BREAK SPACE}", " ") for each, text in told.items()} == {
        "en": english,
        "ru": russian,
    }


@pytest.mark.parametrize(
    ("seconds", "english", "russian"),
    [
        (5, "just now", "только что"),
        (300, "5 min ago", "5 мин назад"),
        (-300, "in 5 min", "через 5 мин"),
    ],
)
def test_how_long_ago_is_said_in_words(seconds, english, russian):
    at = NOW - timedelta(seconds=seconds)

    assert formats.ago(at, "en", NOW).replace("\u00a0", " ") == english
    assert formats.ago(at, "ru", NOW).replace("\u00a0", " ") == russian


def test_every_action_of_the_audit_log_has_words():
    assert set(CODEC.types) == ACTIONS.keys()

"""What the card of a shop says to its seller, in every state it can be in and in both languages."""

import re
from types import SimpleNamespace

import pytest

from app.runs.overview.words import TOLD_HER
from domain.lateness import MOVES, OURS
from tests.app.overview_world import EIGHT, MINUTE, NOW, Fleet, words

NEVER = {"kept_for": None, "kept_at": None, "fresh_at": None}
CARD = re.compile(r"<article.*?</dl>", re.DOTALL)

STATES = {
    "fresh": (
        {},
        "WB Fresh The sheet shows data as of 07:52 Next update by 24 Nov 08:00",
        "WB Свежая В таблице данные на 07:52 Следующее обновление к 24 ноя 08:00",
    ),
    "fresh, on hold": (
        {"held": True},
        (
            "WB Fresh Your syncs have been on hold since 08:00 (Анна Котова). "
            "What is on hold The sheet shows data as of 07:52"
        ),
        (
            "WB Свежая Ваши обновления остановлены с 08:00 (Анна Котова). "
            "Что остановлено В таблице данные на 07:52"
        ),
    ),
    "no sheet": (
        {"sheet": None, **NEVER},
        "WB Not yet Connect a Google Sheet: then it is filled by your hour. Whose move Yours",
        (
            "WB Ещё не готова Подключите Google Таблицу: она будет заполнена к вашему часу. "
            "Чей ход Ваш"
        ),
    ),
    "first sync runs": (
        {"live": "running", **NEVER},
        (
            "WB Not yet The first sync is under way. You need not do anything. "
            "Whose move Ours The sheet shows nothing yet"
        ),
        (
            "WB Ещё не готова Идёт первое обновление. Вам ничего делать не нужно. "
            "Чей ход Наш В таблице пока пусто"
        ),
    ),
    "first sync waits for Wildberries": (
        {"live": "waiting", "error": "no_quota", **NEVER},
        (
            "WB Not yet Wildberries takes no more requests for your shop for now. "
            "You need not do anything. Whose move Wildberries Next try 08:21 "
            "The sheet shows nothing yet"
        ),
        (
            "WB Ещё не готова Wildberries пока не принимает запросы вашего магазина. "
            "Вам ничего делать не нужно. Чей ход Wildberries Следующая попытка 08:21 "
            "В таблице пока пусто"
        ),
    ),
    "first sync on hold": (
        {"live": "waiting", "held": True, **NEVER},
        (
            "WB Not yet Your syncs have been on hold since 08:00 (Анна Котова). "
            "What is on hold Whose move Yours The sheet shows nothing yet"
        ),
        (
            "WB Ещё не готова Ваши обновления остановлены с 08:00 (Анна Котова). "
            "Что остановлено Чей ход Ваш В таблице пока пусто"
        ),
    ),
    "first sync failed": (
        {"ended": "failed", "error": "KeyError", **NEVER},
        (
            "WB Not yet Something is wrong on our side, and it is for us to mend. "
            "You need not do anything. Whose move Ours The sheet shows nothing yet"
        ),
        (
            "WB Ещё не готова Неполадка на нашей стороне, устранить её должны мы. "
            "Вам ничего делать не нужно. Чей ход Наш В таблице пока пусто"
        ),
    ),
    "never asked for": (
        NEVER,
        "WB Not yet The sheet shows nothing yet Next update by 24 Nov 08:00",
        "WB Ещё не готова В таблице пока пусто Следующее обновление к 24 ноя 08:00",
    ),
    "late, a sync runs": (
        {"owed": EIGHT, "live": "running"},
        (
            "WB Is late It is being updated right now. You need not do anything. "
            "Late since 08:00 Whose move Ours The sheet shows data as of 22 Nov 08:00"
        ),
        (
            "WB Опаздывает Таблица обновляется прямо сейчас. Вам ничего делать не нужно. "
            "Опаздывает с 08:00 Чей ход Наш В таблице данные на 22 ноя 08:00"
        ),
    ),
    "late, Google is away": (
        {"owed": EIGHT, "live": "waiting", "error": "google_unavailable"},
        (
            "WB Is late Google Sheets does not answer. You need not do anything. Late since 08:00 "
            "Whose move Google Next try 08:21 The sheet shows data as of 22 Nov 08:00"
        ),
        (
            "WB Опаздывает Google Таблицы не отвечают. Вам ничего делать не нужно. Опаздывает с 08:00 "
            "Чей ход Google Следующая попытка 08:21 В таблице данные на 22 ноя 08:00"
        ),
    ),
    "late, cancelled": (
        {"owed": EIGHT, "ended": "cancelled"},
        (
            "WB Is late The sync was cancelled; the next one begins by schedule. You need not do "
            "anything. Late since 08:00 Whose move Ours The sheet shows data as of 22 Nov 08:00"
        ),
        (
            "WB Опаздывает Обновление отменили; следующее начнётся по расписанию. Вам ничего делать "
            "не нужно. Опаздывает с 08:00 Чей ход Наш В таблице данные на 22 ноя 08:00"
        ),
    ),
    "broken": (
        {"broken": "sheet_unshared"},
        (
            "WB Is not updated Your sheet is not shared with us any more. Share it again, as Editor. "
            "Cannot be updated since 08:00 Whose move Yours The sheet shows data as of 07:52"
        ),
        (
            "WB Не обновляется Доступ к вашей таблице для нас закрыт. Откройте его снова, с правом "
            "«Редактор». Не обновляется с 08:00 Чей ход Ваш В таблице данные на 07:52"
        ),
    ),
}


@pytest.fixture
async def fleet(database, clock):
    clock.now = NOW
    fleet = Fleet(database)
    await fleet.empty()
    yield fleet
    await fleet.empty()


@pytest.fixture
async def anna(console, fleet):
    anna = await console.anna()
    anna.company = (await console.identified(anna)).scope.tenant
    return anna


async def stands(fleet, anna, **how):
    """Her shop is in such a state."""
    shop = await fleet.shop(company=anna.company, **how)
    error = how.get("error")
    if live := how.get("live"):
        await fleet.waits(*shop, error, state=live, worker="host:1" if live == "running" else None)
    if ended := how.get("ended"):
        await fleet.ended(*shop, ended, error)
    if how.get("held"):
        hold = "INSERT INTO holds VALUES ($1, 'sync/*', false, 'sync', NULL, $2, 'user', $3)"
        await fleet.many(hold, [(anna.company, EIGHT, anna.person)])


@pytest.mark.parametrize("state", STATES)
async def test_the_card_says_how_it_stands_in_short_true_words(fleet, anna, state):
    how, *told = STATES[state]
    await stands(fleet, anna, **how)

    for language, said in zip(("en", "ru"), told, strict=True):
        page = await anna.open("/overview", **{"accept-language": language})
        card = SimpleNamespace(text=CARD.search(page.text)[0])
        assert words(card).strip() == said


async def test_a_sync_that_came_after_its_hour_does_not_make_the_next_one_late(fleet, anna):
    at = EIGHT + 20 * MINUTE
    await stands(fleet, anna, kept_at=EIGHT + 10 * MINUTE, fresh_at=at)

    read = words(await anna.open("/overview"))

    assert "The sheet shows data as of 08:20 Next update" in read


def test_of_every_cause_she_reads_something_and_of_our_machine_nothing():
    machine = ("worker", "Redis", "API", "service account", "our code")

    assert {*MOVES, *OURS} <= {*TOLD_HER}
    assert [said for said in TOLD_HER.values() if any(each in said for each in machine)] == []

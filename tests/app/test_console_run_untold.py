"""The page of a run of which there is little to tell: it says that, and claims nothing else."""

from datetime import timedelta

import pytest

from tests.app.runs_world import NOW, Runs, company_of
from tests.app.test_console_run import told


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Its worker has been silent since <time"),
        ("ru", "Его обработчик молчит с <time"),
    ],
)
async def test_a_run_whose_worker_is_silent_says_so_and_not_that_it_has_begun(
    console, language, said
):
    anna = await console.anna(language=language)
    mine = Runs(console.database, await company_of(console, anna))
    beats = await mine.live("running", heartbeat_at=NOW - timedelta(seconds=4))
    silent = await mine.live("running", heartbeat_at=NOW - timedelta(seconds=11))

    beats, silent = [told(await anna.open(f"/runs/{each}")) for each in (beats, silent)]

    assert said in silent
    assert said not in beats
    listed = told(await anna.open("/runs"))
    for begun in ("It has just begun.", "Только началось."):
        assert begun not in silent
        assert listed.count(begun) <= 1
    assert listed.count(said) == 1


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "None: it was cancelled before it began."),
        ("ru", "Не было: задание отменили до начала."),
    ],
)
async def test_one_that_was_cancelled_before_it_began_has_no_try(console, language, said):
    anna = await console.anna(language=language)
    mine = Runs(console.database, await company_of(console, anna))
    run_id = await mine.ended("cancelled", attempt=0, started_at=None)

    page = told(await anna.open(f"/runs/{run_id}"))

    assert said in page
    assert page.count('"#running"') == 0


@pytest.mark.parametrize(
    ("language", "none", "some"),
    [
        (
            "en",
            "Nothing was done: none of the runs that it was for was found.",
            "Cancel: 1 of 3 runs, 1 not found",
        ),
        (
            "ru",
            "Ничего не сделано: ни одного из нужных заданий не нашлось.",
            "Отменить: заданий 1 из 3, не найдено 1",
        ),
    ],
)
async def test_a_bulk_says_what_was_not_found(console, language, none, some):
    anna = await console.anna(language=language)
    mine = Runs(console.database, await company_of(console, anna))
    results = (
        {"act": "cancel", "runs": 1, "unknown_run": 1},
        {"act": "retry", "runs": 0},
        {"act": "cancel", "runs": 3, "changed": 1, "unknown_run": 1, "run_finished": 1},
    )
    unknown, nothing, found = [
        told(await anna.open(f"/runs/{await mine.ended(kind='bulk', result=each)}"))
        for each in results
    ]

    assert none in unknown
    assert none in nothing
    assert none not in found
    assert some in found
    for code in ("unknown_run", "run_finished"):
        assert code not in found

"""The page of a run says in words what the ledger keeps as a code."""

from datetime import timedelta

import pytest

from tests.app.runs_world import NOW, Runs, company_of

MINUTE = timedelta(minutes=1)


def told(page):
    """Its text, on one line."""
    return " ".join(page.text.split())


@pytest.mark.parametrize(
    ("language", "waited", "ended"),
    [
        ("en", "The database or Redis did not answer", "Nothing had changed"),
        ("ru", "База данных или Redis не ответили", "Ничего не изменилось"),
    ],
)
async def test_what_the_ledger_keeps_as_a_code_is_told_in_words(console, language, waited, ended):
    anna = await console.anna(language=language)
    mine = Runs(console.database, await company_of(console, anna))
    run_id = await mine.ended(why="unchanged", result={"changed": False, "cells": 0})
    away = {"outcome": "wait", "error_type": "our_outage", "message": ""}
    await mine.tried(run_id, 1, ended_at=NOW - MINUTE, times=2, **away)
    await mine.tried(run_id, 2, ended_at=NOW, outcome="done", message="unchanged")

    page = told(await anna.open(f"/runs/{run_id}"))

    tries = page[page.index('id="attempts"') : page.index('id="effect"')]
    assert f"<span>{waited}</span>" in tries
    assert f"<p>{ended}" in tries
    assert 'data-state="waiting"' not in tries  # that was then: the run has ended
    assert "unchanged" not in page
    assert ">our_outage" not in page


@pytest.mark.parametrize(
    ("source", "said"), [("staff", "поддержкой Stock Tracker"), ("run", "другим заданием")]
)
async def test_a_run_is_asked_for_by_somebody_in_the_right_case(console, source, said):
    anna = await console.anna(language="ru")
    mine = Runs(console.database, await company_of(console, anna))

    page = told(await anna.open(f"/runs/{await mine.ended(source=source)}"))

    assert f"Запрошено {said}." in page


async def test_a_bulk_says_which_runs_it_is_for_and_what_it_is_at(console):
    anna = await console.anna(language="ru")
    mine = Runs(console.database, await company_of(console, anna))
    asked = {"act": "cancel", "query": "state:waiting", "run_ids": [], "by": None}
    at = {"step": "cancel", "done": 1, "total": 3}
    run_id = await mine.live("running", kind="bulk", args=asked, progress=at)

    page = told(await anna.open(f"/runs/{run_id}"))

    assert "<dt>С заданиями по запросу</dt><dd>state:waiting</dd>" in page
    assert "<p>Отменяем задания, 1 из 3</p>" in page


@pytest.mark.parametrize(("language", "said"), [("en", "Elapsed"), ("ru", "Прошло")])
async def test_what_passed_since_it_was_asked_for_is_not_called_what_it_took(
    console, language, said
):
    anna = await console.anna(language=language)
    await Runs(console.database, await company_of(console, anna)).ended()

    listed = told(await anna.open("/runs"))

    assert f">{said}</th>" in listed

"""What went wrong is told in the language of whoever reads it, on each page and over GraphQL."""

import re

import pytest

from domain.errors import Rejected
from domain.run import LOST_AFTER
from domain.table.refusals import refusal
from infrastructure.wildberries import limits
from infrastructure.wildberries.verdict import malformed, outage
from infrastructure.wildberries.words import say
from tests.app.graphql_world import NOW as THEN
from tests.app.graphql_world import World
from tests.app.runs_world import NOW, Runs, company_of

CYRILLIC = re.compile("[А-Яа-яЁё]")
GONE = refusal("sheet_unshared", address="robot@example.com")
SILENT = str(outage(limits.ORDERS, "HTTP 503", NOW))
ODD = str(malformed(limits.CARDS, limits.CARDS.category))
DEAD = say("token_dead")
TOLD = """{ runs { edges { node { state why attempts { message } whyWaiting { sentence } } } }
  failures { edges { node { why } } } }"""
ENGLISH = {"accept_language": "en"}


async def a_bad_hour(runs):
    """A run that waits for Wildberries, one that failed for good, and each of their tries."""
    waits = await runs.live(due_at=runs.now + LOST_AFTER, why=SILENT)
    tried = {"ended_at": runs.now, "outcome": "wait", "error_type": "outage"}
    await runs.tried(waits, message=SILENT, **tried)
    failed = await runs.failed(GONE, "sheet_unshared", "e" * 16)
    await runs.tried(failed, 1, ended_at=runs.now, outcome="fail", message=ODD)
    await runs.tried(failed, 2, ended_at=runs.now, outcome="fail", message=GONE)
    return waits, failed


@pytest.fixture
async def mine(console):
    anna = await console.anna(language="en")
    runs = Runs(console.database, await company_of(console, anna))
    await runs.rename("Red Cat")
    return anna, await a_bad_hour(runs)


def main(page):
    return page.text[page.text.index("<main") : page.text.index("</main>")]


async def test_every_page_of_runs_is_english_for_who_reads_english(mine):
    anna, (waits, failed) = mine
    paths = ("/runs", "/failures", "/lanes", f"/runs/{waits}", f"/runs/{failed}")

    pages = {path: main(await anna.open(path)) for path in paths}

    assert [path for path, page in pages.items() if CYRILLIC.search(page)] == []
    assert "No access: share it with robot@example.com (Editor)." in pages["/runs"]
    assert "No access: share it with robot@example.com (Editor)." in pages["/failures"]
    assert "Wildberries does not answer “Orders” (HTTP 503)." in pages[f"/runs/{waits}"]
    assert "The answer of Wildberries to “List of product cards”" in pages[f"/runs/{failed}"]


@pytest.mark.parametrize(
    ("headers", "silent", "gone"),
    [
        (ENGLISH, "Wildberries does not answer “Orders”", "No access: share it with"),
        ({}, "Wildberries не отвечает на запрос «Заказы»", "Нет доступа к таблице: откройте"),
        ({"accept_language": "ru"}, "Wildberries не отвечает на запрос «Заказы»", "Нет доступа"),
    ],
    ids=["english", "nothing asked for", "russian"],
)
async def test_graphql_tells_it_in_the_language_of_the_request(database, headers, silent, gone):
    anna = await World(database).register()
    await a_bad_hour(Runs(database, anna.scope.tenant, THEN))

    told = await anna.ask(TOLD, headers)

    runs = {each["node"]["state"]: each["node"] for each in told["runs"]["edges"]}
    waits, failed = runs["WAITING"], runs["FAILED"]
    said = [waits["why"], waits["attempts"][0]["message"], waits["whyWaiting"]["sentence"]]
    assert all(silent in each for each in said)
    assert gone in failed["why"]
    assert gone in failed["attempts"][1]["message"]
    assert gone in told["failures"]["edges"][0]["node"]["why"]
    assert " / " not in str(told)


@pytest.mark.parametrize(
    ("headers", "said"), [(ENGLISH, "New place in the stock report"), ({}, "Новое место в отчёте")]
)
async def test_what_was_noticed_on_the_way_is_told_so_as_well(database, headers, said):
    anna = await World(database).register()
    noticed = {"products": 5, "notices": [say("name_in", name="Tula")]}
    await Runs(database, anna.scope.tenant, THEN).ended(result=noticed)

    told = await anna.ask("{ runs { edges { node { result } } } }", headers)
    (notice,) = told["runs"]["edges"][0]["node"]["result"]["notices"]

    assert notice.startswith(said)
    assert " / " not in notice


@pytest.mark.parametrize(
    ("headers", "token", "link"),
    [
        (ENGLISH, "The Wildberries token no longer works", "No access: share it with"),
        ({}, "Токен Wildberries не работает", "Нет доступа к таблице"),
    ],
    ids=["english", "nothing asked for"],
)
async def test_a_refusal_of_a_neighbour_is_told_in_the_language_of_the_request(
    database, headers, token, link
):
    world = World(database)
    anna = await world.register()
    shop_id = await anna.connected_shop(sheet=False)
    world.marketplace.down = Rejected(DEAD, cause="token_dead")
    world.sheet.down = Rejected(GONE, cause="sheet_unshared")
    url = "https://docs.google.com/spreadsheets/d/1AbCdEfGhIjKlMnOpQrStUvWxYz/edit"

    wrong = {"marketplace": "WILDBERRIES", "token": "another"}
    (of_token,) = (await anna.change("connectShop", "shop { id }", headers, **wrong))["userErrors"]
    asked = {"shopId": shop_id, "url": url}
    (of_link,) = (await anna.change("connectSheet", "title", headers, **asked))["userErrors"]
    odd = asked | {"url": "https://example.com"}
    (of_text,) = (await anna.change("connectSheet", "title", headers, **odd))["userErrors"]

    assert token in of_token["message"]
    assert link in of_link["message"]
    for each in (of_token, of_link, of_text):
        assert " / " not in each["message"]
        assert bool(CYRILLIC.search(each["message"])) is not bool(headers)

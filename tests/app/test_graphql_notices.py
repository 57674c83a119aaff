"""What somebody is told of by mail, over GraphQL: each for herself."""

import pytest

from domain.access import Role
from tests.app.graphql_world import World

NOTICES = "notices { kinds atNight language failedAt on }"


@pytest.fixture
async def anna(database):
    return await World(database).register()


async def test_an_owner_is_told_of_everything_until_she_chooses(anna):
    before = (await anna.ask(f"{{ {NOTICES} }}"))["notices"]
    made = await anna.change("chooseNotices", NOTICES, kinds=["LATE"], language="en", atNight=True)

    assert len(before["kinds"]) == 5
    assert (before["atNight"], before["language"], before["on"]) == (False, "ru", True)
    assert made["userErrors"] == []
    assert made["notices"]["kinds"] == ["LATE"]
    assert (await anna.ask(f"{{ {NOTICES} }}"))["notices"] == made["notices"]
    assert (made["notices"]["atNight"], made["notices"]["language"]) == (True, "en")


async def test_a_language_that_is_not_given_stays(anna):
    await anna.change("chooseNotices", NOTICES, kinds=[], language="en")
    made = await anna.change("chooseNotices", NOTICES, kinds=["LATE"])

    assert made["notices"]["language"] == "en"


async def test_a_viewer_may_choose_too(anna):
    made = await anna.acting_as(Role.VIEWER).change("chooseNotices", NOTICES, kinds=["SHEET"])

    assert made["notices"]["kinds"] == ["SHEET"]


async def test_a_language_that_we_do_not_speak_is_refused(anna):
    made = await anna.change("chooseNotices", NOTICES, kinds=[], language="fr")

    assert made["notices"] is None
    assert [(each["code"], each["path"]) for each in made["userErrors"]] == [
        ("INVALID", ["input", "language"])
    ]


async def test_what_was_chosen_is_in_the_log(anna):
    await anna.change("chooseNotices", NOTICES, kinds=[])
    log = await anna.ask(
        "{ auditLog(first: 1) { edges { node { action sentence } } } }", {"accept_language": "en"}
    )
    (node,) = [each["node"] for each in log["auditLog"]["edges"]]

    assert node["action"] == "tenant.notices_chosen"
    assert node["sentence"] == "Анна Котова chose what to be told of by mail: nothing"

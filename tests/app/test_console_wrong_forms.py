"""What a form says when it is sent with what no page put there: field, cure, and way back."""

from html import unescape
from urllib.parse import urlencode
from uuid import UUID, uuid4

import pytest

from domain.access import Role
from tests.app.console_world import FORM, OURS


@pytest.fixture
async def anna(console):
    return await console.anna()


async def press(browser, path, page="/lanes", **fields):
    """A button on a page, which the browser names."""
    headers = {**OURS, "referer": f"http://console{page}"}
    return await browser.send(path, headers, csrf=await browser.token(), **fields)


@pytest.mark.parametrize(
    ("path", "field", "language", "said"),
    [
        ("/runs/bulk", "run", "en", "The field “run” holds no run"),
        ("/holds", "shop", "en", "The field “shop” holds no shop"),
        ("/holds", "tenant", "ru", "В поле «tenant» не номер компании. Откройте страницу заново"),
    ],
)
async def test_a_field_that_holds_no_id_is_named_with_the_way_back(
    console, path, field, language, said
):
    anna = await console.anna(language=language)

    answer = await press(anna, path, "/lanes?after=x", do="hold", **{field: "x"})

    assert answer.status_code == 400
    assert said in unescape(answer.text)
    assert 'href="/lanes?after=x"' in answer.text


@pytest.mark.parametrize(
    ("path", "fields", "said"),
    [
        (f"/runs/{UUID(int=7)}/retry", {}, "There is no such run, or it is not yours to see."),
        ("/holds", {"do": "hold", "shop": UUID(int=7)}, "There is no such shop, or it is not"),
        ("/holds", {"do": "hold", "tenant": UUID(int=7)}, "There is no such company, or it is"),
    ],
)
async def test_what_a_form_means_and_is_not_there_is_said_in_words(anna, path, fields, said):
    answer = await press(anna, path, **fields)

    assert (answer.status_code, said in answer.text) == (404, True)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "tick “and all others that match”"),
        ("ru", "отметьте «и все остальные подходящие»"),
    ],
)
async def test_who_picks_more_than_a_form_holds_is_told_how_to_mean_them_all(
    console, language, said
):
    anna = await console.anna(language=language)
    picked = urlencode([("csrf", await anna.token()), *([("run", uuid4())] * 1_700)])

    answer = await anna.http.post("/runs/bulk", content=picked, headers={**FORM, **OURS})

    assert (answer.status_code, said in answer.text) == (413, True)


@pytest.mark.parametrize("role", [Role.OWNER, Role.ADMIN])
@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Only the staff who run the servers may do this."),
        ("ru", "Это может только тот, кто ведёт сервис."),
    ],
)
async def test_what_is_for_the_staff_alone_sends_nobody_to_her_owner(console, role, language, said):
    anna = await console.anna(language=language)
    await console.change_role(anna, role)

    answers = [
        await press(anna, "/holds", do="hold", fleet="1"),
        await press(anna, "/workers/drain", worker="w-1"),
        await anna.open("/workers"),
    ]

    for answer in answers:
        assert answer.status_code == 403
        assert said in answer.text

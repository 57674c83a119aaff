"""Bad input to the doors of accounts: one clear answer each, naming the field and the cure."""

import json
from uuid import uuid4

import pytest

GOOD = {"email": "boris@example.com", "password": "secure123", "full_name": "Борис"}
PATHS = ["/auth/register", "/auth/login", "/auth/refresh"]
JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"{", "not valid JSON"),
        (b'{"email": "a@b.ru",}', "trailing comma"),
        (b"email=a@b.ru", "not valid JSON"),
        (b'{"email": "\xff"}', "UTF-8"),
        (b'{"email": "\\ud800"}', "not valid JSON"),
        (b"[" * 30_000, "nested too deeply"),
        (b"", "missing"),
    ],
)
async def test_what_is_not_json_is_400(accounts_door, path, body, says):
    answer = await accounts_door.post(path, content=body, headers=JSON)

    assert_problem(answer, 400, "NOT_JSON")
    assert says in answer.json()["detail"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("body", [b"null", b"[]", b'"text"', b"1"])
async def test_json_that_is_no_object_is_422(accounts_door, path, body):
    answer = await accounts_door.post(path, content=body, headers=JSON)

    assert_problem(answer, 422, "WRONG_BODY")
    assert answer.json()["detail"] == "The body must be a JSON object."


async def test_all_that_is_wrong_with_a_body_is_told_at_once(accounts_door):
    answer = await accounts_door.post(
        "/auth/register", json={"email": 1, "full_name": None, "role": "admin"}
    )

    assert_problem(answer, 422, "WRONG_BODY")
    assert answer.json()["field"] == "email"
    assert {each["field"]: each["message"] for each in answer.json()["errors"]} == {
        "email": "`email` must be a text, not a whole number.",
        "password": "`password` is missing.",
        "full_name": "`full_name` must be a text, not null.",
        "role": "`role` is not known here. Known are: email, password, full_name, company_name.",
    }


@pytest.mark.parametrize(
    "email",
    [
        *["", "anna", "anna@", "@example.com", "a@b@example.com", "anna@example", "anna@example."],
        *["an na@example.com", "anna@exam\nple.com", "anna\x00@example.com"],
        *["a" * 65 + "@example.com", "anna@" + "a" * 250 + ".com", "\u202eanna@example.com"],
    ],
)
async def test_an_address_must_look_like_one(accounts_door, email):
    answer = await accounts_door.post("/auth/register", json={**GOOD, "email": email})

    assert_invalid(answer, "email", "anna@example.com")


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("secure1", "8 to 256 characters"),
        ("x" * 257, "8 to 256 characters"),
        ("password1", "commonest"),
        ("PassWord1", "commonest"),
    ],
)
async def test_a_weak_password_is_refused_with_the_reason(accounts_door, password, says):
    answer = await accounts_door.post("/auth/register", json={**GOOD, "password": password})

    assert_invalid(answer, "password", says)


@pytest.mark.parametrize("field", ["full_name", "company_name"])
@pytest.mark.parametrize(
    "name",
    [
        *["", "  ", "x" * 201, "a\x00b", "a\nb", "a\u2028b"],
        *["\u200b", "\u2060\u00ad", "\u202eanna", "an\u2066na"],
    ],
)
async def test_a_name_is_a_line_of_text_that_can_be_seen(accounts_door, field, name):
    answer = await accounts_door.post("/auth/register", json={**GOOD, field: name})

    assert_invalid(answer, field, "name")


@pytest.mark.parametrize("name", ["Зоя 👩‍👩‍👧", "می‌خواهم", "O'Neil & <b>", "«Рыжий кот»"])
async def test_a_name_may_have_any_letters(accounts_door, name):
    email = f"{uuid4().hex}@example.com"

    answer = await accounts_door.post(
        "/auth/register", json={**GOOD, "email": email, "full_name": name}
    )

    assert answer.status_code == 201


async def test_all_values_that_are_wrong_are_told_at_once(accounts_door):
    wrong = {"email": "anna", "password": "secure1", "full_name": " ", "company_name": "a\nb"}

    answer = await accounts_door.post("/auth/register", json=wrong)

    assert_problem(answer, 422, "INVALID")
    assert answer.json()["field"] == "email"
    assert {each["field"]: each["message"] for each in answer.json()["errors"]} == {
        "email": "Enter an e-mail address such as anna@example.com.",
        "password": "The password must have 8 to 256 characters.",
        "full_name": "Enter a name of 1 to 200 characters.",
        "company_name": "A name has no control characters and no line breaks.",
    }


@pytest.mark.parametrize("path", PATHS)
async def test_a_huge_body_is_413(accounts_door, path):
    body = json.dumps({**GOOD, "full_name": "x" * 70_000}).encode()

    answer = await accounts_door.post(path, content=body, headers=JSON)

    assert_problem(answer, 413, "REQUEST_ENTITY_TOO_LARGE")


async def test_a_huge_body_of_unknown_length_is_413(accounts_door):
    async def endless():
        for _ in range(100):
            yield b" " * 10_000

    answer = await accounts_door.post("/auth/login", content=endless(), headers=JSON)

    assert_problem(answer, 413, "REQUEST_ENTITY_TOO_LARGE")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
async def test_json_must_say_that_it_is_json(accounts_door, kind):
    body = json.dumps(GOOD).encode()

    answer = await accounts_door.post(
        "/auth/register", content=body, headers={"Content-Type": kind}
    )

    assert_problem(answer, 415, "WRONG_MEDIA_TYPE")


async def test_an_unknown_address_is_404_and_a_wrong_method_405(accounts_door):
    unknown = await accounts_door.get("/nothing/here")
    wrong = await accounts_door.get("/auth/login")

    assert_problem(unknown, 404, "NOT_FOUND")
    assert_problem(wrong, 405, "METHOD_NOT_ALLOWED")
    assert "POST" in wrong.headers["allow"]


@pytest.mark.parametrize(
    "token", ["", "rt_", "rt_zz_x", f"rt_{'0' * 32}_{'A' * 43}", "x" * 50_000, "rt_\x00"]
)
async def test_an_unknown_refresh_token_is_401(accounts_door, token):
    answer = await accounts_door.post("/auth/refresh", json={"refresh_token": token})

    assert_problem(answer, 401, "NOT_SIGNED_IN")


async def test_a_very_long_password_is_just_a_wrong_one(anna):
    await anna.register()

    answer = await anna.sign_in(password="я" * 20_000)

    assert_problem(answer, 401, "WRONG_CREDENTIALS")


def assert_problem(answer, status, code):
    __tracebackhide__ = True
    body = answer.json()
    assert (answer.status_code, body["status"], body["code"]) == (status, status, code)
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.headers["x-request-id"] == body["request_id"]
    assert {"type", "title", "detail"} <= body.keys()
    assert "Traceback" not in answer.text


def assert_invalid(answer, field, says):
    __tracebackhide__ = True
    assert_problem(answer, 422, "INVALID")
    assert answer.json()["field"] == field
    assert says in answer.json()["detail"]

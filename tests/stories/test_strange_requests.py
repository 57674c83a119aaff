"""Whatever is sent to the doors: a clear answer, never a 5xx, never a traceback."""

import base64
import json

import pytest

from tests.stories.town import RUN

TRACES = ("Traceback", 'File "', "asyncpg", "sqlalchemy", "msgspec", "litestar", "strawberry")
REGISTER = {"email": "x@example.com", "password": "secure123", "full_name": "Анна"}
LOGIN = "/auth/login"

BODIES = [
    (b"", 400, "NOT_JSON", None),
    (b"{", 400, "NOT_JSON", None),
    (b"\xff\xfe", 400, "NOT_JSON", None),
    (b"[" * 50_000, 400, "NOT_JSON", None),
    (b"[]", 422, "WRONG_BODY", None),
    (b"null", 422, "WRONG_BODY", None),
    (b'{"email": 5, "password": "secure123"}', 422, "WRONG_BODY", "email"),
    (b'{"email": "a@example.com", "password": null}', 422, "WRONG_BODY", "password"),
    (b'{"email": "a@example.com"}', 422, "WRONG_BODY", "password"),
    (b'{"email": "a@b.ru", "password": "x", "admin": true}', 422, "WRONG_BODY", "admin"),
]


@pytest.fixture
def anna(founder):
    """Signed in long ago, and still so after each of these stories."""
    return founder.person


@pytest.fixture
async def olga(town):
    """Has just registered."""
    return await town.person()


def clear(answer):
    """The answer, if it is one for people: no fault of ours, nothing of our insides."""
    assert answer.status_code < 500, answer.text
    assert not [word for word in TRACES if word in answer.text]
    return answer


@pytest.mark.parametrize(("body", "status", "code", "field"), BODIES)
async def test_a_strange_body_is_refused_with_the_field_that_is_wrong(
    anna, body, status, code, field
):
    answer = clear(await anna.post(LOGIN, body))
    problem = answer.json()

    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert (problem["code"], problem.get("field") or None) == (code, field)
    assert problem["request_id"] == answer.headers["x-request-id"]


HUGE = json.dumps({"email": "x" * 70_000, "password": "secure123"}).encode()
HUGE_QUERY = json.dumps({"query": f"{{ viewer {{ role }} }} #{'x' * 70_000}"}).encode()


@pytest.mark.parametrize(("path", "body"), [(LOGIN, HUGE), ("/graphql", HUGE_QUERY)])
async def test_a_body_beyond_64_kib_is_not_read(anna, path, body):
    answer = clear(await anna.post(path, body))

    assert answer.status_code == 413
    assert answer.json()["detail"] == "The body is too large. Send less at once."


async def test_only_json_is_taken(anna):
    for media_type in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        told = clear(await anna.post(LOGIN, b"email=a", **{"Content-Type": media_type}))
        asked = clear(await anna.post("/graphql", b"query=x", **{"Content-Type": media_type}))

        assert (told.status_code, asked.status_code) == (415, 415)


async def test_strange_addresses_and_methods_are_named(town, anna):
    base = town.city.product.address
    nowhere = clear(await town.http.get(f"{base}/auth/nothing"))
    method = clear(await town.http.get(f"{base}/auth/login"))
    outside = clear(await town.http.get(f"{base}/graphql/..%2F..%2Fetc%2Fpasswd"))

    assert (nowhere.status_code, method.status_code, outside.status_code) == (404, 405, 404)
    assert nowhere.json()["detail"].startswith("There is nothing at this address.")


def forged(token, **changes):
    """The same token with other claims, or another algorithm."""
    head, claims, signature = token.split(".")
    opened = json.loads(base64.urlsafe_b64decode(claims + "=="))
    body = base64.urlsafe_b64encode(json.dumps(opened | changes).encode()).rstrip(b"=").decode()
    return f"{head}.{body}.{signature}"


async def test_tokens_that_are_not_ours_open_nothing(anna):
    none = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
    bare = f"{none}.{anna.token.split('.')[1]}."
    old, other = forged(anna.token, exp=1), forged(anna.token, sub=anna.email)
    for token in ("x", "a.b.c", bare, old, other, anna.token + "x", anna.refresh):
        headers = {"Authorization": f"Bearer {token}"}
        answer = clear(await anna.post("/graphql", {"query": "{ viewer { role } }"}, **headers))

        assert answer.status_code == 401
        assert answer.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
        assert clear(await anna.post("/auth/logout", **headers)).status_code == 401


async def test_a_refresh_token_that_is_used_again_ends_the_session(olga):
    used = olga.refresh
    olga.signed_in(await olga.post("/auth/refresh", {"refresh_token": used}))
    again = clear(await olga.post("/auth/refresh", {"refresh_token": used}))
    newest = clear(await olga.post("/auth/refresh", {"refresh_token": olga.refresh}))

    assert (again.status_code, newest.status_code) == (401, 401)
    assert (await olga.graphql("{ viewer { role } }")).status_code == 401


async def test_after_signing_out_the_token_opens_nothing(olga):
    left = await olga.post("/auth/logout", Authorization=f"Bearer {olga.token}")

    assert left.status_code == 204
    assert (await olga.graphql("{ viewer { role } }")).status_code == 401
    assert (await olga.login())["token_type"] == "bearer"


async def test_an_address_is_taken_in_any_letter_case(anna):
    body = {**REGISTER, "email": anna.email.upper()}
    answer = clear(await anna.post("/auth/register", body))

    assert answer.status_code == 409
    assert (
        await anna.post("/auth/login", {"email": anna.email.upper(), "password": anna.password})
    ).is_success


async def test_a_wrong_password_and_an_unknown_person_get_the_same_answer(anna):
    wrong = await anna.post(LOGIN, {"email": anna.email, "password": "wrong-password"})
    unknown = await anna.post(LOGIN, {"email": "nobody@example.com", "password": "wrong-password"})
    same = [{**each.json(), "request_id": ""} for each in (wrong, unknown)]

    assert (wrong.status_code, same[0]) == (401, same[1])


DEEP = "{ __schema { types " + "{ fields { type " * 12 + "{ name }" + " } }" * 12 + " } }"
DEAR = (
    "{ "
    + " ".join(
        f"a{n}: products(first: 100) {{ edges {{ node {{ places {{ name stock }} }} }} }}"
        for n in range(20)
    )
    + " }"
)
REFUSED = [
    ({"query": "{"}, 400, "GRAPHQL_PARSE_FAILED"),
    ({"query": "{ nothing }"}, 400, "GRAPHQL_VALIDATION_FAILED"),
    ({"query": DEEP}, 400, "TOO_DEEP"),
    ({"query": DEAR}, 400, "TOO_EXPENSIVE"),
    ({"query": RUN, "variables": {"id": "no-id"}}, 400, "BAD_USER_INPUT"),
    ({"query": RUN, "variables": {"id": 5}}, 400, "BAD_USER_INPUT"),
    ({"query": RUN}, 400, "BAD_USER_INPUT"),
    ({"query": 5}, 400, "BAD_REQUEST"),
    ({"query": "{ __typename }", "variables": []}, 400, "BAD_REQUEST"),
    ({"query": "{ __typename }", "more": 1}, 400, "BAD_REQUEST"),
    ([{"query": "{ __typename }"}], 400, "BAD_REQUEST"),
    ({"query": "{ products(first: 101) { edges { cursor } } }"}, 200, "INVALID"),
    ({"query": "{ products(first: -1) { edges { cursor } } }"}, 200, "INVALID"),
    ({"query": '{ products(after: "мимо") { edges { cursor } } }'}, 200, "INVALID"),
    ({"query": '{ products(search: "\\u0000") { edges { cursor } } }'}, 200, "INVALID"),
]


@pytest.mark.parametrize(("body", "status", "code"), REFUSED)
async def test_a_strange_document_is_refused_with_a_code(anna, body, status, code):
    answer = clear(await anna.post("/graphql", body, Authorization=f"Bearer {anna.token}"))
    (first, *_) = answer.json()["errors"]

    assert (answer.status_code, first["extensions"]["code"]) == (status, code)
    assert first["message"]


async def test_a_query_in_the_address_is_not_carried_out(town, anna):
    url = f"{town.city.product.address}/graphql"
    answer = clear(await town.http.get(url, params={"query": "{ __typename }"}))

    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


async def test_the_schema_is_shown_without_signing_in_and_nothing_else_is(town, anna):
    url = f"{town.city.product.address}/graphql"
    schema = await town.http.post(url, json={"query": "{ __schema { queryType { name } } }"})
    shops = clear(await town.http.post(url, json={"query": "{ shops { id } }"}))

    assert schema.json() == {"data": {"__schema": {"queryType": {"name": "Query"}}}}
    assert shops.status_code == 401


async def test_a_link_that_is_no_sheet_is_refused_at_its_field(olga, town):
    shop_id = (await olga.connect_shop((await town.seller(products=1)).tokens["base"]))["shop"][
        "id"
    ]
    for url in ("", "https://example.com/", "https://docs.google.com/spreadsheets/d/", "x" * 3000):
        (error,) = (await olga.connect_sheet(shop_id, url))["userErrors"]

        assert error["path"] == ["input", "url"]
        assert error["message"]


async def test_the_same_idempotency_key_connects_a_shop_once(olga, town):
    token = (await town.seller(products=1)).tokens["base"]
    query = "mutation ($input: ConnectShopInput!) { connectShop(input: $input) { shop { id } } }"
    body = {"query": query, "variables": {"input": {"marketplace": "WILDBERRIES", "token": token}}}
    headers = {"Authorization": f"Bearer {olga.token}"}
    headers["Idempotency-Key"] = "0192f000-0000-7000-8000-00000000000a"
    bad = {**headers, "Idempotency-Key": "once"}

    answers = [clear(await olga.post("/graphql", body, **headers)) for _ in range(2)]
    refused = clear(await olga.post("/graphql", body, **bad))

    assert len({json.dumps(each.json()) for each in answers}) == 1
    assert len((await olga.ask("{ shops { id } }"))["shops"]) == 1
    assert refused.json()["errors"][0]["extensions"]["code"] == "INVALID"

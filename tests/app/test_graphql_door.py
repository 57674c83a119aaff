"""The door of the API: what it lets in, what it refuses, and what it never says."""

import httpx
import pytest
from graphql import OperationType, get_introspection_query

from app.graphql.documents import Documents
from app.graphql.handler import SECONDS
from app.schema import schema
from tests.app.graphql_world import Client, World

SECRET = "eyJhbGciOiJFUzI1NiJ9"
NOBODY = '"00000000-0000-4000-8000-000000000000"'


@pytest.fixture
def world(database):
    return World(database)


@pytest.fixture
def stranger(world):
    return Client(world)


@pytest.fixture
async def anna(world):
    return await world.register()


def code(answered):
    return answered.json()["errors"][0]["extensions"]["code"]


async def test_a_stranger_may_ask_what_can_be_asked(stranger):
    data = await stranger.ask("{ __schema { types { name } } }")

    assert "Shop" in {each["name"] for each in data["__schema"]["types"]}


async def test_the_introspection_of_the_usual_tools_works_without_a_login(stranger):
    data = await stranger.ask(get_introspection_query(input_value_deprecation=True))

    assert data["__schema"]["mutationType"]["name"] == "Mutation"


@pytest.mark.parametrize(
    "query",
    [
        "{ viewer { role } }",
        "{ __typename shops { id } }",
        "{ ... on Query { shops { id } } }",
        "{ ...F } fragment F on Query { ...G } fragment G on Query { shops { id } }",
        f"mutation {{ requestSync(input: {{shopId: {NOBODY}}}) {{ run {{ id }} }} }}",
    ],
)
async def test_a_stranger_gets_nothing_else_and_is_told_to_sign_in(stranger, query):
    answered = await stranger.post({"query": query})

    assert answered.status_code == 401
    assert code(answered) == "UNAUTHENTICATED"
    assert "/auth/login" in answered.json()["errors"][0]["message"]
    assert "data" not in answered.json()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", "BAD_REQUEST"),
        (b"{", "BAD_REQUEST"),
        (b"\xff\xfe", "BAD_REQUEST"),
        (b'{"query": "\\ud800"}', "BAD_REQUEST"),
        (b"[" * 5000, "BAD_REQUEST"),
        (b'{"query": "{a}", "variables": ' + b'{"a":' * 5000, "BAD_REQUEST"),
        (b'"{ viewer }"', "BAD_REQUEST"),
        (b'[{"query": "{ __typename }"}]', "BAD_REQUEST"),
        (b"{}", "BAD_REQUEST"),
        (b'{"query": 5}', "BAD_REQUEST"),
        (b'{"query": "{ __typename }", "variables": []}', "BAD_REQUEST"),
        (b'{"query": "{ __typename }", "variable": {}}', "BAD_REQUEST"),
        (b'{"query": ""}', "GRAPHQL_PARSE_FAILED"),
        (b'{"query": "{"}', "GRAPHQL_PARSE_FAILED"),
        (b'{"query": "\\u0000"}', "GRAPHQL_PARSE_FAILED"),
        (b'{"query": "{ nothing }"}', "GRAPHQL_VALIDATION_FAILED"),
        (b'{"query": "{ shops { id color } }"}', "GRAPHQL_VALIDATION_FAILED"),
        (b'{"query": "{ shop(id: 5) { id } }"}', "GRAPHQL_VALIDATION_FAILED"),
        (b'{"query": "{ ...F } fragment F on Query { ...F }"}', "GRAPHQL_VALIDATION_FAILED"),
        (b'{"query": "{ a: __typename } query B { __typename }"}', "GRAPHQL_VALIDATION_FAILED"),
        (b'{"query": "fragment F on Query { __typename }"}', "GRAPHQL_VALIDATION_FAILED"),
        (b'{"query": "subscription { shops }"}', "GRAPHQL_VALIDATION_FAILED"),
        (b'{"query": "{ __typename }", "operationName": "Other"}', "BAD_USER_INPUT"),
        (
            b'{"query": "query A { __typename } query B { __typename }"}',
            "GRAPHQL_VALIDATION_FAILED",
        ),
    ],
)
async def test_what_is_not_a_request_gets_a_clear_400(stranger, body, expected):
    answered = await stranger.post(body)

    assert answered.status_code == 400
    assert code(answered) == expected
    assert answered.json()["errors"][0]["message"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"{}", "`query` is missing."),
        (b'{"query": 5}', "`query` must be a text, not a whole number."),
        (
            b'{"query": "{a}", "variables": []}',
            "`variables` must be an object or null, not a list.",
        ),
        (b'{"query": "{a}", "variable": {}}', "`variable` is not known here. Known are: query,"),
        (b'"{ viewer }"', "The body must be a JSON object."),
        (b'{"query": 5, ', "The body is not valid JSON."),
        (b'[{"query": "{a}"}]', "Batches are off, send one operation as one object."),
    ],
)
async def test_a_body_that_is_no_request_is_told_the_field_and_the_cure(stranger, body, said):
    (error,) = (await stranger.post(body)).json()["errors"]

    assert error["message"].startswith(said)
    assert error["message"].endswith(' Send {"query": "…", "variables": {…}}.')


async def test_of_several_operations_the_named_one_is_carried_out_with_its_own_lock(stranger, anna):
    both = "query Open { __typename } query Mine { shops { id } }"

    opened = await stranger.post({"query": both, "operationName": "Open"})
    shut = await stranger.post({"query": both, "operationName": "Mine"})
    mine = await anna.post({"query": both, "operationName": "Mine"})

    assert opened.json() == {"data": {"__typename": "Query"}}
    assert shut.status_code == 401
    assert mine.json() == {"data": {"shops": []}}


async def test_variables_of_another_type_get_a_400_that_names_them(anna):
    answered = await anna.post(
        {"query": "query($id: UUID!) { shop(id: $id) { id } }", "variables": {"id": "five"}}
    )

    assert answered.status_code == 400
    assert code(answered) == "BAD_USER_INPUT"
    assert "$id" in answered.json()["errors"][0]["message"]


async def test_a_body_beyond_64_kib_is_not_read(stranger):
    answered = await stranger.post({"query": "#" * 65_536 + "\n{ __typename }"})

    assert answered.status_code == 413
    assert answered.headers["content-type"] == "application/problem+json"


async def test_a_body_that_is_not_json_is_refused_so_that_no_form_can_send_one(stranger):
    answered = await stranger.post({"query": "{ __typename }"}, content_type="text/plain")

    assert answered.status_code == 415


async def test_the_answer_has_the_media_type_that_was_asked_for_and_russian_as_it_is(anna):
    modern = "application/graphql-response+json"
    query = {"query": "{ tenant { name } }"}
    legacy = await anna.post(query)
    new = await anna.post(query, accept=f"{modern}, application/json;q=0.9")

    assert legacy.headers["content-type"] == "application/json; charset=utf-8"
    assert new.headers["content-type"] == f"{modern}; charset=utf-8"
    assert "Рыжий кот".encode() in legacy.content


async def test_an_idempotency_key_must_be_a_uuid(anna):
    answered = await anna.post({"query": "{ shops { id } }"}, idempotency_key="5")

    assert answered.status_code == 400
    assert code(answered) == "INVALID"


@pytest.mark.parametrize(
    ("text", "variables"),
    [
        ('mutation { connectShop(input: {toke: "%s"}) { shop { id } } }', None),
        ('mutation { connectShop(input: {token: {x: "%s"}}) { shop { id } } }', None),
        ('mutation { connectShop(input: "%s") { shop { id } } }', None),
        ('mutation { connectShop(input: ["%s"]) { shop { id } } }', None),
        ('mutation { connectShop("%s") { shop { id } } }', None),
        ('mutation { connectShop(input: {token: "a" "%s"}) { shop { id } } }', None),
        ('"%s"', None),
        ('mutation { connectShop(input: {token: """%s""" """%s"""', None),
        ("mutation { connectShop(input: {token: %s}) { shop { id } } }", None),
        ("mutation { connectShop(input: {marketplace: %s}) { shop { id } } }", None),
        ('mutation { connectShop(input: {shopId: "%s"}) { shop { id } } }', None),
        (None, {"token": SECRET}),
        (None, {"toke": SECRET}),
        (None, {"token": {"a": SECRET}}),
        (None, {"token": [SECRET], "marketplace": "WILDBERRIES"}),
        (None, {"token": "a", "marketplace": SECRET}),
        (None, {"token": "a", "marketplace": f"'{SECRET}"}),
        (None, {"token": "a", "marketplace": {SECRET: SECRET}}),
        (None, {"token": "a", "marketplace": "WILDBERRIES", "shopId": f"{SECRET}; x: 'y'"}),
        (None, SECRET),
        (None, [SECRET]),
        (None, {"token": SECRET, "marketplace": "WILDBERRIES"}),
    ],
)
async def test_a_token_is_never_repeated_however_wrongly_it_was_sent(anna, caplog, text, variables):
    caplog.set_level(0)
    query = "mutation($i: ConnectShopInput!) { connectShop(input: $i) { userErrors { message } } }"

    answered = await anna.post(
        {"query": text.replace("%s", SECRET) if text else query, "variables": {"i": variables}}
    )

    assert SECRET not in answered.text
    assert SECRET not in caplog.text
    assert "errors" in answered.json() or "userErrors" in answered.text


async def test_a_fault_of_ours_shows_its_request_id_and_the_log_has_the_rest(world, anna, caplog):
    world.marketplace.down = LookupError("the inner workings")
    query = "mutation($i: ConnectShopInput!) { connectShop(input: $i) { shop { id } } }"
    given = {"token": SECRET, "marketplace": "WILDBERRIES"}

    answered = await anna.post({"query": query, "variables": {"i": given}})

    (error,) = answered.json()["errors"]
    assert error["extensions"]["code"] == "INTERNAL"
    assert error["extensions"]["requestId"] in error["message"]
    assert error["extensions"]["requestId"] in caplog.text
    assert "the inner workings" not in answered.text
    assert "the inner workings" in caplog.text


async def test_a_request_that_takes_too_long_is_given_up(world, anna, monkeypatch):
    monkeypatch.setitem(SECONDS, OperationType.QUERY, 0.0)

    answered = await anna.post({"query": "{ shops { id } }"})

    assert answered.status_code == 503
    assert code(answered) == "TIMEOUT"


async def test_names_are_not_guessed(anna):
    (error,) = await anna.errors("{ shosp { id } }")

    assert "Did you mean" not in error["message"]


async def test_the_explorer_is_ours_and_loads_nothing_from_elsewhere(stranger):
    transport = httpx.ASGITransport(stranger.world.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        page = await http.get("/graphql", headers={"accept": "text/html"})
        parts = [await http.get(f"/graphql/explorer.{kind}") for kind in ("js", "css")]
        query = await http.get("/graphql", params={"query": "{ __typename }"})
        other = await http.get("/graphql/..%2Froutes.py")

    assert page.status_code == 200
    assert "'unsafe-inline'" not in page.headers["content-security-policy"]
    assert all(
        b"http://" not in each.content and b"https://" not in each.content
        for each in (page, *parts)
    )
    assert b"<script>" not in page.content
    assert b" style=" not in page.content
    assert query.status_code == 405
    assert other.status_code == 404


async def test_a_document_that_carries_texts_is_not_kept_in_memory():
    documents = Documents(schema._schema)
    documents.read("{ __typename }")
    documents.read('{ __type(name: "Shop") { name } }')

    assert [text for text, _ in documents._known] == ["{ __typename }"]
    assert documents.read("{ __typename }") is documents.read("{ __typename }")

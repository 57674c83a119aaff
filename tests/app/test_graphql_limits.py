"""A document may be as large as the console needs, and no larger, however it is folded."""

import pytest

from app.graphql.limits import PAGE
from tests.app.graphql_world import World

NOBODY = '"00000000-0000-4000-8000-000000000000"'


@pytest.fixture
async def anna(database):
    return await World(database).register()


def code(answered):
    return answered.json()["errors"][0]["extensions"]["code"]


def nested(n):
    return (
        "{ __schema { types { fields " + "{ type { fields " * n + "{ name }" + " } }" * n + " } } }"
    )


def aliased(field, times):
    return " ".join(f"a{i}: {field}" for i in range(times))


def chained(n, leaf="viewer { role }"):
    """2ⁿ fields in a few hundred bytes."""
    links = "".join(f" fragment F{i} on Query {{ ...F{i + 1} ...F{i + 1} }}" for i in range(n))
    return f"{{ ...F0 }}{links} fragment F{n} on Query {{ {leaf} }}"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (nested(6), "TOO_DEEP"),
        ("{ shops " + "{ shops " * 60 + "}" * 61, "TOO_DEEP"),
        ("{ shops " + "{ shops " * 320 + "}" * 321, "GRAPHQL_PARSE_FAILED"),
        ("{ shop(id: " + "[" * 480 + "]" * 480 + ") { id } }", "GRAPHQL_PARSE_FAILED"),
        ("{ shop(id: " + "[" * 90 + "]" * 90 + ") { id } }", "GRAPHQL_VALIDATION_FAILED"),
        (nested(4), "TOO_EXPENSIVE"),
        (chained(40), "TOO_EXPENSIVE"),
        (chained(40, "__schema { types { name } }"), "TOO_EXPENSIVE"),
        (
            "{ " + aliased("products(first: 100) { edges { node { sku } } }", 40) + " }",
            "TOO_EXPENSIVE",
        ),
        (
            "{ "
            + aliased(
                "__schema { types { fields { args { name type { fields { name } } } } } }", 30
            )
            + " }",
            "TOO_EXPENSIVE",
        ),
        (
            "mutation { "
            + aliased(f"requestSync(input: {{shopId: {NOBODY}}}) {{ run {{ id }} }}", 6)
            + " }",
            "TOO_EXPENSIVE",
        ),
        (
            "{ "
            + aliased("products(first: 100) { edges { node { sku } } }", 40)
            + " less: products(first: -9999) @skip(if: true) { edges { node { sku } } } }",
            "TOO_EXPENSIVE",
        ),
        ("{ " + aliased("__typename", 1000) + " }", "GRAPHQL_PARSE_FAILED"),
        ("{ __typename" + " @skip(if: false)" * 300 + " }", "GRAPHQL_PARSE_FAILED"),
    ],
    ids=lambda value: value[:40],
)
async def test_a_bomb_is_refused_before_it_goes_off(anna, query, expected):
    answered = await anna.post({"query": query})

    assert answered.status_code == 400
    assert code(answered) == expected


async def test_the_largest_page_of_everything_is_within_the_limits(anna):
    fields = "shopId nmId brand subject sku toClient returns orders stock turnoverDays"
    places = "places { number name kind stock orders }"

    for first in (PAGE, "$n"):
        head = "query($n: Int!)" if first == "$n" else ""
        query = f"{head} {{ products(first: {first}) {{ totalCount pageInfo {{ endCursor }} "
        await anna.ask(f"{query} edges {{ cursor node {{ {fields} {places} }} }} }} }}", n=PAGE)

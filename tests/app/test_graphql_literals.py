"""A value written into a document is refused by its argument, and where it stands."""

import pytest

from app.graphql.documents import Documents, Unfit
from app.schema import schema

UUID = "Value cannot represent a UUID."


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ('{ shop(id: "x") { id } }', f"Argument 'id' has invalid value: {UUID}"),
        (
            'mutation { setReplenishmentTerms(input: {shopId: "x"}) { shop { id } } }',
            f"Argument 'input' has invalid value at .shopId: {UUID}",
        ),
        (
            "mutation { setReplenishmentTerms(input: {leadDays: 1.5}) { shop { id } } }",
            "Argument 'input' has invalid value at .leadDays: Int cannot represent non-integer",
        ),
        (
            "query ($id: UUID!) { product(shopId: $id, nmId: 1e3) { sku } }",
            "Argument 'nmId' has invalid value: BigInt must be a whole number between",
        ),
        (
            "{ shops { id @include(if: 1) } }",
            "Argument 'if' has invalid value: Boolean cannot represent a non boolean value.",
        ),
        (
            'query ($id: UUID = "x") { shop(id: $id) { id } }',
            f"A default has invalid value: {UUID}",
        ),
    ],
)
def test_a_wrong_value_is_told_its_argument_and_its_place(asked, said):
    with pytest.raises(Unfit) as no:
        Documents(schema._schema).read(asked)

    told = [each for each in no.value.errors if each["message"].startswith(said)]
    assert len(told) == 1
    assert told[0]["locations"]


def test_what_she_wrote_there_is_not_said_again():
    with pytest.raises(Unfit) as no:
        Documents(schema._schema).read('{ shop(id: "secret") { id } }')

    assert "secret" not in str(no.value.errors)

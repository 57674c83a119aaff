"""Numbers and documents that GraphQL's own scalars do not hold."""

from typing import NewType

import strawberry
from graphql import GraphQLError
from strawberry.schema.config import StrawberryConfig

EXACT = 2**53
"""Up to here a JSON number is exact in JavaScript too."""

BigInt = NewType("BigInt", int)
Json = NewType("Json", object)


def _whole(value: object) -> int:
    if type(value) is not int or not -EXACT <= value <= EXACT:
        raise GraphQLError("BigInt must be a whole number between -2^53 and 2^53.")
    return value


CONFIG = StrawberryConfig(
    disable_field_suggestions=True,
    scalar_map={
        BigInt: strawberry.scalar(
            name="BigInt",
            description="A whole number beyond 32 bits, up to 2^53.",
            serialize=int,
            parse_value=_whole,
        ),
        Json: strawberry.scalar(
            name="JSON",
            description="Names and values as they are; for reading by people and programs alike.",
            serialize=lambda value: value,
        ),
    },
)

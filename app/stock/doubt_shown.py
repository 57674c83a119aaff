"""New numbers that looked wrong, as GraphQL shows them."""

from datetime import datetime

import strawberry

from app.graphql.fields import said
from app.graphql.scalars import BigInt
from app.stock.read import ShopRow
from domain.doubt import Standing

strawberry.enum(
    Standing,
    name="DoubtStanding",
    description="What became of new numbers that look wrong: held back, confirmed by a second "
    "reading, or accepted by somebody of the shop.",
)


@strawberry.type(description="The last new numbers of a shop that looked wrong.")
class Doubt:
    standing: Standing = said("What became of them.")
    since: datetime = said("Since when.")
    stock_before: BigInt = said("Pieces of the last good numbers.")
    stock_now: BigInt = said("Pieces of the new ones, over the same products.")
    products_lost: int = said("Products with stock that the new answer does not speak of.")


def doubt_of(row: ShopRow, since: datetime) -> Doubt:
    """Those of a shop; `since` is when they came to stand so."""
    return Doubt(
        standing=Standing(row.doubt or ""),
        since=since,
        stock_before=BigInt(row.seen.was),
        stock_now=BigInt(row.seen.now),
        products_lost=row.seen.lost,
    )

"""What a token is good for, as GraphQL shows it."""

from datetime import datetime

import strawberry

from app.graphql.fields import listed, said
from app.web.languages import translated
from domain.ports import Account


@strawberry.type(description="A source that a token does not open.")
class Failing:
    source: str = said("A stable word for the source.")
    reason: str = said("Why, and what to do, in a sentence.")


@strawberry.type(
    description="What a token is good for, tried live. The token itself is never shown."
)
class TokenInsight:
    seller_id: str = said("The marketplace's own id of the seller.")
    seller_name: str = said("What the marketplace calls the seller.")
    kind: str = said("What kind of token it is.")
    scopes: list[str] = listed(20, "What it was issued for.")
    read_only: bool = said("Whether it can change nothing.")
    expires_at: datetime | None = said("When it ends, if it does.")
    works: list[str] = listed(10, "Sources that it opens.")
    fails: list[Failing] = listed(10, "Sources that it does not.")


def insight_of(account: Account, language: str) -> TokenInsight:
    """What a live look at a token found."""
    return TokenInsight(
        seller_id=account.seller_id,
        seller_name=account.seller_name,
        kind=account.token_kind,
        scopes=list(account.scopes),
        read_only=account.read_only,
        expires_at=account.expires_at,
        works=list(account.works),
        fails=[
            Failing(source=source, reason=translated(reason, language))
            for source, reason in account.fails
        ],
    )

"""How callers see numbers that look wrong, and say that they are right."""

from datetime import datetime
from uuid import UUID

import strawberry

from app.graphql.context import Info, asker_of
from app.graphql.errors import UserError, refusals
from app.graphql.fields import mutation, said
from app.stock.read import shop_by_id
from app.stock.shown import Shop, shop_of
from domain.access import Role
from domain.doubt import AcceptNumbers, Because

strawberry.enum(
    Because,
    name="AcceptedBecause",
    description="Why numbers that look wrong are right: the goods were taken away, or sold, or "
    "somebody checked them in the cabinet.",
)


@strawberry.input(description="New numbers of a shop to accept.")
class AcceptNumbersInput:
    shop_id: UUID = said("Whose numbers are held back.")
    because: Because = said("Why they are right; it stays on record.")


@strawberry.type(description="What came of accepting numbers.")
class AcceptNumbersPayload:
    shop: Shop | None = strawberry.field(default=None, description="The shop.")
    accepted_at: datetime | None = strawberry.field(
        default=None, description="When; the sync that writes them has been asked for."
    )
    user_errors: list[UserError] = refusals()


@strawberry.type
class Mutation:
    @mutation(Role.ADMIN, "Accept new numbers that are held back; a sync writes them at once.")
    async def accept_numbers(self, info: Info, input: AcceptNumbersInput) -> AcceptNumbersPayload:  # noqa: A002 - its name in the API
        command = AcceptNumbers(shop_id=input.shop_id, because=input.because)
        ports = info.context.ports
        await asker_of(info, input).tell(ports.handle, command)
        row = await shop_by_id(ports.database, info.context.scope, input.shop_id)
        return AcceptNumbersPayload(
            shop=shop_of(row) if row else None, accepted_at=row.doubt_since if row else None
        )

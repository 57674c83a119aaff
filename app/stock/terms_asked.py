"""The terms of a shop as callers see and set them; what is left out stays as it is."""

from uuid import UUID

import strawberry

from app.graphql.context import Info, asker_of
from app.graphql.errors import UserError, refusals
from app.graphql.fields import mutation, said
from app.stock.read import shop_by_id
from app.stock.replenished import ReplenishmentTerms
from app.stock.shown import Shop, shop_of
from domain.access import Role
from domain.terms import ChangeTerms


@strawberry.input(description="By which terms a shop restocks. What is left out stays as it is.")
class SetReplenishmentTermsInput(ReplenishmentTerms):
    shop_id: UUID = said("Which shop.")


@strawberry.type(description="What came of setting a shop's terms.")
class SetReplenishmentTermsPayload:
    shop: Shop | None = strawberry.field(default=None, description="The shop with its terms.")
    user_errors: list[UserError] = refusals()


@strawberry.type
class Mutation:
    @mutation(
        Role.ADMIN,
        "Say by which terms a shop restocks; refused while its tab «Пополнение» decides. A sync "
        "follows if it has a sheet.",
    )
    async def set_replenishment_terms(
        self,
        info: Info,
        input: SetReplenishmentTermsInput,  # noqa: A002 - its name in the API
    ) -> SetReplenishmentTermsPayload:
        command = ChangeTerms(
            shop_id=input.shop_id,
            lead=input.lead_days,
            cover=input.cover_days,
            pack=input.pack,
            safety=input.safety_days,
        )
        await asker_of(info, input).tell(info.context.ports.handle, command)
        row = await shop_by_id(info.context.ports.database, info.context.scope, input.shop_id)
        return SetReplenishmentTermsPayload(shop=shop_of(row) if row else None)

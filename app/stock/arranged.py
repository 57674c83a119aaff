"""How callers arrange a shop's sheet: what else it shows, what is out of sight, what comes back."""

from uuid import UUID

import strawberry

from app.graphql.context import Info, asker_of
from app.graphql.errors import UserError, refusals
from app.graphql.fields import mutation, said
from app.stock.read import shop_by_id
from app.stock.shown import Shop, shop_of
from domain import arrangement
from domain.access import Role


@strawberry.input(description="What else a shop's sheet shows.")
class ArrangeSheetInput:
    shop_id: UUID = said("Whose sheet.")
    data_tab: bool | None = strawberry.field(
        default=None,
        description="Fill the tab «Данные» too: one row per product and place. Off again it stays.",
    )
    replenishment_tab: bool | None = strawberry.field(
        default=None,
        description="Fill the tab «Пополнение» too: what to ship, how many, until when, by terms "
        "of her own. Off again it stays.",
    )
    check_tab: bool | None = strawberry.field(
        default=None,
        description="Fill the tab «Сверка» too: what the cabinet shows otherwise. Off it stays.",
    )
    hide_empty_places: bool | None = strawberry.field(
        default=None,
        description="Hide the columns of places without stock and orders for 30 days.",
    )


@strawberry.input(description="Columns to bring back.")
class ReturnColumnsInput:
    shop_id: UUID = said("Into whose sheet.")


@strawberry.type(description="What came of arranging a sheet.")
class ArrangeSheetPayload:
    shop: Shop | None = strawberry.field(default=None, description="The shop with its sheet.")
    user_errors: list[UserError] = refusals()


@strawberry.type
class Mutation:
    @mutation(Role.ADMIN, "Say what else a shop's sheet shows. A sync follows if it has one.")
    async def arrange_sheet(self, info: Info, input: ArrangeSheetInput) -> ArrangeSheetPayload:  # noqa: A002 - its name in the API
        command = arrangement.ArrangeSheet(
            shop_id=input.shop_id,
            data_tab=input.data_tab,
            replenishment_tab=input.replenishment_tab,
            check_tab=input.check_tab,
            hide_empty=input.hide_empty_places,
        )
        await asker_of(info, input).tell(info.context.ports.handle, command)
        return await _arranged(info, input.shop_id)

    @mutation(Role.ADMIN, "Bring back the columns that were deleted in a sheet, at its right edge.")
    async def return_columns(self, info: Info, input: ReturnColumnsInput) -> ArrangeSheetPayload:  # noqa: A002 - its name in the API
        command = arrangement.ReturnColumns(shop_id=input.shop_id)
        await asker_of(info, input).tell(info.context.ports.handle, command)
        return await _arranged(info, input.shop_id)


async def _arranged(info: Info, shop_id: UUID) -> ArrangeSheetPayload:
    row = await shop_by_id(info.context.ports.database, info.context.scope, shop_id)
    return ArrangeSheetPayload(shop=shop_of(row) if row else None)

"""How callers see and choose who writes a shop's sheet."""

from uuid import UUID

import strawberry

from app.graphql.context import Context, Info, asker_of
from app.graphql.errors import UserError, refusals
from app.graphql.fields import mutation, said
from app.stock.connect import Connect
from app.stock.handover import Handover
from app.stock.read import shop_by_id, shops
from app.stock.shown import Shop, shop_of
from app.stock.writers import Writers
from domain.access import Role
from domain.secrecy import Secret
from domain.shop import UnknownShop


@strawberry.input(description="Who is to write a shop's sheet.")
class SetSheetWriterInput:
    shop_id: UUID = said("Whose sheet.")
    key: str | None = strawberry.field(
        default=None,
        description="The JSON key of a service account of hers. It goes to the vault and is never "
        "shown again. Without one an account of the service writes, and what was kept is "
        "forgotten.",
    )


@strawberry.type(description="What came of choosing who writes a sheet.")
class SetSheetWriterPayload:
    shop: Shop | None = strawberry.field(default=None, description="The shop with its writer.")
    user_errors: list[UserError] = refusals()


@strawberry.input(description="A shop to make a sheet for.")
class MakeSheetInput:
    shop_id: UUID = said("Which one. She has signed in with Google on the page Start.")


@strawberry.type(description="What came of making a sheet.")
class MakeSheetPayload:
    shop: Shop | None = strawberry.field(default=None, description="The shop with its sheet.")
    title: str | None = strawberry.field(default=None, description="The name of the file.")
    user_errors: list[UserError] = refusals()


@strawberry.type
class Mutation:
    @mutation(
        Role.ADMIN,
        "Say who writes a shop's sheet. One that is connected has to be shared with that address "
        "first, so that it never stops.",
    )
    async def set_sheet_writer(
        self,
        info: Info,
        input: SetSheetWriterInput,  # noqa: A002 - its name in the API
    ) -> SetSheetWriterPayload:
        handover, asker = _handover(info), asker_of(info, input)
        if input.key is None:
            await handover.robot(asker, input.shop_id)
        else:
            await handover.key(asker, input.shop_id, Secret(input.key))
        return SetSheetWriterPayload(shop=await _shop(info, input.shop_id))

    @mutation(Role.ADMIN, "Make a new sheet in her own Google Drive, and connect it.")
    async def make_sheet(self, info: Info, input: MakeSheetInput) -> MakeSheetPayload:  # noqa: A002 - its name in the API
        file = await _handover(info).make(asker_of(info, input), input.shop_id)
        return MakeSheetPayload(shop=await _shop(info, input.shop_id), title=file.title)


async def sheet_address(context: Context, shop_id: UUID | None) -> str:
    """What a file is shared with: of this shop, or of the company's. Raises UnknownShop."""
    ports, scope = context.ports, context.scope
    writers = Writers(principals=ports.principals, vault=ports.vault)
    if shop_id is None:
        return writers.next_robot(scope.tenant, await shops(ports.database, scope))
    row = await shop_by_id(ports.database, scope, shop_id)
    if row is None:
        raise UnknownShop(field="shopId")
    return writers.address(row)


def connecting(context: Context) -> Connect:
    """How shops and sheets are connected."""
    ports = context.ports
    return Connect(
        database=ports.database,
        handle=ports.handle,
        clock=ports.clock,
        marketplaces=ports.marketplaces,
        writers=Writers(principals=ports.principals, vault=ports.vault),
        plans=ports.plans,
    )


def _handover(info: Info) -> Handover:
    return Handover(connect=connecting(info.context))


async def _shop(info: Info, shop_id: UUID) -> Shop | None:
    row = await shop_by_id(info.context.ports.database, info.context.scope, shop_id)
    return shop_of(row) if row else None

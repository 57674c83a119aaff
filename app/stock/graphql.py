"""What callers may ask about shops and products, and what they may change."""

from uuid import UUID

import strawberry

from app.graphql.connection import Connection, text
from app.graphql.context import AsStaff, Info, asker_of
from app.graphql.errors import UserError, refusals
from app.graphql.fields import mutation, query, said
from app.graphql.language import Language
from app.graphql.scalars import BigInt
from app.stock import products as stored
from app.stock.connect import Wish
from app.stock.explained import Explanation, explained
from app.stock.handover_graphql import connecting, sheet_address
from app.stock.insight_shown import TokenInsight, insight_of
from app.stock.limiting import set_schedule
from app.stock.product_pages import ProductOrder, ProductWhere, page
from app.stock.read import shop_by_id, shops
from app.stock.replenished import Wished, terms_of
from app.stock.report.shown import KeptAt, Report, product_then, products_then, report
from app.stock.report.wish import Format
from app.stock.schedules import schedules
from app.stock.schedules_asked import SetScheduleInput, asked
from app.stock.schedules_shown import Schedule
from app.stock.shown import (
    Marketplace,
    Product,
    Shop,
    product_of,
    shop_of,
)
from app.stock.siblings import Siblings
from app.stock.summary import summary
from app.stock.summed import StockSummary, summary_of
from domain import shop as domain_shop
from domain.access import Role
from domain.errors import Invalid
from domain.explain import Cell
from domain.secrecy import Secret

EXPLAINED = 20
SUMMED = 500
"""Points of a summary: it reads every product of a shop once."""
PAST_ALONE = (
    "`asOf` goes with `shopId`, and the products come by article: leave out `search`, `where` and "
    "`orderBy`."
)


@strawberry.type
class Query:
    @query(Role.VIEWER, "All shops of the company, in the order they were connected.")
    async def shops(self, info: Info) -> list[Shop]:
        rows = await shops(info.context.ports.database, info.context.scope)
        return [shop_of(row) for row in rows]

    @query(Role.VIEWER, "One shop; null for an id that is none of the company's.")
    async def shop(self, info: Info, id: UUID) -> Shop | None:  # noqa: A002 - its name in the API
        return await _shop(info, id)

    @query(Role.VIEWER, "When a shop is synced; null for an unknown shop.")
    async def schedule(self, info: Info, shop_id: UUID) -> Schedule | None:
        found = await _shop(info, shop_id)
        return found.schedule if found else None

    @query(Role.VIEWER, "Schedules of all shops, whose run is next comes first; 1 to 100 a page.")
    async def schedules(
        self, info: Info, first: int = 20, after: str | None = None, as_staff: AsStaff = None
    ) -> Connection[Schedule]:
        return await schedules(info, first, after, as_staff)

    @query(
        Role.VIEWER,
        "The e-mail address that a Google Sheet has to be shared with (Editor): a shop's own, or "
        "that of the company's sheets.",
    )
    async def sheet_address(self, info: Info, shop_id: UUID | None = None) -> str:
        return await sheet_address(info.context, shop_id)

    @query(Role.VIEWER, "Products as of the last sync, or of a moment; 1 to 100 a page.")
    async def products(  # noqa: PLR0913, PLR0917 - the arguments of the field
        self,
        info: Info,
        first: int = 20,
        after: str | None = None,
        shop_id: UUID | None = None,
        search: str | None = None,
        where: ProductWhere | None = None,
        order_by: ProductOrder | None = None,
        as_of: KeptAt = None,
    ) -> Connection[Product]:
        if as_of is not None:
            if shop_id is None or search is not None or where or order_by:
                raise Invalid(PAST_ALONE, field="asOf")
            return await products_then(info.context, shop_id, as_of, first, after)
        return await page(info.context, first, after, shop_id, search, where, order_by)

    @query(Role.VIEWER, "One product of a shop, now or then; null when there is none.")
    async def product(
        self, info: Info, shop_id: UUID, nm_id: BigInt, as_of: KeptAt = None
    ) -> Product | None:
        if as_of is not None:
            return await product_then(info.context, shop_id, as_of, nm_id)
        database, scope = info.context.ports.database, info.context.scope
        row = await stored.product(database, scope, shop_id, nm_id)
        return product_of(row, Siblings(info.context, [(shop_id, nm_id)])) if row else None

    @query(
        Role.VIEWER,
        "How a figure of a product comes about, now or then; of all places, or of one by its "
        "number. Null for an unknown shop, product or place.",
        cost=EXPLAINED,
    )
    async def explain(  # noqa: PLR0913, PLR0917 - the arguments of the field
        self,
        info: Info,
        shop_id: UUID,
        nm_id: BigInt,
        figure: Cell,
        place: int | None = None,
        as_of: KeptAt = None,
        terms: Wished = None,
    ) -> Explanation | None:
        return await explained(info.context, shop_id, nm_id, figure, place, as_of, terms)

    @query(
        Role.VIEWER,
        "A shop's stock in a few numbers: what runs out soon, what lies there for nothing. Null "
        "for an unknown shop, and before the first snapshot.",
        cost=SUMMED,
    )
    async def stock_summary(
        self, info: Info, shop_id: UUID, terms: Wished = None
    ) -> StockSummary | None:
        database, scope = info.context.ports.database, info.context.scope
        shop = await shop_by_id(database, scope, shop_id)
        if shop is None:
            return None
        found = await summary(database, scope, shop_id, terms_of(terms, shop.terms))
        return summary_of(found, info.context.language) if found else None

    @query(
        Role.VIEWER,
        "The table of a shop, as in its sheet, as a file; null for an unknown shop.",
    )
    async def report(
        self,
        info: Info,
        shop_id: UUID,
        as_of: KeptAt = None,
        format: Format = Format.XLSX,  # noqa: A002 - its name in the API
        language: Language | None = None,
    ) -> Report | None:
        told = language.value if language else info.context.language
        return await report(info.context, shop_id, as_of, format, told)


@strawberry.input(description="A shop to connect, or a new token for one.")
class ConnectShopInput:
    marketplace: Marketplace = said("Where it sells.")
    token: str = said("The marketplace's API token. It goes to the vault and is never shown again.")
    name: str | None = strawberry.field(default=None, description="If not the seller's own name.")
    shop_id: UUID | None = strawberry.field(
        default=None, description="The shop whose token this replaces."
    )


@strawberry.type(description="What came of connecting a shop.")
class ConnectShopPayload:
    shop: Shop | None = strawberry.field(default=None, description="The shop, if connected.")
    token: TokenInsight | None = strawberry.field(
        default=None, description="What its token is good for."
    )
    user_errors: list[UserError] = refusals()


@strawberry.input(description="A shop to disconnect.")
class DisconnectShopInput:
    shop_id: UUID = said("Which one. Its sheet stays as it is, its token is forgotten.")


@strawberry.type(description="What came of disconnecting a shop.")
class DisconnectShopPayload:
    shop_id: UUID | None = strawberry.field(default=None, description="The one that is gone.")
    user_errors: list[UserError] = refusals()


@strawberry.input(description="A sheet for a shop.")
class ConnectSheetInput:
    shop_id: UUID = said("Which shop.")
    url: str = said("The link to the Google Sheet, as the browser shows it. Share it first.")


@strawberry.type(description="What came of connecting a sheet.")
class ConnectSheetPayload:
    shop: Shop | None = strawberry.field(default=None, description="The shop with its sheet.")
    title: str | None = strawberry.field(default=None, description="The name of the file.")
    user_errors: list[UserError] = refusals()


@strawberry.type(description="What came of setting a schedule.")
class SetSchedulePayload:
    schedule: Schedule | None = strawberry.field(default=None, description="As it is now.")
    user_errors: list[UserError] = refusals()


@strawberry.type
class Mutation:
    @mutation(Role.ADMIN, "Connect a shop, or give it a new token. The token is tried live.")
    async def connect_shop(self, info: Info, input: ConnectShopInput) -> ConnectShopPayload:  # noqa: A002 - its name in the API
        wish = Wish(
            marketplace=input.marketplace.value,
            token=Secret(input.token),
            name=text(input.name, "name"),
            shop_id=input.shop_id,
        )
        row, account = await connecting(info.context).shop(asker_of(info, input), wish)
        token = insight_of(account, info.context.language)
        return ConnectShopPayload(shop=shop_of(row), token=token)

    @mutation(Role.ADMIN, "Disconnect a shop; its sheet and its history stay.")
    async def disconnect_shop(
        self,
        info: Info,
        input: DisconnectShopInput,  # noqa: A002 - its name in the API
    ) -> DisconnectShopPayload:
        await connecting(info.context).drop(asker_of(info, input), input.shop_id)
        return DisconnectShopPayload(shop_id=input.shop_id)

    @mutation(Role.ADMIN, "Connect a shop's Google Sheet, if it can be edited.")
    async def connect_sheet(self, info: Info, input: ConnectSheetInput) -> ConnectSheetPayload:  # noqa: A002 - its name in the API
        file = await connecting(info.context).spreadsheet(
            asker_of(info, input), input.shop_id, input.url
        )
        return ConnectSheetPayload(shop=await _shop(info, input.shop_id), title=file.title)

    @mutation(Role.ADMIN, "Say by which hour a shop's sheet is to be ready, or when it is synced.")
    async def set_schedule(self, info: Info, input: SetScheduleInput) -> SetSchedulePayload:  # noqa: A002 - its name in the API
        schedule = asked(input, info.context.ports.clock())
        command = domain_shop.SetSchedule(shop_id=input.shop_id, schedule=schedule)
        ports, asker = info.context.ports, asker_of(info, input)
        await set_schedule(ports.handle, ports.plans, asker, command, ports.clock())
        found = await _shop(info, input.shop_id)
        return SetSchedulePayload(schedule=found.schedule if found else None)


async def _shop(info: Info, shop_id: UUID) -> Shop | None:
    row = await shop_by_id(info.context.ports.database, info.context.scope, shop_id)
    return shop_of(row) if row else None

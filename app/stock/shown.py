"""Shops and products as GraphQL shows them."""

from datetime import date, datetime
from enum import Enum
from uuid import UUID

import strawberry

from app.graphql.context import Info
from app.graphql.fields import listed, resolved, said
from app.graphql.scalars import BigInt
from app.stock.checked_shown import Reconciliation, reconciliation
from app.stock.doubt_shown import Doubt, doubt_of
from app.stock.forecast_shown import Capability, SyncPlan, capabilities, planned
from app.stock.history import Day
from app.stock.products import ProductRow
from app.stock.read import ShopRow
from app.stock.replenished import (
    PlaceReplenishment,
    Replenishment,
    ShopTerms,
    Wished,
    of_place,
    replenishment_of,
    terms_of,
)
from app.stock.schedules_shown import Schedule, schedule_of
from app.stock.siblings import Siblings
from app.stock.writers_shown import SheetWriter, writer_of
from domain.place import Kind
from domain.replenishment import Known
from domain.table.link import SHEET


@strawberry.enum(description="Where a shop sells.")
class Marketplace(Enum):
    WILDBERRIES = "wildberries"


strawberry.enum(Kind, name="PlaceKind", description="What a place of stock is.")


@strawberry.type(description="The Google Sheet that a shop is written to.")
class Sheet:
    spreadsheet_id: str = said("The id in its link.")
    data_tab: bool = said("Whether the tab «Данные» is filled too.")
    replenishment_tab: bool = said("Whether the tab «Пополнение» is filled too.")
    check_tab: bool = said("Whether the tab «Сверка» is filled too, as it is unless switched off.")
    hide_empty_places: bool = said(
        "Whether places without stock and orders for 30 days are hidden."
    )
    deleted_columns: list[str] = listed(
        20, "Columns that somebody deleted in it, by their names; returnColumns brings them back."
    )

    @resolved("Where to open it.")
    def url(self) -> str:
        return SHEET.format(self.spreadsheet_id)


@strawberry.type(description="Why a shop's sync cannot go on by itself.")
class Breakage:
    cause: str = said("A stable word: token_dead, sheet_unshared …")
    since: datetime = said("Since when.")


@strawberry.type(description="A shop (кабинет): one marketplace account with its sheet.")
class Shop:
    id: UUID = said("Its id, for ever.")
    name: str = said("What her people call it.")
    marketplace: Marketplace = said("Where it sells.")
    seller_id: str = said("The marketplace's own id of the seller.")
    token_kind: str = said("What kind of token it is read with.")
    token_expires_at: datetime | None = said("When that token ends, if it does.")
    sheet: Sheet | None = said("Its sheet, once connected.")
    writer: SheetWriter = said("Who writes its sheet at Google.")
    schedule: Schedule = said("When it is synced.")
    replenishment_terms: ShopTerms = said("By which terms what to ship is told.")
    broken: Breakage | None = said("Why it cannot be synced, if it cannot.")
    doubt: Doubt | None = said("New numbers that looked wrong last; acceptNumbers lets them in.")
    connected_at: datetime = said("When it was connected.")
    row: strawberry.Private[ShopRow]

    @resolved("What its token opens, source by source.", 8, cost=5)
    async def capabilities(self, info: Info) -> list[Capability]:
        return await capabilities(info.context, self.row)

    @resolved("Its last check against the cabinet's own report; null before the first.", cost=5)
    async def reconciliation(self, info: Info) -> Reconciliation | None:
        return await reconciliation(info, self.id)

    @resolved(
        "What a sync that begins now, or then, will ask of its neighbours; with `runId` what is "
        "left of one under way. Null while the limits cannot be looked at.",
        cost=5,
    )
    async def sync_plan(
        self, info: Info, begins_at: datetime | None = None, run_id: UUID | None = None
    ) -> SyncPlan | None:
        return await planned(info.context, self.row, begins_at, run_id)


@strawberry.type(description="Stock and orders of a product at one place.")
class ProductPlace:
    number: int = said("The place's number among the shop's columns.")
    name: str = said("As the marketplace or the seller calls it.")
    kind: Kind = said("What it is; named warehouses of WB are inside their total.")
    stock: int | None = said("Pieces; null where they were not read, never 0.")
    orders: int | None = said("Pieces ordered in the period; null where not known.")
    product: strawberry.Private[tuple[UUID, int]]
    siblings: strawberry.Private[Siblings]

    @resolved("How long it lasts there; null before the first snapshot, and with `asOf`.", cost=5)
    async def replenishment(self) -> PlaceReplenishment | None:
        shop_id, nm_id = self.product
        found = await self.siblings.place_days(shop_id)
        if found is None:
            return None
        day, days, on_sale = found
        known = Known(
            day=day,
            days=days.days,
            stock=self.stock,
            orders=self.orders,
            on_sale=on_sale[nm_id, self.number],
        )
        return of_place(known)


@strawberry.type(description="Orders by where their buyers are. No place where anything lies.")
class DistrictDemand:
    district: str = said("A federal district, or a country; empty where it is not told.")
    orders: int = said("Ordered in the seven full days before they were read, not cancelled.")


@strawberry.type(description="A product at one place at the end of a day.")
class PlaceDay:
    number: int = said("The place's number among the shop's columns.")
    stock: int | None = said("Pieces; null where they were not read.")
    in_stock: bool = said("It lay there at some time of the day, as far as is known.")


@strawberry.type(description="A product on one Moscow day.")
class StockDay:
    day: date = said("Which day.")
    stock: int | None = said("In all places at the end of the day; null while a part is not known.")
    orders: int = said("Ordered on that day, not cancelled, pieces.")
    on_sale: bool = said("It lay somewhere at some time of the day, or was ordered.")
    places: list[PlaceDay] = listed(15, "Where it lay.")


@strawberry.type(description="A product of a shop, as of the last sync.")
class Product:
    shop_id: UUID = said("Whose it is.")
    nm_id: BigInt = said("The marketplace's article (nmID).")
    brand: str = said("Brand.")
    subject: str = said("What kind of thing it is.")
    sku: str = said("The seller's own article.")
    to_client: int | None = said("On the way to buyers, pieces.")
    returns: int | None = said("On the way back, pieces.")
    orders: int | None = said("Ordered in the period, not cancelled, pieces.")
    stock: int | None = said("In all places, pieces; null while a part is not known.")
    turnover_days: float | None = said("How many days the stock lasts; null without orders.")
    places: list[ProductPlace] = listed(15, "Where it is.")
    siblings: strawberry.Private[Siblings]

    @resolved("What to ship; null before the first snapshot, and with `asOf`.", cost=5)
    async def replenishment(self, info: Info, terms: Wished = None) -> Replenishment | None:
        wished = terms_of(terms, await self.siblings.terms(self.shop_id))
        found = await self.siblings.movements(self.shop_id)
        language = info.context.language
        return replenishment_of(found, self.nm_id, wished, language) if found else None

    @resolved(
        "Where buyers are, most orders first; null while that is not known, and with `asOf`.",
        12,
        cost=5,
    )
    async def demand(self) -> list[DistrictDemand] | None:
        found = await self.siblings.demand(self.shop_id)
        if found is None:
            return None
        return [
            DistrictDemand(district=district, orders=orders)
            for district, orders in found.of[self.nm_id]
        ]

    @resolved(
        "Its last days that have a snapshot, oldest first, as far as the plan looks back.",
        cost=5,
        sized_by=("days", 1_095),
    )
    async def history(self, days: int = 30) -> list[StockDay]:
        found = await self.siblings.history(self.shop_id, self.nm_id, days)
        return [_day(each) for each in found]


def shop_of(row: ShopRow) -> Shop:
    """A row of the read table as the API shows it."""
    broken = None
    if row.broken and row.broken_since:
        broken = Breakage(cause=row.broken, since=row.broken_since)
    return Shop(
        id=row.shop_id,
        name=row.name,
        marketplace=Marketplace(row.marketplace),
        seller_id=row.seller_id,
        token_kind=row.token_kind,
        token_expires_at=row.token_expires_at,
        sheet=_sheet_of(row, row.spreadsheet_id) if row.spreadsheet_id else None,
        writer=writer_of(row),
        schedule=schedule_of(row),
        replenishment_terms=ShopTerms(
            lead_days=row.lead_days,
            cover_days=row.cover_days,
            pack=row.pack,
            safety_days=row.safety_days,
            in_tab=row.terms_in_tab,
        ),
        broken=broken,
        doubt=doubt_of(row, row.doubt_since) if row.doubt_since else None,
        connected_at=row.connected_at,
        row=row,
    )


def _sheet_of(row: ShopRow, spreadsheet_id: str) -> Sheet:
    return Sheet(
        spreadsheet_id=spreadsheet_id,
        data_tab=row.data_tab,
        replenishment_tab=row.replenishment_tab,
        check_tab=row.check_tab,
        hide_empty_places=row.hide_empty,
        deleted_columns=list(row.columns_gone),
    )


def product_of(row: ProductRow, siblings: Siblings) -> Product:
    """A row of the table of today; `siblings` are those of the same answer."""
    tenths = row.turnover_tenths
    return Product(
        shop_id=row.shop_id,
        nm_id=BigInt(row.nm_id),
        brand=row.brand,
        subject=row.subject,
        sku=row.sku,
        to_client=row.to_client,
        returns=row.returns,
        orders=row.orders,
        stock=row.stock,
        turnover_days=None if tenths is None else tenths / 10,
        places=[
            ProductPlace(
                number=at.number,
                name=at.name,
                kind=Kind(at.kind),
                stock=at.stock,
                orders=at.orders,
                product=(row.shop_id, row.nm_id),
                siblings=siblings,
            )
            for at in row.places
        ],
        siblings=siblings,
    )


def _day(each: Day) -> StockDay:
    return StockDay(
        day=each.day,
        stock=each.stock,
        orders=each.orders,
        on_sale=each.on_sale,
        places=[
            PlaceDay(number=number, stock=stock, in_stock=number in each.stocked)
            for number, stock in each.places.items()
        ],
    )

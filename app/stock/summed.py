"""One shop in a few numbers, as GraphQL shows it."""

from datetime import date

import strawberry

from app.graphql.fields import listed, said
from app.graphql.scalars import BigInt
from app.stock.replenished import Blank, blanks
from app.stock.summary import Named, Summary


@strawberry.type(description="A product of a summary, with what to ship of it.")
class SummaryProduct:
    nm_id: BigInt = said("The marketplace's article (nmID).")
    sku: str = said("The seller's own article.")
    stock: int | None = said("In all places, pieces.")
    days_of_cover: float | None = said("How many days the stock lasts on days on sale.")
    runs_out: date | None = said("When it ends at that pace.")
    ship: BigInt | None = said("Pieces to ship.")
    ship_by: date | None = said("The last day to ship so that it arrives in time.")
    idle_days: int | None = said("Full days since the last order.")


@strawberry.type(description="A shop's stock in a few numbers, as of the last sync.")
class StockSummary:
    as_of: date = said("The Moscow day of the stock.")
    products: int = said("How many there are.")
    stock: BigInt = said("Pieces in all places, of the products whose stock is known.")
    unknown: int = said("Products whose stock is not known.")
    orders: BigInt | None = said("Ordered in the period, pieces; null where they were not read.")
    on_the_way: BigInt | None = said("To the marketplace's warehouses, pieces; null: see `blanks`.")
    out: int = said("Products that are ordered and of which there is nothing.")
    low: int = said("Products that last for less than the lead time.")
    dead: int = said("Products with stock, and without an order for 30 full days.")
    dead_stock: BigInt = said("Their pieces.")
    soonest: list[SummaryProduct] = listed(10, "Those that run out first, ten of them.")
    idlest: list[SummaryProduct] = listed(10, "Dead stock, most pieces first, ten of it.")
    blanks: list[Blank] = listed(2, "Which sources are not known, and why.")


def summary_of(found: Summary, language: str) -> StockSummary:
    """As the API shows it."""
    return StockSummary(
        as_of=found.found.day,
        products=found.products,
        stock=BigInt(found.stock),
        unknown=found.unknown,
        orders=None if found.orders is None else BigInt(found.orders),
        on_the_way=None if found.coming is None else BigInt(found.coming),
        out=found.out,
        low=found.low,
        dead=found.dead,
        dead_stock=BigInt(found.dead_stock),
        soonest=[_product(each) for each in found.soonest],
        idlest=[_product(each) for each in found.idlest],
        blanks=blanks(found.found, language),
    )


def _product(each: Named) -> SummaryProduct:
    figures = each.figures
    return SummaryProduct(
        nm_id=BigInt(each.nm_id),
        sku=each.sku,
        stock=each.stock,
        days_of_cover=None if figures.cover_tenths is None else figures.cover_tenths / 10,
        runs_out=figures.runs_out,
        ship=None if figures.ship is None else BigInt(figures.ship),
        ship_by=figures.ship_by,
        idle_days=figures.idle,
    )

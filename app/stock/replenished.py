"""What to ship of a product, as GraphQL shows it: figures, and why those that are blank are."""

from dataclasses import replace
from datetime import date, datetime
from typing import Annotated

import strawberry

from app.graphql.fields import listed, said
from app.graphql.scalars import BigInt
from app.stock.moving import Movement, Movements
from app.stock.moving_words import reason
from domain.replenishment import Known, Terms, replenishment
from domain.terms import ensure


@strawberry.input(description="How the seller restocks; what is left out is as the shop has it.")
class ReplenishmentTerms:
    lead_days: int | None = strawberry.field(
        default=None, description="From shipping until it is on sale, 0 to 365."
    )
    cover_days: int | None = strawberry.field(
        default=None, description="How long a shipment should last beyond that, 0 to 365."
    )
    pack: int | None = strawberry.field(
        default=None, description="Pieces that go together, 1 to 100,000."
    )
    safety_days: int | None = strawberry.field(
        default=None, description="Days of demand kept for surprises, 0 to 365."
    )


Wished = Annotated[
    ReplenishmentTerms | None,
    strawberry.argument(description="Those of the shop if not given."),
]


@strawberry.type(description="By which terms a shop restocks.")
class ShopTerms:
    lead_days: int = said("From shipping until it is on sale.")
    cover_days: int = said("How long a shipment should last beyond that.")
    pack: int = said("Pieces that go together.")
    safety_days: int = said("Days of demand kept for surprises.")
    in_tab: bool = said(
        "The yellow cells of its tab «Пополнение» decide: the terms follow them with each update, "
        "and setReplenishmentTerms is refused."
    )


@strawberry.type(description="A source of figures that is not known, and why.")
class Blank:
    source: str = said("A stable word: supplies, order_feed.")
    cause: str = said("A stable word: unread, stale, short_history, no_scope, method_off …")
    reason: str = said("Why, and what to do, in a sentence.")


@strawberry.type(description="When a product was last shipped to the marketplace's warehouses.")
class Shipment:
    at: datetime = said("When it was brought.")
    warehouse: str = said("Where, by the marketplace's name; empty where that is not told.")


@strawberry.type(description="What became of the orders of some days, most of which are settled.")
class Buyout:
    first: date = said("The first of the days, Moscow.")
    last: date = said("The last of them.")
    bought: int = said("Pieces that buyers kept.")
    refused: int = said("Pieces cancelled or returned.")
    unsettled: int = said("Pieces that may still become either.")
    percent: float | None = said("Kept ÷ (kept + cancelled + returned); null if none is settled.")
    vague: bool = said("More than a tenth is unsettled: the figure may still move.")


@strawberry.type(description="What to ship of a product, how much and until when; null is blank.")
class Replenishment:
    as_of: date = said("The Moscow day of the stock that it follows from.")
    stock: int | None = said("In all places, pieces.")
    on_the_way: BigInt | None = said("To the marketplace's warehouses, pieces; null: see `blanks`.")
    orders: int | None = said("Ordered in the period, pieces.")
    days_on_sale: int | None = said("Days of the period on which it could be bought.")
    orders_per_day: float | None = said("Orders ÷ days on sale, two decimals.")
    days_of_cover: float | None = said("Stock ÷ orders per day; null without orders.")
    runs_out: date | None = said("When stock ends at that pace.")
    lead_time_demand: float | None = said("Orders per day × lead time, pieces.")
    safety_stock: BigInt | None = said("Orders per day × safety days, pieces, rounded up.")
    ship: BigInt | None = said("Pieces to ship, in whole packs; null without stock or demand.")
    ship_by: date | None = said("The last day to ship so that it arrives in time.")
    lost_sales: BigInt | None = said("An estimate: orders per day × days it was not on sale.")
    idle_days: int | None = said("Full days since the last order, while there is stock.")
    dead_stock: bool = said("Nothing was ordered for 30 days although there is stock.")
    buyout: Buyout | None = said("What buyers kept of what they ordered; null: see `blanks`.")
    last_shipped: Shipment | None = said("The latest supply with it; null if none is known.")
    blanks: list[Blank] = listed(2, "Which sources are not known, and why.")


@strawberry.type(description="How long a product lasts at one place; null is blank.")
class PlaceReplenishment:
    days_on_sale: int | None = said("Days of the period on which it lay there.")
    orders_per_day: float | None = said("Orders from there ÷ those days, two decimals.")
    days_of_cover: float | None = said("Stock there ÷ orders per day; null without orders.")
    runs_out: date | None = said("When it ends there at that pace.")


def of_place(known: Known) -> PlaceReplenishment:
    """Of a place whose stock is not known nothing is told of its days either."""
    if known.stock is None or known.orders is None:
        return PlaceReplenishment(
            days_on_sale=None, orders_per_day=None, days_of_cover=None, runs_out=None
        )
    figures = replenishment(known)
    return PlaceReplenishment(
        days_on_sale=known.on_sale,
        orders_per_day=_shown(figures.a_day_hundredths, 100),
        days_of_cover=_shown(figures.cover_tenths, 10),
        runs_out=figures.runs_out,
    )


def terms_of(wished: ReplenishmentTerms | None, own: Terms) -> Terms:
    """`own`: the shop's. Raises Invalid, naming the fields."""
    if wished is None:
        return own
    told = {
        "lead": wished.lead_days,
        "cover": wished.cover_days,
        "pack": wished.pack,
        "safety": wished.safety_days,
    }
    terms = replace(own, **{name: value for name, value in told.items() if value is not None})
    ensure(terms, within="terms.")
    return terms


def replenishment_of(
    found: Movements, nm_id: int, terms: Terms, language: str
) -> Replenishment | None:
    """None for a product that has left meanwhile."""
    one = found.of.get(nm_id)
    if one is None:
        return None
    known, figures = one.known, replenishment(one.known, terms)
    return Replenishment(
        as_of=known.day,
        stock=known.stock,
        on_the_way=_large(known.coming),
        orders=known.orders,
        days_on_sale=known.on_sale,
        orders_per_day=_shown(figures.a_day_hundredths, 100),
        days_of_cover=_shown(figures.cover_tenths, 10),
        runs_out=figures.runs_out,
        lead_time_demand=_shown(figures.lead_demand_tenths, 10),
        safety_stock=_large(figures.safety),
        ship=_large(figures.ship),
        ship_by=figures.ship_by,
        lost_sales=_large(figures.lost),
        idle_days=figures.idle,
        dead_stock=figures.dead,
        buyout=_buyout(found, one),
        last_shipped=Shipment(at=one.shipped.at, warehouse=one.shipped.warehouse)
        if one.shipped
        else None,
        blanks=blanks(found, language),
    )


def blanks(found: Movements, language: str) -> list[Blank]:
    """Which sources are not known, and why."""
    return [
        Blank(source=flow.value, cause=cause, reason=reason(flow, cause, language))
        for flow, cause in found.causes.items()
    ]


def _buyout(found: Movements, one: Movement) -> Buyout | None:
    settled, days = one.settled, found.cohort
    if settled is None or days is None:
        return None
    return Buyout(
        first=days.first,
        last=days.last,
        bought=settled.bought,
        refused=settled.refused,
        unsettled=settled.unsettled,
        percent=_shown(settled.buyout_tenths, 10),
        vague=settled.vague,
    )


def _large(pieces: int | None) -> BigInt | None:
    """What is multiplied may be beyond 32 bits."""
    return None if pieces is None else BigInt(pieces)


def _shown(scaled: int | None, by: int) -> float | None:
    return None if scaled is None else scaled / by

"""How the figures of a product come about, on a page: source rows, formula, value of each."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from app.graphql.connection import cursor, key_of
from app.stock.asked import NO_PAGE
from app.stock.connect import Connect
from app.stock.explained import Key
from app.stock.explained_words import in_numbers, in_words, name, said, told_source, value
from app.stock.explaining import OrderLine, moved, newest, orders, source
from app.stock.freshness import fresh
from app.stock.grid import Reasons, places_of, source_of
from app.stock.moving import Movements, movements
from app.stock.moving_words import reason
from app.stock.pages import known_product, told
from app.web.console import Visitor, page, render
from app.web.console.links import links
from domain.errors import Invalid
from domain.explain import Cell, Explanation
from domain.fact import fact
from domain.flow import Flow
from domain.place import Place
from domain.stock import Unread
from domain.table.place_columns import place_name

SIZE = 40


@fact
class Line:
    """A figure in words. `beside`: what is inside it, and not counted again."""

    name: str
    value: str
    formula: str
    filled: str
    source: str
    terms: Sequence[tuple[str, str]]
    beside: Sequence[tuple[str, str]]
    why: str


@page("/stock/{shop_id:uuid}/{nm_id:int}/explain")
async def explain(  # noqa: PLR0913, PLR0917 - the parameters of the address
    visitor: NamedDependency[Visitor],
    connect: NamedDependency[Connect],
    shop_id: FromPath[UUID],
    nm_id: FromPath[int],
    place: FromQuery[str | None] = None,
    after: FromQuery[str | None] = None,
) -> str:
    """`place`: its number among the columns; without one, or with another's, it is all together."""
    values = await explain_values(connect, visitor, (shop_id, nm_id), place or "", after or "")
    return render("stock/explain.html", visitor, **values)


async def explain_values(
    connect: Connect, visitor: Visitor, of: tuple[UUID, int], place: str, after: str
) -> Mapping[str, object]:
    """Raises UnknownShop, UnknownProduct, Invalid for a page that there is not."""
    database, scope = connect.database, visitor.scope
    shop, row = await known_product(connect, visitor, *of)
    seen = await fresh(database, scope, shop.shop_id)
    taken = await newest(database, scope, shop.shop_id)
    found = await source(database, scope, row, taken or visitor.now)
    known = places_of([row])
    here = next((each for each in known if str(each.number) == place), None)
    number = here.number if here else None
    rows = await orders(database, scope, found, number, (_key(after), SIZE + 1))
    reasons = Reasons(seen.gaps if seen else (), visitor.language)
    cells = found.there(number) if number is not None else found.totals()
    moving = None if here else await movements(database, scope, shop.shop_id, [row.nm_id])
    ship = await moved(database, scope, moving, row, shop.terms) if moving else ()
    link = links(f"/stock/{of[0]}/{of[1]}/explain", {"place": number or ""})
    return {
        **told(connect, visitor, shop, seen),
        "row": row,
        "places": [(each.number, place_name(each).say(visitor.language)) for each in known],
        "place": number,
        "figures_of": [_line(each, visitor.language, _why(each, here, reasons)) for each in cells],
        "ship": [_line(each, visitor.language, _unread(each, moving, visitor)) for each in ship],
        "orders": rows[:SIZE],
        "tally": found.whole if number is None else found.tallies.get(number),
        "taken": found.taken_at,
        "link": link,
        "after": bool(after),
        "following": cursor(*_place_of(rows[SIZE - 1])) if len(rows) > SIZE else "",
    }


def _line(found: Explanation, language: str, why: str = "") -> Line:
    parts = [
        (each.counted, (each.name.say(language), said(each.value, language)))
        for each in found.terms
    ]
    return Line(
        name=name(found.cell, language),
        value=value(found, language),
        formula=in_words(found, language),
        filled=in_numbers(found, language),
        source=told_source(found.cell, language),
        terms=[term for counted, term in parts if counted],
        beside=[term for counted, term in parts if not counted and term[1]],
        why=why if found.value is None else "",
    )


def _why(found: Explanation, here: Place | None, reasons: Reasons) -> str:
    """Why a blank is one, as far as a source tells; turnover's follows from the others."""
    match found.cell:
        case Cell.STOCK:
            return reasons.of(source_of(here.kind)) if here else reasons.of_stock()
        case Cell.ORDERS:
            return reasons.of_orders(here.kind) if here else reasons.of(Unread.ORDERS)
        case Cell.TO_CLIENT | Cell.RETURNS:
            return reasons.of(Unread.WB)
        case _:
            return ""


def _unread(found: Explanation, moving: Movements | None, visitor: Visitor) -> str:
    """Why a figure of what moves is blank, if its source is not known."""
    flow = {Cell.ON_THE_WAY: Flow.SUPPLIES, Cell.BUYOUT: Flow.FEED}.get(found.cell)
    cause = moving.causes.get(flow) if moving and flow else None
    return reason(flow, cause, visitor.language) if flow and cause else ""


def _key(after: str) -> tuple[datetime, str] | None:
    if not after:
        return None
    try:
        return key_of(after, Key)
    except Invalid as wrong:
        raise Invalid(NO_PAGE, field="after") from wrong


def _place_of(last: OrderLine) -> tuple[datetime, str]:
    return last.ordered_at, last.srid

"""Stock: what lies where, what was ordered, how long it lasts; and one product with all of it."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from litestar import Response
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from app.staff import acting
from app.stock.asked import Asked, asked
from app.stock.connect import Connect
from app.stock.doubt_words import settled, what
from app.stock.freshness import Fresh, age, fresh, lines
from app.stock.grid import Reasons, grid
from app.stock.moving import demand, movements
from app.stock.products import Cover, ProductRow, count, covers, product, products
from app.stock.read import ShopRow, shop_by_id, shops
from app.stock.ship_words import lines as lines_of
from app.stock.start_words import broken
from app.web.console import Visitor, html, page, render
from app.web.console.links import links
from domain.access import Role, TenantScope
from domain.doubt import AGAIN, Standing
from domain.errors import Unknown
from domain.fact import fact
from domain.ids import id_in
from domain.shop import UnknownShop
from domain.table.link import SHEET
from domain.table.words import day
from domain.table.words import days as in_days
from domain.tenant import UnknownTenant

SIZE = 40
COUNTED = 1_000
"""Products of a view are counted up to here; one more says that there are more."""
ALL_PLACES = 1_000
CARD = "https://www.wildberries.ru/catalog/{}/detail.aspx"


class UnknownProduct(Unknown):
    """There is no such product in this shop. It may have been deleted."""


@fact
class Found:
    """A page of products. `total`: how many the view has; of a search and of a view up to COUNTED,
    one more says that there are more."""

    rows: Sequence[ProductRow]
    more: bool
    total: int
    covers: Mapping[Cover, int]


@page("/stock")
async def stock(  # noqa: PLR0913, PLR0917 - the parameters of the address
    visitor: NamedDependency[Visitor],
    connect: NamedDependency[Connect],
    shop: FromQuery[str | None] = None,
    q: FromQuery[str | None] = None,
    view: FromQuery[str | None] = None,
    sort: FromQuery[str | None] = None,
    after: FromQuery[str | None] = None,
) -> Response[str]:
    question = asked(q, view, sort, after)
    values = await stock_values(connect, visitor, shop, question)
    return html(render("stock/stock.html", visitor, **values), 422 if question.said else 200)


@page("/stock/{shop_id:uuid}/{nm_id:int}")
async def one_product(
    visitor: NamedDependency[Visitor],
    connect: NamedDependency[Connect],
    shop_id: FromPath[UUID],
    nm_id: FromPath[int],
) -> str:
    values = await product_values(connect, visitor, shop_id, nm_id)
    return render("stock/product.html", visitor, **values)


async def scope_of(connect: Connect, visitor: Visitor, company: str) -> TenantScope:
    """Her own, or the staff's in this company. Raises UnknownTenant."""
    if not company:
        return visitor.scope
    wanted = id_in(company)
    if wanted is None:
        raise UnknownTenant
    return (await acting(connect.handle, visitor, wanted)).scope


async def stock_values(
    connect: Connect, visitor: Visitor, wanted: str | None, question: Asked
) -> Mapping[str, object]:
    """Raises UnknownShop for an id that is none of hers, Invalid for a page that there is not."""
    database, scope = connect.database, visitor.scope
    mine = await shops(database, scope)
    shop = _chosen(mine, wanted)
    seen = await fresh(database, scope, shop.shop_id) if shop else None
    found = await _found(connect, visitor, shop, seen, question) if shop and seen else None
    rows = found.rows if found else ()
    history = (
        await lines(database, scope, shop.shop_id, [row.nm_id for row in rows], visitor.now)
        if shop and rows
        else {}
    )
    here = {"shop": shop.shop_id if shop and len(mine) > 1 else "", "q": question.q}
    return {
        **told(connect, visitor, shop, seen),
        "shops": mine,
        "asked": question,
        "found": found,
        "grid": grid(rows, seen, visitor.language, history),
        "link": links("/stock", {**here, "view": question.view, "sort": question.sort}),
        "following": question.cursor(rows[-1]) if found and found.more else "",
        "counted": COUNTED,
    }


async def known_product(
    connect: Connect, visitor: Visitor, shop_id: UUID, nm_id: int
) -> tuple[ShopRow, ProductRow]:
    """Raises UnknownShop, UnknownProduct."""
    shop = await shop_by_id(connect.database, visitor.scope, shop_id)
    if shop is None:
        raise UnknownShop
    known = nm_id in range(2**63)
    row = await product(connect.database, visitor.scope, shop_id, nm_id) if known else None
    if row is None:
        raise UnknownProduct
    return shop, row


async def product_values(
    connect: Connect, visitor: Visitor, shop_id: UUID, nm_id: int
) -> Mapping[str, object]:
    """Raises UnknownShop, UnknownProduct."""
    database, scope = connect.database, visitor.scope
    shop, row = await known_product(connect, visitor, shop_id, nm_id)
    seen = await fresh(database, scope, shop_id)
    history = await lines(database, scope, shop_id, [nm_id], visitor.now)
    whole = grid([row], seen, visitor.language, history, ALL_PLACES)
    moving = await movements(database, scope, shop_id, [nm_id])
    wanted = await demand(database, scope, shop_id, [nm_id], visitor.now)
    reasons = Reasons(seen.gaps if seen else (), visitor.language)
    return {
        **told(connect, visitor, shop, seen),
        "shipping": lines_of(moving, nm_id, shop.terms, wanted, reasons, visitor) if moving else (),
        "grid": whole,
        "card": CARD.format(nm_id),
        "line": whole.lines[0],
        "history": [(day(at, visitor.language), stock) for at, stock in history[nm_id]],
    }


def told(
    connect: Connect,
    visitor: Visitor,
    shop: ShopRow | None,
    seen: Fresh | None,
    *,
    own: bool = True,
) -> Mapping[str, object]:
    """What each page about a shop says first: whose numbers, of when, for which days. Of another
    company's nothing is offered to change: for that its people are there."""
    days = seen.period if seen else None
    return {
        "shop": shop,
        "fresh": seen,
        "age": age(shop, seen, visitor.now) if shop else "",
        "period": in_days(days.first, days.last, visitor.language) if days else "",
        "broken": broken(shop, visitor, connect.writers.named(shop)) if shop else "",
        **_doubt(shop, visitor),
        "sheet": SHEET.format(shop.spreadsheet_id) if shop and shop.spreadsheet_id else "",
        "own": own,
        "syncs": own and visitor.may(Role.MEMBER),
        "edits": own and visitor.may(Role.ADMIN),
    }


def _doubt(shop: ShopRow | None, visitor: Visitor) -> Mapping[str, object]:
    """Numbers that are held back, or were and are right."""
    if shop is None or shop.doubt_at is None:
        return {"held": "", "settled": ""}
    told, held = settled(shop, visitor.now), shop.doubt == Standing.HELD
    return {
        "held": what(shop.seen).say(visitor.language) if held else "",
        "again": shop.doubt_at + AGAIN,
        "settled": told.say(visitor.language) if told else "",
    }


async def _found(
    connect: Connect, visitor: Visitor, shop: ShopRow, seen: Fresh, question: Asked
) -> Found:
    """Views are counted while nothing is searched for: a search reads every product's words."""
    database, scope = connect.database, visitor.scope
    wanted = question.wanted(shop.shop_id)
    rows = await products(database, scope, wanted, SIZE + 1)
    of_views = {} if wanted.search else await covers(database, scope, wanted, COUNTED)
    if wanted.search:
        total = await count(database, scope, wanted, COUNTED)
    else:
        total = of_views[wanted.cover] if wanted.cover else seen.products
    return Found(rows=rows[:SIZE], more=len(rows) > SIZE, total=total, covers=of_views)


def _chosen(mine: Sequence[ShopRow], wanted: str | None) -> ShopRow | None:
    """The shop of the address; without one the first that has a sheet, or the first."""
    if wanted:
        found = next((each for each in mine if str(each.shop_id) == wanted), None)
        if found is None:
            raise UnknownShop
        return found
    ready = (each for each in mine if each.spreadsheet_id is not None)
    return next(ready, mine[0] if mine else None)

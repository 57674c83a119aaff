"""Kept snapshots as GraphQL shows them: which there is for a moment, and where its file is."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, TypeAlias
from urllib.parse import urlencode
from uuid import UUID

import msgspec
import strawberry

from app.errors import TooMany
from app.graphql.connection import COUNTED, Connection, Edge, connection, cursor, key_of, page_size
from app.graphql.context import Context
from app.graphql.fields import said
from app.graphql.moment import past
from app.stock.products import ProductRow
from app.stock.reach import reach
from app.stock.report import Reports
from app.stock.report.kept import Kept
from app.stock.report.routes import PATH
from app.stock.report.wish import Format
from app.stock.shown import Product, product_of
from app.stock.siblings import Siblings
from domain.errors import Invalid
from domain.shop import UnknownShop

READS, BURST = 1_200, 120
"""Snapshots opened for one company: per hour, and at once; each is opened whole."""

ARGUMENT = "asOf"
BEFORE = -1
"""Below all articles."""

Number = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]

strawberry.enum(Format, name="ReportFormat", description="What a file is for.")


@strawberry.input(
    description="Figures of the past: exactly one of `at` and `day`. Of each day the last ones are "
    "kept, so the newest that are not later are meant."
)
class KeptAsOf:
    at: datetime | None = strawberry.field(
        default=None, description="A time with its offset, itself included."
    )
    day: date | None = strawberry.field(
        default=None, description="A day of Moscow, to its end: its last figures."
    )


KeptAt: TypeAlias = Annotated[
    KeptAsOf | None,
    strawberry.argument(description="Of a moment in the past; the newest if left out."),
]


@strawberry.type(description="The table of a shop as a file: what its sheet says, or said.")
class Report:
    taken_at: datetime = said("When its figures were taken; not later than what was asked for.")
    products: int = said("How many products there are.")
    format: Format = said("What the file is.")
    address: str = said(
        "Its path at this server, for GET with the same bearer token. It goes on meaning these "
        "figures."
    )


async def report(
    context: Context, shop_id: UUID, as_of: KeptAsOf | None, form: Format, language: str
) -> Report | None:
    """None for an unknown shop. Raises what `kept_at` raises, InTheFuture and Invalid."""
    kept = await _find(context, shop_id, as_of)
    if kept is None:
        return None
    at = kept.taken_at.astimezone(UTC).isoformat()
    query = urlencode({"format": form.value, "at": at, "language": language})
    return Report(
        taken_at=kept.taken_at,
        products=kept.products,
        format=form,
        address=f"{PATH}/{shop_id}?{query}",
    )


async def products_then(
    context: Context, shop_id: UUID, as_of: KeptAsOf, first: int, after: str | None
) -> Connection[Product]:
    """A page of the products that the shop had, by article; an unknown one has none. Raises as
    `report`, and TooMany."""
    size = page_size(first)
    (beyond,) = key_of(after, tuple[Number]) if after is not None else (BEFORE,)
    kept = await _find(context, shop_id, as_of)
    rows = await _rows(context, shop_id, kept, beyond, size + 1)
    siblings = _siblings(context, rows)

    async def count() -> int:
        return min(kept.products, COUNTED + 1) if kept else 0

    def edge_of(row: ProductRow) -> Edge[Product]:
        return Edge(cursor=cursor(row.nm_id), node=product_of(row, siblings))

    return connection(rows, size, after, edge_of, count)


async def product_then(
    context: Context, shop_id: UUID, as_of: KeptAsOf, nm_id: int
) -> Product | None:
    """None for an article that the shop had not. Raises as `report`, and TooMany."""
    kept = await _find(context, shop_id, as_of)
    rows = await _rows(context, shop_id, kept, nm_id - 1, 1)
    siblings = _siblings(context, rows)
    return next((product_of(row, siblings) for row in rows if row.nm_id == nm_id), None)


async def row_then(
    context: Context, shop_id: UUID, as_of: KeptAsOf, nm_id: int
) -> tuple[ProductRow, datetime] | None:
    """The same as it is read, and when its figures were taken."""
    kept = await _find(context, shop_id, as_of)
    rows = await _rows(context, shop_id, kept, nm_id - 1, 1)
    found = next((row for row in rows if row.nm_id == nm_id), None)
    return (found, kept.taken_at) if found and kept else None


def _siblings(context: Context, rows: Sequence[ProductRow]) -> Siblings:
    return Siblings(context, [(row.shop_id, row.nm_id) for row in rows], past=True)


async def _find(context: Context, shop_id: UUID, as_of: KeptAsOf | None) -> Kept | None:
    at = _moment(as_of, context.ports.clock())
    with suppress(UnknownShop):
        _, kept = await _reports(context).find(context.scope, shop_id, at, ARGUMENT)
        await reach(context.ports).ensure(context.scope, shop_id, kept, at, ARGUMENT)
        return kept
    return None


async def _rows(
    context: Context, shop_id: UUID, kept: Kept | None, beyond: int, limit: int
) -> Sequence[ProductRow]:
    if kept is None:
        return ()
    await _count(context)
    return await _reports(context).products(context.scope, shop_id, kept, beyond, limit)


def _reports(context: Context) -> Reports:
    ports = context.ports
    return Reports(database=ports.database, clock=ports.clock, lane=ports.lane, stored=ports.stored)


def _moment(as_of: KeptAsOf | None, now: datetime) -> date | datetime | None:
    """Raises Invalid."""
    if as_of is None:
        return None
    if (as_of.at is None) == (as_of.day is None):
        raise Invalid("`asOf` needs exactly one of `at` and `day`.", field="asOf")
    return as_of.day if as_of.at is None else past(as_of.at, now)


async def _count(context: Context) -> None:
    """Raises TooMany."""
    key, hour = f"past:{context.scope.tenant}", timedelta(hours=1)
    verdict = await context.ports.limiter.hit(key, READS, hour, burst=BURST)
    if not verdict.allowed:
        raise TooMany(verdict.retry_after, of="looks at the past")

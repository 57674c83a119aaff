"""Pages of products: what may be asked for, and how a page goes on."""

from enum import Enum
from typing import Annotated, Any
from uuid import UUID

import msgspec
import strawberry

from app.graphql.connection import (
    COUNTED,
    Connection,
    Edge,
    connection,
    cursor,
    key_of,
    page_size,
    text,
)
from app.graphql.context import Context
from app.graphql.fields import said
from app.stock import products as stored
from app.stock.products import Order, ProductRow, Wanted
from app.stock.shown import Product, product_of
from app.stock.siblings import Siblings
from domain.errors import Invalid

Number = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]
Text = Annotated[str, msgspec.Meta(pattern=r"^[^\x00]*$")]

strawberry.enum(
    Order,
    name="ProductOrderField",
    description="What products are sorted by; what is not known counts as less than zero.",
)


@strawberry.enum(description="Up or down.")
class Direction(Enum):
    ASC = "asc"
    DESC = "desc"


@strawberry.input(description="How products are sorted; equal ones by shop and article.")
class ProductOrder:
    field: Order = said("By what.")
    direction: Direction = strawberry.field(
        default=Direction.ASC, description="Smallest first, or largest."
    )


@strawberry.input(description="Which products; all that is given must be true.")
class ProductWhere:
    brand: str | None = strawberry.field(default=None, description="Exactly this brand.")
    subject: str | None = strawberry.field(default=None, description="Exactly this subject.")
    stock_at_least: int | None = strawberry.field(default=None, description="Pieces or more.")
    stock_at_most: int | None = strawberry.field(default=None, description="Pieces or fewer.")


async def page(  # noqa: PLR0913, PLR0917 - each is an argument of the field
    context: Context,
    first: int,
    after: str | None,
    shop_id: UUID | None,
    search: str | None,
    where: ProductWhere | None,
    order_by: ProductOrder | None,
) -> Connection[Product]:
    """One page of products by keyset. Raises Invalid, naming the argument."""
    size = page_size(first)
    filters = where or ProductWhere()
    order = order_by or ProductOrder(field=Order.ARTICLE)
    wanted = Wanted(
        shop_id=shop_id,
        search=text(search, "search"),
        brand=text(filters.brand, "where.brand"),
        subject=text(filters.subject, "where.subject"),
        least_stock=filters.stock_at_least,
        most_stock=filters.stock_at_most,
        order=order.field,
        descending=order.direction is Direction.DESC,
        after=_key(after, order) if after is not None else None,
    )
    database, scope = context.ports.database, context.scope
    rows = await stored.products(database, scope, wanted, size + 1)

    async def count() -> int:
        return await stored.count(database, scope, wanted, COUNTED)

    siblings = Siblings(context, [(row.shop_id, row.nm_id) for row in rows])

    def edge_of(row: ProductRow) -> Edge[Product]:
        return Edge(
            cursor=cursor(_name(order), row.key, row.shop_id, row.nm_id),
            node=product_of(row, siblings),
        )

    return connection(rows, size, after, edge_of, count)


def _key(after: str, order: ProductOrder) -> tuple[Any, UUID, int]:
    kind = Text if order.field is Order.SKU else Number
    name, *key = key_of(after, tuple[str, kind, UUID, Number])  # type: ignore[valid-type]
    if name != _name(order):
        raise Invalid("`after` is a cursor of another order.", field="after")
    seen, shop_id, nm_id = key
    return seen, shop_id, nm_id


def _name(order: ProductOrder) -> str:
    return f"{order.field.value} {order.direction.value}"

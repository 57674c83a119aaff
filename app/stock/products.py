"""Products as of the last sync, read by keyset over the table of today."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Text,
    Uuid,
    column,
    func,
    literal,
    literal_column,
    select,
    table,
    tuple_,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql import Select

from app.read_models import Database
from domain.access import TenantScope
from domain.fact import fact


class Order(StrEnum):
    """What products are sorted by; equal ones by shop and article."""

    ARTICLE = "article"
    SKU = "sku"
    STOCK = "stock"
    ORDERS = "orders"
    TURNOVER = "turnover"


class Cover(StrEnum):
    """How long the stock lasts at the pace of the period."""

    OUT = "out"
    LOW = "low"
    OVER = "over"
    UNSOLD = "unsold"


LOW, HIGH = 70, 900
"""Tenths of a day: below the one a product runs out soon, above the other it lies too long."""


@fact
class At:
    """Stock and orders at one place, pieces; None where they were not read."""

    number: int
    name: str
    kind: str
    stock: int | None
    orders: int | None


@fact
class ProductRow:
    """One product of one shop. Turnover in tenths of a day."""

    shop_id: UUID
    nm_id: int
    brand: str
    subject: str
    sku: str
    to_client: int | None
    returns: int | None
    orders: int | None
    stock: int | None
    turnover_tenths: int | None
    places: tuple[At, ...]
    key: int | str


@fact
class Wanted:
    """Which products, in what order. `after` is (key, shop, article) of the last one seen."""

    shop_id: UUID | None = None
    search: str | None = None
    brand: str | None = None
    subject: str | None = None
    least_stock: int | None = None
    most_stock: int | None = None
    cover: Cover | None = None
    order: Order = Order.ARTICLE
    descending: bool = False
    after: tuple[int | str, UUID, int] | None = None


_current = table(
    "stock_current",
    column("shop_id", Uuid),
    column("nm_id", BigInteger),
    *(column(name, Text) for name in ("brand", "subject", "sku")),
    *(column(name, Integer) for name in ("to_client", "returns", "orders", "stock")),
    column("turnover_tenths", Integer),
    column("places", JSONB),
)
_shops = table("shops", column("shop_id", Uuid))
_places = table(
    "places",
    column("shop_id", Uuid),
    column("number", Integer),
    *(column(name, Text) for name in ("kind", "name")),
)

# What is not known sorts below zero: a row comparison with NULL in it would lose rows. As a
# parameter it would not be the expression of the index.
_UNKNOWN = literal_column("-1", Integer)
_KEYS: Mapping[Order, ColumnElement[Any]] = {
    Order.ARTICLE: _current.c.nm_id,
    Order.SKU: _current.c.sku,
    Order.STOCK: func.coalesce(_current.c.stock, _UNKNOWN),
    Order.ORDERS: func.coalesce(_current.c.orders, _UNKNOWN),
    Order.TURNOVER: func.coalesce(_current.c.turnover_tenths, _UNKNOWN),
}

_STOCK, _DAYS = _KEYS[Order.STOCK], _KEYS[Order.TURNOVER]
_COVERS: Mapping[Cover, Sequence[ColumnElement[bool]]] = {
    Cover.OUT: [_STOCK == 0, _KEYS[Order.ORDERS] > 0],
    Cover.LOW: [_DAYS >= 0, _DAYS < LOW, _STOCK > 0],
    Cover.OVER: [_DAYS > HIGH],
    Cover.UNSOLD: [_KEYS[Order.ORDERS] == 0],
}


def cover(stock: int | None, tenths: int | None, orders: int | None) -> Cover | None:
    """Which one it is, of one product or of one place of it; None: an ordinary one, or not known.
    Where nothing was ordered nothing is missing, though there is no stock."""
    if stock == 0 and orders:
        return Cover.OUT
    if tenths is None:
        return Cover.UNSOLD if orders == 0 else None
    return Cover.LOW if tenths < LOW else Cover.OVER if tenths > HIGH else None


async def products(
    database: Database, scope: TenantScope, wanted: Wanted, limit: int
) -> Sequence[ProductRow]:
    """Up to `limit` of them."""
    key = _KEYS[wanted.order]
    place = (key, _current.c.shop_id, _current.c.nm_id)
    query = _filtered(select(*_current.c, key.label("key")), wanted)
    if wanted.after is not None:
        seen, shop_id, nm_id = wanted.after
        typed = literal(seen, Text if isinstance(seen, str) else BigInteger)
        here, there = tuple_(*place), tuple_(typed, shop_id, literal(nm_id, BigInteger))
        query = query.where(here < there if wanted.descending else here > there)
    turned = [each.desc() if wanted.descending else each.asc() for each in place]
    return await _read(database, scope, query.order_by(*turned).limit(limit))


async def product(
    database: Database, scope: TenantScope, shop_id: UUID, nm_id: int
) -> ProductRow | None:
    """None also for another tenant's shop."""
    query = select(*_current.c, _current.c.nm_id.label("key")).where(
        _connected(), _current.c.shop_id == shop_id, _current.c.nm_id == nm_id
    )
    return next(iter(await _read(database, scope, query)), None)


async def count(database: Database, scope: TenantScope, wanted: Wanted, most: int) -> int:
    """How many there are; `most` + 1 means more than that."""
    some = _filtered(select(_current.c.nm_id), wanted).limit(most + 1).subquery()
    async with database.reading(scope) as connection:
        return (await connection.execute(select(func.count()).select_from(some))).scalar_one()


async def covers(
    database: Database, scope: TenantScope, wanted: Wanted, most: int
) -> Mapping[Cover, int]:
    """How many products each cover has, of those that are wanted; `most` + 1 means more."""
    parts = [
        select(func.count())
        .select_from(
            _filtered(select(_current.c.nm_id), replace(wanted, cover=each))
            .limit(most + 1)
            .subquery()
        )
        .scalar_subquery()
        for each in Cover
    ]
    async with database.reading(scope) as connection:
        counted = (await connection.execute(select(*parts))).one()
    return dict(zip(Cover, counted, strict=True))


async def _read(database: Database, scope: TenantScope, query: Select[Any]) -> Sequence[ProductRow]:
    async with database.reading(scope) as connection:
        rows = [dict(row) for row in (await connection.execute(query)).mappings()]
        shops = {row["shop_id"] for row in rows}
        named = await connection.execute(select(_places).where(_places.c.shop_id.in_(shops)))
        places = {(row.shop_id, row.number): row for row in named}
    return [ProductRow(**row | {"places": _at(row, places)}) for row in rows]


def _at(row: Mapping[str, Any], places: Mapping[tuple[UUID, int], Any]) -> tuple[At, ...]:
    """The stored form is {"<number>": [stock, orders]}; names live with the shop's places."""
    found = []
    for number, (stock, orders) in row["places"].items():
        place = places[row["shop_id"], int(number)]
        found.append(
            At(number=place.number, name=place.name, kind=place.kind, stock=stock, orders=orders)
        )
    return tuple(sorted(found, key=lambda at: at.number))


def _connected(shop_id: UUID | None = None) -> ColumnElement[bool]:
    """The table keeps the products of shops that were disconnected; nobody asks for those. Of one
    shop it is asked once, so that its products are read in the order of an index."""
    if shop_id is None:
        return _current.c.shop_id.in_(select(_shops.c.shop_id))
    return select(_shops.c.shop_id).where(_shops.c.shop_id == shop_id).exists()


def _filtered(query: Select[Any], wanted: Wanted) -> Select[Any]:
    row = _current.c
    query = query.where(_connected(wanted.shop_id))
    if wanted.shop_id is not None:
        query = query.where(row.shop_id == wanted.shop_id)
    if wanted.cover is not None:
        query = query.where(*_COVERS[wanted.cover])
    if wanted.brand is not None:
        query = query.where(row.brand == wanted.brand)
    if wanted.subject is not None:
        query = query.where(row.subject == wanted.subject)
    if wanted.least_stock is not None:
        query = query.where(row.stock >= wanted.least_stock)
    if wanted.most_stock is not None:
        query = query.where(row.stock <= wanted.most_stock)
    if wanted.search is not None:
        texts = func.concat_ws(" ", row.sku, row.brand, row.subject, row.nm_id.cast(Text))
        query = query.where(texts.icontains(wanted.search, autoescape=True))
    return query

"""Any figure of a product explained over GraphQL: source rows, formula, value."""

from datetime import date, datetime
from typing import Annotated, NamedTuple
from uuid import UUID

import msgspec
import strawberry

from app.graphql.connection import COUNTED, Connection, Edge, connection, cursor, key_of, page_size
from app.graphql.context import Context, Info
from app.graphql.fields import listed, resolved, said
from app.stock import products as stored
from app.stock.explained_words import in_numbers, in_words, name, told_source, value
from app.stock.explained_words import said as written
from app.stock.explaining import OrderLine, Source, moved, newest, orders, source
from app.stock.moving import movements
from app.stock.read import shop_by_id
from app.stock.replenished import ReplenishmentTerms, terms_of
from app.stock.report.shown import KeptAsOf, row_then
from domain import explain
from domain.errors import Invalid
from domain.explain import OF_A_PLACE, Cell, Term, Value
from domain.place import Kind, Place
from domain.snapshot import MOSCOW
from domain.table.place_columns import place_name

strawberry.enum(Cell, name="ExplainedFigure", description="A figure that can be explained.")


class Key(NamedTuple):
    """After which order a page begins."""

    ordered_at: Annotated[datetime, msgspec.Meta(tz=True)]
    srid: Annotated[str, msgspec.Meta(max_length=200)]


NO_PLACE = "`place` goes with STOCK, ORDERS and TURNOVER: the other figures are of no single place."
NOW_ALONE = "`asOf` goes with what the table has: what moves is known as of now alone."


@strawberry.type(description="A number that a figure is made of.")
class ExplainedTerm:
    name: str = said("What it is.")
    number: float | None = said("The number, if it is one.")
    day: date | None = said("The day, if it is one.")
    shown: str = said("As it is written; empty where it is not known.")
    counted: bool = said("False: it is inside another one, and not counted again.")


@strawberry.type(description="One order of the period, once, as of its latest change.")
class ExplainedOrder:
    srid: str = said("Its number. However often it was told, it is one piece.")
    ordered_at: datetime = said("When it was made.")
    changed_at: datetime = said("When it changed last.")
    counted: bool = said("It is not cancelled, so it counts.")
    changed_since: bool = said("It changed after the figures were taken.")
    warehouse: str = said("Where it left from, as it says.")


@strawberry.type(description="How a figure comes about: source rows, formula, value.")
class Explanation:
    figure: Cell = said("Which one.")
    name: str = said("What it is called, in the caller's language.")
    place: str | None = said("At which place; null: in all.")
    taken_at: datetime = said("When the figures were taken.")
    first: date = said("The first day of the period, Moscow.")
    last: date = said("Its last one.")
    number: float | None = said("Its value, if it is a number; null with `day` null too: blank.")
    day: date | None = said("Its value, if it is a day.")
    shown: str = said("As it is written; empty where it is blank.")
    source: str = said("Where its numbers come from, in a sentence; empty if the terms say it.")
    formula: str = said("In names; empty where it is told as it is.")
    filled: str = said("The same with the numbers put in, and the value.")
    terms: list[ExplainedTerm] = listed(15, "The numbers.")
    found: strawberry.Private[Source]
    number_of_place: strawberry.Private[int | None]

    @resolved("The orders that it counts, oldest first; of other figures none.", cost=5)
    async def orders(
        self, info: Info, first: int = 20, after: str | None = None
    ) -> Connection[ExplainedOrder]:
        size = page_size(first)
        key = key_of(after, Key) if after is not None else None
        rows: list[OrderLine] = []
        database, scope = info.context.ports.database, info.context.scope
        if self.figure is Cell.ORDERS:
            page = key, size + 1
            rows += await orders(database, scope, self.found, self.number_of_place, page)
        tallies = self.found.tallies
        tally = (
            self.found.whole if self.number_of_place is None else tallies.get(self.number_of_place)
        )

        async def count() -> int:
            made = tally.made if tally and self.figure is Cell.ORDERS else 0
            return min(made, COUNTED + 1)

        def edge_of(row: OrderLine) -> Edge[ExplainedOrder]:
            node = _order(row, self.taken_at)
            return Edge(cursor=cursor(row.ordered_at, row.srid), node=node)

        return connection(rows, size, after, edge_of, count)


async def explained(  # noqa: PLR0913, PLR0917 - each is an argument of the field
    context: Context,
    shop_id: UUID,
    nm_id: int,
    figure: Cell,
    place: int | None,
    as_of: KeptAsOf | None,
    terms: ReplenishmentTerms | None,
) -> Explanation | None:
    """None for an unknown shop, product or place. Raises Invalid, naming the argument."""
    shop = await shop_by_id(context.ports.database, context.scope, shop_id)
    if shop is None:
        return None
    wished = terms_of(terms, shop.terms)
    of_table = figure in _OF_THE_TABLE
    if place is not None and figure not in OF_A_PLACE:
        raise Invalid(NO_PLACE, field="place")
    if as_of is not None and not of_table:
        raise Invalid(NOW_ALONE, field="asOf")
    read = await _read(context, shop_id, nm_id, as_of)
    if read is None:
        return None
    if place is not None:
        told = read.there(place)
    elif of_table:
        told = read.totals()
    else:
        database, scope = context.ports.database, context.scope
        moving = await movements(database, scope, shop_id, [nm_id])
        told = await moved(database, scope, moving, read.row, wished) if moving else ()
    one = next((each for each in told if each.cell is figure), None)
    return _shown(one, read, place, context.language) if one else None


_OF_THE_TABLE = (*OF_A_PLACE, Cell.TO_CLIENT, Cell.RETURNS)


async def _read(
    context: Context, shop_id: UUID, nm_id: int, as_of: KeptAsOf | None
) -> Source | None:
    database, scope = context.ports.database, context.scope
    if as_of is not None:
        then = await row_then(context, shop_id, as_of, nm_id)
        return await source(database, scope, *then) if then else None
    row = await stored.product(database, scope, shop_id, nm_id)
    taken = await newest(database, scope, shop_id) if row else None
    return await source(database, scope, row, taken) if row and taken else None


def _shown(
    told: explain.Explanation, read: Source, place: int | None, language: str
) -> Explanation:
    number, day = _parts(told.value)
    return Explanation(
        figure=told.cell,
        name=name(told.cell, language),
        place=_place(read, place, language) if place is not None else None,
        taken_at=read.taken_at,
        first=read.period.first,
        last=read.period.last,
        number=number,
        day=day,
        shown=value(told, language),
        source=told_source(told.cell, language),
        formula=in_words(told, language),
        filled=in_numbers(told, language),
        terms=[_term(each, language) for each in told.terms],
        found=read,
        number_of_place=place,
    )


def _place(read: Source, number: int, language: str) -> str:
    at = next(each for each in read.row.places if each.number == number)
    return place_name(Place(key="", kind=Kind(at.kind), name=at.name)).say(language)


def _term(term: Term, language: str) -> ExplainedTerm:
    number, day = _parts(term.value)
    return ExplainedTerm(
        name=term.name.say(language),
        number=number,
        day=day,
        shown=written(term.value, language),
        counted=term.counted,
    )


def _parts(value: Value) -> tuple[float | None, date | None]:
    return (None, value) if isinstance(value, date) else (value, None)


def _order(row: OrderLine, taken_at: datetime) -> ExplainedOrder:
    return ExplainedOrder(
        srid=row.srid,
        ordered_at=row.ordered_at.astimezone(MOSCOW),
        changed_at=row.changed_at.astimezone(MOSCOW),
        counted=not row.cancelled,
        changed_since=row.changed_at > taken_at,
        warehouse=row.warehouse,
    )

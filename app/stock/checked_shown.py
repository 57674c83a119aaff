"""The check against the cabinet as GraphQL shows it."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import msgspec
import strawberry

from app.graphql.connection import COUNTED, Connection, Edge, connection, cursor, key_of, page_size
from app.graphql.context import Info
from app.graphql.fields import listed, resolved, said
from app.graphql.scalars import BigInt
from app.stock import checked
from app.stock.checked import BEFORE, Checked, Meant
from app.stock.moving_words import reason as why
from app.stock.reach import KEPT, reach
from domain.cabinet import Figure
from domain.flow import Flow
from domain.reconciliation import Discrepancy as Line
from domain.reconciliation import Reason
from domain.table.reasons import FIGURES, cure, reason

Number = Annotated[int, msgspec.Meta(ge=BEFORE, le=2**31 - 1)]

strawberry.enum(Figure, name="CheckedFigure", description="What is checked against the cabinet.")
strawberry.enum(
    Reason,
    name="DifferenceReason",
    description="Why the cabinet shows another figure; each has been proven, but for UNEXPLAINED.",
)


@strawberry.input(description="Which differences; all that is given must be true.")
class DiscrepancyWhere:
    reason: Reason | None = strawberry.field(default=None, description="With this reason.")
    figure: Figure | None = strawberry.field(default=None, description="Of this figure.")
    nm_id: BigInt | None = strawberry.field(default=None, description="Of this product.")
    explained: bool | None = strawberry.field(
        default=None, description="With a proven reason, or without one."
    )


@strawberry.type(description="One figure of one product that the cabinet shows otherwise.")
class Discrepancy:
    nm_id: BigInt = said("The marketplace's article (nmID).")
    sku: str = said("The seller's own article.")
    figure: Figure = said("Which figure.")
    name: str = said("What it is called, in the caller's language.")
    ours: float | None = said("In our table; null is blank there, or not in it.")
    cabinet: float | None = said("In the cabinet; null: not there, or endless.")
    difference: float | None = said("Ours − cabinet; null where one of them is.")
    reasons: list[Reason] = listed(2, "One, or two that make it up together.")
    reason: str = said("The same in a sentence.")
    cure: str = said("What to do.")


@strawberry.type(description="How a day's check ended.")
class CheckedDay:
    day: date = said("The Moscow day.")
    products: int = said("How many products were looked at.")
    compared: int = said("How many figures could be compared.")
    equal: int = said("So many are the same.")
    explained: int = said("So many differ for a proven reason.")
    unexplained: int = said("So many differ without one.")


@strawberry.type(description="Our figures against those of the seller's own cabinet, once a day.")
class Reconciliation:
    at: datetime = said("When it was made.")
    taken_at: datetime = said("When our figures were taken.")
    products: int = said("How many products were looked at.")
    compared: int = said("How many figures could be compared.")
    equal: int = said("So many are the same.")
    explained: int = said("So many differ for a proven reason.")
    unexplained: int = said("So many differ without one.")
    shop_id: strawberry.Private[UUID]

    @resolved("What differs, those without a reason first; 1 to 100 a page.", cost=5)
    async def lines(
        self,
        info: Info,
        first: int = 20,
        after: str | None = None,
        where: DiscrepancyWhere | None = None,
    ) -> Connection[Discrepancy]:
        meant = Meant(**asdict(where)) if where else Meant()
        return await _page(info, self.shop_id, meant, first, after)

    @resolved("Its last days that had a check, the newest first.", cost=5, sized_by=("days", KEPT))
    async def days(self, info: Info, days: int = 30) -> list[CheckedDay]:
        ports = info.context.ports
        await reach(ports).days(info.context.scope, days)
        found = await checked.checks(ports.database, info.context.scope, self.shop_id, days)
        return [_day(each) for each in found]

    @resolved("Why the cabinet's report may not be read at the moment; null if it may.", cost=5)
    async def refused(self, info: Info) -> str | None:
        return await refusal(info, self.shop_id)


async def reconciliation(info: Info, shop_id: UUID) -> Reconciliation | None:
    """None before the first."""
    found = await checked.last_check(info.context.ports.database, info.context.scope, shop_id)
    if found is None:
        return None
    return Reconciliation(
        at=found.at,
        taken_at=found.taken_at,
        products=found.products,
        compared=found.compared,
        equal=found.equal,
        explained=found.explained,
        unexplained=found.unexplained,
        shop_id=shop_id,
    )


async def refusal(info: Info, shop_id: UUID) -> str | None:
    """In a sentence."""
    cause = await checked.refused(info.context.ports.database, info.context.scope, shop_id)
    return why(Flow.CABINET, cause, info.context.language) if cause else None


async def _page(
    info: Info, shop_id: UUID, meant: Meant, first: int, after: str | None
) -> Connection[Discrepancy]:
    size, language = page_size(first), info.context.language
    (beyond,) = key_of(after, tuple[Number]) if after is not None else (BEFORE,)
    database, scope = info.context.ports.database, info.context.scope
    rows = await checked.lines(database, scope, shop_id, meant, beyond, size + 1)

    async def count() -> int:
        return await checked.count(database, scope, shop_id, meant, COUNTED)

    def edge_of(row: tuple[int, Line]) -> Edge[Discrepancy]:
        return Edge(cursor=cursor(row[0]), node=_line(row[1], language))

    return connection(rows, size, after, edge_of, count)


def _line(found: Line, language: str) -> Discrepancy:
    return Discrepancy(
        nm_id=BigInt(found.nm_id),
        sku=found.sku,
        figure=found.figure,
        name=FIGURES[found.figure].say(language),
        ours=found.ours,
        cabinet=found.cabinet,
        difference=found.difference,
        reasons=list(found.reasons),
        reason=reason(found.reasons, language),
        cure=cure(found.reasons, language),
    )


def _day(found: Checked) -> CheckedDay:
    return CheckedDay(
        day=found.day,
        products=found.products,
        compared=found.compared,
        equal=found.equal,
        explained=found.explained,
        unexplained=found.unexplained,
    )

"""What callers may ask about freshness: how many sheets are fresh by their hour, and whose move it
is where one is not."""

from collections.abc import Sequence
from datetime import datetime

import strawberry

from app.graphql.context import AsStaff, Info, scope_of
from app.graphql.fields import listed, query, said
from app.read_models import Database
from app.runs.overview.read import Counts, counts, fleet
from app.runs.overview.shops import ShopSeen, late_shops
from domain.access import Everyone, Role, Scope
from domain.lateness import Move, folded

MOST_INCIDENTS = 50

strawberry.enum(Move, name="Mover", description="Whose move it is when a sheet is late.")


@strawberry.type(description="Late shops of one incident: of one cause, late soon after another.")
class LateShops:
    move: Move = said("Whose move it is.")
    cause: str = said("A stable word: token_dead, outage, google_quota, no_worker …")
    count: int = said("How many shops.")
    since: datetime = said("The hour that the first of them missed.")


@strawberry.type(description="Whether sheets are fresh by the hour they are promised for.")
class Freshness:
    fresh: int = said("Shops whose last promised hour is covered by a sync that succeeded.")
    due: int = said("Shops that have had a promised hour, or a minute of cron, at all.")
    late: list[LateShops] = listed(
        MOST_INCIDENTS, "The others, by incident: by whose move it is, then the oldest first."
    )


@strawberry.type
class Query:
    @query(Role.VIEWER, "How many sheets are fresh by their hour, and why the others are late.")
    async def freshness(self, info: Info, as_staff: AsStaff = None) -> Freshness:
        scope = await scope_of(info, as_staff)
        database, now = info.context.ports.database, info.context.ports.clock()
        number, works = await _counted(database, scope, now)
        late = await late_shops(database, scope, now, workers=works)
        return Freshness(
            fresh=number.fresh,
            due=number.due,
            late=[_incident(group) for group in folded(late)][:MOST_INCIDENTS],
        )


async def _counted(database: Database, scope: Scope, now: datetime) -> tuple[Counts, bool]:
    """The counts, and whether anybody works: who belongs to no staff is not told of workers."""
    if isinstance(scope, Everyone):
        seen = await fleet(database, scope, now)
        return seen.counts, seen.works
    return await counts(database, scope, now), True


def _incident(group: Sequence[ShopSeen]) -> LateShops:
    first = group[0]
    return LateShops(
        move=first.why.move, cause=first.why.cause, count=len(group), since=first.since
    )

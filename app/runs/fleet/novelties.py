"""What a marketplace says that nobody has heard before: for those who run the servers, who tell
the makers."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import DateTime, Text, column, select, table

from app.read_models import Database
from domain.access import Everyone
from domain.fact import fact

MOST = 100
STILL_SAID = timedelta(days=30)
"""What was not heard for so long is no news any more: it is gone, or this version knows it."""


@fact
class NoveltyRow:
    """A field, value or place that is not in the description of an endpoint's answers."""

    endpoint: str
    path: str
    kind: str
    thing: str
    example: str
    first_at: datetime
    last_at: datetime


_TIME = DateTime(timezone=True)
_novelties = table(
    "novelties",
    *(column(each, Text) for each in ("endpoint", "path", "kind", "thing", "example")),
    *(column(each, _TIME) for each in ("first_at", "last_at")),
)


async def novelties(database: Database, scope: Everyone, now: datetime) -> Sequence[NoveltyRow]:
    """The newest first."""
    query = (
        select(*_novelties.c)
        .where(_novelties.c.last_at > now - STILL_SAID)
        .order_by(_novelties.c.first_at.desc(), _novelties.c.path, _novelties.c.thing)
        .limit(MOST)
    )
    async with database.reading(scope) as connection:
        return [NoveltyRow(**row) for row in (await connection.execute(query)).mappings()]

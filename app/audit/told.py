"""One fact in words, for the page of what followed from it."""

from uuid import UUID

from app.audit.entries import facts_by_id
from app.audit.facts import opened
from app.audit.read import names_of
from app.audit.reader import Decode
from app.audit.sentences import Names
from app.read_models import Database
from domain.access import TenantScope
from domain.fact import fact


@fact
class Told:
    """What happened, in a sentence without its full stop, and where it stands."""

    sentence: str
    position: int


async def told(
    database: Database, decode: Decode, scope: TenantScope, event_id: UUID, language: str
) -> Told | None:
    """None for a fact that is none of the company's."""
    async with database.reading(scope) as connection:
        rows = await facts_by_id(connection, scope, [event_id])
    for each in opened(rows, decode):
        known = await names_of(database, scope, each.ids())
        said = each.say(Names(known=known, language=language))
        return Told(sentence=said, position=each.row.position)
    return None

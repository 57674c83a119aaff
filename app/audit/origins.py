"""Where changes came from, kept beside the facts for 90 days: address and program, deletable."""

from collections.abc import Collection, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import Text, Uuid, column, select, table
from sqlalchemy.dialects.postgresql import INET

from app.asker import Asker
from app.read_models import Database
from app.web.door import Door
from domain.access import TenantScope
from domain.fact import fact
from domain.ports import Clock

# Nothing for a request that changed nothing, and nothing for somebody who had herself erased by it:
# the row would be a new trace of her. The lock makes an erasure wait, and then take it along.
KEEP = """
INSERT INTO origins (tenant_id, correlation_id, ip, agent, at)
SELECT $1, $2, $4::inet, $5, $6::timestamptz FROM people
WHERE tenant_id = $3 AND user_id = $3
  AND EXISTS (SELECT FROM audit_entries WHERE tenant_id = $1 AND correlation_id = $2)
FOR KEY SHARE OF people
ON CONFLICT (tenant_id, correlation_id) DO NOTHING
"""


class Owner(Protocol):
    """The database as its owner: the tenant's role may write nothing."""

    def driver(self) -> AbstractAsyncContextManager[Any]:
        """asyncpg's connection, each statement for itself."""


@fact
class OriginRow:
    """One request, as the outside saw it."""

    ip: str | None
    agent: str | None


_origins = table(
    "origins",
    *(column(name, Uuid) for name in ("tenant_id", "correlation_id")),
    column("ip", INET),
    column("agent", Text),
)


async def keep_origin(owner: Owner, clock: Clock, asker: Asker, door: Door) -> None:
    """Remember the door of a request, if it led to a fact."""
    scope, correlation = asker.scope, asker.origin.correlation
    row = (scope.tenant, correlation, scope.person, door.ip, door.agent, clock())
    async with owner.driver() as driver:
        await driver.execute(KEEP, *row)


async def origins_of(
    database: Database, scope: TenantScope, correlations: Collection[UUID]
) -> Mapping[UUID, OriginRow]:
    """Those that are still kept, by correlation."""
    query = select(_origins.c.correlation_id, _origins.c.ip, _origins.c.agent).where(
        _origins.c.tenant_id == scope.tenant, _origins.c.correlation_id.in_(correlations)
    )
    async with database.reading(scope) as connection:
        rows = (await connection.execute(query)).all()
    return {row[0]: OriginRow(ip=row[1] and str(row[1]), agent=row[2]) for row in rows}

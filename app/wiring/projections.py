"""The projected tables, as those need them who rebuild and verify them."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from hashlib import sha256
from inspect import getfile
from pathlib import Path

from app.read_models import Projected, Projection
from app.settings import Settings
from app.wiring.facts import CODEC, PROJECTIONS
from domain.fact import fact
from infrastructure.clock import system_clock
from infrastructure.postgres.database import Database
from infrastructure.postgres.rebuild import Rebuilds
from infrastructure.postgres.rebuild_fold import Rebuilt
from infrastructure.postgres.rebuild_read import Told
from infrastructure.postgres.rebuild_status import Status, status
from infrastructure.postgres.rebuild_verify import Compared, Difference, verify

__all__ = ("TABLES", "Compared", "Difference", "Projections", "Status", "Told", "projecting")


def _rebuilt(projection: Projection, table: Projected) -> Rebuilt:
    reads = projection.reads
    names = CODEC.types.items()
    silent = tuple(name for name, each in names if reads is not None and each not in reads)
    code = sha256(Path(getfile(projection.project)).read_bytes()).hexdigest()
    return Rebuilt(table=table, project=projection.project, silent=silent, code=code)


TABLES: Mapping[str, Rebuilt] = {
    table.name: _rebuilt(projection, table)
    for projection in PROJECTIONS
    for table in projection.tables
}


@fact
class Projections:
    """What can be done with them."""

    database: Database
    rebuilds: Rebuilds

    async def status(self) -> Sequence[Status]:
        """Of every table."""
        return await status(self.database, list(TABLES))

    def verify(self, names: Sequence[str], told: Told) -> AsyncIterator[Compared]:
        """Each of these tables."""
        return verify(self.database, CODEC, [TABLES[name] for name in names], told)


@asynccontextmanager
async def projecting(settings: Settings) -> AsyncIterator[Projections]:
    """Over a database of its own."""
    database = Database(settings.database_url.reveal(), pool_size=2)
    try:
        yield Projections(database=database, rebuilds=Rebuilds(database, CODEC, system_clock))
    finally:
        await database.close()

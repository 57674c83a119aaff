"""Results of a run's steps, kept while it lives: a killed worker spends no call twice."""

import zlib

from domain.run import Task
from infrastructure.postgres.database import Database

_RECALL = "SELECT result FROM run_steps WHERE tenant_id = $1 AND run_id = $2 AND step = $3"
_KEEP = """
INSERT INTO run_steps (tenant_id, run_id, step, result) VALUES ($1, $2, $3, $4)
ON CONFLICT (tenant_id, run_id, step) DO UPDATE SET result = excluded.result
"""


class Steps:
    """`domain.ports.Memory` of one run; compressed, gone when the run is finished."""

    def __init__(self, database: Database, task: Task) -> None:
        self._database = database
        self._key = (task.tenant, task.run_id)

    async def recall(self, step: str) -> bytes | None:
        """What the step brought, if it was done before."""
        async with self._database.driver() as driver:
            result = await driver.fetchval(_RECALL, *self._key, step)
        return None if result is None else zlib.decompress(result)

    async def keep(self, step: str, result: bytes) -> None:
        """Remember it; once more replaces it."""
        async with self._database.driver() as driver:
            await driver.execute(_KEEP, *self._key, step, zlib.compress(result, 1))

"""The same act on many runs, as a run of its own: followed, cancelled and resumed like any other.

First it is written down which runs are meant, then each is acted on by a command of its own with an
id made of both: so whatever crashes in between, nothing is done twice.
"""

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias
from uuid import UUID, uuid5

import msgspec

from app.asker import Asker
from app.read_models import Database
from app.runs.acts import Acts, matching
from app.runs.acts.subjects import subjects
from app.runs.effect import NONE_FOUND
from domain.access import Everyone, Role, Scope, TenantScope
from domain.errors import Refused
from domain.events import Origin
from domain.fact import fact
from domain.fleet import FLEET
from domain.ports import Memory, Progress
from domain.run import Done, Outcome, Task
from domain.run_acts import Act

KIND = "bulk"
MOST = 100_000
"""Runs that one bulk acts on; the result says when there are more."""
KEEP_EVERY = 100
"""Runs between two notes of how far it is: a crash costs that many questions, and no act twice."""

Page: TypeAlias = Sequence[tuple[UUID, UUID]]
Find: TypeAlias = Callable[[Database, Scope, str, UUID | None], Awaitable[Page]]
"""(company, run) of a page of those that a settled query means, older than this one."""


@fact
class Wanted:
    """What a bulk's run is asked to do. `by`: who asked, if a person of the company."""

    act: Act
    query: str | None = None
    run_ids: tuple[UUID, ...] = ()
    by: UUID | None = None


@fact
class Meant:
    """Which runs are meant, as they were found at the beginning."""

    runs: tuple[tuple[UUID, UUID], ...]
    more: bool = False


@fact
class Bulk:
    """`domain.run.Job` of the kind bulk."""

    acts: Acts
    database: Database
    find: Find = matching.found

    async def __call__(self, task: Task, memory: Memory, progress: Progress) -> Outcome:
        """Done with counts: changed, unchanged, and refusals by their code."""
        wanted = msgspec.convert(task.args, Wanted)
        meant = await self._meant(task, wanted, memory)
        counts, done = await _resumed(memory)
        total = len(meant.runs)
        await progress(wanted.act, done, total)
        for company, run_id in meant.runs[done:]:
            counts[await self._act(task, wanted, company, run_id)] += 1
            done += 1
            await progress(wanted.act, done, total)
            if done % KEEP_EVERY == 0:
                await memory.keep("counts", msgspec.json.encode((counts, done)))
        result = {"act": wanted.act, "runs": total, **counts}
        why = NONE_FOUND if counts["unknown_run"] == total else ""
        return Done(why=why, result={**result, "more": True} if meant.more else result)

    async def _act(self, task: Task, wanted: Wanted, company: UUID, run_id: UUID) -> str:
        scope = TenantScope(tenant=company, person=task.run_id, role=Role.MEMBER)
        origin = Origin(
            source="run",
            actor=wanted.by,
            correlation=task.correlation,
            causation=f"run:{task.run_id}",
        )
        asker = Asker(scope=scope, origin=origin, command_id=uuid5(task.run_id, str(run_id)))
        act = self.acts.retry if wanted.act is Act.RETRY else self.acts.cancel
        try:
            acted = await act(asker, run_id)
        except Refused as no:
            return no.code.lower()
        return "changed" if acted.changed else "unchanged"

    async def _meant(self, task: Task, wanted: Wanted, memory: Memory) -> Meant:
        kept = await memory.recall("meant")
        if kept is not None:
            return msgspec.msgpack.decode(kept, type=Meant)
        meant = await self._found(task, wanted)
        await memory.keep("meant", msgspec.msgpack.encode(meant))
        return meant

    async def _found(self, task: Task, wanted: Wanted) -> Meant:
        """Older ones than the bulk itself: what its acts lead to is not meant."""
        scope = _scope(task)
        if wanted.query is None:
            known = await subjects(self.database, scope, wanted.run_ids)
            whose = ((known.get(each), each) for each in wanted.run_ids)
            return Meant(runs=tuple((of.tenant_id if of else task.tenant, it) for of, it in whose))
        runs: list[tuple[UUID, UUID]] = []
        after: UUID = task.run_id
        while page := await self.find(self.database, scope, wanted.query, after):
            after = page[-1][1]
            runs += await self._others(scope, page)
            if len(runs) > MOST:
                return Meant(runs=tuple(runs[:MOST]), more=True)
        return Meant(runs=tuple(runs))

    async def _others(self, scope: Scope, page: Page) -> Page:
        """No other bulk: two that mean each other would never come to an end."""
        known = await subjects(self.database, scope, [run_id for _, run_id in page])
        return [each for each in page if each[1] in known and known[each[1]].kind != KIND]


async def _resumed(memory: Memory) -> tuple[Counter[str], int]:
    """What was counted before a worker was lost, and after how many."""
    kept = await memory.recall("counts")
    if kept is None:
        return Counter(), 0
    counts, done = msgspec.json.decode(kept, type=tuple[dict[str, int], int])
    return Counter(counts), done


def _scope(task: Task) -> Scope:
    """Of its company; of all, if the staff asked for all."""
    if task.tenant == FLEET:
        return Everyone(person=task.run_id, reason=f"run:{task.run_id}")
    return TenantScope(tenant=task.tenant, person=task.run_id, role=Role.VIEWER)

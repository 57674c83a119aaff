"""The report of remains: ordered, waited for, downloaded; open to every type of token.

GET /api/v1/warehouse_remains, …/tasks/{id}/status, …/tasks/{id}/download (12-reports.yaml). The
id of an ordered report is kept, so that a run which has to wait, or is killed, orders no other.
"""

from domain.capability import SWITCHED_OFF
from domain.errors import Malformed, Unavailable
from domain.ports import Memory, Progress
from infrastructure.wildberries import answers, limits
from infrastructure.wildberries.answers import RemainsRow
from infrastructure.wildberries.gateway import Request, Visit
from infrastructure.wildberries.pace import Pace
from infrastructure.wildberries.verdict import NOT_THERE, not_ready

_TASK = "stock.remains.task"
_BY_PRODUCT = {"locale": "ru", "groupByNm": "true"}


async def remains(visit: Visit, memory: Memory, progress: Progress) -> list[RemainsRow]:
    """The rows of a finished report. Raises Unavailable while it is not ready."""
    kept = await memory.recall(_TASK)
    task = kept.decode() if kept else await _order(visit, memory)
    await _finished(visit, memory, progress, task)
    request = Request(path={"task": task})
    return await visit.call(limits.REMAINS_DOWNLOAD, answers.REMAINS, request, nothing=[])


def pause(pace: Pace, *, plain: bool) -> float:
    """Seconds before each question whether it is ready: a plain Base token may ask four times an
    hour, so too early a question costs it 15 minutes."""
    return pace.poll * (4 if plain else 1)


async def _order(visit: Visit, memory: Memory) -> str:
    request = Request(query=_BY_PRODUCT)
    created = await visit.call(limits.REMAINS_CREATE, answers.TASK_CREATED, request)
    await memory.keep(_TASK, created.data.task_id.encode())
    return created.data.task_id


async def _finished(visit: Visit, memory: Memory, progress: Progress, task: str) -> None:
    pace = visit.time.pace
    for poll in range(pace.polls):
        await visit.time.pause(pause(pace, plain=visit.plain))
        await progress("wb_stock", poll)
        match await _status(visit, memory, task):
            case "done":
                return
            case "purged" | "canceled":
                await memory.keep(_TASK, b"")
                raise not_ready(limits.REMAINS_CREATE, visit.time.ahead(60.0))
            case _:  # new, processing, or a word of later: it is not there yet
                continue
    raise not_ready(limits.REMAINS_CREATE, visit.time.ahead(60.0))


async def _status(visit: Visit, memory: Memory, task: str) -> str:
    """A report that Wildberries no longer knows is ordered anew next time."""
    request = Request(path={"task": task})
    try:
        state = await visit.call(limits.REMAINS_STATUS, answers.TASK_STATE, request)
    except (Malformed, Unavailable) as away:
        if away.cause in {NOT_THERE, SWITCHED_OFF}:
            await memory.keep(_TASK, b"")
            raise not_ready(limits.REMAINS_CREATE, visit.time.ahead(60.0)) from None
        raise
    return state.data.status

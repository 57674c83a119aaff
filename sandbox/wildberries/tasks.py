"""Report tasks: new, processing, done, after a while purged."""

from uuid import uuid4

import msgspec


class Task(msgspec.Struct, kw_only=True):
    """One ordered report; ``groups`` are the groupings and filters it was ordered with."""

    id: str
    seller: str
    created: float
    groups: "Groups"
    polls: int = 0


class Groups(msgspec.Struct, frozen=True, kw_only=True):
    """The query of warehouse_remains (12-reports, getV1WarehouseRemains)."""

    brand: bool = False
    subject: bool = False
    sa: bool = False
    nm: bool = False
    barcode: bool = False
    size: bool = False
    pics: int = 0
    volume: int = 0


class Tasks:
    """All tasks; a report is done after ``seconds`` and ``polls`` status calls, whichever is
    later, and purged ``kept`` seconds after its order.
    """

    def __init__(self, seconds: float, polls: int, kept: float) -> None:
        self.seconds, self.polls, self.kept = seconds, polls, kept
        self._tasks: dict[str, Task] = {}

    def create(self, seller: str, groups: Groups, now: float) -> Task:
        task = Task(id=str(uuid4()), seller=seller, created=now, groups=groups)
        self._tasks[task.id] = task
        return task

    def find(self, task_id: str, seller: str) -> Task | None:
        """The seller's own task; another seller's is unknown."""
        task = self._tasks.get(task_id)
        return task if task and task.seller == seller else None

    def poll(self, task: Task, now: float) -> str:
        """The status, counting this call."""
        task.polls += 1
        return self.status(task, now)

    def status(self, task: Task, now: float) -> str:
        age = now - task.created
        if age >= self.kept:
            return "purged"
        by_time = age / self.seconds if self.seconds else 1.0
        by_polls = task.polls / self.polls if self.polls else 1.0
        progress = min(by_time, by_polls)
        if progress >= 1:
            return "done"
        return "new" if progress < 1 / 2 else "processing"

"""A run for one customer: all that waits of her becomes one look at the provider, then facts."""

from collections.abc import Sequence

from app.billing.read import customer_of
from app.billing.reading import Reading, ask
from domain import subscription
from domain.access import Role, TenantScope
from domain.errors import Malformed, Unavailable
from domain.events import Origin, Rows
from domain.fact import fact
from domain.inbox_port import Inbox, Pending
from domain.payments_port import Message
from domain.ports import Memory, Progress
from domain.run import Cancel, Done, Outcome, Run, Task

KIND = "billing"
GONE = Cancel(why="The company is gone.")
CUSTOMER = "cus_"
"""How the ids of customers begin."""


def run_about(about: str, *, whatever: bool = False) -> Run:
    """At what waits under `about`; `whatever`: also when nothing waits. One at a time for each."""
    args: dict[str, object] = {"about": about}
    return Run(kind=KIND, key=f"{KIND}:{about}", args=args | ({"look": True} if whatever else {}))


@fact
class Ingest:
    """`args`: `about`, under what her messages wait; `look`: whatever waits."""

    inbox: Inbox
    reading: Reading

    async def __call__(
        self,
        task: Task,
        memory: Memory,  # noqa: ARG002 - the inbox itself remembers what is done
        progress: Progress,
    ) -> Outcome:
        """Done with counts. What cannot be read holds up nothing else, and fails the run.

        Raises Unavailable while the provider is away, and Malformed.
        """
        about = str(task.args["about"])
        try:
            return await self._all(task, about, progress)
        except subscription.NotStarted:
            return GONE
        except Unavailable:
            raise
        except Exception as no:
            await self.inbox.postpone(about, type(no).__name__, str(no)[:500])
            raise

    async def _all(self, task: Task, about: str, progress: Progress) -> Outcome:
        await self._link(task, about)
        waiting = await self.inbox.pending(about)
        look: list[Pending] = []
        facts, broken = 0, []
        for done, row in enumerate(waiting):
            await progress("messages", done, len(waiting))
            try:
                message = self._read(row)
            except Malformed as wrong:
                broken.append(wrong)
                continue
            facts += await self._hear(task, about, row, message)
            if message.refetch:
                look.append(row)
        if look or task.args.get("look"):
            facts += await self._look(task, about, look)
        if broken:
            raise broken[0]
        return Done(
            why="" if facts else "unchanged", result={"messages": len(waiting), "facts": facts}
        )

    async def _link(self, task: Task, about: str) -> None:
        """A message may be the first that we hear of her; those of a former customer are the
        company's too, and whoever it is now is looked at. Raises AnotherCustomer."""
        scope = TenantScope(tenant=task.tenant, person=task.run_id, role=Role.VIEWER)
        if about.startswith(CUSTOMER) and about != await customer_of(self.reading.database, scope):
            await self._tell(task, f"run:{task.run_id}", subscription.LinkCustomer(customer=about))

    def _read(self, row: Pending) -> Message:
        """One whose body nobody can read any more says only that something happened."""
        if row.body is None:
            return Message(told=None, refetch=True)
        return self.reading.payments.read(row.body)

    async def _hear(self, task: Task, about: str, row: Pending, message: Message) -> int:
        """What it tells itself. It is done with, unless it calls for a look."""
        done = () if message.refetch else (self.inbox.handled(about, [row.seq]),)
        if message.told is None and not done:
            return 0
        at = self.reading.clock()
        told = subscription.Hear(told=message.told, at=at) if message.told else None
        return await self._tell(task, row.key.event_id, told or subscription.Look(at=at), done)

    async def _tell(
        self, task: Task, cause: str, command: subscription.Command, rows: Rows = ()
    ) -> int:
        origin = _origin(task, cause)
        answer = await self.reading.handle(ask(task.tenant, command), origin=origin, rows=rows)
        return len(answer.recorded)

    async def _look(self, task: Task, about: str, rows: Sequence[Pending]) -> int:
        """One look for all of them; the newest is said to have caused what comes of it."""
        cause = rows[-1].key.event_id if rows else f"run:{task.run_id}"
        done = [self.inbox.handled(about, [row.seq for row in rows])] if rows else []
        answer = await self.reading(task.tenant, _origin(task, cause), done)
        return len(answer.recorded)


def _origin(task: Task, cause: str) -> Origin:
    return Origin(source="stripe", actor=None, correlation=task.correlation, causation=cause)

"""A run for one customer: all that waits of her becomes one look at the provider, then facts."""

from collections.abc import Sequence
from typing import TypeAlias

from app.billing.read import customer_of
from app.billing.reading import Reading, ask
from domain import subscription
from domain.access import Role, TenantScope
from domain.errors import Malformed, Unavailable
from domain.events import Origin, Rows
from domain.fact import fact
from domain.inbox_port import Inbox, Pending
from domain.payments_port import Said
from domain.ports import Memory, Progress
from domain.run import Cancel, Done, Outcome, Run, Task
from domain.secrecy import WrongMasterKey

KIND = "billing"
GONE = Cancel(why="The company is gone.")
CUSTOMER = "cus_"
"""How the ids of customers begin."""
LONGEST = 500
"""Characters that are kept of a reason."""

Broken: TypeAlias = tuple[int, Exception]
"""The `seq` of a message that cannot be read, and why it cannot."""


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
        """Done with counts. What cannot be read holds up nothing else, and fails the run; once it
        is given up, not even that.

        Raises Unavailable while the provider is away, Malformed, and WrongMasterKey.
        """
        about = str(task.args["about"])
        try:
            done, broken = await self._all(task, about, progress)
        except subscription.NotStarted:
            return GONE
        except Unavailable:
            raise
        except Exception as no:
            await self.inbox.postpone(about, type(no).__name__, str(no)[:LONGEST])
            raise
        for seq, wrong in broken:
            await self.inbox.postpone(about, type(wrong).__name__, str(wrong)[:LONGEST], [seq])
        if broken:
            raise broken[0][1]
        return done

    async def _all(
        self, task: Task, about: str, progress: Progress
    ) -> tuple[Done, Sequence[Broken]]:
        await self._link(task, about)
        waiting = await self.inbox.pending(about)
        look: list[Pending] = []
        broken: list[Broken] = []
        facts = 0
        for done, row in enumerate(waiting):
            await progress("messages", done, len(waiting))
            try:
                message = self._read(row)
            except (Malformed, WrongMasterKey) as wrong:
                if not row.given_up:
                    broken.append((row.seq, wrong))
                continue
            facts += await self._hear(task, about, row, message)
            if message.refetch:
                look.append(row)
        if look or task.args.get("look"):
            facts += await self._look(task, about, look)
        counts = {"messages": len(waiting), "facts": facts}
        return Done(why="" if facts else "unchanged", result=counts), broken

    async def _link(self, task: Task, about: str) -> None:
        """A message may be the first that we hear of her; those of a former customer are the
        company's too, and whoever it is now is looked at. Raises AnotherCustomer."""
        scope = TenantScope(tenant=task.tenant, person=task.run_id, role=Role.VIEWER)
        if about.startswith(CUSTOMER) and about != await customer_of(self.reading.database, scope):
            await self._tell(task, f"run:{task.run_id}", subscription.LinkCustomer(customer=about))

    def _read(self, row: Pending) -> Said:
        """One whose body nobody can read any more says only that something happened. Raises
        Malformed, and WrongMasterKey, which names it."""
        if row.shut:
            raise WrongMasterKey(f"{row.key.event_id}: {row.shut}")
        if row.body is None:
            return Said(told=None, refetch=True)
        return self.reading.payments.read(row.body)

    async def _hear(self, task: Task, about: str, row: Pending, message: Said) -> int:
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

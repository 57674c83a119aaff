"""Workers that work off what Stripe sent, each a process of its own, and what they leave behind."""

from uuid import uuid4

from app.billing.desk import Desk
from app.billing.jobs import Ingest
from app.billing.reading import Reading
from app.billing.sweep import Sweep
from app.handle import Handle
from app.wiring.facts import CODEC, follow
from domain.errors import Conflict, Outside, Refused
from domain.run import Task
from infrastructure.postgres.event_store import EventStore
from infrastructure.postgres.watching import PostgresFound
from tests.app.billing_world import BASE, silent


class Ledger:
    """Runs that are not done. While one with the same key lives, another adds nothing."""

    def __init__(self):
        self.alive = {}

    async def wish(self, wanted):
        for each in wanted:
            self.alive.setdefault(each.run.key, each)


class Worker:
    """With what a process remembers, until it is killed."""

    def __init__(self, paying, ledger):
        self.paying, self.ledger = paying, ledger
        self.start()

    def start(self):
        """It knows nothing yet."""
        paying, database = self.paying, self.paying.world.database
        clock = lambda: paying.world.now  # noqa: E731
        handle = Handle(EventStore(database, CODEC, clock, follow))
        reading = Reading(database=database, payments=paying.payments, handle=handle, clock=clock)
        self.desk = Desk(reading=reading, base=BASE)
        self.ingest = Ingest(inbox=paying.inbox, reading=reading)
        self.sweep = Sweep(
            inbox=paying.inbox,
            payments=paying.payments,
            ends=PostgresFound(database, clock),
            handle=handle,
            clock=clock,
            wish=self.ledger.wish,
        )

    async def run(self, tenant, **args):
        """One attempt."""
        run = uuid4()
        task = Task(
            tenant=tenant,
            run_id=run,
            fence=1,
            kind="billing",
            shop_id=None,
            attempt=1,
            source="stripe",
            correlation=run,
            args=args,
        )
        return await self.ingest(task, None, silent)


async def outcome(work):
    """What came of it, or why it did not."""
    try:
        return await work or "done"
    except (Refused, Outside, Conflict) as no:
        return no

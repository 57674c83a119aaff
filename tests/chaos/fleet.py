"""A fleet of its own: a database, Valkey, worker processes, and companies that ask for runs."""

import asyncio
import secrets
import shutil
from contextlib import asynccontextmanager
from uuid import uuid4

from cryptography.fernet import Fernet

from app import settings
from app.wiring import prepare
from domain.ids import uuid7
from domain.run import USUAL
from infrastructure.arq import Queue
from infrastructure.clock import system_clock
from infrastructure.postgres.database import Database
from infrastructure.postgres.lanes import wake
from infrastructure.postgres.ledger import ASK
from sandbox.servers import valkey
from tests.chaos.effects import HURRY, TABLES
from tests.chaos.killing import kill
from tests.databases import of_its_own
from tests.process import Process

COMPANIES = [uuid4() for _ in range(20)]


class Fleet:
    """`asked` has the id of every run that was ever asked for."""

    def __init__(self, folder, memory, database, environ, *, hurry):
        self.folder, self.memory = folder, memory
        self.database, self.environ = database, environ
        self.options = (HURRY,) if hurry else ()
        self.workers, self.started = [], 0
        self.asked = []

    def start_worker(self):
        """One more."""
        self.started += 1
        command = ("tests.chaos.effects", *self.options)
        name = f"worker-{self.started}"
        self.workers.append(Process(name, command, self.folder, **self.environ))

    async def ask(self, chance, count, kind="effect"):
        """So many runs of one company."""
        company, now = chance.choice(COMPANIES), system_clock()
        rows = []
        for _ in range(count):
            run_id = uuid7(now)
            told = (f"{run_id}", f"cause:{run_id}", "schedule", run_id, "chaos:1", now, "")
            milliseconds = chance.randint(20, 600)
            args = f'{{"ms": {milliseconds}}}'
            rows.append((company, run_id, kind, None, *told, args, USUAL))
        async with self.database.writing() as driver:
            await wake(driver, [company])
            await driver.executemany(ASK, rows)
        self.asked += [row[1] for row in rows]

    async def fetch(self, question, *args):
        async with self.database.driver() as driver:
            return await driver.fetch(question, *args)

    async def first(self, question, *args):
        async with self.database.driver() as driver:
            return await driver.fetchval(question, *args)

    async def taken(self, handed):
        """Those of them that the queue has given to somebody, or has lost."""
        queue = Queue(self.memory.url)
        try:
            return {each.run_id for each in await queue.missing(handed)}
        finally:
            await queue.close()

    async def restart_memory(self, *, emptied):
        """Kill Valkey and start it again, with its files or without."""
        kill(self.memory)
        if emptied:
            shutil.rmtree(self.folder / "valkey" / "store" / "appendonlydir")
        await asyncio.to_thread(self.memory.start)


@asynccontextmanager
async def fleet(beside, folder, workers, *, hurry):
    """On a database of its own on the server of `beside`; gone with the block."""
    with valkey(folder / "valkey") as memory:
        async with of_its_own(beside) as url:
            environ = {
                "DATABASE_URL": url,
                "REDIS_URL": memory.url,
                "LOG_LEVEL": "WARNING",
                **keys(),
            }
            await prepare(settings.load(environ))
            database = Database(url, pool_size=4)
            async with database.driver() as driver:
                await driver.execute(TABLES)
            made = Fleet(folder, memory, database, environ, hurry=hurry)
            try:
                for _ in range(workers):
                    made.start_worker()
                yield made
            finally:
                for each in made.workers:
                    each.kill()
                await database.close()


def keys():
    """New ones."""
    return {
        "ENCRYPTION_MASTER_KEY": Fernet.generate_key().decode(),
        "SECRET_KEY": secrets.token_urlsafe(48),
    }

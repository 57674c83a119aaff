"""`ONLY=webhook`: a storm of Stripe's messages about a thousand subscriptions, each message three
times and in any order, worked off while it comes.

What is received is checked, read and kept as at the webhook. A process of the sandbox is Stripe,
and counts what is asked of it.
"""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import aiohttp

from app.billing.reading import ask
from app.demo_people import told
from app.supervise import Children
from app.wiring.billing import Billing
from benchmarks.figures import show, tell
from benchmarks.running import Bench, bench
from domain import subscription
from domain.errors import Unavailable
from domain.events import Origin
from domain.plan import Plan
from domain.run import Task, Wanted
from infrastructure.postgres.database import Database
from infrastructure.postgres.steps import Steps
from infrastructure.stripe.messages import TYPES
from sandbox.servers import free_port, temporary_folder
from sandbox.stripe import SECRET_KEY, WEBHOOK_SECRET, Book, price_list
from sandbox.stripe.form import Form
from sandbox.stripe.keeping import save
from sandbox.stripe.life import cards, people, starting
from sandbox.stripe.webhooks.signing import signature

SUBSCRIPTIONS, EVENTS, COPIES = 1_000, 33_333, 3
CONNECTIONS, SLOTS = 32, 20
MONTH = 31 * 86_400
CALLS = 2
"""Of Stripe's API for each subscription, at most."""

PAID = b'"type":"invoice.paid"'
FIGURES = """
SELECT (SELECT count(*) FROM stripe_inbox),
  count(*) FILTER (WHERE name = 'subscription.invoice_paid'),
  count(*), count(*) - count(DISTINCT (causation, name))
FROM events WHERE causation LIKE 'evt\\_%'
"""
LEFT = "SELECT count(*) FROM stripe_pending"


async def storm() -> None:
    """All figures, on servers of its own."""
    with temporary_folder() as folder:
        tell(f"webhook: {SUBSCRIPTIONS:,} subscriptions live for some months")
        book = account()
        customers = [each["id"] for each in book.all("customer")]
        events = _worked_on(book)[:EVENTS]
        async with _stripe(folder, book) as address, bench(_paying(book, address)) as made:
            await _companies(made, customers)
            await _storm(made, address, events)


def account() -> Book:
    """Its customers have paid for months."""
    book = Book()
    price = price_list(book)["pro"][0]
    for _ in range(SUBSCRIPTIONS):
        customer = people.created(book, Form({}))
        cards.give(book, customer, "ok")
        wish = {"customer": customer["id"], "items": [{"price": price, "quantity": "1"}]}
        starting.start(book, Form(wish))
    while len(_worked_on(book)) < EVENTS:
        book.advance(MONTH)
    return book


def _worked_on(book: Book) -> Sequence[bytes]:
    return [bytes(each.body) for each in book.events.values() if each.type in TYPES]


class Storm:
    """`alive`: runs that are wanted or under way, by key, as the ledger has them."""

    def __init__(self, billing: Billing, database: Database) -> None:
        self.billing, self._database = replace(billing, wish=self._wish), database
        self.alive: dict[str, Wanted] = {}
        self._runs = asyncio.Queue[Wanted]()

    async def receive(self, deliveries: Sequence[bytes]) -> None:
        """All of them, from as many connections as Stripe has."""
        left = iter(deliveries)
        async with asyncio.TaskGroup() as connections:
            for _ in range(CONNECTIONS):
                connections.create_task(self._connection(left))

    async def work(self) -> None:
        """Until it is cancelled: as a worker does, with its slots."""
        receive, chores = self.billing.loops()
        chores.close()
        async with asyncio.TaskGroup() as hands:
            hands.create_task(receive)
            for _ in range(SLOTS):
                hands.create_task(self._slot())

    async def _connection(self, left: Iterator[bytes]) -> None:
        webhook = self.billing.webhook
        for body in left:
            webhook.check(signature(body, [WEBHOOK_SECRET], int(time.time())), body)
            await webhook.inbox.receive(webhook.read(body))
            webhook.nudge()

    async def _wish(self, wanted: Sequence[Wanted]) -> None:
        for each in wanted:
            if each.run.key not in self.alive:
                self.alive[each.run.key] = each
                self._runs.put_nowait(each)

    async def _slot(self) -> None:
        ingest = self.billing.ingest
        while True:
            wanted = await self._runs.get()
            task = _task(wanted)
            await ingest(task, Steps(self._database, task), _silent)
            del self.alive[wanted.run.key]


async def _storm(made: Bench, address: str, events: Sequence[bytes]) -> None:
    billing = made.product.billing
    assert billing is not None
    before, sent = await _calls(address), [*events] * COPIES
    random.Random(1).shuffle(sent)  # noqa: S311 - to be the same each time
    tell(f"webhook: a storm of {len(sent):,} deliveries")
    storm, began = Storm(billing, made.product.database), time.perf_counter()
    work = asyncio.create_task(storm.work())
    await storm.receive(sent)
    received = time.perf_counter() - began
    async with made.product.database.driver() as driver:
        while storm.alive or await driver.fetchval(LEFT):  # noqa: ASYNC110 - rows set no event
            await asyncio.sleep(0.1)
        done = time.perf_counter() - began
        kept, paid, facts, twice = await driver.fetchrow(FIGURES)
    work.cancel()
    await asyncio.wait({work})
    lost = len(events) - kept + sum(PAID in each for each in events) - paid
    peer = f"{len(sent):,} deliveries of {SUBSCRIPTIONS:,} subscriptions"
    show("storm_lost", lost, "events", peer=f"all; bound 0; {peer}", peer_value=len(events))
    show("storm_doubled", twice, "facts", peer=f"all; bound 0; {peer}", peer_value=facts)
    calls = (await _calls(address) - before) / SUBSCRIPTIONS
    show("storm_calls_per_subscription", calls, "calls", peer=f"bound; {peer}", peer_value=CALLS)
    show("storm_s", done, "s", peer=f"until the last was thanked for; {peer}", peer_value=received)


async def _companies(made: Bench, customers: Sequence[str]) -> None:
    """One for each customer."""
    tell("webhook: the companies register")
    origin = Origin(source="cli", actor=None, correlation=uuid4(), causation="cli:bench")
    for customer in customers:
        company = uuid4()
        for command in (
            subscription.Start(plan=Plan.FREE),
            subscription.LinkCustomer(customer=customer),
        ):
            await made.product.handle(ask(company, command), origin=origin)


@asynccontextmanager
async def _stripe(folder: Path, book: Book) -> AsyncIterator[str]:
    """The account in a process of its own: where it is."""
    data = folder / "sandbox"
    data.mkdir()
    book.events.clear()
    save(book, data / "stripe.json")
    children, port = Children(), free_port()
    options = ["--port", str(port), "--data", str(data), "--supervised"]
    children.start("sandbox", ["sandbox", *options], {}, folder / "sandbox.out")

    def alive() -> None:
        if ended := children.ended():
            raise Unavailable(f"The {ended[0]} ended with code {ended[1]}.", cause="not_up")

    try:
        await told(f"http://127.0.0.1:{port}/sandbox/stage", alive)
        yield f"http://127.0.0.1:{port}/stripe"
    finally:
        children.stop()


def _paying(book: Book, address: str) -> Mapping[str, str]:
    prices = {f"STRIPE_PRICE_{plan.upper()}": ",".join(p) for plan, p in price_list(book).items()}
    keys = {"STRIPE_SECRET_KEY": SECRET_KEY, "STRIPE_WEBHOOK_SECRET": WEBHOOK_SECRET}
    return {"STRIPE_URL": address, **keys, **prices}


async def _calls(address: str) -> int:
    """Of the API, so far."""
    async with aiohttp.ClientSession() as http, http.get(f"{address}/control/calls") as answer:
        counted: dict[str, int] = await answer.json()
        return sum(counted.values())


def _task(wanted: Wanted) -> Task:
    run = uuid4()
    return Task(
        tenant=wanted.tenant,
        run_id=run,
        fence=1,
        kind=wanted.run.kind,
        shop_id=None,
        attempt=1,
        source=wanted.source,
        correlation=run,
        args=wanted.run.args,
    )


async def _silent(step: str, done: int = 0, total: int | None = None) -> None:
    """Nobody looks on."""

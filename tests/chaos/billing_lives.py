"""Lives of companies that pay, step after step from one seed: what they do at the desk and at
Stripe, time, messages in disorder, a Stripe that fails, workers that are killed in any await. Whose
customer was deleted at Stripe buys again as another one.

At any moment nobody has a plan that is not paid for, tried or granted, but for the grace that is
documented, and nobody misses one that is. When all is quiet, what we know is what Stripe has.
"""

import asyncio
import random
from collections import Counter, deque
from datetime import timedelta
from uuid import uuid4

from app.asker import Asker
from app.billing.read import customer_of
from domain.errors import Malformed, Unavailable
from domain.run import Cancel, Done
from sandbox.stripe import Fault
from tests.chaos.billing_acts import DAY, Elsewhere
from tests.chaos.billing_post import HOUR, Post
from tests.chaos.billing_proof import Company, Proof
from tests.chaos.billing_truth import Truth
from tests.chaos.billing_wishes import BOUGHT, lend, wishes
from tests.chaos.billing_workers import Ledger, Worker, outcome
from tests.chaos.sheet_world import Killed

WORKERS = 3
CRASHES, LAST_AWAIT = 0.35, 45
"""How much of the work is killed, and in which of its awaits at the latest."""
FAULTS, STATUSES = 0.12, (429, 500, 503, 0)
GONE = 0.01
"""Seconds until Stripe has done with the calls of a worker that was killed."""
CALM = 40
"""Rounds within which everything must be worked off."""
LONGEST_LOG = 1_000


class Lives:
    """`counts` says how often what happened, `crashed` where workers were killed."""

    def __init__(self, paying, seed):
        self.paying, self.book, self.seed = paying, paying.book, seed
        self.dice = random.Random(seed)  # noqa: S311 - choices, not secrets
        self.companies, self.touched, self.steps = [], set(), 0
        self.counts, self.crashed, self.log = Counter(), Counter(), deque(maxlen=LONGEST_LOG)
        self.truth = Truth(self.book, paying.prices)
        self.post = Post(paying, self.truth, self.dice, self.counts)
        self.proof = Proof(paying.world, self.truth)
        self.elsewhere = Elsewhere(self.book, self.dice, paying.prices)
        self.ledger = Ledger()
        self.workers = [Worker(paying, self.ledger) for _ in range(WORKERS)]
        self.turns = {
            self.at_the_desk: 40,
            self.at_stripe: 20,
            self.pays_a_page: 15,
            self.lends: 4,
            self.time_passes: 12,
            self.work: 25,
            self.look_on: 15,
            self.forgery: 0.5,
            self.stranger: 0.3,
            self.owner: 0.3,
            self.quiet: 1,
        }

    @property
    def now(self):
        """Everybody's."""
        return self.paying.world.now

    async def live(self, companies, steps, over=lambda: False):
        """So many companies and steps, or until it is over. A broken promise is told with seed and
        last steps."""
        turns = [*self.turns]
        weights = [self.turns[each] for each in turns]
        try:
            for _ in range(companies):
                client = await self.paying.register()
                caller = client.world.callers[client.headers["authorization"]]
                self.companies.append(Company(client.scope, caller.origin))
                await self._begins(self.companies[-1])
            while self.steps < steps and not over():
                self.steps += 1
                turn = self.dice.choices(turns, weights)[0]
                self._collect()
                self._note(turn.__name__, await turn())
            self.touched.update(self.companies)
            await self.quiet()
        except Exception as wrong:
            told = "\n".join(each for each in self.log if _about(each, f"{wrong}"))
            raise AssertionError(f"seed {self.seed}, step {self.steps}: {wrong}\n{told}") from wrong

    def _note(self, what, told):
        self.counts[what] += 1
        if what in ("look_on", "forgery") or told is None:
            return
        self.log.append(f"{self.steps} {self.now:%d.%m.%y %H:%M:%S} {what}: {told}")

    async def _begins(self, company):
        """Most buy soon, whatever stands in the way."""
        while not company.pages and self.dice.random() < 0.95:
            (name, buy), *_ = wishes(self.dice, None)
            self._note("begins", await self._wants(company, name, buy))
        for page in company.pages:
            self.elsewhere.completes(page)
        self._collect()

    # Steps

    async def at_the_desk(self):
        """Somebody of a company wants something; if it goes wrong, perhaps once more."""
        company = self._somebody()
        return await self._wants(
            company,
            *self.dice.choice(wishes(self.dice, self.truth.standing(company.customers).billed)),
        )

    async def _wants(self, company, name, wish):
        asker = Asker(scope=company.scope, origin=company.origin, command_id=uuid4())
        for _ in range(self.dice.randrange(1, 4)):
            worker = self.dice.choice(self.workers)
            told = await self._attempt(worker, lambda w=worker: wish(w.desk, asker))
            if told is not None and not isinstance(told, Unavailable):
                break
        await self._know(company)
        if name == "checkout" and isinstance(told, str):
            company.pages.append(told.rpartition("/")[2])
        return f"{company} {name} {told!r}"

    async def at_stripe(self):
        company = self._somebody()
        if company.customer not in self.book.kinds.get("customer", ()):
            return None
        act = self.elsewhere.act(company.customer)
        self.counts[f"{act} at Stripe"] += 1
        return f"{company} {act}"

    async def pays_a_page(self):
        """One that was opened now, or was left open long ago."""
        open_ones = [each for each in self.companies if each.pages]
        if not open_ones:
            return None
        company = self.dice.choice(open_ones)
        page = company.pages.pop(self.dice.randrange(len(company.pages)))
        self.touched.add(company)
        return f"{company} {self.elsewhere.completes(page)}"

    async def lends(self):
        """A trial of ours, or what our staff grants and takes back, until it has gone through."""
        company, plan = self._somebody(), self.dice.choice(BOUGHT)
        kind = self.dice.choice(("trial", "grant", "withdrawal"))
        until = self.now + timedelta(hours=self.dice.randrange(1, 1_000))
        asker = Asker(scope=company.scope, origin=company.origin)
        told = None
        while told is None:
            worker = self.dice.choice(self.workers)
            told = await self._attempt(
                worker, lambda w=worker: lend(w.desk, asker, kind, plan, until)
            )
        if kind == "trial":
            company.tries(self.now)
        else:
            company.grant = (plan, until) if kind == "grant" else None
        return f"{company} {kind} {told!r}"

    async def time_passes(self):
        spans = (HOUR, 6 * HOUR, DAY, 3 * DAY, 9 * DAY, 25 * DAY, 70 * DAY)
        span = self.dice.choices(spans, (8, 8, 6, 4, 2, 1, 0.3))[0] + self.dice.randrange(HOUR)
        self.paying.world.now += timedelta(seconds=span)
        return f"{span} s"

    async def work(self):
        """Messages arrive, workers look; now and then two are at the same."""
        await self.post.arrive()
        sweeper = self.dice.choice(self.workers)
        await self._attempt(sweeper, sweeper.sweep)
        ended = Counter()
        for key in self.dice.sample([*self.ledger.alive], len(self.ledger.alive)):
            hands = self.dice.sample(self.workers, 2 if self.dice.random() < 0.2 else 1)
            told = await asyncio.gather(*(self._run(each, key) for each in hands))
            ended.update(type(each).__name__ for each in told)
        self.counts.update(ended)
        return dict(ended)

    async def look_on(self):
        for company in self.dice.sample(self.companies, min(10, len(self.companies))):
            await self.proof.at_any_moment(company)

    async def forgery(self):
        self.post.forge()

    async def stranger(self):
        self.elsewhere.stranger()

    async def owner(self):
        self.elsewhere.settings()

    async def quiet(self):
        """No trouble any more: all is worked off, and what was never told is seen by a look."""
        self.book.faults.ordered.clear()
        for _ in range(CALM):
            self._collect()
            await self.post.arrive(all_of_it=True)
            await self.workers[0].sweep()
            for key in [*self.ledger.alive]:
                await self._run(self.workers[0], key, calm=True)
            if not self.ledger.alive and not await self.post.left(self.elsewhere.strangers):
                break
            if not self.ledger.alive:
                self.paying.world.now += timedelta(hours=3)
        else:
            raise AssertionError(
                f"never done: {await self.post.left(self.elsewhere.strangers)}, {[*self.ledger.alive]}"
            )
        for company in self.companies:
            if not self.post.lost.isdisjoint(company.customers):
                company.missed = True
                await self.workers[0].run(company.scope.tenant, about=company.customer, look=True)
        self.post.lost.clear()
        await self._compare()

    # How

    async def _compare(self):
        some = self.dice.sample(self.companies, min(20, len(self.companies)))
        chosen = [each for each in self.companies if each in self.touched or each in some]
        self.touched.clear()
        for company in chosen:
            await self.proof.when_all_is_quiet(company)
        self.counts["compared"] += len(chosen)

    def _collect(self):
        whose = self.post.collect()
        self.touched.update(e for e in self.companies if not whose.isdisjoint(e.customers))

    async def _know(self, company):
        """As whom Stripe knows it now: another one, where the one before was deleted."""
        self.touched.add(company)
        now = await customer_of(self.paying.world.database, company.scope)
        if now != company.customer:
            self.counts["successors"] += company.customer is not None
            company.customers.append(now)

    async def _run(self, worker, key, *, calm=False):
        """One attempt of a run that is in the ledger, and lives until it has ended."""
        wanted = self.ledger.alive.get(key)
        if wanted is None:
            return None
        do = lambda: worker.run(wanted.tenant, **wanted.run.args)  # noqa: E731
        told = await (outcome(do()) if calm else self._attempt(worker, do))
        assert not isinstance(told, Malformed | Cancel), f"{key}: {told!r}"
        if told is not None and not isinstance(told, Unavailable):
            self.ledger.alive.pop(key, None)
        if isinstance(told, Done):
            self.counts["facts"] += told.result["facts"]
        return told

    async def _attempt(self, worker, do):
        """What came of it, or the refusal; None from a worker that was killed."""
        self.book.faults.ordered.clear()
        if self.dice.random() < FAULTS:
            status, lost = self.dice.choice(STATUSES), self.dice.random() < 0.4
            fault = Fault(status=status, times=self.dice.randrange(1, 4), lost=lost, latency=0.001)
            self.book.faults.ordered.append(fault)
        crash = self.dice.randrange(1, LAST_AWAIT) if self.dice.random() < CRASHES else None
        work = Killed(outcome(do()), crash)
        running = asyncio.create_task(work.run())
        await asyncio.wait({running})
        if not running.cancelled():
            return running.result()
        self.crashed[work.where] += 1
        worker.start()
        await asyncio.sleep(GONE)
        return None

    def _somebody(self):
        return self.dice.choice(self.companies)


def _about(line, wrong):
    """Whether this says how it came about: what happened to everybody, or to her."""
    return (" None " not in line and "cus_" not in line) or any(
        word in wrong for word in line.split() if "cus_" in word
    )

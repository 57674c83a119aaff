"""A fleet at work in virtual time: several dispatchers, a queue, slots, and the real ledger."""

import asyncio
import heapq
import random
from collections import Counter
from datetime import timedelta
from itertools import count

from domain.run import Wait
from infrastructure.postgres.ledger import PostgresLedger
from tests.infrastructure.night import DONE

STEP = timedelta(seconds=5)
SHORTEST, LONGEST = 5.0, 40.0
"""Seconds of a run."""


class Shift:
    """Works off what a night has queued. Runs of `kind` "slow" only find out that their budget is
    empty, `refusals` times, and come back a minute later; all others succeed.

    `begun` has (company, run, seconds after it was due) in order; `twice` what was handed out while
    somebody had it; `most` the largest number that a company had in hands at once.
    """

    def __init__(self, night, slots, seed, dispatchers=4, refusals=0):
        self.night, self.slots, self.refusals = night, slots, refusals
        self.random = random.Random(seed)  # noqa: S311 - choices, not secrets
        self.dispatchers = [
            PostgresLedger(night.database, lambda: night.now) for _ in range(dispatchers)
        ]
        self.queue, self.running, self.order = [], [], count()
        self.in_hand, self.due = set(), {}
        self.begun, self.twice = [], []
        self.held, self.most = Counter(), Counter()

    async def work(self, until=None):
        """Until nothing is left, or the moment has come."""
        idle_since = self.night.now
        while self.night.now - idle_since < timedelta(minutes=3):
            if until and self.night.now >= until:
                return
            await self._end()
            await self._hand_out()
            await self._begin()
            if self.running or self.queue:
                idle_since = self.night.now
            self.night.now += STEP

    async def _hand_out(self):
        """All dispatchers at once, each as if it had a part of the queue's room for itself."""
        room = 2 * self.slots - len(self.queue) - len(self.running)
        share = -(-room // len(self.dispatchers))
        if room <= 0:
            return
        handed = await asyncio.gather(*(each.admit(share) for each in self.dispatchers))
        for each in (each for found in handed for each in found):
            self.twice += [each.run_id] if each.run_id in self.in_hand else []
            self.in_hand.add(each.run_id)
            self.held[each.tenant] += 1
            self.most[each.tenant] = max(self.most[each.tenant], self.held[each.tenant])
            heapq.heappush(self.queue, (each.turn, next(self.order), each))

    async def _begin(self):
        free = min(self.slots - len(self.running), len(self.queue))
        handed = [heapq.heappop(self.queue)[2] for _ in range(free)]
        for task in await self._together(handed, lambda ledger, each: ledger.start(each, "w1")):
            due = self.due.get(task.run_id, self.night.began)
            self.begun.append((task.tenant, task.run_id, (self.night.now - due).total_seconds()))
            lasts = SHORTEST if task.kind == "slow" else self.random.uniform(SHORTEST, LONGEST)
            heapq.heappush(self.running, (lasts + self._seconds(), next(self.order), task))

    async def _end(self):
        ended = []
        while self.running and self.running[0][0] <= self._seconds():
            ended.append(heapq.heappop(self.running)[2])
        outcomes = {task.run_id: self._outcome(task) for task in ended}
        await self._together(ended, lambda ledger, task: ledger.finish(task, outcomes[task.run_id]))
        for task in ended:
            self.in_hand.discard(task.run_id)
            self.held[task.tenant] -= 1

    def _outcome(self, task):
        if task.kind != "slow" or not self.refusals:
            return DONE
        self.refusals -= 1
        self.due[task.run_id] = self.night.now + timedelta(minutes=1)
        return Wait(until=self.due[task.run_id], why="the budget is empty")

    async def _together(self, items, do):
        """Each by one of the workers."""
        calls = (do(self.dispatchers[n % len(self.dispatchers)], e) for n, e in enumerate(items))
        return await asyncio.gather(*calls)

    def _seconds(self):
        return (self.night.now - self.night.began).total_seconds()

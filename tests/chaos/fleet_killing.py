"""Runs while workers and Valkey are killed under them: what was lost, what came twice, how soon all
that was in hands went on."""

import asyncio
import random
import socket
import time
from collections import Counter

from domain.run import Handed

WEIGHTS = {"worker": 4, "valkey": 5, "valkey, emptied": 1}
OUTSTANDING = 60
"""Runs that are asked for and not done, all along."""
PATIENCE = 60.0
"""Seconds after which nobody waits any more for what is held up."""

_IN_HAND = """
SELECT tenant_id, run_id, fence, state, worker FROM job_runs WHERE handed_at IS NOT NULL
"""
# Neither at its end nor in the hands of somebody who took it since.
_HELD_UP = """
SELECT run_id FROM unnest($1::uuid[]) AS r (run_id)
WHERE NOT EXISTS (SELECT FROM job_history h WHERE h.run_id = r.run_id)
  AND NOT EXISTS (SELECT FROM calls c WHERE c.run_id = r.run_id AND c.at > $2)
"""
_UP = "SELECT worker FROM workers WHERE worker = ANY ($1)"
_NOW = "SELECT clock_timestamp()"
_ENDED = "SELECT count(*) FROM job_history"
_ENDINGS = "SELECT state, count(*) FROM job_history GROUP BY 1"
_LIVE = "SELECT count(*) FROM job_runs"
_LOST = """
SELECT r.run_id FROM unnest($1::uuid[]) AS r (run_id) WHERE NOT EXISTS (
  SELECT FROM job_history h WHERE h.run_id = r.run_id AND h.state = 'succeeded')
"""
_EFFECTS = "SELECT run_id, count(*) FROM effects GROUP BY 1 HAVING count(*) > 1"
_WITHOUT = """
SELECT run_id FROM job_history h WHERE NOT EXISTS (SELECT FROM effects e WHERE e.run_id = h.run_id)
"""
_TRIED_AGAIN = "SELECT count(*) FROM (SELECT FROM calls GROUP BY run_id HAVING count(*) > 1) AS c"


class FleetKilling:
    """`recovered` has, for each kill, what it was and after how many seconds all runs that it hit had
    ended or been taken up anew. A run that a later kill hits as well is that one's from then on."""

    def __init__(self, fleet, seed):
        self.fleet = fleet
        self.random = random.Random(seed)  # noqa: S311 - choices, not secrets
        self.recovered = []
        self.dead = set()
        self.hit_by = {}
        self.died = 0
        self.over = False

    async def carry_out(self, kinds, apart):
        """Kill as `kinds` says, about so many seconds apart; then let the rest be done."""
        async with asyncio.TaskGroup() as tasks:
            feeding = tasks.create_task(self._feed())
            keeping = tasks.create_task(self._keep_alive())
            await self._warm()
            watching = []
            for kind in kinds:
                await asyncio.sleep(apart * self.random.uniform(0.2, 1.8))
                watching.append(tasks.create_task(self._watch(*await self._kill(kind))))
            await asyncio.gather(*watching)
            self.over = True
            await feeding
            await self._rest()
            keeping.cancel()

    async def result(self):
        """How it ended."""
        fleet = self.fleet
        return {
            "asked": len(fleet.asked),
            "ended": {row[0]: row[1] for row in await fleet.fetch(_ENDINGS)},
            "live": await fleet.first(_LIVE),
            "lost": [row[0] for row in await fleet.fetch(_LOST, fleet.asked)],
            "effects twice": [tuple(row) for row in await fleet.fetch(_EFFECTS)],
            "ended without effect": [row[0] for row in await fleet.fetch(_WITHOUT)],
            "tried again": await fleet.first(_TRIED_AGAIN),
        }

    def worst(self):
        """Seconds, by what was killed."""
        worst = Counter()
        for kind, seconds in self.recovered:
            worst[kind] = max(worst[kind], seconds)
        return {kind: round(seconds, 1) for kind, seconds in worst.items()}

    async def _warm(self):
        """Until the workers are up and work."""
        while not await self.fleet.first(_ENDED):
            await asyncio.sleep(0.05)

    async def _kill(self, kind):
        """What and when it was, and what it hit."""
        began = time.monotonic()
        if kind == "worker":
            chosen = self.random.choice(await self._at_work())
            began = time.monotonic()
            self.fleet.workers.remove(chosen)
            chosen.kill()
            hit, at = await self._hit_with(_name(chosen))
            self.fleet.start_worker()
        else:
            await self.fleet.restart_memory(emptied="emptied" in kind)
            hit, at = await self._hit_with_the_queue()
        return kind, began, at, hit

    async def _at_work(self):
        """Workers, as soon as another one is left when one of them is killed."""
        while True:
            rows = await self.fleet.fetch(_UP, [_name(each) for each in self.fleet.workers])
            up = {row["worker"] for row in rows}
            if len(up) > 1:
                return [each for each in self.fleet.workers if _name(each) in up]
            await asyncio.sleep(0.05)

    async def _hit_with(self, worker):
        """What it did, and what it or others had taken from the queue and not begun."""
        self.dead.add(worker)
        rows = await self.fleet.fetch(_IN_HAND)
        handed = [
            Handed(tenant=row["tenant_id"], run_id=row["run_id"], fence=row["fence"])
            for row in rows
            if row["state"] == "waiting"
        ]
        done = {row["run_id"] for row in rows if row["worker"] == worker}
        return done | await self.fleet.taken(handed), await self.fleet.first(_NOW)

    async def _hit_with_the_queue(self):
        """What was on its way, and what is done, for a worker drops it then."""
        rows = await self.fleet.fetch(_IN_HAND)
        hit = {row["run_id"] for row in rows if row["worker"] not in self.dead}
        return hit, await self.fleet.first(_NOW)

    async def _watch(self, kind, began, at, hit):
        mark = object()
        self.hit_by |= dict.fromkeys(hit, mark)
        while held := [each for each in hit if self.hit_by[each] is mark]:
            hit = {run_id for (run_id,) in await self.fleet.fetch(_HELD_UP, held, at)}
            if time.monotonic() - began > PATIENCE:
                break
            await asyncio.sleep(0.1)
        self.recovered.append((kind, time.monotonic() - began))

    async def _feed(self):
        while not self.over:
            outstanding = len(self.fleet.asked) - await self.fleet.first(_ENDED)
            if outstanding < OUTSTANDING:
                await self.fleet.ask(self.random, self.random.randint(1, 8))
            else:
                await asyncio.sleep(0.05)

    async def _keep_alive(self):
        """What a supervisor does for a worker that ended by itself."""
        while True:
            for dead in [each for each in self.fleet.workers if not each.alive]:
                self.died += 1
                self.fleet.workers.remove(dead)
                self.fleet.start_worker()
            await asyncio.sleep(0.2)

    async def _rest(self):
        end = time.monotonic() + PATIENCE
        while await self.fleet.first(_LIVE) and time.monotonic() < end:
            await asyncio.sleep(0.1)


def _name(worker):
    return f"{socket.gethostname()}:{worker.pid}"


def kinds(chance, count):
    """What to kill, so often."""
    return chance.choices([*WEIGHTS], [*WEIGHTS.values()], k=count)

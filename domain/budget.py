"""Token buckets of a process that is alone: the old single-user mode, and tests."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Self

from domain.fact import fact
from domain.ports import Allowance, Level

_ROUNDING = 1e-6  # whoever waited exactly as long as told must not be told again


@fact
class Bucket:
    """`tokens` at the moment `since`, one more each `interval` after it, never above `burst`.

    A moment still to come means that the neighbour forbade calls until then.
    """

    tokens: float
    since: float
    burst: float = float("inf")
    interval: float = float("inf")

    def level(self, now: float) -> float:
        """What it holds."""
        return min(self.burst, self.tokens + max(0.0, now - self.since) / self.interval)

    def wait(self, now: float, cost: int = 1) -> float:
        """Seconds until that much can be taken. A cost above the burst is a whole burst: else it
        could never be paid."""
        lacking = max(0.0, min(cost, self.burst) - self.level(now)) * self.interval
        wait = max(0.0, self.since - now) + lacking
        return wait if wait > _ROUNDING else 0.0

    def less(self, now: float, cost: int = 1) -> Self:
        """After that much was taken, which `wait` has to allow."""
        return replace(self, tokens=self.level(now) - min(cost, self.burst), since=now)


class Buckets:
    """Implements `domain.ports.Budget` in memory."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._now = monotonic
        self._buckets: dict[str, Bucket] = {}

    async def take(self, *of: Allowance, cost: int = 1) -> float:
        """See the port."""
        now = self._now()
        found = {each.key: self._bucket(each, now) for each in of}
        if wait := max(bucket.wait(now, cost) for bucket in found.values()):
            return wait
        self._buckets |= {key: bucket.less(now, cost) for key, bucket in found.items()}
        return 0.0

    def _bucket(self, of: Allowance, now: float) -> Bucket:
        old = self._buckets.get(of.key, Bucket(tokens=of.burst, since=now))
        return replace(old, burst=of.burst, interval=of.interval)

    async def learn(self, key: str, *, remaining: int | None, retry_after: float | None) -> None:
        """See the port. `remaining` only ever lowers: calls of ours may still be on their way."""
        now = self._now()
        bucket = self._buckets.get(key, Bucket(tokens=float("inf"), since=now))
        tokens, since = bucket.tokens, bucket.since
        if remaining is not None and since <= now:
            tokens, since = min(bucket.level(now), float(remaining)), now
        if retry_after is not None:
            tokens, since = 1.0, max(since, now + retry_after)
        self._buckets[key] = replace(bucket, tokens=tokens, since=since)

    async def levels(self, allowances: Sequence[Allowance]) -> Sequence[Level]:
        """See the port."""
        return [self._level(each, self._now()) for each in allowances]

    def _level(self, of: Allowance, now: float) -> Level:
        bucket = self._buckets.get(of.key)
        if bucket is None:
            return Level(tokens=of.burst)
        return level(of, bucket.tokens, bucket.since, now)


def level(of: Allowance, tokens: float, since: float, now: float) -> Level:
    """What is left of so many tokens at `since`, as seconds on the clock of `now`."""
    grown = tokens + max(0.0, now - since) / of.interval
    return Level(tokens=min(grown, of.burst), closed=max(0.0, since - now))

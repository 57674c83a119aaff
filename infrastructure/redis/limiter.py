"""Rate limits for all processes together, by the generic cell rate algorithm: one number a key.

The number is the moment at which the bucket would be full again. A key names people's addresses and
networks, so Redis is told a keyed hash of it. While Redis does not answer, each process counts for
itself, so that a lost Redis neither opens nor shuts the door.
"""

import asyncio
import math
import time
from collections import OrderedDict
from collections.abc import Callable
from datetime import timedelta

from redis.asyncio import Redis
from redis.exceptions import RedisError

from domain.secrecy import Verdict

PATIENCE = 2.0
"""Seconds to wait for Redis, long enough for a busy process to be no lost Redis; after that it is
left alone for REST seconds."""
REST = 5.0
REMEMBERED = 10_000
STRICTER = 4
"""By this much a strict limit shrinks while each process counts alone."""

_HIT = """
local clock = redis.call('TIME')
local now = tonumber(clock[1]) * 1000000 + tonumber(clock[2])
local interval, burst, cost = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local full = math.max(now, tonumber(redis.call('GET', KEYS[1]) or now))
local after = full + cost * interval
local excess = after - now - burst * interval
if excess > 0 then
  return {0, math.floor((burst * interval - (full - now)) / interval), excess}
end
redis.call('SET', KEYS[1], string.format('%.0f', after), 'PX', math.ceil((after - now) / 1000))
return {1, math.floor(-excess / interval), 0}
"""


class RedisLimiter:
    """Implements `domain.secrecy.Limiter`."""

    def __init__(
        self,
        redis: Redis,
        blind: Callable[[str], bytes],
        prefix: str = "limit:",
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._redis = redis
        self._blind = blind
        self._prefix = prefix
        self._script = redis.register_script(_HIT)
        self._monotonic = monotonic
        self._alone = LocalLimiter(monotonic)
        self._resting_until = -math.inf

    async def hit(  # noqa: PLR0913 - a quota has this many sides
        self,
        key: str,
        limit: int,
        period: timedelta,
        *,
        burst: int,
        cost: int = 1,
        strict: bool = False,
    ) -> Verdict:
        """See the port. A strict quota is a quarter of itself while Redis is away."""
        interval = period.total_seconds() / limit
        if self._monotonic() >= self._resting_until:
            try:
                async with asyncio.timeout(PATIENCE):
                    args = [round(interval * 1e6), burst, cost]
                    allowed, left, wait = await self._script(keys=[self._name(key)], args=args)
            except (RedisError, TimeoutError, OSError):
                self._resting_until = self._monotonic() + REST
            else:
                return Verdict(
                    allowed=bool(allowed), remaining=max(0, int(left)), retry_after=wait / 1e6
                )
        if strict:
            interval, burst = interval * STRICTER, max(1, burst // STRICTER)
        return self._alone.hit(key, interval, burst, cost)

    async def forget(self, key: str) -> None:
        """See the port."""
        self._alone.forget(key)
        if self._monotonic() >= self._resting_until:
            try:
                async with asyncio.timeout(PATIENCE):
                    await self._redis.delete(self._name(key))
            except (RedisError, TimeoutError, OSError):
                self._resting_until = self._monotonic() + REST

    def _name(self, key: str) -> str:
        return self._prefix + self._blind(key).hex()


class LocalLimiter:
    """The same rule for one process; the keys used longest ago are forgotten first."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._full: OrderedDict[str, float] = OrderedDict()

    def hit(self, key: str, interval: float, burst: int, cost: int) -> Verdict:
        """`interval` in seconds for one to grow back."""
        now = self._monotonic()
        full = max(now, self._full.get(key, now))
        after = full + cost * interval
        excess = after - now - burst * interval
        if excess > 0:
            left = (burst * interval - (full - now)) / interval
            return Verdict(allowed=False, remaining=max(0, int(left)), retry_after=excess)
        self._full[key] = after
        self._full.move_to_end(key)
        if len(self._full) > REMEMBERED:
            self._full.popitem(last=False)
        return Verdict(allowed=True, remaining=int(-excess / interval), retry_after=0.0)

    def forget(self, key: str) -> None:
        """Begin anew."""
        self._full.pop(key, None)

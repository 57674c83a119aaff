"""Token buckets shared by all workers: one Lua script each way, on the server's own clock.

The same rules as `domain.budget`, proven by the same tests. A key lives as long as its bucket
is not full, so an unused one costs nothing. One key says since when this Redis knows of every call:
after a loss of it, each bucket counts as emptied at the moment that was noticed, for nobody knows
what was spent just before.
"""

from collections.abc import Sequence

from redis.asyncio import Redis
from redis.commands.core import AsyncScript
from redis.exceptions import RedisError

from domain.budget import level
from domain.errors import Unavailable
from domain.ports import Allowance, Level

_LEVEL = """
local clock = redis.call('TIME')
local now = tonumber(clock[1]) + tonumber(clock[2]) / 1000000
local born = redis.call('GET', KEYS[2])
if not born then
  born = string.format('%.17g', now)
  redis.call('SET', KEYS[2], born)
end
local kept = redis.call('HMGET', KEYS[1], 'tokens', 'since', 'burst', 'interval')
local tokens, since = tonumber(kept[1] or 0), tonumber(kept[2] or born)
local function level(burst, interval)
  return math.min(burst, tokens + math.max(0, now - since) / interval)
end
local function keep(tokens, since)
  redis.call('HSET', KEYS[1], 'tokens', string.format('%.17g', tokens),
             'since', string.format('%.17g', since))
end
"""

_TAKE = (
    _LEVEL
    + """
local burst, interval = tonumber(ARGV[1]), tonumber(ARGV[2])
local price, level = math.min(tonumber(ARGV[3]), burst), level(burst, interval)
local wait = math.max(0, since - now) + math.max(0, price - level) * interval
if wait > 0.000001 then return string.format('%.17g', wait) end
keep(level - price, now)
redis.call('HSET', KEYS[1], 'burst', ARGV[1], 'interval', ARGV[2])
redis.call('PEXPIRE', KEYS[1], math.ceil(burst * interval * 1000) + 60000)
return '0'
"""
)

_LEARN = (
    _LEVEL
    + """
local remaining, retry = tonumber(ARGV[1]), tonumber(ARGV[2])
local burst, interval = tonumber(kept[3] or 'inf'), tonumber(kept[4] or 'inf')
if remaining and since <= now then
  tokens, since = math.min(level(burst, interval), remaining), now
end
if retry then tokens, since = 1, math.max(since, now + retry) end
keep(tokens, since)
local lives = math.ceil((retry or 0) * 1000) + 86400000
redis.call('PEXPIRE', KEYS[1], math.max(redis.call('PTTL', KEYS[1]), lives))
return '0'
"""
)


_SILENT = (
    "Сбой на нашей стороне, чиним: попробуйте через минуту; ничего не изменилось / "
    "A fault on our side, we are on it: try again in a minute; nothing was changed."
)


class RedisBudget:
    """Implements `domain.ports.Budget`. Raises Unavailable while Redis does not answer."""

    def __init__(self, redis: Redis, prefix: str = "budget:") -> None:
        self._redis, self._prefix, self._born = redis, prefix, f"{prefix}born"
        self._take = redis.register_script(_TAKE)
        self._learn = redis.register_script(_LEARN)

    async def begin(self) -> None:
        """Nothing was ever spent: buckets that are not known are full. For an installation that
        has no shop yet; without effect where Redis knows since when it counts."""
        try:
            await self._redis.set(self._born, "0", nx=True)
        except RedisError as error:
            raise Unavailable(_SILENT, cause="our_outage") from error

    async def take(self, key: str, *, burst: int, interval: float, cost: int = 1) -> float:
        """See the port. A cost above the burst is a whole burst: else it could never be paid."""
        return await self._run(self._take, key, burst, interval, cost)

    async def learn(self, key: str, *, remaining: int | None, retry_after: float | None) -> None:
        """See the port. `remaining` only ever lowers: calls of ours may still be on their way."""
        said = ["" if word is None else word for word in (remaining, retry_after)]
        await self._run(self._learn, key, *said)

    async def levels(self, allowances: Sequence[Allowance]) -> Sequence[Level]:
        """See the port. One round trip, by the server's own clock."""
        pipe = self._redis.pipeline(transaction=False)
        pipe.time()
        pipe.get(self._born)
        for each in allowances:
            pipe.hmget(self._prefix + each.key, ["tokens", "since"])
        try:
            (seconds, micros), born, *kept = await pipe.execute()
        except RedisError as error:
            raise Unavailable(_SILENT, cause="our_outage") from error
        now = seconds + micros / 1_000_000
        known = now if born is None else float(born)
        return [
            level(of, float(tokens or 0.0), float(since or known), now)
            for of, (tokens, since) in zip(allowances, kept, strict=True)
        ]

    async def _run(self, script: AsyncScript, key: str, *args: float | str) -> float:
        try:
            return float(await script(keys=[self._prefix + key, self._born], args=args))
        except RedisError as error:
            raise Unavailable(_SILENT, cause="our_outage") from error

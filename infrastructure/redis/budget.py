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

_NOW = """
local clock = redis.call('TIME')
local now = tonumber(clock[1]) + tonumber(clock[2]) / 1000000
local born = redis.call('GET', KEYS[1])
if not born then
  born = string.format('%.17g', now)
  redis.call('SET', KEYS[1], born)
end
local function look(key)
  local kept = redis.call('HMGET', key, 'tokens', 'since', 'burst', 'interval')
  return tonumber(kept[1] or 0), tonumber(kept[2] or born), kept[3], kept[4]
end
local function keep(key, tokens, since)
  redis.call('HSET', key, 'tokens', string.format('%.17g', tokens),
             'since', string.format('%.17g', since))
end
"""

_TAKE = (
    _NOW
    + """
local cost, longest, levels = tonumber(ARGV[1]), 0, {}
for n = 2, #KEYS do
  local burst, interval = tonumber(ARGV[2 * n - 2]), tonumber(ARGV[2 * n - 1])
  local tokens, since = look(KEYS[n])
  local level = math.min(burst, tokens + math.max(0, now - since) / interval)
  local lacking = math.max(0, math.min(cost, burst) - level) * interval
  longest, levels[n] = math.max(longest, math.max(0, since - now) + lacking), level
end
if longest > 0.000001 then return string.format('%.17g', longest) end
for n = 2, #KEYS do
  local burst, interval = ARGV[2 * n - 2], ARGV[2 * n - 1]
  keep(KEYS[n], levels[n] - math.min(cost, burst), now)
  redis.call('HSET', KEYS[n], 'burst', burst, 'interval', interval)
  redis.call('PEXPIRE', KEYS[n], math.ceil(burst * interval * 1000) + 60000)
end
return '0'
"""
)

_LEARN = (
    _NOW
    + """
local remaining, retry = tonumber(ARGV[1]), tonumber(ARGV[2])
local tokens, since, burst, interval = look(KEYS[2])
if remaining and since <= now then
  local level = tokens + (now - since) / tonumber(interval or 'inf')
  tokens, since = math.min(tonumber(burst or 'inf'), level, remaining), now
end
if retry then tokens, since = 1, math.max(since, now + retry) end
keep(KEYS[2], tokens, since)
local lives = math.ceil((retry or 0) * 1000) + 86400000
redis.call('PEXPIRE', KEYS[2], math.max(redis.call('PTTL', KEYS[2]), lives))
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

    async def take(self, *of: Allowance, cost: int = 1) -> float:
        """See the port. A cost above the burst is a whole burst: else it could never be paid."""
        sizes = [size for each in of for size in (each.burst, each.interval)]
        return await self._run(self._take, [each.key for each in of], cost, *sizes)

    async def learn(self, key: str, *, remaining: int | None, retry_after: float | None) -> None:
        """See the port. `remaining` only ever lowers: calls of ours may still be on their way."""
        said = ["" if word is None else word for word in (remaining, retry_after)]
        await self._run(self._learn, [key], *said)

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

    async def _run(self, script: AsyncScript, of: Sequence[str], *args: float | str) -> float:
        keys = [self._born, *(self._prefix + each for each in of)]
        try:
            return float(await script(keys=keys, args=args))
        except RedisError as error:
            raise Unavailable(_SILENT, cause="our_outage") from error

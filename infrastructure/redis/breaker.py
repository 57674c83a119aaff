"""Breakers shared by all workers: one Lua script a question, on the server's own clock.

The same rules as `domain.breaker`, proven by the same tests. A hash per endpoint that failed
lately, and one index of those that are open; nothing is kept of an endpoint that works. While Redis
does not answer, and after it has lost everything, all are closed: calls are made as without them.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from redis.asyncio import Redis
from redis.commands.core import AsyncScript
from redis.exceptions import RedisError

from domain.breaker import Rules
from domain.ports import Opened

# A ticket is the moment it was given, in microseconds: no two are alike, whatever was lost between.
_SWITCH = """
local clock = redis.call('TIME')
local now = tonumber(clock[1]) + tonumber(clock[2]) / 1000000
local kept = redis.call('HMGET', KEYS[1], 'until', 'since', 'cause', 'trying', 'tried', 'openings')
local closed, trying = not kept[1], kept[4] == ARGV[1]
local function told(seconds) return string.format('%.6f', seconds) end
local function lives(seconds) redis.call('PEXPIRE', KEYS[1], math.ceil(seconds * 1000)) end
"""

_ENTER = (
    _SWITCH
    + """
local patience, first = tonumber(ARGV[2]), tonumber(ARGV[3])
if closed then return {'0'} end
if now < tonumber(kept[1]) then return {kept[2], kept[1], kept[3]} end
if kept[5] and now < tonumber(kept[5]) + patience then
  return {kept[2], told(now + first), kept[3]}
end
local ticket = clock[1] .. string.format('%06d', clock[2])
redis.call('HSET', KEYS[1], 'trying', ticket, 'tried', told(now))
return {ticket}
"""
)

_WORKED = (
    _SWITCH
    + """
if closed or trying then
  redis.call('DEL', KEYS[1])
  redis.call('HDEL', KEYS[2], ARGV[2])
end
return {}
"""
)

_FAILED = (
    _SWITCH
    + """
local endpoint, caller, cause = ARGV[2], ARGV[3], ARGV[4]
local failures, callers = tonumber(ARGV[5]), tonumber(ARGV[6])
local first, longest = tonumber(ARGV[7]), tonumber(ARGV[8])
local remembered, unwanted = tonumber(ARGV[9]), tonumber(ARGV[10])
if not closed and not trying then return {kept[2], kept[1], kept[3]} end
local since = kept[2] or told(now)
if closed then
  local so_many = redis.call('HINCRBY', KEYS[1], 'failures', 1)
  local of_so_many = redis.call('HINCRBY', KEYS[1], 'callers',
                                redis.call('HSETNX', KEYS[1], 'of:' .. caller, 1))
  redis.call('HSET', KEYS[1], 'since', since, 'cause', cause)
  lives(remembered)
  if so_many < failures or of_so_many < callers then return {} end
end
local openings = tonumber(kept[6] or 0) + 1
local opens = now + math.min(first * 2 ^ (openings - 1), longest)
redis.call('HSET', KEYS[1], 'until', told(opens), 'cause', cause, 'openings', openings)
redis.call('HDEL', KEYS[1], 'trying', 'tried')
lives(opens - now + unwanted)
redis.call('HSET', KEYS[2], endpoint,
           table.concat({since, told(opens), told(opens + unwanted), cause}, ' '))
return {since, told(opens), cause}
"""
)

_LEFT = (
    _SWITCH
    + """
if trying then redis.call('HDEL', KEYS[1], 'trying', 'tried') end
return {}
"""
)

_OPEN = """
local clock = redis.call('TIME')
local now = tonumber(clock[1]) + tonumber(clock[2]) / 1000000
local found, all = {}, redis.call('HGETALL', KEYS[1])
for n = 1, #all, 2 do
  local since, opens, ends, cause = string.match(all[n + 1], '^(%S+) (%S+) (%S+) (.*)$')
  if now < tonumber(ends) then
    table.insert(found, {all[n], since, opens, cause})
  else
    redis.call('HDEL', KEYS[1], all[n])
  end
end
return found
"""


class RedisBreaker:
    """Implements `domain.ports.Breaker`. Never raises because of Redis."""

    def __init__(self, redis: Redis, rules: Rules | None = None, prefix: str = "breaker:") -> None:
        self._rules = rules or Rules()
        self._prefix = prefix
        self._enter = redis.register_script(_ENTER)
        self._worked = redis.register_script(_WORKED)
        self._failed = redis.register_script(_FAILED)
        self._left = redis.register_script(_LEFT)
        self._open = redis.register_script(_OPEN)

    async def enter(self, endpoint: str) -> int | Opened:
        """See the port."""
        rules = self._rules
        said = await self._ask(self._enter, endpoint, "", rules.patience, rules.first)
        return _opened(endpoint, said) or int(said[0] if said else 0)

    async def worked(self, endpoint: str, ticket: int) -> None:
        """See the port."""
        await self._ask(self._worked, endpoint, ticket, endpoint)

    async def failed(self, endpoint: str, ticket: int, caller: str, cause: str) -> Opened | None:
        """See the port."""
        rules = self._rules
        counts = (rules.failures, rules.callers)
        times = (rules.first, rules.longest, rules.remembered, rules.unwanted)
        told = (ticket, endpoint, caller, cause, *counts, *times)
        return _opened(endpoint, await self._ask(self._failed, endpoint, *told))

    async def left(self, endpoint: str, ticket: int) -> None:
        """See the port."""
        if ticket:
            await self._ask(self._left, endpoint, ticket)

    async def open_breakers(self) -> Sequence[Opened]:
        """See the port."""
        try:
            found = await self._open(keys=[self._index])
        except (RedisError, OSError):
            return []
        opened = [_opened(_text(name), said) for name, *said in found]
        return sorted(filter(None, opened), key=lambda each: (each.since, each.endpoint))

    @property
    def _index(self) -> str:
        return f"{self._prefix}open"

    async def _ask(
        self, script: AsyncScript, endpoint: str, *args: float | str
    ) -> Sequence[str | bytes]:
        try:
            answer: Sequence[str | bytes] = await script(
                keys=[f"{self._prefix}at:{endpoint}", self._index], args=args
            )
        except (RedisError, OSError):
            return ()
        return answer


def _opened(endpoint: str, said: Sequence[str | bytes]) -> Opened | None:
    if len(said) < len(("since", "until", "cause")):
        return None
    since, until, cause = map(_text, said)
    return Opened(endpoint=endpoint, since=_moment(since), until=_moment(until), cause=cause)


def _moment(seconds: str) -> datetime:
    return datetime.fromtimestamp(float(seconds), UTC)


def _text(said: str | bytes) -> str:
    return said if isinstance(said, str) else said.decode()

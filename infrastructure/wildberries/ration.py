"""What one seller's token may still ask: taken before each call, corrected after it."""

from collections.abc import Sequence
from http import HTTPStatus

from domain.ports import Allowance, Budget
from infrastructure.wildberries.limits import Call
from infrastructure.wildberries.pace import Pace, Time
from infrastructure.wildberries.reply import Reply
from infrastructure.wildberries.verdict import no_quota


def gate(pace: Pace) -> Sequence[Allowance]:
    """What all sellers' calls go through, unless it is left open."""
    if not pace.egress:
        return ()
    interval = pace.egress / pace.speed
    key, burst = "wb:egress", pace.egress_burst
    return (Allowance(key=key, what="egress", of="", burst=burst, interval=interval),)


class Ration:
    """Keys are by seller, not by tenant: two tenants with one seller share her quota.

    `plain` is a Base token without secret, with limits of its own.
    """

    def __init__(self, budget: Budget, time: Time, seller_id: str, *, plain: bool) -> None:
        self._budget, self._time = budget, time
        self._seller_id, self._plain = seller_id, plain

    async def afford(self, call: Call) -> None:
        """Wait for a token of the method, then for the common gate; Unavailable if too long."""
        await self._take(call, self._key(call), *self.limit(call))
        for each in gate(self._time.pace):
            await self._take(call, each.key, each.burst, each.interval)

    async def learn(self, call: Call, reply: Reply) -> None:
        """Adopt what the answer says; where a 429 says nothing, one interval has to pass."""
        remaining, retry = reply.remaining(), None
        if reply.status == HTTPStatus.TOO_MANY_REQUESTS:
            remaining, retry = None, reply.retry_after() or self.limit(call)[1]
        if remaining is not None or retry is not None:
            await self._budget.learn(self._key(call), remaining=remaining, retry_after=retry)
        elif HTTPStatus(400) <= reply.status < HTTPStatus(500) and call.cost_4xx > 1:
            await self._pay(call, call.cost_4xx - 1)

    def limit(self, call: Call) -> tuple[int, float]:
        """Burst, and seconds per call."""
        limit = call.limit(plain=self._plain)
        return limit.burst, limit.interval / self._time.pace.speed

    async def _pay(self, call: Call, cost: int) -> None:
        """What cannot be paid empties the bucket."""
        burst, interval = self.limit(call)
        key = self._key(call)
        if await self._budget.take(key, burst=burst, interval=interval, cost=cost):
            await self._budget.learn(key, remaining=0, retry_after=None)

    async def _take(self, call: Call, key: str, burst: int, interval: float) -> None:
        patience = self._time.pace.patience
        while wait := await self._budget.take(key, burst=burst, interval=interval):
            if wait > patience:
                raise no_quota(call, self._time.ahead(wait))
            patience -= wait
            await self._time.sleep(wait)

    def _key(self, call: Call) -> str:
        return f"wb:{self._seller_id}:{call.name}"

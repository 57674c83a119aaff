"""What one seller's token may still ask: taken before each call, corrected after it."""

from collections.abc import Sequence
from http import HTTPStatus

from domain.ports import Allowance, Budget
from infrastructure.wildberries.limits import Call
from infrastructure.wildberries.pace import Pace, Time
from infrastructure.wildberries.reply import Reply
from infrastructure.wildberries.verdict import no_quota


def gate(pace: Pace) -> Sequence[Allowance]:
    """What all sellers' calls from one address go through, unless it is left open."""
    if not pace.egress:
        return ()
    interval, of = pace.egress / pace.speed, pace.address
    key, burst = ":".join(filter(None, ("wb:egress", of))), pace.egress_burst
    return (Allowance(key=key, what="egress", of=of, burst=burst, interval=interval),)


def bucket(seller_id: str, call: Call, *, plain: bool, speed: float) -> Allowance:
    """The bucket of a method, by seller, not by tenant: two companies with one seller share it.

    Where a plain Base token has a limit of its own, it has a bucket of its own too: in one bucket
    the calls of a faster token would grow back for the slower one.
    """
    limit, slow = call.limit(plain=plain), plain and call.basic is not None
    key = f"wb:{seller_id}:{call.name}{':basic' if slow else ''}"
    interval = limit.interval / speed
    return Allowance(key=key, what=call.name, of=seller_id, burst=limit.burst, interval=interval)


class Ration:
    """`plain` is a Base token without secret, with limits of its own."""

    def __init__(self, budget: Budget, time: Time, seller_id: str, *, plain: bool) -> None:
        self._budget, self._time = budget, time
        self._seller_id, self._plain = seller_id, plain

    async def afford(self, call: Call) -> None:
        """Wait for a token of the method and for the common gate; Unavailable if too long.

        Both at once, or a call that waits at the gate would leave too soon before the next one of
        its method. The gate opens within moments, to whoever is there: that is no long wait.
        """
        gates, patience = gate(self._time.pace), self._time.pace.patience
        moment = max((1.01 * each.interval for each in gates), default=0.0)
        while wait := await self._budget.take(self._bucket(call), *gates):
            if wait > moment:
                if wait > patience:
                    raise no_quota(call, self._time.ahead(wait))
                patience -= wait
            await self._time.sleep(wait)

    async def learn(self, call: Call, reply: Reply) -> None:
        """Adopt what the answer says; where a 429 says nothing, one interval has to pass."""
        remaining, retry = reply.remaining(), None
        if reply.status == HTTPStatus.TOO_MANY_REQUESTS:
            remaining, retry = None, reply.retry_after() or self.interval(call)
        if remaining is not None or retry is not None:
            await self._budget.learn(self._bucket(call).key, remaining=remaining, retry_after=retry)
        elif HTTPStatus(400) <= reply.status < HTTPStatus(500) and call.cost_4xx > 1:
            await self._pay(call, call.cost_4xx - 1)

    def interval(self, call: Call) -> float:
        """Seconds per call."""
        return self._bucket(call).interval

    async def _pay(self, call: Call, cost: int) -> None:
        """What cannot be paid empties the bucket."""
        of = self._bucket(call)
        if await self._budget.take(of, cost=cost):
            await self._budget.learn(of.key, remaining=0, retry_after=None)

    def _bucket(self, call: Call) -> Allowance:
        speed = self._time.pace.speed
        return bucket(self._seller_id, call, plain=self._plain, speed=speed)

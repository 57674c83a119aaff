"""Google's quotas as buckets shared by all workers: of a service account and of its project."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Literal

from requests import Response

from domain.fact import fact
from domain.ports import Allowance, Budget, Clock
from infrastructure.google.faults import Voice, empty_bucket, retry_after

Kind = Literal["read", "write"]
Limit = tuple[int, float]

PER_USER = 12, 1.25
PER_PROJECT = 60, 0.25
"""Saved up, and seconds for one more: in no minute more than the 60 and 300 calls that Google
allows, reads and writes apart (Sheets API, usage limits)."""

PATIENCE = 20.0
"""Seconds that a call waits for its turn; a longer wait is the run's business."""


@fact
class Quota:
    """The buckets of one service account."""

    budget: Budget
    clock: Clock
    sleep: Callable[[float], Awaitable[None]]
    principal: str
    project: str

    async def take(self, kind: Kind, voice: Voice) -> None:
        """One call. Raises Unavailable when its turn is too far off."""
        while wait := await self.budget.take(*self._buckets(kind)):
            if wait > PATIENCE:
                until = self.clock() + timedelta(seconds=wait)
                raise voice.unavailable("google_quota", until)
            await self.sleep(wait)

    async def learn(self, kind: Kind, response: Response) -> None:
        """Google said that a bucket is empty, and which."""
        user, project = self._buckets(kind)
        empty = project if empty_bucket(response).endswith("PerProject") else user
        await self.budget.learn(empty.key, remaining=0, retry_after=retry_after(response))

    def allowances(self) -> Sequence[Allowance]:
        """Its buckets, for who looks at them."""
        return allowances(self.principal, self.project)

    def _buckets(self, kind: Kind) -> tuple[Allowance, Allowance]:
        return _pair(kind, self.principal, self.project)


def allowances(principal: str, project: str) -> Sequence[Allowance]:
    """The buckets of a principal and of its project."""
    kinds: tuple[Kind, ...] = ("read", "write")
    return [each for kind in kinds for each in _pair(kind, principal, project)]


def _pair(kind: Kind, principal: str, project: str) -> tuple[Allowance, Allowance]:
    user, of_all = f"google:{kind}:{principal}", f"google:{kind}:project:{project}"
    return (
        _allowance(user, f"{kind}s", principal, PER_USER),
        _allowance(of_all, f"project_{kind}s", project, PER_PROJECT),
    )


def _allowance(key: str, what: str, of: str, limit: Limit) -> Allowance:
    burst, interval = limit
    return Allowance(key=key, what=what, of=of, burst=burst, interval=interval)

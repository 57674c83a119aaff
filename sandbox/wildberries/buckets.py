"""Token buckets as Wildberries keeps them: per seller account and method, shared by its tokens.

Rule: knowledge base, "Лимиты запросов" — period, limit, interval, burst; a refused request
costs nothing, a marketplace 4XX counts as ten.
"""

import math

import msgspec

from sandbox.wildberries.endpoints import Limit


class Bucket(msgspec.Struct):
    """Requests still allowed at a moment; below zero after an expensive 4XX."""

    tokens: float
    at: float


class Denied(msgspec.Struct, frozen=True):
    """Why not: seconds until one request, burst, seconds until the bucket is full."""

    retry: float
    limit: int
    reset: float


class Buckets:
    """All buckets. ``speed`` divides every interval, so that tests need not wait."""

    def __init__(self, speed: float = 1.0) -> None:
        self.speed = speed
        self._buckets: dict[tuple[str, str, Limit], Bucket] = {}

    def take(self, seller: str, method: str, limit: Limit, now: float) -> int | Denied:
        """One request: how many remain, or why it is refused."""
        bucket = self._filled(seller, method, limit, now)
        interval = limit.interval / self.speed
        # An epoch clock resolves less than a microsecond: a wait of exactly Retry must suffice.
        if bucket.tokens < 1 - 1e-5:
            retry = (1 - bucket.tokens) * interval
            return Denied(retry, limit.burst, (limit.burst - bucket.tokens) * interval)
        bucket.tokens -= 1
        return max(0, math.floor(bucket.tokens + 1e-5))

    def charge(self, seller: str, method: str, limit: Limit, cost: int) -> None:
        """Count an answered request as ``cost`` more."""
        self._buckets[seller, method, limit].tokens -= cost

    def reset(self) -> None:
        """Fill every bucket."""
        self._buckets.clear()

    def headers(self, denied: Denied) -> dict[str, str]:
        """The three headers of a 429; whole seconds, as real ones, unless time is sped up."""
        return {
            "X-Ratelimit-Retry": self._seconds(denied.retry),
            "X-Ratelimit-Limit": str(denied.limit),
            "X-Ratelimit-Reset": self._seconds(denied.reset),
        }

    def _filled(self, seller: str, method: str, limit: Limit, now: float) -> Bucket:
        key = (seller, method, limit)
        bucket = self._buckets.setdefault(key, Bucket(limit.burst, now))
        gained = max(0.0, now - bucket.at) * self.speed / limit.interval
        bucket.tokens = min(float(limit.burst), bucket.tokens + gained)
        bucket.at = now
        return bucket

    def _seconds(self, seconds: float) -> str:
        if self.speed == 1:
            return str(math.ceil(seconds - 1e-5))
        return plain(math.ceil(seconds * 1000) / 1000)


def plain(seconds: float) -> str:
    """Seconds as a header has them: no exponent, no idle zeros."""
    return f"{seconds:.3f}".rstrip("0").rstrip(".")

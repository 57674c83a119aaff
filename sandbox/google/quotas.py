"""Reads and writes a minute, the scarce thing of the Sheets API."""

from collections import Counter
from collections.abc import Callable
from typing import Final, Literal, TypeAlias

from sandbox.google.errors import Refusal
from sandbox.google.tokens import Principal

Kind: TypeAlias = Literal["Read", "Write"]

# "Usage limits", Sheets API: per minute, refilled every minute, reads and writes apart.
PER_USER: Final = 60
PER_PROJECT: Final = 300
_MINUTE: Final = 60


class Quotas:
    """Counts calls in the current minute; `scale` widens the limits, None lifts them."""

    def __init__(self, timer: Callable[[], float], scale: float | None = 1.0) -> None:
        self.timer = timer
        self.scale = scale
        self._minute = 0
        self._spent: Counter[tuple[Kind, str]] = Counter()

    def spend(self, kind: Kind, who: Principal) -> None:
        """Count one call; 429 if the caller's or her project's bucket is empty."""
        if self.scale is None:
            return
        minute = int(self.timer() // _MINUTE)
        if minute != self._minute:
            self._minute, self._spent = minute, Counter()
        self._check(kind, "PerUser", who.email, who.project)
        self._check(kind, "PerProject", "project:" + who.project, who.project)
        self._spent.update([(kind, who.email), (kind, "project:" + who.project)])

    def _check(self, kind: Kind, scope: str, bucket: str, project: str) -> None:
        limit = int((PER_USER if scope == "PerUser" else PER_PROJECT) * (self.scale or 1))
        if self._spent[kind, bucket] >= limit:
            raise _rate_limited(kind, scope, project, limit)


def _rate_limited(kind: Kind, scope: str, project: str, limit: int) -> Refusal:
    """The 429 of an empty quota bucket: kind is Read or Write, scope PerUser or PerProject."""
    per = "minute per user" if scope == "PerUser" else "minute"
    metadata = {
        "service": "sheets.googleapis.com",
        "consumer": f"projects/{project}",
        "quota_metric": f"sheets.googleapis.com/{kind.lower()}_requests",
        "quota_limit": f"{kind}RequestsPerMinute{scope}",
        "quota_limit_value": str(limit),
        "quota_location": "global",
    }
    info = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "RATE_LIMIT_EXCEEDED",
        "domain": "googleapis.com",
        "metadata": metadata,
    }
    message = (
        f"Quota exceeded for quota metric '{kind} requests' and limit '{kind} requests per {per}' "
        f"of service 'sheets.googleapis.com' for consumer 'project_number:{project}'."
    )
    return Refusal(429, message, [info])

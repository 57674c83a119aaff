"""One HTTP answer, whole: its status, its body and what its headers say about the budget."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

_LONGEST_PENALTY = 86_400.0


@dataclass(frozen=True, slots=True)
class Reply:
    """`failure` names what went wrong where there was no answer at all; `status` is 599 then."""

    status: int
    headers: Mapping[str, str]
    body: bytes | bytearray
    failure: str = ""

    @property
    def content_type(self) -> str:
        """As sent; nothing if not."""
        return self.headers.get("Content-Type", "")

    def remaining(self) -> int | None:
        """Calls left, which every answer but a 429 tells."""
        number = self._number("X-Ratelimit-Remaining")
        return None if number is None else int(number)

    def retry_after(self) -> float | None:
        """Seconds until one call is allowed. `Reset` tells when all of `Limit` are."""
        retry = self._number("X-Ratelimit-Retry") or self._number("Retry-After")
        reset, limit = self._number("X-Ratelimit-Reset"), self._number("X-Ratelimit-Limit")
        if retry is None and reset:
            retry = reset / max(limit or 1.0, 1.0)
        return None if retry is None else min(retry, _LONGEST_PENALTY)

    def _number(self, header: str) -> float | None:
        """Nonsense in a header is no number."""
        with suppress(ValueError):
            number = float(self.headers.get(header, ""))
            return number if 0 <= number < float("inf") else None
        return None


FAILED = 599


def failed(error: Exception) -> Reply:
    """What stands for an answer that never came. The error itself knows headers: not kept."""
    return Reply(FAILED, {}, b"", type(error).__name__)

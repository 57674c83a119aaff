"""Trouble on order: Stripe refuses, breaks, is slow, or does the work and loses the answer."""

import asyncio
import re
from typing import Final

import msgspec

from sandbox.stripe.errors import Problem

HANGS: Final = 60.0


class Fault(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Hits so many calls whose `METHOD path` matches.

    `status` is answered instead; None: the true answer. `latency` seconds pass first, of silence,
    if the status is 0: a minute, unless they are told. `lost`: the work is done, and only its
    answer is this.
    """

    match: str = ""
    status: int | None = 500
    times: int = 1
    latency: float = 0.0
    lost: bool = False

    async def strike(self) -> None:
        """A Problem, if it is one."""
        await asyncio.sleep(self.latency or (HANGS if self.status == 0 else 0))
        if self.status is not None:
            raise _trouble(self.status)


class Faults:
    """Those still ordered, the oldest first."""

    def __init__(self) -> None:
        self.ordered: list[Fault] = []

    def take(self, call: str) -> Fault | None:
        """The one that hits this call, counted down."""
        found = next((each for each in self.ordered if re.search(each.match, call)), None)
        if found:
            found.times -= 1
            if found.times <= 0:
                self.ordered.remove(found)
        return found


def _trouble(status: int) -> Problem:
    if status == 429:  # noqa: PLR2004 -- HTTP
        return Problem("Request rate limit exceeded.", status=429, code="rate_limit")
    return Problem("The sandbox fails on order.", status=status or 504, kind="api_error")

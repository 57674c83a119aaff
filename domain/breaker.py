"""Breakers: who is away is left alone by everybody, tried by one, and not met by all at once.

closed ──(failures in a row, of several callers)──► open until …
   ▲                                                 │ the time has come
   └────────(it worked)──── one caller tries ◄───────┤
                                 └──(it failed)──────► open, twice as long

`Breakers` is for a process that is alone: the old single-user mode, and tests.
"""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from domain.fact import fact
from domain.ports import Clock, Opened

SPREAD = 30.0
"""Seconds over which those who waited for an endpoint come back."""


@fact
class Rules:
    """Times in seconds. `failures` in a row open, if they are of `callers` different ones: what
    fails for one seller alone may be her own doing.

    `patience` is longer than any call with its wait for a budget: after it, whoever was let through
    to try counts as lost.
    """

    failures: int = 5
    callers: int = 3
    first: float = 30.0
    longest: float = 600.0
    patience: float = 360.0
    remembered: float = 600.0
    unwanted: float = 3_600.0

    def shut_for(self, openings: int) -> timedelta:
        """After the nth time in a row that it opened."""
        return timedelta(seconds=min(self.first * 2.0 ** (openings - 1), self.longest))


@fact
class Switch:
    """What is known of one endpoint. Closed while `until` is None; `since` is the first failure in
    a row, `last` the last one; `trying` the ticket of who was let through, at `tried`."""

    since: datetime
    last: datetime
    cause: str
    failures: int = 0
    callers: frozenset[str] = frozenset()
    openings: int = 0
    until: datetime | None = None
    trying: int = 0
    tried: datetime | None = None


class Breakers:
    """Implements `domain.ports.Breaker` in memory."""

    def __init__(self, clock: Clock, rules: Rules | None = None) -> None:
        self._clock, self._rules = clock, rules or Rules()
        self._switches: dict[str, Switch] = {}
        self._ticket = 0

    async def enter(self, endpoint: str) -> int | Opened:
        """See the port. While one tries, the others are told to come back as after an opening."""
        now, switch = self._clock(), self._known(endpoint)
        if switch is None or switch.until is None:
            return 0
        if now < switch.until:
            return _opened(endpoint, switch, switch.until)
        if switch.tried and now < switch.tried + timedelta(seconds=self._rules.patience):
            return _opened(endpoint, switch, now + self._rules.shut_for(1))
        self._ticket += 1
        self._switches[endpoint] = replace(switch, trying=self._ticket, tried=now)
        return self._ticket

    async def worked(self, endpoint: str, ticket: int) -> None:
        """See the port. Who began before it opened says nothing of now."""
        switch = self._known(endpoint)
        if switch and (switch.until is None or _tries(switch, ticket)):
            del self._switches[endpoint]

    async def failed(self, endpoint: str, ticket: int, caller: str, cause: str) -> Opened | None:
        """See the port."""
        now = self._clock()
        switch = self._known(endpoint) or Switch(since=now, last=now, cause=cause)
        if switch.until is None:
            switch = replace(
                switch,
                last=now,
                cause=cause,
                failures=switch.failures + 1,
                callers=switch.callers | {caller},
            )
            rules = self._rules
            if switch.failures >= rules.failures and len(switch.callers) >= rules.callers:
                switch = self._open(switch, now)
        elif _tries(switch, ticket):
            switch = self._open(replace(switch, cause=cause), now)
        self._switches[endpoint] = switch
        return _opened(endpoint, switch, switch.until) if switch.until else None

    async def left(self, endpoint: str, ticket: int) -> None:
        """See the port. The next one may try instead."""
        switch = self._known(endpoint)
        if switch and _tries(switch, ticket):
            self._switches[endpoint] = replace(switch, trying=0, tried=None)

    async def open_breakers(self) -> Sequence[Opened]:
        """See the port."""
        known = [(endpoint, self._known(endpoint)) for endpoint in [*self._switches]]
        opened = [_opened(name, each, each.until) for name, each in known if each and each.until]
        return sorted(opened, key=lambda each: (each.since, each.endpoint))

    def _open(self, switch: Switch, now: datetime) -> Switch:
        openings = switch.openings + 1
        until = now + self._rules.shut_for(openings)
        return replace(switch, openings=openings, until=until, trying=0, tried=None)

    def _known(self, endpoint: str) -> Switch | None:
        """Unless it is so long ago that it says nothing any more."""
        switch = self._switches.get(endpoint)
        if switch is None:
            return None
        if switch.until is None:
            ends = switch.last + timedelta(seconds=self._rules.remembered)
        else:
            ends = switch.until + timedelta(seconds=self._rules.unwanted)
        if self._clock() >= ends:
            del self._switches[endpoint]
            return None
        return switch


def turn(opened: Opened) -> datetime:
    """When somebody who waits for it comes back: not everybody in the same moment."""
    return opened.until + timedelta(seconds=random.uniform(0.0, SPREAD))  # noqa: S311 - no secret


def _tries(switch: Switch, ticket: int) -> bool:
    return ticket > 0 and switch.trying == ticket


def _opened(endpoint: str, switch: Switch, until: datetime) -> Opened:
    return Opened(endpoint=endpoint, since=switch.since, until=until, cause=switch.cause)

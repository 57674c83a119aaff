"""Trouble on demand: refusals, lost answers and stalls, and a record of every call."""

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from msgspec import Struct

from sandbox.google.errors import Json

Mode: TypeAlias = Literal["refuse", "lose", "stall", "cut"]


class Fault(Struct, forbid_unknown_fields=True):
    """What goes wrong with calls whose `METHOD /path` matches, so many times.

    refuse: not applied, answers `status`. lose: applied, yet answers `status`.
    stall: applied, answers only after `seconds`. cut: applied, the answer breaks off half way.
    """

    mode: Mode = "refuse"
    status: int = 503
    match: str = ""
    times: int = 1
    seconds: float = 0.0
    skip: int = 0
    who: str = ""


@dataclass(slots=True)
class Faults:
    """Faults that wait for their call."""

    waiting: list[Fault] = field(default_factory=list)

    def add(self, fault: Fault) -> None:
        self.waiting.append(fault)

    def clear(self) -> None:
        self.waiting.clear()

    def next(self, call: str, who: str = "") -> Fault | None:
        """The fault that strikes this call, used up once."""
        for fault in self.waiting:
            if not re.search(fault.match, call) or fault.who not in ("", who):
                continue
            if fault.skip > 0:
                fault.skip -= 1
                continue
            fault.times -= 1
            self.waiting = [other for other in self.waiting if other.times > 0]
            return fault
        return None


@dataclass(frozen=True, slots=True)
class Call:
    """One API call as it happened; sizes are bytes of the bodies."""

    who: str
    call: str
    kind: str
    status: int
    received: int
    sent: int


@dataclass(slots=True)
class Calls:
    """Every call since the last reset."""

    made: list[Call] = field(default_factory=list)

    def reset(self) -> None:
        self.made.clear()

    def count(self, kind: str, who: str | None = None) -> int:
        """How many Read, Write, Drive or Token calls, of everybody or of one principal."""
        return sum(c.kind == kind and who in (None, c.who) for c in self.made)

    def json(self) -> Json:
        """Counts, bytes and the calls themselves."""
        return {
            "total": _totals(self.made),
            "principals": {
                who: _totals([call for call in self.made if call.who == who])
                for who in {call.who: None for call in self.made}
            },
            "calls": [
                {"who": c.who, "call": c.call, "status": c.status, "bytes": [c.received, c.sent]}
                for c in self.made
            ],
        }


def _totals(calls: list[Call]) -> Json:
    kinds = Counter(call.kind for call in calls)
    received, sent = sum(c.received for c in calls), sum(c.sent for c in calls)
    counts = {"reads": kinds["Read"], "writes": kinds["Write"], "drive": kinds["Drive"]}
    return {**counts, "tokens": kinds["Token"], "received": received, "sent": sent}

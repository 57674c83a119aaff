"""The stand-in at run time: a world, a clock and everything a session of calls leaves behind."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from sandbox.sellers import Seller, World
from sandbox.wildberries.buckets import Buckets
from sandbox.wildberries.calls import Calls
from sandbox.wildberries.faults import Fault, Faults
from sandbox.wildberries.tasks import Tasks

T = TypeVar("T")
PREPARED_KEPT = 6


@dataclass
class Settings:
    """What a test or a demo may set. Seconds are real ones before ``speed`` divides them.

    ``report_polls`` status calls, and ``report_seconds``, pass before a report is done;
    ``report_kept_seconds`` later it is purged (Wildberries does not state how long it keeps one).
    """

    speed: float = 1.0
    report_seconds: float = 5.0
    report_polls: int = 0
    report_kept_seconds: float = 7_200.0
    orders_page: int = 80_000
    keep_in: Path | None = None


@dataclass
class Market:
    """World, clock (epoch seconds) and the state of calls."""

    world: World
    clock: Callable[[], float]
    settings: Settings
    calls: Calls = field(default_factory=Calls)
    faults: Faults = field(default_factory=Faults)
    tasks: Tasks = field(init=False)
    buckets: Buckets = field(init=False)
    _prepared: dict[tuple[str, object], tuple[int, object]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.buckets = Buckets(self.settings.speed)
        self.tasks = Tasks(
            self.settings.report_seconds / self.settings.speed,
            self.settings.report_polls,
            self.settings.report_kept_seconds / self.settings.speed,
        )

    def fault(self, fault: Fault) -> None:
        """Order a fault."""
        self.faults.order(fault)

    def keep(self) -> None:
        """Write the world down, if it is to be kept."""
        if self.settings.keep_in:
            self.world.save(self.settings.keep_in)

    def prepared(self, seller: Seller, key: object, make: Callable[[], T]) -> T:
        """What ``make`` gave for this key since the seller last changed."""
        slot = (seller.id, key)
        version, value = self._prepared.pop(slot, (-1, None))
        if version != seller.version:
            value = make()
        self._prepared[slot] = (seller.version, value)
        if len(self._prepared) > PREPARED_KEPT:
            del self._prepared[next(iter(self._prepared))]
        return value  # type: ignore[return-value] # one key, one type: each caller's own

"""What is kept of checks against the cabinet, and what may prove the reasons of a difference."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from domain.reasons import Pieces
from domain.reconciliation import Reason, Reconciliation
from domain.snapshot import Snapshot
from domain.stock import ShopKey


class CheckBook(Protocol):
    """All of one shop at a time; every write is one transaction."""

    async def snapshots(self, shop: ShopKey, since: datetime) -> Sequence[Snapshot]:
        """The newest, and others that are kept of the time since; the newest first."""

    async def orders(self, shop: ShopKey, snapshot: Snapshot) -> Mapping[Reason, Pieces]:
        """By how many orders of its period the cabinet may differ, by reason and article. What the
        order feed would tell is left out where it is not known for all of the period."""

    async def gone(self, shop: ShopKey, only: Collection[int]) -> Collection[int]:
        """Which of these articles have no card."""

    async def keep(self, shop: ShopKey, found: Reconciliation) -> None:
        """Its lines replace those of the one before; of earlier days the counts stay."""

    async def latest(self, shop: ShopKey) -> Reconciliation | None:
        """The last one, with its lines."""

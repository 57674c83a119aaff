"""When a shop is ready, or its people ask for it or accept its numbers, a sync follows."""

from collections.abc import Iterator
from uuid import UUID

from domain import doubt, health, shop, writer
from domain.causation import CLOCK
from domain.events import Recorded
from domain.run import Run


def react(recorded: Recorded) -> Iterator[Run]:
    match recorded.event:
        case (
            shop.SheetConnected(shop_id=shop_id)
            | writer.SheetMade(shop_id=shop_id)
            | shop.SyncRequested(shop_id=shop_id)
            | doubt.NumbersAccepted(shop_id=shop_id)
        ):
            yield sync_of(shop_id)
        case health.ShopBroke(shop_id=shop_id, cause=health.TOKEN_DEAD) if _by_clock(recorded):
            yield sync_of(shop_id)


def _by_clock(recorded: Recorded) -> bool:
    """Nobody tried the token, its time was up: so no run has told the sheet yet."""
    return recorded.origin.causation.startswith(f"{CLOCK}:")


def sync_of(shop_id: UUID) -> Run:
    """One live sync per shop: a second request finds the first."""
    return Run(kind="sync", key=f"sync:{shop_id}", shop_id=shop_id)

"""What the domain needs to be told of what moves, in its own words, as in `domain.ports`."""

from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from domain.cabinet import Asked, CabinetPage
from domain.flow import FeedPage, Good, Supply
from domain.ports import Access


class Flows(Protocol):
    """What moves at a seller's, read on a slower rhythm than her stock. Raises as Marketplace."""

    def feed(self, access: Access, cursor: str | None) -> AsyncIterator[FeedPage]:
        """What became of orders, from `cursor` on (None: as far back as is told), to the end."""

    def cabinet(self, access: Access, asked: Asked) -> AsyncIterator[CabinetPage]:
        """What the seller's own cabinet shows of her products, to the end."""

    async def supplies(self, access: Access) -> Sequence[Supply]:
        """All supplies that were sent and may still be under way."""

    async def goods(self, access: Access, supply_id: int) -> Sequence[Good]:
        """What is in one of them."""

    async def destination(self, access: Access, supply_id: int) -> str:
        """The warehouse it goes to, by its name; empty where that is not told."""

"""Products of one answer: what one of them is asked for is read once, for all of them together."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from app.graphql.context import Context
from app.stock.history import Day, history
from app.stock.moving import Demand, Movements, demand, movements, place_days
from app.stock.reach import reach
from app.stock.read import shop_by_id
from domain.replenishment import USUAL, Terms
from domain.snapshot import Period

T = TypeVar("T")


class Siblings:
    """`keys`: shop and article of each. `past`: their figures are those of a moment in the past, of
    which neither what moved nor who bought is kept."""

    def __init__(
        self, context: Context, keys: Sequence[tuple[UUID, int]], *, past: bool = False
    ) -> None:
        self._past = past
        self._database, self._scope = context.ports.database, context.scope
        self._now, self._keys = context.ports.clock(), keys
        self._reach = reach(context.ports)
        self._known: dict[Hashable, asyncio.Task[Any]] = {}

    async def movements(self, shop_id: UUID) -> Movements | None:
        """Of those of this shop."""

        async def read() -> Movements | None:
            return await movements(self._database, self._scope, shop_id, self._of(shop_id))

        return None if self._past else await self._once(("movements", shop_id), read)

    async def terms(self, shop_id: UUID) -> Terms:
        """By which this shop restocks."""

        async def read() -> Terms:
            shop = await shop_by_id(self._database, self._scope, shop_id)
            return shop.terms if shop else USUAL

        return await self._once(("terms", shop_id), read)

    async def demand(self, shop_id: UUID) -> Demand | None:
        """Of those of this shop."""

        async def read() -> Demand | None:
            only = self._of(shop_id)
            return await demand(self._database, self._scope, shop_id, only, self._now)

        return None if self._past else await self._once(("demand", shop_id), read)

    async def place_days(
        self, shop_id: UUID
    ) -> tuple[date, Period, Mapping[tuple[int, int], int]] | None:
        """Of those of this shop."""

        async def read() -> tuple[date, Period, Mapping[tuple[int, int], int]] | None:
            return await place_days(self._database, self._scope, shop_id, self._of(shop_id))

        return None if self._past else await self._once(("places", shop_id), read)

    async def history(self, shop_id: UUID, nm_id: int, days: int) -> Sequence[Day]:
        """Of one, read with the others. Raises Invalid, HistoryTooLong."""

        async def looked_back() -> Sequence[date]:
            return await self._reach.days(self._scope, days)

        async def read() -> Any:  # noqa: ANN401 - what `history` gives
            asked = await self._once(("days", days), looked_back)
            return await history(self._database, self._scope, shop_id, self._of(shop_id), asked)

        found = await self._once(("history", shop_id, days), read)
        days_of: Sequence[Day] = found[nm_id]
        return days_of

    def _of(self, shop_id: UUID) -> Sequence[int]:
        return [nm_id for shop, nm_id in self._keys if shop == shop_id]

    async def _once(self, what: Hashable, read: Callable[[], Awaitable[T]]) -> T:
        if what not in self._known:
            self._known[what] = asyncio.ensure_future(read())
        found: T = await self._known[what]
        return found

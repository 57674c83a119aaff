"""Wildberries as the domain sees a marketplace."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from datetime import datetime

import aiohttp

from domain.cabinet import Asked, CabinetPage
from domain.flow import FeedPage, Good, Supply
from domain.ports import (
    Access,
    Account,
    Allowance,
    Breaker,
    Budget,
    Clock,
    Memory,
    Progress,
)
from domain.stock import Card, CardPage, OrderPage, StockRead
from infrastructure.wildberries import supplies
from infrastructure.wildberries.cabinet import read_cabinet
from infrastructure.wildberries.cards import read_cards
from infrastructure.wildberries.gateway import Gateway, Visit
from infrastructure.wildberries.hosts import Hosts
from infrastructure.wildberries.inspection import inspect
from infrastructure.wildberries.learned import Learned
from infrastructure.wildberries.order_feed import read_feed
from infrastructure.wildberries.orders import read_orders
from infrastructure.wildberries.pace import Pace, Time
from infrastructure.wildberries.ration import gate
from infrastructure.wildberries.stock import Reader


class Wildberries:
    """Implements `domain.ports.Marketplace` and `domain.flow_port.Flows`.

    `secret` is the service's own: with it a seller's Base token has the limits of a Personal
    one. `bearer`: both styles of header are reported to work, the raw token is the older one.
    """

    def __init__(  # noqa: PLR0913 -- settings, by name
        self,
        session: aiohttp.ClientSession,
        hosts: Hosts,
        budget: Budget,
        breaker: Breaker,
        clock: Clock,
        *,
        secret: str | None = None,
        bearer: bool = False,
        pace: Pace | None = None,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        time = Time(clock, pace or Pace(), sleep)
        self.allowances: Sequence[Allowance] = gate(time.pace)
        self._gateway = Gateway(session, hosts, budget, breaker, time)
        self._secret, self._bearer = secret, bearer
        self._learned = Learned()

    async def reach(self) -> None:
        """See the port. Without a token the answer is a refusal, and that is good enough."""
        await self._gateway.knock()

    def seller_id(self, access: Access) -> str:
        """See the port."""
        return self._visit(access).claims.seller_id

    async def inspect(self, access: Access) -> Account:
        """See the port."""
        return await inspect(self._visit(access))

    async def cards(self, access: Access, cursor: str | None) -> AsyncIterator[CardPage]:
        """See the port."""
        async for page in read_cards(self._visit(access), cursor):
            yield page

    async def stock(
        self, access: Access, cards: Collection[Card], memory: Memory, progress: Progress
    ) -> StockRead:
        """See the port."""
        reader = Reader(
            visit=self._visit(access),
            learned=self._learned,
            cards=cards,
            memory=memory,
            progress=progress,
        )
        return await reader.stock()

    async def orders(
        self, access: Access, cursor: str | None, since: datetime
    ) -> AsyncIterator[OrderPage]:
        """See the port."""
        async for page in read_orders(self._visit(access), cursor, since):
            yield page

    async def feed(self, access: Access, cursor: str | None) -> AsyncIterator[FeedPage]:
        """See the port."""
        async for page in read_feed(self._visit(access), cursor):
            yield page

    async def cabinet(self, access: Access, asked: Asked) -> AsyncIterator[CabinetPage]:
        """See the port."""
        async for page in read_cabinet(self._visit(access), asked):
            yield page

    async def supplies(self, access: Access) -> Sequence[Supply]:
        """See the port."""
        return await supplies.supplies(self._visit(access))

    async def goods(self, access: Access, supply_id: int) -> Sequence[Good]:
        """See the port."""
        return await supplies.goods(self._visit(access), supply_id)

    async def destination(self, access: Access, supply_id: int) -> str:
        """See the port."""
        return await supplies.destination(self._visit(access), supply_id)

    def _visit(self, access: Access) -> Visit:
        return self._gateway.visit(access, bearer=self._bearer, secret=self._secret)

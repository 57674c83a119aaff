"""Wildberries as the domain sees a marketplace."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from datetime import datetime

import aiohttp

from domain.cabinet import Asked, CabinetPage
from domain.capability import Capability, Known, Reading
from domain.flow import FeedPage, Good, Supply
from domain.novelty import Novelty
from domain.planner import Extent, Holder, Need
from domain.ports import (
    Access,
    Account,
    Allowance,
    Breaker,
    Budget,
    Clock,
    Memory,
    Novelties,
    Progress,
)
from domain.stock import Card, CardPage, OrderPage, StockRead
from infrastructure.wildberries import supplies
from infrastructure.wildberries.cabinet import read_cabinet
from infrastructure.wildberries.cards import read_cards
from infrastructure.wildberries.gateway import Gateway, Visit
from infrastructure.wildberries.hosts import Hosts
from infrastructure.wildberries.inspection import inspect
from infrastructure.wildberries.order_feed import read_feed, read_orders_fed
from infrastructure.wildberries.orders import read_orders
from infrastructure.wildberries.pace import Pace, Time
from infrastructure.wildberries.planner import BESIDE, PARTS, Doors, ranking
from infrastructure.wildberries.ration import gate
from infrastructure.wildberries.stock import Reader
from infrastructure.wildberries.tape import Tape


class Unnoted:
    """`domain.ports.Novelties` where nobody reads them."""

    async def note(self, found: Collection[Novelty]) -> None:
        """See the port."""


class Wildberries:
    """Implements `domain.ports.Marketplace` and `domain.flow_port.Flows`.

    `secret` is the service's own: with it a seller's Base token has the limits of a Personal
    one. `novelties` hears what nobody has heard before, `tape` every call. `bearer`: both styles
    of header are reported to work, the raw token is the older one.
    """

    def __init__(  # noqa: PLR0913 -- settings, by name
        self,
        session: aiohttp.ClientSession,
        hosts: Hosts,
        budget: Budget,
        breaker: Breaker,
        clock: Clock,
        *,
        novelties: Novelties | None = None,
        tape: Tape | None = None,
        secret: str | None = None,
        bearer: bool = False,
        pace: Pace | None = None,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._time = time = Time(clock, pace or Pace(), sleep)
        self.allowances: Sequence[Allowance] = gate(time.pace)
        self._gateway = Gateway(
            session, hosts, budget, breaker, time, novelties=novelties or Unnoted(), tape=tape
        )
        self._secret, self._bearer = secret, bearer

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

    def capabilities(self, holder: Holder, known: Known) -> Sequence[Capability]:
        """See the port."""
        doors = self._doors(holder)
        return [doors.capability(each, known) for each in Reading]

    def needs(
        self,
        holder: Holder,
        known: Known,
        extent: Extent,
        at: datetime,
        *,
        beside: bool = False,
    ) -> Sequence[Need]:
        """See the port."""
        parts = BESIDE if beside else PARTS
        return self._doors(holder).needs(parts, known, extent, at)

    async def stock(
        self,
        access: Access,
        cards: Collection[Card],
        memory: Memory,
        progress: Progress,
        known: Known,
    ) -> StockRead:
        """See the port."""
        reader = Reader(
            visit=self._visit(access),
            known=known,
            cards=cards,
            memory=memory,
            progress=progress,
        )
        return await reader.stock()

    def order_sources(self, access: Access, known: Known) -> Sequence[Reading]:
        """See the port."""
        return ranking(self._visit(access), "orders", known, Extent())

    async def orders(
        self,
        access: Access,
        cursor: str | None,
        since: datetime,
        source: Reading = Reading.ORDERS,
    ) -> AsyncIterator[OrderPage]:
        """See the port. The feed begins as far back as it reaches, whatever `since`."""
        visit = self._visit(access)
        fed = source is Reading.FEED
        pages = read_orders_fed(visit, cursor) if fed else read_orders(visit, cursor, since)
        async for page in pages:
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

    def _doors(self, holder: Holder) -> Doors:
        secret = self._secret is not None and holder.kind == "base"
        return Doors(holder=holder, with_secret=secret, pace=self._time.pace)

    def _visit(self, access: Access) -> Visit:
        return self._gateway.visit(access, bearer=self._bearer, secret=self._secret)

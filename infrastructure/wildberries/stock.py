"""Reads all stock of a seller, each part by the best source that does not refuse.

A refused source falls to the next one, and a part without any becomes a gap: blank cells with a
reason, never zeros. An outage or an empty budget refuses nothing: the whole read has to wait.
"""

from collections.abc import Awaitable, Callable, Collection, Sequence
from functools import partial

from domain.errors import Outside, Rejected, Unavailable
from domain.fact import fact
from domain.place import Kind, Place, Source
from domain.ports import Memory, Progress
from domain.snapshot import MOSCOW
from domain.stock import Card, StockRead, Unread, unread
from infrastructure.wildberries import fbs, reports
from infrastructure.wildberries.gateway import Visit
from infrastructure.wildberries.learned import REFUSALS, Learned, Refusal
from infrastructure.wildberries.planner import OWN, WB, plan
from infrastructure.wildberries.remains import remains
from infrastructure.wildberries.shelves import Shelf, Shelves, remembered, shelf
from infrastructure.wildberries.tally import tally

Read = Callable[[Source], Awaitable[Shelves]]


@fact
class Reader:
    """One read: whose, what it remembers, and whom it tells how far it is."""

    visit: Visit
    learned: Learned
    cards: Collection[Card]
    memory: Memory
    progress: Progress

    async def stock(self) -> StockRead:
        """Everything. Raises the refusal itself where neither part could be read."""
        refusals = self.learned.refusals(self.visit)
        sources = plan(
            self.visit.claims.kind,
            with_secret=self.visit.with_secret,
            scopes=self.visit.claims.scopes,
            refused=refusals,
        )
        await self.progress("wb_stock")
        why = [refusals[source] for source in WB if source in refusals]
        wb = await self._first(sources.wb, self._wb, why)
        await self.progress("seller_stock")
        why = [refusals[source] for source in OWN if source in refusals]
        own = await self._first(sources.seller, self._seller, why)
        if isinstance(wb, Refusal) and isinstance(own, Refusal):
            raise wb.error()
        return joined(wb, own)

    async def _first(
        self, sources: Sequence[Source], read: Read, why: list[Refusal]
    ) -> Shelves | Refusal:
        """The first answer, or the last refusal."""
        for source in sources:
            try:
                return await remembered(self.memory, f"stock.{source}", partial(read, source))
            except (Rejected, Unavailable) as error:
                if error.cause not in REFUSALS:
                    raise
                why.append(self.learned.refused(self.visit, source, error))
        return why[-1]

    async def _wb(self, source: Source) -> Shelves:
        at = self.visit.time.now()
        day = at.astimezone(MOSCOW).date()
        if source is Source.WB_WAREHOUSES:
            return await reports.wb_warehouses(self.visit, day)
        return tally(await remains(self.visit, self.memory, self.progress), at, day)

    async def _seller(self, source: Source) -> Shelves:
        at = self.visit.time.now()
        if source is Source.FBS:
            places = await self.learned.warehouses(self.visit, anew=True)
            found = await fbs.stocks(self.visit, places, self.cards, self.progress)
        else:
            found = await reports.seller_warehouses(self.visit, at.astimezone(MOSCOW).date())
            places = await self._listed()
        return Shelves(at=at, shelves=_with_empty(found, places.values()))

    async def _listed(self) -> dict[int, Place]:
        """Her warehouses, if they may be read: the report itself does not need them."""
        try:
            return await self.learned.warehouses(self.visit)
        except Outside as error:
            if error.cause not in REFUSALS:
                raise
            return {}


def _with_empty(found: list[Shelf], places: Collection[Place]) -> list[Shelf]:
    holding = {each.key for each in found}
    return [*found, *(shelf(place) for place in places if place.key not in holding)]


def joined(wb: Shelves | Refusal, own: Shelves | Refusal) -> StockRead:
    """Both parts as one read; the aggregate of her warehouses only where details are missing."""
    parts = [part for part in (wb, own) if isinstance(part, Shelves)]
    shelves = [each for part in parts for each in part.shelves]
    gaps = [unread(Unread(source), cause) for part in parts for source, cause in part.gaps]
    to_client = returns = None
    if isinstance(wb, Shelves):
        to_client, returns = wb.to_client, wb.returns
    else:
        gaps.append(unread(Unread.WB, wb.cause))
    if isinstance(own, Shelves):
        shelves = [each for each in shelves if each.kind is not Kind.SELLER_TOTAL]
    else:
        gaps.append(unread(Unread.SELLER, own.cause))
    return StockRead(
        at=min(part.at for part in parts),
        places={each.place(): each.pieces for each in shelves},
        to_client=to_client,
        returns=returns,
        gaps=tuple(gaps),
        noticed=tuple(note for part in parts for note in part.noticed),
    )

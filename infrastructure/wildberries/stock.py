"""Reads all stock of a seller, each part by the best source that does not refuse.

A refused source falls to the next one, and a part without any becomes a gap: blank cells with a
reason, never zeros. An outage or an empty budget refuses nothing: the whole read has to wait.
"""

from collections.abc import Awaitable, Callable, Collection, Sequence
from functools import partial

from domain.capability import Capability, Known, Reading
from domain.errors import Outside, Rejected, Unavailable
from domain.fact import fact
from domain.place import Kind, Place
from domain.planner import Extent
from domain.ports import Memory, Progress
from domain.snapshot import MOSCOW
from domain.stock import Card, StockRead, Unread, unread
from infrastructure.wildberries import fbs, limits, reports
from infrastructure.wildberries.gateway import Visit
from infrastructure.wildberries.novel import new_place
from infrastructure.wildberries.planner import CALLS, PARTS, ranking
from infrastructure.wildberries.remains import remains
from infrastructure.wildberries.shelves import Shelf, Shelves, remembered, shelf
from infrastructure.wildberries.tally import tally
from infrastructure.wildberries.verdict import REFUSALS, closed

Read = Callable[[Reading], Awaitable[Shelves]]


@fact
class Reader:
    """One read: whose, what is known of it, and whom it tells how far it is."""

    visit: Visit
    known: Known
    cards: Collection[Card]
    memory: Memory
    progress: Progress

    async def stock(self) -> StockRead:
        """Everything. Raises the refusal itself where neither part could be read."""
        await self.progress("wb_stock")
        wb = await self._first("wb_stock", self._wb)
        await self.progress("seller_stock")
        own = await self._first("seller_stock", self._seller)
        if isinstance(wb, Capability) and isinstance(own, Capability):
            raise closed(CALLS[wb.reading], wb.cause, self.visit.time.now())
        return joined(wb, own)

    async def _first(self, part: str, read: Read) -> Shelves | Capability:
        """The first answer, or the last refusal."""
        refusal = self._refusal(PARTS[part])
        extent = Extent(sizes=sum(len(card.sizes) for card in self.cards))
        for reading in ranking(self.visit, part, self.known, extent):
            try:
                found = await remembered(self.memory, f"stock.{reading}", partial(read, reading))
            except (Rejected, Unavailable) as error:
                if error.cause not in REFUSALS:
                    raise
                refusal = self.known.saw(reading, self.visit.time.now(), error.cause)
            else:
                self.known.saw(reading, self.visit.time.now())
                return found
        assert refusal is not None  # noqa: S101 - the rules close no part to anybody
        return refusal

    def _refusal(self, readings: Sequence[Reading]) -> Capability | None:
        """The last one that is still believed."""
        now = self.visit.time.now()
        found = [self.known.closed(each, now) for each in readings]
        return next((each for each in reversed(found) if each), None)

    async def _wb(self, reading: Reading) -> Shelves:
        at = self.visit.time.now()
        day = at.astimezone(MOSCOW).date()
        if reading is Reading.WB_WAREHOUSES:
            return await reports.wb_warehouses(self.visit, day)
        found = tally(await remains(self.visit, self.memory, self.progress), at, day)
        call, path = limits.REMAINS_DOWNLOAD, "[].warehouses[].warehouseName"
        await self.visit.note(*(new_place(call, path, each) for each in found.unheard))
        return found

    async def _seller(self, reading: Reading) -> Shelves:
        at = self.visit.time.now()
        if reading is Reading.FBS:
            places = await self._warehouses(anew=True)
            found = await fbs.stocks(self.visit, places, self.cards, self.progress)
        else:
            found = await reports.seller_warehouses(self.visit, at.astimezone(MOSCOW).date())
            places = await self._listed()
        return Shelves(at=at, shelves=_with_empty(found, places.values()))

    async def _listed(self) -> dict[int, Place]:
        """Her warehouses, if they may be read: the report itself does not need them."""
        if self.known.closed(Reading.FBS, self.visit.time.now()):
            return {}
        try:
            return await self._warehouses()
        except Outside as error:
            if error.cause not in REFUSALS:
                raise
            self.known.saw(Reading.FBS, self.visit.time.now(), error.cause)
            return {}

    async def _warehouses(self, *, anew: bool = False) -> dict[int, Place]:
        """The stock report leaves out the empty ones, orders name them. `anew`: who asks each of
        them for its stock must not miss what lies in one that was opened today."""
        now, known = self.visit.time.now(), self.known.warehouses
        if anew or known is None or not known.fresh(now):
            self.known.listed(await fbs.warehouses(self.visit), now)
            known = self.known.warehouses
        return fbs.places_of(known.names if known else {}, now.astimezone(MOSCOW).date())


def _with_empty(found: list[Shelf], places: Collection[Place]) -> list[Shelf]:
    holding = {each.key for each in found}
    return [*found, *(shelf(place) for place in places if place.key not in holding)]


def joined(wb: Shelves | Capability, own: Shelves | Capability) -> StockRead:
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

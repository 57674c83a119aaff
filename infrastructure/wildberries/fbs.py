"""The seller's own warehouses, live: the list of them, and stock by sizes a thousand at a time.

GET /api/v3/warehouses and POST /api/v3/stocks/{warehouseId} (02-items.yaml). They know sizes
only, so the cards have to say whose size it is; a size without stock is left out of the answer.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from itertools import islice

from domain.both import Both
from domain.place import Place, Pseudo, Source, place_of
from domain.ports import Progress
from domain.stock import Card
from infrastructure.wildberries import answers, limits
from infrastructure.wildberries.gateway import Request, Visit
from infrastructure.wildberries.shelves import Shelf, shelf
from infrastructure.wildberries.verdict import malformed, perhaps_gone

CHUNK = 1_000
_ANOTHER = Both(
    ru="размер, о котором не спрашивали, или он же дважды",
    en="a size that nobody asked about, or one twice",
)


async def warehouses(visit: Visit) -> dict[int, str]:
    """Names of her warehouses by Wildberries' id, empty ones too."""
    found = await visit.call(limits.WAREHOUSES, answers.WAREHOUSES)
    return {each.id: each.name for each in found}


def places_of(names: Mapping[int, str], day: date) -> dict[int, Place]:
    """What these names mean."""
    places = {key: place_of(Source.FBS, key, name, day) for key, name in names.items()}
    return {key: place for key, place in places.items() if not isinstance(place, Pseudo)}


async def stocks(
    visit: Visit, places: dict[int, Place], cards: Collection[Card], progress: Progress
) -> list[Shelf]:
    """Stock of every card at every warehouse; nothing lies in one that was closed meanwhile."""
    owner = {size.chrt_id: card.nm_id for card in cards for size in card.sizes}
    total = len(places) * -(-len(owner) // CHUNK)
    shelves, done = [], 0
    for warehouse, place in places.items():
        found = shelf(place)
        with perhaps_gone():
            for chunk in _chunks(owner):
                await _add(visit, warehouse, chunk, owner, found)
                done += 1
                await progress("seller_stock", done, total)
        shelves.append(found)
    return shelves


async def _add(
    visit: Visit, warehouse: int, chunk: list[int], owner: dict[int, int], found: Shelf
) -> None:
    request = Request(path={"warehouse": warehouse}, body={"chrtIds": chunk})
    answer = await visit.call(limits.STOCKS, answers.AMOUNTS, request)
    asked = set(chunk)
    for row in answer.stocks:
        if row.chrt_id not in asked:
            raise malformed(limits.STOCKS, _ANOTHER)
        asked.remove(row.chrt_id)
        found.pieces[owner[row.chrt_id]] += row.amount


def _chunks(owner: dict[int, int]) -> Iterator[list[int]]:
    sizes = iter(owner)
    while chunk := list(islice(sizes, CHUNK)):
        yield chunk

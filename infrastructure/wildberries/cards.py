"""The catalogue: who a product is, by a cursor that stays a bookmark for the next time.

POST /content/v2/get/cards/list, ascending by time of change (02-items.yaml): after the last page
its cursor names the point from which only new and changed cards follow.
"""

from collections.abc import AsyncIterator

import msgspec

from domain.both import Both
from domain.stock import Card, CardPage, Size
from infrastructure.wildberries import answers, limits
from infrastructure.wildberries.answers import CardRow, CardsPage
from infrastructure.wildberries.gateway import Request, Visit
from infrastructure.wildberries.verdict import malformed

PAGE = 100


class Bookmark(msgspec.Struct, frozen=True):
    """Where to go on, as Wildberries wants it back."""

    updated_at: str = msgspec.field(name="updatedAt")
    nm_id: int = msgspec.field(name="nmID")


async def read_cards(visit: Visit, cursor: str | None) -> AsyncIterator[CardPage]:
    """Pages to the end. Raises Malformed for a page that is shorter than it says, or repeats."""
    mark = msgspec.json.decode(cursor, type=Bookmark) if cursor else None
    while True:
        page = await visit.call(limits.CARDS, answers.CARDS, _after(mark))
        following, last = _next(page, mark), len(page.cards) < PAGE
        if not last and following == mark:
            raise malformed(limits.CARDS, Both(ru="курсор не двигается", en="the cursor stands"))
        mark = following
        bookmark = msgspec.json.encode(mark).decode() if mark else ""
        yield CardPage(cards=tuple(map(_card, page.cards)), cursor=bookmark, last=last)
        if last:
            return


def _after(mark: Bookmark | None) -> Request:
    place = msgspec.to_builtins(mark) if mark else {}
    settings = {
        "sort": {"ascending": True},
        "filter": {"withPhoto": -1},
        "cursor": {**place, "limit": PAGE},
    }
    return Request(body={"settings": settings})


def _next(page: CardsPage, mark: Bookmark | None) -> Bookmark | None:
    """An empty page leaves the bookmark where it was."""
    cursor = page.cursor
    if cursor.total != len(page.cards):
        promised, came = cursor.total, len(page.cards)
        ru = f"обещано карточек {promised}, пришло {came}"
        raise malformed(limits.CARDS, Both(ru=ru, en=f"{promised} cards promised, {came} came"))
    if not page.cards:
        return mark
    if cursor.updated_at is None or cursor.nm_id is None:
        raise malformed(limits.CARDS, Both(ru="нет курсора после карточек", en="no cursor"))
    return Bookmark(cursor.updated_at, cursor.nm_id)


def _card(row: CardRow) -> Card:
    return Card(
        nm_id=row.nm_id,
        brand=row.brand,
        subject=row.subject,
        sku=row.sku,
        sizes=tuple(Size(chrt_id=size.chrt_id, barcodes=tuple(size.skus)) for size in row.sizes),
    )

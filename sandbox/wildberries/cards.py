"""content/v2/get/cards/list: cards by (updatedAt, nmID), a hundred at a time (02-items)."""

from bisect import bisect_left, bisect_right
from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import uuid5

import msgspec

from sandbox.sellers.catalogue import Card
from sandbox.sellers.seller import NAMESPACE
from sandbox.wildberries import card_shape as shape
from sandbox.wildberries import problems
from sandbox.wildberries.answer import Answer, ok
from sandbox.wildberries.call import Call

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Sort(msgspec.Struct):
    ascending: bool = False


class Filter(msgspec.Struct, rename="camel"):
    """Which cards; ``withPhoto`` 1 means with, 2 without, other values any (from 16 June)."""

    with_photo: Annotated[int, msgspec.Meta(ge=-1, le=2)] = 0
    text_search: str = ""
    tag_ids: list[int] = msgspec.field(name="tagIDs", default_factory=list)
    object_ids: list[int] = msgspec.field(name="objectIDs", default_factory=list)
    brands: list[str] = []
    imt_id: int | None = msgspec.field(name="imtID", default=None)
    allowed_categories_only: bool = False

    def passes(self, card: Card) -> bool:
        return (
            (not self.with_photo > 0 or card.photo == (self.with_photo == 1))
            and (not self.text_search or self.text_search in _searched(card))
            and not self.tag_ids
            and (not self.object_ids or card.subject_id in self.object_ids)
            and (not self.brands or card.brand in self.brands)
            and self.imt_id in (None, card.imt)
        )


class Cursor(msgspec.Struct):
    """Where to go on: cards strictly behind this one, in the wished direction."""

    limit: Annotated[int, msgspec.Meta(ge=1, le=100)] = 10
    updated_at: str | None = msgspec.field(name="updatedAt", default=None)
    nm_id: int | None = msgspec.field(name="nmID", default=None)


class Settings(msgspec.Struct):
    sort: Sort = msgspec.field(default_factory=Sort)
    filter: Filter = msgspec.field(default_factory=Filter)
    cursor: Cursor = msgspec.field(default_factory=Cursor)


class Query(msgspec.Struct):
    settings: Settings = msgspec.field(default_factory=Settings)


def cards_list(call: Call) -> Answer:
    """One page; ``cursor.total`` is the number of cards on it."""
    settings = _settings(call.body)
    cursor = settings.cursor
    ordered = call.market.prepared(
        call.seller, "cards", lambda: sorted(call.seller.cards.values(), key=_key)
    )
    page: list[Card] = []
    for card in _behind(ordered, cursor, ascending=settings.sort.ascending):
        if len(page) == cursor.limit:
            break
        if settings.filter.passes(card):
            page.append(card)
    return ok({"cards": [_shaped(card) for card in page], "cursor": _next(page, cursor)})


def _settings(body: bytes) -> Settings:
    try:
        return msgspec.json.decode(body, type=Query).settings
    except msgspec.ValidationError as wrong:
        raise problems.content(f"Invalid request: {wrong}") from None
    except msgspec.MsgspecError:
        raise problems.content("Request body can not be decoded") from None


def _behind(ordered: list[Card], cursor: Cursor, *, ascending: bool) -> list[Card]:
    if cursor.updated_at is None:
        return ordered if ascending else ordered[::-1]
    moment = _microseconds(cursor.updated_at)
    if ascending:
        return ordered[bisect_right(ordered, (moment, cursor.nm_id or 0), key=_key) :]
    last = (moment, cursor.nm_id or 2**63)
    return ordered[: bisect_left(ordered, last, key=_key)][::-1]


def _next(page: list[Card], asked: Cursor) -> dict[str, object]:
    """The place to go on from; behind the last card it stays where it was."""
    if not page:
        kept: dict[str, object] = {"updatedAt": asked.updated_at, "nmID": asked.nm_id}
        return {name: value for name, value in kept.items() if value is not None} | {"total": 0}
    last = page[-1]
    return {"updatedAt": _text(last.updated), "nmID": last.nm, "total": len(page)}


def _key(card: Card) -> tuple[int, int]:
    return card.updated, card.nm


def _searched(card: Card) -> set[str]:
    barcodes = (barcode for size in card.sizes for barcode in size.barcodes)
    return {card.vendor_code, str(card.nm), *barcodes}


def _microseconds(text: str) -> int:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise problems.content("Invalid request: cursor.updatedAt is not a date") from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (moment - EPOCH) // timedelta(microseconds=1)


def _text(microseconds: int) -> str:
    """RFC 3339 with as many digits as needed: 2023-12-06T11:17:00.96577Z."""
    seconds, rest = divmod(microseconds, 1_000_000)
    text = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{text}.{rest:06d}".rstrip("0").rstrip(".") + "Z"


def _shaped(card: Card) -> shape.CardRow:
    return shape.CardRow(
        nm_id=card.nm,
        imt_id=card.imt,
        nm_uuid=str(uuid5(NAMESPACE, str(card.nm))),
        subject_id=card.subject_id,
        subject_name=card.subject,
        vendor_code=card.vendor_code,
        brand=card.brand,
        title=card.title,
        description=f"{card.title}. Товар песочницы.",
        photos=[shape.photo(card.nm)] if card.photo else [],
        dimensions=shape.Dimensions(height=round(card.litres * 10)),
        sizes=[
            shape.SizeRow(
                chrt_id=size.chrt,
                tech_size=size.tech,
                wb_size=size.tech if size.tech != "0" else "",
                skus=size.barcodes,
            )
            for size in card.sizes
        ],
        created_at=_text(card.created),
        updated_at=_text(card.updated),
    )

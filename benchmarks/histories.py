"""Histories by the hundred thousand: facts as a real append writes them, chain and all, by COPY."""

import gc
import hashlib
import struct
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from app.wiring.facts import CODEC
from domain import health, shop, tenant
from domain.access import Role
from domain.events import START, Change, Head, Origin, Stream
from domain.fact import fact
from domain.schedule import by_cron
from infrastructure.clock import system_clock
from infrastructure.postgres.append import written

ENVELOPE, PAYLOAD, DIGEST = slice(4, 13), 14, 15
"""Where things stand in a row of `written`; before them is the stream, and the version."""

HEADS = ("tenant_id", "kind", "stream_id", "version")
EVENTS = (
    *(*HEADS, "position", "event_id", "name", "schema_version", "at", "source", "actor_id"),
    *("correlation_id", "causation", "command_id", "payload", "hash"),
)
LAST = "SELECT coalesce(max(position), 0) FROM events"
SHOPS = (
    *("tenant_id", "shop_id", "marketplace", "seller_id", "token_id", "token_kind"),
    "connected_at",
)
GO_ON = "SELECT setval('event_position', greatest(1, $1::bigint))"


@fact
class Given:
    """Some facts of one stream, recorded together."""

    stream: Stream
    events: Sequence[Any]
    origin: Origin
    at: datetime


@fact
class Company:
    """A tenant with one shop."""

    stream: Stream
    shop_id: UUID


def companies(number: int) -> list[Company]:
    """New ones, without a history yet."""
    ids = [uuid4() for _ in range(number)]
    return [
        Company(stream=Stream(kind="tenant", tenant=each, id=each), shop_id=uuid4()) for each in ids
    ]


def of_ten(those: Iterable[Company]) -> Iterator[Given]:
    """Ten facts each: registered, connected, synced, broken and well again."""
    for each in those:
        person, shop_id, at = uuid4(), each.shop_id, system_clock()
        events: Sequence[tenant.Event] = (
            tenant.Registered(owner_id=person),
            tenant.MemberJoined(user_id=person, role=Role.OWNER),
            shop.ShopConnected(
                shop_id=shop_id,
                marketplace="wildberries",
                seller_id=str(uuid4()),
                token_id=uuid4(),
                token_kind="base",  # noqa: S106 - a kind, no token
                expires_at=at,
            ),
            shop.ScheduleSet(shop_id=shop_id, schedule=by_cron("0 7 * * *", "Europe/Moscow")),
            shop.SheetConnected(
                shop_id=shop_id, spreadsheet_id="1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms"
            ),
            *(shop.SyncRequested(shop_id=shop_id),) * 3,
            health.ShopBroke(shop_id=shop_id, cause="token_dead"),
            health.ShopRecovered(shop_id=shop_id),
        )
        yield Given(stream=each.stream, events=events, origin=asked_by(person), at=at)


def asked_by(person: UUID | None, source: str = "user") -> Origin:
    """One request of hers."""
    cause = f"request:{uuid4()}"
    return Origin(source=source, actor=person, correlation=uuid4(), causation=cause)


async def load(driver: asyncpg.Connection, those: Iterable[Given]) -> int:
    """Facts and heads; no read tables. Streams must be new. Returns the last position."""
    heads: dict[Stream, Head] = {}
    first = await driver.fetchval(LAST)
    gc.disable()  # nothing of this is measured, and it would look at every head again and again
    async with driver.transaction():
        rows = _rows(those, first, heads)
        await driver.copy_records_to_table("events", records=rows, columns=EVENTS)
        standing = ((each.tenant, each.kind, each.id, head.version) for each, head in heads.items())
        await driver.copy_records_to_table("heads", records=standing, columns=HEADS)
        last: int = await driver.fetchval(LAST)
        await driver.execute(GO_ON, last)
    gc.enable()
    return last


async def connect(driver: asyncpg.Connection, those: Iterable[Company]) -> None:
    """Their rows in the shops table."""
    at = system_clock()
    rows = (
        (each.stream.tenant, each.shop_id, "wildberries", "seller", uuid4(), "base", at)
        for each in those
    )
    await driver.copy_records_to_table("shops", records=rows, columns=SHOPS)


def _rows(
    those: Iterable[Given], position: int, heads: dict[Stream, Head]
) -> Iterator[tuple[Any, ...]]:
    """As COPY takes them; `heads` learns where each stream has come to."""
    for each in those:
        head = heads.get(each.stream, START)
        change = Change(stream=each.stream, head=head, events=each.events)
        version, link = head
        for row in written(CODEC, [change], each.at, each.origin, None):
            position, version = position + 1, version + 1
            link = hashlib.sha256(link + struct.pack(">q", position) + row[DIGEST]).digest()
            yield (*row[:4], position, *row[ENVELOPE], row[PAYLOAD], link)
        heads[each.stream] = Head(version=version, hash=link)

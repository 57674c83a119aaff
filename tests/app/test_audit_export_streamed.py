"""An export is streamed: amid appends, in little memory, and to readers who may hang up."""

import asyncio
import gc
import os
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from app.audit.read import project
from domain import health, shop
from domain.events import Change, Stream
from domain.schedule import by_cron
from infrastructure.postgres.event_store import EventStore
from tests.app.audit_world import CODEC, SHOP, Archive, by, verified


@pytest.fixture
def archive(database):
    return Archive(database)


@pytest.fixture
async def company(archive):
    return await (await archive.found()).lives()


async def test_an_export_amid_appends_is_a_consistent_cut(archive, company, monkeypatch):
    monkeypatch.setattr("app.audit.export.read.PAGE", 3)
    colleague = Archive(archive.database, ring=archive.ring)
    ended = asyncio.Event()

    async def busy():
        n = 0
        while not ended.is_set():
            n += 1
            asked = shop.SetSchedule(
                shop_id=SHOP, schedule=by_cron(f"{n % 60} 5 * * *", "Asia/Omsk")
            )
            await type(company)(colleague, company.scope).tell(asked)
            await asyncio.sleep(0.02)
        return n

    work = asyncio.create_task(busy())
    contents = [await company.export() for _ in range(5)]
    ended.set()

    assert await work > 5
    for content in contents:
        assert verified(content, archive.ring.public).findings == []


class Overtaken:
    """Sealing, after which somebody is quicker than the export."""

    def __init__(self, company):
        self.company, self.signer = company, company.archive.ring

    async def __call__(self, tenant_id):
        sealed = await self.company.archive.sealing(tenant_id)
        await self.company.tell(
            shop.SetSchedule(shop_id=SHOP, schedule=by_cron("2 2 * * *", "Asia/Omsk"))
        )
        return sealed


async def test_what_is_recorded_after_the_seal_is_not_in_it(company):
    archive = company.archive
    archive.exports = replace(archive.exports, sealing=Overtaken(company))
    content = await company.export()
    ranged = await company.export(since="2026-11-23")

    assert verified(content, archive.ring.public).findings == []
    assert verified(ranged, archive.ring.public).findings == []
    assert content.splitlines()[-2].count(b"tenant.audit_exported") == 1


async def many(company, count, follow=lambda _: ()):
    """Facts by the thousand, as the store appends them."""
    stream = Stream(kind="tenant", tenant=company.scope.tenant, id=company.scope.tenant)
    store = EventStore(company.archive.database, CODEC, company.archive.clock, follow)
    head = (await company.archive.exports.handle._history.state(_nothing, stream))[1]
    for n in range(count // 1_000):
        events = [health.ShopBroke(shop_id=SHOP, cause=f"{n}-{k}") for k in range(1_000)]
        change = Change(stream=stream, head=head, events=events)
        last = (await store.append([change], by(company.scope.person)))[-1]
        head = type(head)(version=last.version, hash=last.hash)


class _Nothing:
    initial = None
    kind = "tenant"

    def evolve(self, state, event):
        return state


_nothing = _Nothing()


@pytest.fixture
def only_new_garbage():
    """The more a process holds, and the calmer its collector is, the later its garbage goes: what
    others left is set aside, and Python's own thresholds hold."""
    calm = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(700, 10, 10)
    yield
    gc.set_threshold(*calm)


def small_pages(monkeypatch, facts):
    for module in ("read", "extract"):
        monkeypatch.setattr(f"app.audit.export.{module}.PAGE", facts)


def memory():
    """Bytes of this process that are in memory."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


async def test_thousands_of_facts_take_the_memory_of_one_page(
    company, only_new_garbage, monkeypatch
):
    small_pages(monkeypatch, 100)
    await many(company, 4_000, project)
    for asked in ({}, {"order": "newest", "source": "user"}):
        made = await company.begun(**asked)
        before, resident, size = memory(), [], 0
        async for piece in company.archive.exports.stream(made):
            size += len(piece)
            resident.append(memory())
        half = len(resident) // 2

        assert half > 15
        assert size > 4_000_000
        assert max(resident) - before < size
        assert max(resident[half:]) - max(resident[:half]) < size / 3


@pytest.mark.parametrize("query", ["", "?source=user&order=newest"])
async def test_who_hangs_up_midway_leaves_no_connection_open(company, database, monkeypatch, query):
    small_pages(monkeypatch, 2)
    word = f"Bearer {uuid4()}"
    company.archive.scopes[word] = company.scope

    for after in range(1, 9):
        await hang_up(company.archive.app, word, after, query)

    assert database.engine.pool.checkedout() == 0
    assert (await company.get(f"/audit/export{query}")).status_code == 200


async def hang_up(app, word, after, query):
    """Ask for an export, and disconnect once so many pieces have come."""
    pieces, gone = [], asyncio.Event()

    async def receive():
        if not pieces:
            return {"type": "http.request", "body": b"", "more_body": False}
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message):
        pieces.append(message)
        if len(pieces) >= after:
            gone.set()
            await asyncio.sleep(0.01)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": "/audit/export",
        "raw_path": b"/audit/export",
        "query_string": query[1:].encode(),
        "root_path": "",
        "headers": [(b"authorization", word.encode())],
        "client": None,
        "server": None,
        "state": {},
    }
    await app(scope, receive, send)

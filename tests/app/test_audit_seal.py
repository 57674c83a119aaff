"""Seals: one statement of where all streams of a company stand, signed, numbered, never taken back."""

import asyncio
import base64
import hashlib
import json
from datetime import timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.audit import seal
from app.handle import Ask
from domain import fleet, shop
from domain.access import Role
from domain.errors import Unknown
from domain.schedule import by_cron
from tests.app.audit_world import SHOP, Archive, by, connection, verified

SEALS = "SELECT number, at, body, signature FROM seals WHERE tenant_id = $1 ORDER BY number"
HEADS = """
SELECT kind, stream_id::text, version, encode(hash, 'hex') FROM events e WHERE tenant_id = $1
AND version = (SELECT max(version) FROM events WHERE (tenant_id, kind, stream_id) =
               (e.tenant_id, e.kind, e.stream_id)) ORDER BY kind, stream_id::text
"""


@pytest.fixture
def archive(database):
    return Archive(database)


@pytest.fixture
async def company(archive):
    found = await archive.found()
    await found.tell(connection())
    return found


async def kept(company):
    async with company.archive.database.driver() as driver:
        return await driver.fetch(SEALS, company.scope.tenant)


async def test_a_seal_states_every_head_and_is_signed_over_the_bytes_that_are_kept(company):
    sealed = await company.archive.sealing(company.scope.tenant)
    (row,) = await kept(company)
    async with company.archive.database.driver() as driver:
        heads = [list(each) for each in await driver.fetch(HEADS, company.scope.tenant)]
    key = Ed25519PublicKey.from_public_bytes(company.archive.ring.public)
    key.verify(row["signature"], b"stock-tracker.seal/1\n" + row["body"])

    assert row["body"] == sealed.body
    assert json.loads(row["body"]) == {
        "format": "stock-tracker.seal/1",
        "tenant": str(company.scope.tenant),
        "number": 1,
        "at": "2026-11-23T04:40:00.000000+00:00",
        "previous": "0" * 64,
        "heads": heads,
        "events": sum(head[2] for head in heads),
    }
    assert b" " not in row["body"]


async def test_each_seal_names_the_one_before_it(company):
    for _ in range(3):
        await company.archive.sealing(company.scope.tenant)
    rows = await kept(company)
    named = [json.loads(row["body"])["previous"] for row in rows]

    assert [row["number"] for row in rows] == [1, 2, 3]
    assert named[1:] == [hashlib.sha256(row["body"]).hexdigest() for row in rows[:-1]]


async def test_many_who_seal_one_company_at_once_leave_no_hole_and_no_twin(company):
    sealed = await asyncio.gather(
        *(company.archive.sealing(company.scope.tenant) for _ in range(10))
    )
    rows = await kept(company)

    assert sorted(each.number for each in sealed) == [*range(1, 11)]
    assert [row["number"] for row in rows] == [*range(1, 11)]
    assert verified(await company.export(), company.archive.ring.public).findings == []


async def test_who_changed_is_sealed_once_a_day_and_who_did_not_is_left_alone(company):
    archive, counts = company.archive, []
    for hours in (0, 1, 22, 1, 1):
        archive.later(hours=hours)
        await archive.sealing.changed()
        counts.append(len(await kept(company)))
        await company.tell(
            shop.SetSchedule(shop_id=SHOP, schedule=by_cron(f"{hours} 4 * * *", "UTC"))
        )
    archive.later(days=2)
    await archive.sealing.changed()
    archive.later(days=2)
    await archive.sealing.changed()

    assert counts == [1, 1, 1, 2, 2]
    assert len(await kept(company)) == 3


async def test_several_workers_seal_every_company_exactly_once(archive, monkeypatch):
    monkeypatch.setattr(seal, "BATCH", 3)
    archive.later(days=30)
    companies = [await archive.found() for _ in range(10)]
    await asyncio.gather(*(archive.sealing.changed() for _ in range(4)))

    assert [len(await kept(each)) for each in companies] == 10 * [1]
    assert await archive.sealing.changed() == 0


async def test_the_stream_of_the_fleet_is_sealed_like_any_company(archive):
    archive.later(days=60)
    ask = Ask(decider=fleet.decider, stream=fleet.STREAM, command=fleet.ReadAsStaff(reason="runs"))
    await archive.handle(ask, origin=by(uuid4()))
    await archive.sealing.changed()
    async with archive.database.driver() as driver:
        body = await driver.fetchval(
            "SELECT body FROM seals WHERE tenant_id = $1 ORDER BY number DESC LIMIT 1", fleet.FLEET
        )

    assert json.loads(body)["at"] == archive.clock().isoformat(timespec="microseconds")
    assert [kind for kind, *_ in json.loads(body)["heads"]] == ["fleet"]


async def test_sealing_at_once_takes_what_changed_and_nothing_else(company):
    archive = company.archive
    await archive.sealing.changed(timedelta())
    before = len(await kept(company))
    await archive.sealing.changed(timedelta())
    await company.tell(shop.SetSchedule(shop_id=SHOP, schedule=by_cron("4 4 * * *", "UTC")))
    archive.later(seconds=1)
    await archive.sealing.changed(timedelta())

    assert (before, len(await kept(company))) == (1, 2)


async def test_a_broken_seal_does_not_stop_the_sealing_of_others(company):
    archive = company.archive
    other = await archive.found()
    await archive.sealing(company.scope.tenant)
    await company.meddle("UPDATE seals SET body = '\\xff' WHERE tenant_id = $1")
    archive.later(days=2)
    await archive.sealing.changed()

    assert len(await kept(other)) == 1
    assert len(await kept(company)) == 2


@pytest.mark.parametrize(
    "change",
    [
        "at = '9999-01-01'",
        "body = convert_to(replace(convert_from(body, 'UTF8'), '\"2026-', '\"9026-'), 'UTF8')",
    ],
    ids=["beside its body", "in its body"],
)
async def test_a_time_that_somebody_put_off_puts_no_seal_off(company, change):
    archive = company.archive
    await archive.sealing(company.scope.tenant)
    await company.meddle(f"UPDATE seals SET {change} WHERE tenant_id = $1")
    archive.later(days=5)
    await company.tell(shop.SetSchedule(shop_id=SHOP, schedule=by_cron("7 7 * * *", "UTC")))
    await archive.sealing.changed()

    assert len(await kept(company)) == 2


async def test_the_time_of_a_seal_is_the_one_that_was_signed(company):
    await company.archive.sealing(company.scope.tenant)
    await company.meddle("UPDATE seals SET at = '9999-01-01' WHERE tenant_id = $1")
    told = (await company.get("/audit/seals")).json()
    await company.meddle("UPDATE seals SET body = '\\xff' WHERE tenant_id = $1")
    broken = (await company.get("/audit/seals")).json()

    assert told[0]["at"] == "2026-11-23T04:40:00Z"
    assert broken[0]["at"] is None


async def test_a_company_without_a_history_cannot_be_sealed(archive):
    with pytest.raises(Unknown, match="nothing to seal"):
        await archive.sealing(UUID(int=1))


async def test_a_seal_cannot_be_changed_or_taken_back(company):
    await company.archive.sealing(company.scope.tenant)
    for statement in ("UPDATE seals SET number = 7", "DELETE FROM seals", "TRUNCATE seals"):
        async with company.archive.database.driver() as driver:
            with pytest.raises(asyncpg.PostgresError, match=r"append-only|permission denied"):
                await driver.execute(statement)


async def test_every_member_may_read_the_seals_page_by_page(company):
    for _ in range(5):
        await company.archive.sealing(company.scope.tenant)
    first = (await company.get("/audit/seals?first=2", Role.VIEWER)).json()
    rest = (await company.get("/audit/seals?after=2", Role.VIEWER)).json()

    assert [each["number"] for each in first] == [1, 2]
    assert [each["number"] for each in rest] == [3, 4, 5]
    assert base64.b64decode(first[0]["body"]) == (await kept(company))[0]["body"]
    assert base64.b64decode(first[0]["signature"]) == (await kept(company))[0]["signature"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("first=0", "first"),
        ("first=101", "first"),
        ("after=-1", "after"),
        ("page=2", "page"),
        ("after=٣", "after"),
    ],
)
async def test_a_wrong_page_is_refused_with_its_field(company, query, field):
    answer = await company.get(f"/audit/seals?{query}")

    assert (answer.status_code, answer.json()["field"]) == (400, field)


async def test_the_key_is_public_and_has_a_fingerprint(company):
    key = (await company.stranger("/audit/key")).json()
    public = base64.b64decode(key["public"])

    assert public == company.archive.ring.public
    assert key["fingerprint"] == hashlib.sha256(public).hexdigest()
    assert key["algorithm"] == "Ed25519"

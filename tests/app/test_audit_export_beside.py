"""What an export tells beside each fact: before and after, and the chain of causes."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

import pytest

from app.audit.export.asked import wish
from domain import health, shop, tenant
from domain.access import Role
from domain.schedule import by_cron
from tests.app.audit_world import SHOP, Archive, Company, connection, lines, verified
from tests.app.graphql_audit_world import entries, record, record_newer, statements
from tests.app.graphql_world import World

EVENT = "UPDATE events SET {} WHERE tenant_id = $1 AND kind = 'tenant' AND version = 3"
CAUSATION = (
    "UPDATE events SET causation = '{}' WHERE tenant_id = $1 AND kind = 'tenant' AND version = 4"
)


@pytest.fixture
def archive(database):
    return Archive(database)


@pytest.fixture
async def company(archive):
    return await (await archive.found()).lives()


@pytest.fixture
async def anna(database):
    """Somebody whose shop broke by a run that her request led to."""
    anna = await World(database).register()
    anna.shop = UUID(await anna.connected_shop())
    (asked,) = await record(anna, shop.SyncRequested(shop_id=anna.shop))
    by_event = {"actor": None, "source": "run", "causation": f"event:{asked.event_id}"}
    (broke,) = await record(
        anna, health.ShopBroke(shop_id=anna.shop, cause="token_dead"), **by_event
    )
    by_event["causation"] = f"event:{broke.event_id}"
    await record(anna, health.ShopRecovered(shop_id=anna.shop), **by_event)
    igor = await anna.world.register(name="Игорь")
    await record(anna, tenant.MemberJoined(user_id=igor.scope.person, role=Role.ADMIN))
    return anna


def facts(content):
    return [each for each in lines(content) if each["line"] == "fact"]


async def exported(client, archive, **asked):
    """Her company's log, by the exports that stand beside the API."""
    return facts(await Company(archive, client.scope).export(language="en", **asked))


async def test_each_fact_has_the_changes_and_causes_that_the_api_tells(anna, archive):
    told = await exported(anna, archive)
    listed = await entries(anna, order="OLDEST")

    assert [each["event_id"] for each in told] == [each["id"] for each in listed]
    for one, other in zip(told, listed, strict=True):
        at = [each["at"] and datetime.fromisoformat(each["at"]) for each in one["causes"]]
        assert one["changes"] == other["changes"]
        assert at == [e["at"] and datetime.fromisoformat(e["at"]) for e in other["causes"]]
        for name in ("kind", "id", "sentence"):
            assert [e[name] for e in one["causes"]] == [e[name] for e in other["causes"]]


async def test_before_and_after_stand_beside_the_evidence_which_is_as_intact_as_ever(company):
    content = await company.export(language="en")
    last = facts(content)[-2]

    assert last["changes"] == [
        {
            "field": "shops.Рыжий кот.schedule",
            "before": "Starts at 00:08 every day, Moscow",
            "after": "Starts at 00:09 every day, Moscow",
        }
    ]
    assert verified(content, company.archive.ring.public).findings == []


async def test_a_chain_of_causes_leads_back_to_the_request(anna, archive):
    recovered = (await exported(anna, archive, action="tenant.shop_recovered"))[0]

    assert [each["kind"] for each in recovered["causes"]] == ["event", "event", "request"]
    assert recovered["causes"][0]["sentence"] == (
        "Stock Tracker can no longer sync the shop “Рыжий кот”: its token no longer works"
    )
    assert recovered["causes"][0]["at"].endswith(".000000+00:00")


async def test_changes_and_causes_are_told_in_the_language_of_the_sentences(company):
    last = facts(await company.export())[-2]

    assert last["causes"][0]["sentence"] == "Анна Котова: запрос"


async def test_of_a_token_only_that_there_is_a_new_one(company):
    old, new = UUID(int=9), uuid4()
    await company.tell(replace(connection(), token_id=new))
    told = facts(await company.export(language="en"))
    table = await company.export(format="csv", language="en")
    (change,) = told[-2]["changes"]

    assert change == {
        "field": "shops.Рыжий кот.token",
        "before": "the token before",
        "after": "a new token",
    }
    for token in (old, new):
        assert str(token) not in str([each["changes"] + each["causes"] for each in told])
        assert str(token) not in table.decode()


async def test_who_was_erased_is_erased_from_changes_and_causes(anna, archive):
    async with archive.database.driver() as driver:
        await driver.execute("DELETE FROM people WHERE full_name IN ('Игорь', 'Анна Котова')")
    told = await exported(anna, archive)

    assert told[-2]["changes"] == [
        {"field": "members.erased person", "before": None, "after": "admin"}
    ]
    assert "Игорь" not in str(told)
    assert "Анна" not in str(told)


async def test_small_pages_tell_the_same(anna, archive, monkeypatch):
    whole = await exported(anna, archive)
    monkeypatch.setattr("app.audit.export.read.PAGE", 2)

    assert (await exported(anna, archive))[:-1] == whole


async def test_a_page_is_told_by_so_many_statements_however_many_facts_are_on_it(company):
    sent = {}
    for more in (0, 70):
        await company.tell(
            *[
                shop.SetSchedule(shop_id=SHOP, schedule=by_cron(f"{n % 60} 9 * * *", "UTC"))
                for n in range(more)
            ]
        )
        made = await company.begun()
        with statements(company.archive.database) as seen:
            assert [piece async for piece in company.archive.exports.stream(made)]
        sent[more] = len(seen)

    assert sent[70] == sent[0]


async def test_what_only_a_newer_version_knows_is_exported_without_changes(anna, archive, database):
    await record_newer(database, anna)
    exports, asked = archive.exports, wish({})
    # Not recorded: nobody decides on a history that a newer version went on with.
    made = await exports.begin(anna.scope, asked, await exports.wanted(anna.scope, asked))
    told = facts(b"".join([piece async for piece in exports.stream(made)]))

    assert [each["changes"] for each in told if each["name"] == "tenant.moved"] == [[]]
    assert told[0]["changes"] != []


@pytest.mark.parametrize(
    "broken",
    [
        EVENT.format("name = 'tenant.sync_requested', payload = '{}'"),
        EVENT.format("kind = 'subscription', version = 77"),
        EVENT.format("kind = 'user'"),
        EVENT.format("payload = '[]'"),
        EVENT.format(f"payload = '{'[' * 5_000}'"),
        EVENT.format("version = -5"),
        "DELETE FROM events WHERE tenant_id = $1 AND kind = 'tenant' AND version = 3",
        CAUSATION.format("schedule:9999-12-31T23:59:59+00:00"),
        CAUSATION.format("request:ffffffff-ffff-7fff-bfff-ffffffffffff"),
        CAUSATION.format("event:"),
    ],
)
async def test_a_history_that_somebody_broke_is_exported_to_its_end_and_found(company, broken):
    other = await company.archive.found()
    assert await company.meddle(broken) in ("UPDATE 1", "DELETE 1")
    content = await company.export()
    extract = await company.export(order="newest")

    assert lines(content)[-1]["line"] == lines(extract)[-1]["line"] == "trailer"
    assert verified(content, company.archive.ring.public).findings != []
    assert verified(await other.export(), company.archive.ring.public).findings == []

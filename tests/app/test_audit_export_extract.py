"""Extracts: what filters pick from the log is what the API picks, and it proves nothing."""

import csv
import io
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from app.audit import verifier
from app.wiring.facts import CODEC
from domain import health, shop, tenant
from domain.access import Role
from domain.events import Unread
from domain.schedule import by_cron
from tests.app.audit_world import Archive, Company, lines
from tests.app.graphql_audit_world import entries, record
from tests.app.graphql_world import NOW, World

DAY = timedelta(days=1)
MARIA = "Мария Сергеевна"


@pytest.fixture
def archive(database):
    return Archive(database, now=NOW + 5 * DAY)


@pytest.fixture
async def anna(database):
    return await owner(World(database))


async def owner(world):
    """Of a company with a shop, a colleague, a sync that broke, and a subscription."""
    anna = await world.register(company="Компания Котовой")
    anna.shop = UUID(await anna.connected_shop(seller="4815"))
    anna.maria = (await world.register(name=MARIA)).scope.person
    anna.correlation = uuid4()
    world.now = NOW + DAY
    await record(anna, tenant.MemberJoined(user_id=anna.maria, role=Role.ADMIN))
    world.now = NOW + 2 * DAY
    hers = {"actor": anna.maria, "source": "api_token", "correlation": anna.correlation}
    await record(
        anna, shop.ScheduleSet(shop_id=anna.shop, schedule=by_cron("0 9 * * *", "UTC")), **hers
    )
    run = {"actor": None, "source": "run", "correlation": anna.correlation}
    await record(anna, health.ShopBroke(shop_id=anna.shop, cause="token_dead"), **run)
    return anna


@pytest.fixture
def company(archive, anna):
    """The same one, as its exports see it."""
    return Company(archive, anna.scope)


def facts(content):
    return [each for each in lines(content) if each["line"] == "fact"]


def rows(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


FILTERS = {
    "nothing": lambda _: {},
    "actor": lambda anna: {"actor": str(anna.maria)},
    "actor, a stranger": lambda _: {"actor": str(uuid4())},
    "action": lambda _: {"action": "tenant.schedule_set"},
    "action, several": lambda _: {"action": "subscription.started, tenant.shop_broke"},
    "action, a beginning": lambda _: {"action": "tenant.shop_*"},
    "target, an id": lambda anna: {"target": str(anna.shop)},
    "target, a beginning": lambda _: {"target": "рыж"},
    "target, nearly right": lambda _: {"target": "рыжии кот"},
    "target, a colleague": lambda _: {"target": "Мария"},
    "target, a seller": lambda _: {"target": "48"},
    "target, nobody's": lambda _: {"target": "Синяя птица"},
    "target, blank": lambda _: {"target": " "},
    "source": lambda _: {"source": "run"},
    "correlation": lambda anna: {"correlation": str(anna.correlation)},
    "time": lambda _: {
        "since": (NOW + DAY).isoformat(),
        "until": (NOW + 2 * DAY).isoformat(),
        "action": "tenant.*",
    },
    "all together": lambda anna: {
        "actor": str(anna.maria),
        "action": "tenant.*",
        "target": "рыжий",
        "source": "api_token",
        "correlation": str(anna.correlation),
        "since": NOW.isoformat(),
    },
}


@pytest.fixture(scope="module")
async def olga(pool):
    """Another one, to whose facts nothing is added but that they were exported."""
    return await owner(World(pool))


@pytest.mark.parametrize("order", ["newest", "oldest"])
@pytest.mark.parametrize("asked", FILTERS.values(), ids=FILTERS.keys())
async def test_a_filter_picks_what_the_api_picks_in_the_same_order(
    olga, archive, asked, order, monkeypatch
):
    monkeypatch.setattr("app.audit.export.extract.PAGE", 3)
    asked, company = asked(olga), Company(archive, olga.scope)
    listed = {**asked, "action": asked["action"].split(", ")} if "action" in asked else asked
    told = facts(await company.export(language="en", order=order, **asked))
    table = rows(await company.export(format="csv", order=order, **asked))
    found = [
        each
        for each in await entries(olga, filter=listed, order=order.upper())
        if each["action"] != "tenant.audit_exported"
    ]

    ours = [each for each in told if each["name"] != "tenant.audit_exported"]
    ids = [row[11] for row in table[1:-1] if row[2] != "tenant.audit_exported"]
    assert [each["event_id"] for each in ours] == [each["id"] for each in found] == ids
    assert [each["sentence"] for each in ours] == [each["sentence"] for each in found]
    assert [each["changes"] for each in ours] == [each["changes"] for each in found]


async def test_over_http_the_filters_are_parameters(anna, company):
    address = f"/audit/export?action=tenant.shop_*&target=%D1%80%D1%8B%D0%B6&actor={uuid4()}"
    nothing = await company.get(address)
    found = await company.get("/audit/export?action=tenant.shop_*&order=newest&language=en")

    assert facts(nothing.content) == []
    assert [each["name"] for each in facts(found.content)] == [
        "tenant.shop_broke",
        "tenant.shop_connected",
    ]
    assert found.headers["content-disposition"] == (
        f'attachment; filename="audit-extract-{anna.scope.tenant}-2026-11-28.jsonl"'
    )


async def test_an_extract_says_that_it_proves_nothing_and_what_was_asked(anna, company):
    header, *told = lines(await company.export(language="en", source="run", order="newest"))

    assert header == {
        "line": "header",
        "format": "stock-tracker.audit-extract/1",
        "proves": "This is an extract, which proves nothing. What can be verified is an export "
        "with format=jsonl that is narrowed by time alone, the oldest first.",
        "tenant": str(anna.scope.tenant),
        "since": None,
        "until": None,
        "made_at": "2026-11-28T04:40:00.000000+00:00",
        "language": "en",
        "order": "newest",
        "actor": None,
        "action": None,
        "target": None,
        "source": "run",
        "correlation": None,
    }
    assert told[-1] == {"line": "trailer", "facts": 1}
    assert "seal" not in {each["line"] for each in told}


async def test_a_csv_of_an_extract_leads_to_no_proof(company):
    last = rows(await company.export(format="csv", source="run"))[-1]

    assert last[4].startswith("Это выборка, она ничего не доказывает.")
    assert "Печать" not in str(last)


async def test_the_verifier_says_what_an_extract_is_and_how_to_get_a_proof(company, tmp_path):
    file, said = tmp_path / "extract.jsonl", []
    file.write_bytes(await company.export(source="run"))

    assert verifier.main([str(file)], said.append) == 2
    assert "".join(said) == (
        "Not checked: an extract proves nothing. Export with no filter but time: "
        "`stock-tracker audit export`."
    )


@pytest.mark.parametrize(
    "asked", [{}, {"order": "oldest"}, {"target": ""}, {"since": "2026-11-23"}]
)
async def test_what_is_narrowed_by_time_alone_is_still_a_proof(company, asked):
    told = lines(await company.export(**asked))

    assert told[0]["format"] == "stock-tracker.audit-export/1"
    assert told[1]["line"] == "seal"


async def test_what_was_asked_is_on_record_in_ids_and_words_but_never_a_name(anna, company):
    await company.export(actor=str(anna.maria), action="tenant.*,subscription.started")
    await company.export(target="Мария", language="en", order="newest")
    await company.export(target="Синяя птица")
    await company.export(order="newest")
    everything = await company.export(language="en")
    taken = [each for each in facts(everything) if each["name"] == "tenant.audit_exported"]

    assert [each["event"]["filter"] for each in taken] == [
        f"actor={anna.maria} action=tenant.*,subscription.started",
        f"target={anna.maria}",
        "target=none",
        None,
        None,
    ]
    assert taken[2]["sentence"] == (
        "Анна Котова exported the audit log (jsonl; only target=none), "
        "from the beginning to the end"
    )
    assert taken[3]["sentence"] == (
        "Анна Котова exported the audit log (jsonl), from the beginning to the end"
    )
    assert all("Мария" not in str(each["event"]) for each in facts(everything))


@pytest.mark.parametrize("order", ["newest", "oldest"])
async def test_what_is_recorded_while_it_is_read_is_not_in_it(anna, company, order, monkeypatch):
    monkeypatch.setattr("app.audit.export.extract.PAGE", 2)
    await record(anna, shop.SyncRequested(shop_id=anna.shop))
    made, pieces = await company.begun(order=order, action="tenant.*"), []
    async for piece in company.archive.exports.stream(made):
        pieces.append(piece)
        anna.world.now += DAY
        await record(anna, shop.SyncRequested(shop_id=anna.shop))
    told = facts(b"".join(pieces))

    assert len(pieces) > 5
    assert [each["name"] for each in told].count("tenant.sync_requested") == 1
    assert len({each["event_id"] for each in told}) == len(told) == 9


async def test_nothing_of_another_company_is_picked(anna, archive):
    boris = await anna.world.register(name="Борис", company="Другая")
    theirs = Company(archive, boris.scope)

    for asked in ({"actor": str(anna.scope.person)}, {"correlation": str(anna.correlation)}):
        assert facts(await theirs.export(**asked)) == []
    for target in (str(anna.shop), "рыжий", "4815", MARIA):
        assert facts(await theirs.export(target=target)) == []
    listed = await theirs.export(order="newest")
    assert "Анна" not in listed.decode()


@pytest.mark.parametrize(
    ("payload", "event"),
    [
        (
            b'{"format":"csv","since":null,"until":null}',
            tenant.AuditExported(format="csv", since=None, until=None, filter=None),
        ),
        (b"[]", Unread(schema_version=1, payload=b"[]")),
        (b"[" * 5_000, Unread(schema_version=1, payload=b"[" * 5_000)),
    ],
    ids=["as it was", "no object", "too deep"],
)
def test_an_export_from_before_there_were_filters_was_of_everything(payload, event):
    assert CODEC.decode("tenant.audit_exported", 1, payload) == event

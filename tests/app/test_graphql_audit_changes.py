"""What a fact changed: before it, and after it."""

from dataclasses import fields
from uuid import UUID, uuid4

import pytest

from app.audit import changes
from app.audit.page_words import part
from app.billing.projected import REST
from domain import health, run_acts, shop, tenant, writer
from domain.access import Role
from domain.billed import Billed
from domain.entitlement import Held
from domain.schedule import by_cron
from domain.standing import Standing
from tests.app.graphql_audit_world import LOG, entries, record, record_newer, statements
from tests.app.graphql_world import World
from tests.fakes import ADDRESS

IGOR = "Игорь Соколов"


@pytest.fixture
def world(database):
    return World(database)


@pytest.fixture
async def anna(world):
    anna = await world.register()
    anna.shop = UUID(await anna.connected_shop())
    return anna


async def changed(client, *events):
    """What the last of these changed, as {field: (before, after)}."""
    await record(client, *events)
    newest = (await entries(client, first=1))[0]
    return {each["field"]: (each["before"], each["after"]) for each in newest["changes"]}


def renewed(anna, token):
    return shop.TokenReplaced(
        shop_id=anna.shop, token_id=token, token_kind="personal", expires_at=None
    )


async def test_a_schedule(anna):
    told = await changed(
        anna, shop.ScheduleSet(shop_id=anna.shop, schedule=by_cron("0 9 * * 1", "Asia/Omsk"))
    )

    assert told == {
        "shops.Рыжий кот.schedule": (
            "Ready by 08:00 every day, Moscow",
            "Starts at 09:00 on Mondays, Omsk",
        )
    }


async def test_what_is_paused(anna):
    shop_id = anna.shop
    held = run_acts.RunsHeld(kind="sync", shop_id=None)
    more = run_acts.RunsHeld(kind=None, shop_id=shop_id)

    assert await changed(anna, held) == {"holds": (None, "all syncs")}
    assert await changed(anna, more) == {
        "holds": ("all syncs", "all syncs, all runs of the shop “Рыжий кот”")
    }


async def test_a_sheet(anna):
    told = await changed(anna, shop.SheetConnected(shop_id=anna.shop, spreadsheet_id="new"))

    assert told == {"shops.Рыжий кот.spreadsheet": (f"sheet-{anna.shop}", "new")}


async def test_a_token_without_any_id_of_it(anna):
    token = uuid4()
    told = await changed(anna, renewed(anna, token))
    everything = (await anna.post({"query": LOG})).text

    assert told == {"shops.Рыжий кот.token": ("the token before", "a new token")}
    assert str(token) not in everything


async def test_health_in_the_words_of_the_sentences(anna):
    broke = health.ShopBroke(shop_id=anna.shop, cause="token_dead")

    assert await changed(anna, broke) == {
        "shops.Рыжий кот.broken": (None, "its token no longer works")
    }
    assert await changed(anna, health.ShopRecovered(shop_id=anna.shop)) == {
        "shops.Рыжий кот.broken": ("its token no longer works", None)
    }


async def test_members_who_join_change_and_leave(world, anna):
    igor = (await world.register(name=IGOR)).scope.person
    joined = tenant.MemberJoined(user_id=igor, role=Role.MEMBER)

    assert await changed(anna, joined) == {f"members.{IGOR}": (None, "member")}
    promoted = tenant.MemberJoined(user_id=igor, role=Role.ADMIN)
    await record(anna, tenant.MemberLeft(user_id=igor))
    await record(anna, promoted)
    told = {each["action"]: each for each in await entries(anna, first=2)}
    assert told["tenant.member_left"]["changes"] == [
        {"field": f"members.{IGOR}", "before": "member", "after": None}
    ]


async def test_a_shop_comes_and_goes_with_all_that_it_was(anna):
    connected = (await entries(anna, filter={"action": "tenant.shop_connected"}))[0]["changes"]
    gone = await changed(anna, shop.ShopDisconnected(shop_id=anna.shop))

    assert {each["field"]: each["after"] for each in connected} == {
        "shops.Рыжий кот.marketplace": "Wildberries",
        "shops.Рыжий кот.seller": "100",
        "shops.Рыжий кот.token": "a new token",
        "shops.Рыжий кот.robot": ADDRESS,
    }
    assert gone["shops.Рыжий кот.token"] == ("the token before", None)
    assert gone["shops.Рыжий кот.seller"] == ("100", None)


async def test_what_changes_no_state_has_no_changes(anna):
    assert await changed(anna, shop.SyncRequested(shop_id=anna.shop)) == {}
    assert await changed(anna, tenant.ReadByStaff(reason="T-17")) == {}


async def test_other_streams_tell_their_own_changes(anna):
    (started,) = await entries(anna, filter={"action": "subscription.started"})
    (registered,) = await entries(anna, filter={"action": "tenant.registered"})

    assert started["changes"] == [{"field": "plan", "before": None, "after": "Free"}]
    assert registered["changes"] == [{"field": "exists", "before": "no", "after": "yes"}]


async def test_pages_of_any_size_and_filter_tell_the_same_changes(anna, monkeypatch):
    for n in range(12):
        cron = f"{n} 9 * * *"
        await record(anna, shop.ScheduleSet(shop_id=anna.shop, schedule=by_cron(cron, "UTC")))
        await record(anna, shop.SyncRequested(shop_id=anna.shop))
    every = {each["id"]: each["changes"] for each in await entries(anna)}
    schedules = await entries(anna, filter={"action": "tenant.schedule_set"})
    monkeypatch.setattr(changes, "FAR", 1)
    far_apart = await entries(anna, filter={"action": "tenant.schedule_set"})

    assert len(schedules) == 13
    assert {each["id"]: each["changes"] for each in schedules}.items() <= every.items()
    assert far_apart == schedules


async def test_a_fact_that_cannot_be_read_is_listed_without_changes(anna, database):
    await record_newer(database, anna)
    listed = await entries(anna)
    alone = await entries(anna, first=1)

    assert listed[0]["action"] == alone[0]["action"] == "tenant.moved"
    assert listed[0]["changes"] == alone[0]["changes"] == []
    assert listed[1]["changes"] != []


@pytest.mark.parametrize("field", ["changes { field }", "causes { id }", "ip", "agent"])
async def test_it_is_read_only_if_asked_for_and_once_for_all_entries(anna, database, field):
    query = "query($first: Int!) { auditLog(first: $first) { edges { node { sentence %s } } } }"
    await record(anna, *[shop.SyncRequested(shop_id=anna.shop)] * 90)
    sent = {}
    for asked in ("", field):
        for first in (3, 90):
            with statements(database) as seen:
                await anna.ask(query % asked, first=first)
            sent[asked, first] = len(seen)

    assert sent["", 3] == sent["", 90]
    assert sent["", 90] < sent[field, 90]
    assert sent[field, 90] == sent[field, 3]
    assert sent[field, 90] - sent["", 90] <= 8


def test_every_part_of_what_a_company_holds_has_words_on_the_page():
    parts = {each.name for kind in (Held, Standing, Billed) for each in fields(kind)}
    plans = {f"claims.standing.rest.{each}" for each in REST}

    assert {each for each in parts | plans if part(each) == each} == {"standing", "billed", "rest"}


def test_every_part_of_a_state_has_words_on_the_page():
    heads = (tenant.Tenant, shop.Shop, health.Health, writer.Writer, writer.Key)
    states = (*heads, *(type(each.initial) for each in changes.DECIDERS.values()))
    parts = {each.name.removesuffix("_id") for state in states for each in fields(state)}

    wholes = {"members", "shops", "staff", "arrangement", "health", "writer", "kept", "terms"}
    wholes |= {"claims"}
    wholes |= {*changes.SILENT}
    assert {each for each in parts if part(each) == each} == wholes

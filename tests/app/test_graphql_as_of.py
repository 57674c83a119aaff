"""Time travel: the company and its plan as of any moment, equal to their facts folded up to it."""

import random
from datetime import datetime, timedelta
from itertools import takewhile
from typing import get_args
from uuid import UUID, uuid4

import pytest

from app.wiring.facts import CODEC, FACTS, follow
from domain import tenant
from domain.access import Role
from domain.events import Change, Origin, Stream
from domain.fact import fact
from infrastructure.postgres.codec import Codec
from infrastructure.postgres.event_store import EventStore
from tests.app.graphql_world import NOW, World, told
from tests.app.long_streams import head_of
from tests.histories import happened

COMPANY = """query($asOf: AsOf) { tenant(asOf: $asOf) {
  id name registeredAt
  members { role joinedAt person { id fullName email } }
  shops { id name marketplace sellerId spreadsheetId cron zone broken } } }"""
PLAN = "query($asOf: AsOf) { subscription(asOf: $asOf) { plan since limits { products } } }"
SEEDS, TRIES = (163, 21, 26), 140


@fact
class ShopPainted:
    """What a newer version of ours records of a shop."""

    shop_id: UUID


@pytest.fixture
def world(database):
    return World(database)


@pytest.fixture
async def anna(world):
    return await world.register()


def chance(seed):
    return random.Random(seed).choice  # noqa: S311 - to be the same each time


def own(client, kind="tenant"):
    return Stream(kind=kind, tenant=client.scope.tenant, id=client.scope.tenant)


async def recorded_of(client):
    store = EventStore(client.world.database, CODEC, lambda: NOW, follow)
    return await store.read(own(client))


async def lives_on(client, seed, minutes=lambda n: n):
    """Random facts, told one by one; `minutes` says when the n-th was."""
    world, known = client.world, await recorded_of(client)
    store = EventStore(world.database, CODEC, lambda: world.now, follow)
    events = list(happened(tenant.decider, chance(seed), TRIES, [each.event for each in known]))
    origin = Origin(source="user", actor=None, correlation=uuid4(), causation="request:1")
    for n, event in enumerate(events, 1):
        world.now = NOW + timedelta(minutes=minutes(n))
        head = head_of(known)
        known += await store.append([Change(stream=own(client), head=head, events=[event])], origin)
    world.now = NOW + timedelta(days=1)
    return known


def folded(recorded):
    """What the API ought to show of these facts."""
    if not recorded:
        return None
    state = tenant.decider.replay(each.event for each in recorded)
    joined = {
        each.event.user_id: each.at
        for each in recorded
        if isinstance(each.event, tenant.MemberJoined)
    }
    people = sorted((joined[person], person, role) for person, role in state.members.items())
    shops = [
        (
            str(shop_id),
            each.seller_id,
            each.spreadsheet_id,
            each.schedule.told()[:2] if each.schedule else (None, None),
            each.broken,
        )
        for shop_id, each in state.shops.items()
    ]
    return [(str(person), role.name, at) for at, person, role in people], shops


def shown(company):
    """The same of what it does show."""
    if company is None:
        return None
    members = [
        (each["person"]["id"], each["role"], datetime.fromisoformat(each["joinedAt"]))
        for each in company["members"]
    ]
    names = ("id", "sellerId", "spreadsheetId")
    shops = [
        (*(each[name] for name in names), (each["cron"], each["zone"]), each["broken"])
        for each in company["shops"]
    ]
    return members, shops


@pytest.mark.parametrize("seed", SEEDS)
async def test_the_company_as_of_each_position_is_the_fold_of_its_facts_up_to_it(anna, seed):
    recorded = await lives_on(anna, seed)

    for n, last in enumerate(recorded, 1):
        seen = await anna.ask(COMPANY, asOf={"position": last.position})
        assert shown(seen["tenant"]) == folded(recorded[:n])


def test_these_histories_hold_every_kind_of_fact():
    owner = uuid4()
    begun = [
        tenant.Registered(owner_id=owner),
        tenant.MemberJoined(user_id=owner, role=Role.OWNER),
    ]
    lives = [happened(tenant.decider, chance(seed), TRIES, begun) for seed in SEEDS]

    assert {type(each) for life in (begun, *lives) for each in life} == set(get_args(tenant.Event))


@pytest.mark.parametrize(
    "minutes",
    [lambda n: n // 3, lambda n: n + 40 * (n % 7 == 0), lambda n: 90 - n],
    ids=["equal times", "a clock that leaps and returns", "a clock that goes back"],
)
async def test_as_of_a_time_is_the_beginning_before_the_first_later_fact(anna, minutes):
    recorded = await lives_on(anna, 4, minutes)

    for minute in range(-1, 95, 2):
        at = NOW + timedelta(minutes=minute)
        seen = await anna.ask(COMPANY, asOf={"at": at.isoformat()})
        beginning = list(takewhile(lambda each, at=at: each.at <= at, recorded))
        assert shown(seen["tenant"]) == folded(beginning)


async def test_now_looks_the_same_with_and_without_a_moment(anna):
    await lives_on(anna, 5)
    now = {"at": anna.world.now.isoformat()}

    assert await anna.ask(COMPANY, asOf=now) == await anna.ask(COMPANY)
    assert await anna.ask(COMPANY, asOf=None) == await anna.ask(COMPANY)
    assert await anna.ask(PLAN, asOf=now) == await anna.ask(PLAN)


async def test_names_are_as_of_today_and_those_who_left_have_none(anna):
    recorded = await recorded_of(anna)
    shop_id = await anna.connected_shop()
    connected = await recorded_of(anna)
    await anna.change("disconnectShop", "shopId", shopId=shop_id)
    leave = tenant.Leave(user_id=anna.scope.person)
    command = anna.world.callers[anna.headers["authorization"]]
    await anna.world.handle(
        told(tenant.decider, anna.scope.tenant, anna.scope.tenant, leave), origin=command.origin
    )

    first, then, now = [
        (await anna.ask(COMPANY, asOf={"position": position}))["tenant"]
        for position in (recorded[-1].position, connected[-1].position, 2**53)
    ]

    assert first["name"] == then["name"] == now["name"] == "Рыжий кот"
    person = {"id": str(anna.scope.person), "fullName": None, "email": None}
    assert [each["person"] for each in first["members"]] == [person]
    assert [each["spreadsheetId"] for each in then["shops"]] == [f"sheet-{shop_id}"]
    assert (first["shops"], now["shops"], now["members"]) == ([], [], [])


async def test_the_plan_as_of_then(anna):
    early = {"at": (NOW - timedelta(seconds=1)).isoformat()}

    seen = await anna.ask(PLAN, asOf={"at": NOW.isoformat()})
    before = await anna.ask(PLAN, asOf=early)
    at_first = await anna.ask(PLAN, asOf={"position": 0})

    assert seen["subscription"]["plan"] == "FREE"
    assert datetime.fromisoformat(seen["subscription"]["since"]) == NOW
    assert seen == await anna.ask(PLAN)
    assert before == at_first == {"subscription": None}


async def test_before_it_registered_there_was_no_company(anna):
    (first, *_) = await recorded_of(anna)

    for moment in ({"position": first.position - 1}, {"at": "0001-01-01T00:00:00Z"}):
        assert await anna.ask(COMPANY, asOf=moment) == {"tenant": None}


@pytest.mark.parametrize(
    ("moment", "field", "sentence"),
    [
        ({}, "asOf", "exactly one of `at` and `position`"),
        ({"at": None, "position": None}, "asOf", "exactly one"),
        ({"at": "2026-11-23T04:40:00Z", "position": 1}, "asOf", "exactly one"),
        ({"position": -1}, "asOf.position", "must be 0 or more"),
        ({"at": "2026-11-23T04:40:00"}, "asOf.at", "needs its offset"),
        ({"at": "2026-11-23"}, "asOf.at", "needs its offset"),
        ({"at": "2026-11-23T04:40:01Z"}, "asOf.at", "is in the future"),
        ({"at": "9999-12-31T23:59:59-12:00"}, "asOf.at", "outside the years"),
        ({"at": "0001-01-01T00:00:00+03:00"}, "asOf.at", "outside the years"),
    ],
)
@pytest.mark.parametrize("field_of", [COMPANY, PLAN], ids=["tenant", "subscription"])
async def test_a_moment_that_is_none_is_refused_with_its_cure(
    anna, field_of, moment, field, sentence
):
    (error,) = await anna.errors(field_of, asOf=moment)

    assert sentence in error["message"]
    assert error["extensions"]["code"] == "INVALID"
    assert error["extensions"]["argument"] == field.split(".")


@pytest.mark.parametrize(
    "moment", [{"position": 2**53 + 1}, {"position": 1.5}, {"position": "1"}, {"at": "yesterday"}]
)
async def test_a_moment_of_the_wrong_kind_is_refused_and_named(anna, moment):
    (error,) = await anna.errors(COMPANY, asOf=moment)

    assert f"'$asOf' has invalid value at .{next(iter(moment))}:" in error["message"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"


async def test_a_moment_written_into_the_document_is_one_too(anna):
    seen = await anna.ask('{ tenant(asOf: {at: "2026-11-23T07:40:00+03:00"}) { id } }')

    assert seen["tenant"]["id"] == str(anna.scope.tenant)
    (error,) = await anna.errors("{ tenant(asOf: {position: 99999999999999999999}) { id } }")
    assert "BigInt must be a whole number" in error["message"]


async def test_anothers_position_shows_only_ones_own_company(world, anna):
    boris = await world.register(name="Борис", company="Чужая")
    shop_id = await boris.connected_shop()
    theirs = (await recorded_of(boris))[-1].position

    seen = await anna.acting_as(Role.VIEWER).ask(COMPANY, asOf={"position": theirs})

    assert seen["tenant"]["id"] == str(anna.scope.tenant)
    assert seen["tenant"]["shops"] == []
    for canary in (shop_id, str(boris.scope.person), "Чужая"):
        assert canary not in str(seen)


async def test_what_a_newer_version_recorded_is_an_outage_in_words_and_no_riddle(anna):
    recorded = await recorded_of(anna)
    newer = EventStore(
        anna.world.database,
        Codec([*FACTS, ("tenant", ShopPainted)]),
        lambda: NOW,
        follow,
    )
    head = head_of(recorded)
    change = Change(stream=own(anna), head=head, events=[ShopPainted(shop_id=uuid4())])
    await newer.append([change], recorded[0].origin)

    refused = await anna.errors("{ tenant { shops { id } } }")
    change = await anna.change(
        "connectShop", "shop { id }", marketplace="WILDBERRIES", token="token"
    )
    before = await anna.ask(COMPANY, asOf={"position": recorded[-1].position})
    log = await anna.ask("{ auditLog(first: 1) { edges { node { action } } } }")

    assert [each["extensions"]["code"] for each in refused] == ["OUR_OUTAGE"]
    assert "tenant.shop_painted was recorded by a newer version" in refused[0]["message"]
    assert shown(before["tenant"]) == folded(recorded)
    assert log["auditLog"]["edges"][0]["node"]["action"] == "tenant.shop_painted"
    assert (await anna.ask("{ tenant { members { role } } }"))["tenant"]["members"]

"""Finding facts: each filter alone and all of them together, page by page, in both orders."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from app.audit.targets import Named, matching
from app.audit.trigrams import similarity
from domain import health, shop, tenant
from domain.access import Role
from domain.schedule import by_cron
from tests.app.graphql_audit_world import LOG, actions, entries, record, record_newer
from tests.app.graphql_world import NOW, World

DAY = timedelta(days=1)
IGOR = "Игорь Соколов"


@pytest.fixture(scope="module")
def world(pool):
    return World(pool)


@pytest.fixture(scope="module")
async def anna(world):
    """Who only looks."""
    return await owner(world)


@pytest.fixture
async def olga(world):
    """To whose company a test may add."""
    return await owner(world)


async def owner(world):
    """Of a company with a shop, a colleague, a sync that broke, and a subscription."""
    world.now = NOW
    anna = await world.register(company="Компания Котовой")
    igor = await world.register(name=IGOR)
    anna.shop = UUID(await anna.connected_shop(seller="4815"))
    anna.igor = igor.scope.person
    world.now = NOW + DAY
    await record(anna, tenant.MemberJoined(user_id=anna.igor, role=Role.ADMIN))
    world.now = NOW + 2 * DAY
    anna.correlation = uuid4()
    by_igor = {"actor": anna.igor, "source": "api_token", "correlation": anna.correlation}
    await record(
        anna, shop.ScheduleSet(shop_id=anna.shop, schedule=by_cron("0 9 * * *", "UTC")), **by_igor
    )
    by_run = {"actor": None, "source": "run", "correlation": anna.correlation}
    world.now = NOW + 3 * DAY
    await record(anna, health.ShopBroke(shop_id=anna.shop, cause="token_dead"), **by_run)
    return anna


ALL = [
    "shop_broke",
    "schedule_set",
    "member_joined",
    "sheet_connected",
    "schedule_set",
    "shop_connected",
    "started",
    "member_joined",
    "registered",
]


async def test_without_a_filter_all_facts_are_listed(anna):
    assert await actions(anna) == ALL


async def test_by_actor(anna):
    assert await actions(anna, actor=anna.igor) == ["schedule_set"]
    assert await actions(anna, actor=anna.scope.person) == ALL[2:]
    assert await actions(anna, actor=uuid4()) == []


async def test_by_one_action_or_several(anna):
    assert await actions(anna, action="tenant.schedule_set") == ["schedule_set"] * 2
    assert await actions(anna, action=["subscription.started", "tenant.shop_broke"]) == [
        "shop_broke",
        "started",
    ]
    assert await actions(anna, action="tenant.read_by_staff") == []


async def test_by_how_actions_begin(anna):
    assert await actions(anna, action="tenant.*") == [each for each in ALL if each != "started"]
    assert await actions(anna, action="tenant.shop_*") == ["shop_broke", "shop_connected"]
    assert await actions(anna, action=["subscription.*", "tenant.reg*"]) == [
        "started",
        "registered",
    ]


async def test_what_only_a_newer_version_knows_is_found_by_its_name_too(olga, database):
    await record_newer(database, olga)

    assert (await actions(olga, action="tenant.*"))[0] == "moved"
    assert await actions(olga, action="tenant.moved") == ["moved"]


@pytest.mark.parametrize(
    "target", ["рыжий", "РЫЖИЙ К", "рыжии кот", "рыжый кот", "4815", "48", "sheet-"]
)
async def test_by_target_as_people_write_it(anna, target):
    assert await actions(anna, target=target) == [
        "shop_broke",
        "schedule_set",
        "sheet_connected",
        "schedule_set",
        "shop_connected",
    ]


async def test_a_target_is_an_id_a_shop_a_colleague_or_the_company(anna):
    about_igor = ["member_joined"]

    assert await actions(anna, target=str(anna.igor)) == about_igor
    assert await actions(anna, target="Игорь") == about_igor
    assert await actions(anna, target="соколов") == about_igor
    assert await actions(anna, target="Компания") == ["started", "registered"]


async def test_a_target_that_is_called_otherwise_gives_an_empty_page(anna):
    page = (await anna.ask(LOG, filter={"target": "Синяя птица"}))["auditLog"]

    assert page == {
        "totalCount": 0,
        "pageInfo": {"hasNextPage": False, "endCursor": None},
        "edges": [],
    }


async def test_by_time_from_the_first_moment_on_and_up_to_the_last_one(anna):
    since, until = (NOW + DAY).isoformat(), (NOW + 3 * DAY).isoformat()

    assert await actions(anna, since=since) == ALL[:3]
    assert await actions(anna, until=until) == ALL[1:]
    assert await actions(anna, since=since, until=until) == ALL[1:3]


async def test_by_source(anna):
    assert await actions(anna, source="run") == ["shop_broke"]
    assert await actions(anna, source="api_token") == ["schedule_set"]
    assert await actions(anna, source="stripe") == []


async def test_by_correlation(anna):
    assert await actions(anna, correlation=anna.correlation) == ["shop_broke", "schedule_set"]


async def test_filters_together_must_all_be_true(anna):
    both = {"target": "рыжий", "action": ["tenant.schedule_set", "tenant.registered"]}
    here = {"correlation": anna.correlation, "since": NOW.isoformat()}

    assert await actions(anna, **both) == ["schedule_set"] * 2
    assert await actions(anna, **both, **here) == ["schedule_set"]
    assert await actions(anna, **both, **here, source="api_token", actor=anna.igor) == [
        "schedule_set"
    ]
    assert await actions(anna, **both, **here, source="run") == []


async def test_the_count_is_of_what_the_filter_lets_through(anna):
    async def count(**filter_):
        return (await anna.ask(LOG, filter=filter_, first=1))["auditLog"]["totalCount"]

    assert await count() == 9
    assert await count(action=["tenant.schedule_set", "tenant.shop_broke"]) == 3
    assert await count(action="tenant.schedule_set", target="рыжий", source="user") == 1


async def test_the_oldest_may_come_first(anna):
    told = await entries(anna, order="OLDEST", filter={"action": "tenant.*"})

    assert [each["action"].partition(".")[2] for each in told] == [
        each for each in reversed(ALL) if each != "started"
    ]


@pytest.mark.parametrize("order", ["NEWEST", "OLDEST"])
@pytest.mark.parametrize("filter_", [{}, {"action": "tenant.*"}, {"target": "рыжий"}])
async def test_small_pages_show_each_fact_once_while_new_ones_arrive(olga, order, filter_):
    before = {each["id"] for each in await entries(olga, filter=filter_)}
    seen, after, more, n = [], None, True, 0
    while more:
        page = (await olga.ask(LOG, first=2, after=after, order=order, filter=filter_))["auditLog"]
        seen += [edge["node"]["id"] for edge in page["edges"]]
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
        n += 1
        if n <= 3:
            await record(olga, health.ShopRecovered(shop_id=olga.shop))

    assert len(seen) == len(set(seen))
    assert before <= set(seen)
    assert len(seen) == len(before) + (3 if order == "OLDEST" else 0)


@pytest.mark.parametrize("order", ["NEWEST", "OLDEST"])
async def test_facts_of_one_moment_are_paged_by_their_position(world, olga, order):
    moment = world.now + DAY
    world.now = moment
    asked = [shop.SyncRequested(shop_id=olga.shop)] * 23
    positions = [each.position for each in await record(olga, *asked)]
    seen, after, more = [], None, True
    while more:
        about = {"since": moment.isoformat(), "target": str(olga.shop)}
        page = (await olga.ask(LOG, first=5, after=after, order=order, filter=about))["auditLog"]
        seen += [edge["node"]["position"] for edge in page["edges"]]
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]

    assert seen == (positions if order == "OLDEST" else positions[::-1])


async def test_what_is_anothers_finds_nothing(world, anna):
    boris = await world.register(name="Борис", company="Другая")
    theirs = await anna.ask(LOG, first=2)

    assert await actions(boris, actor=anna.scope.person) == []
    assert await actions(boris, correlation=anna.correlation) == []
    assert await actions(boris, target=str(anna.shop)) == []
    assert await actions(boris, target="рыжий") == []
    assert await actions(boris, target="4815") == []
    assert await actions(boris, target="Анна") == []
    page = await entries(boris, after=theirs["auditLog"]["pageInfo"]["endCursor"])
    assert {each["actor"]["name"] for each in page} <= {"Борис"}


@pytest.mark.parametrize(
    ("asked", "argument", "cure"),
    [
        ({"filter": {"source": "moon"}}, "source", "is one of: user, api_token"),
        ({"filter": {"action": "tenant.shop_conected"}}, "action", "There are: tenant.*"),
        ({"filter": {"action": "shop"}}, "action", "There are: tenant.*"),
        ({"filter": {"action": "shop*"}}, "action", "There are: tenant.*"),
        ({"filter": {"action": []}}, "action", "1 to 50 names"),
        ({"filter": {"action": ["tenant.*"] * 51}}, "action", "1 to 50 names"),
        ({"filter": {"target": "a" * 201}}, "target", "at most 200"),
        ({"filter": {"target": "a\x00"}}, "target", "printable"),
        ({"filter": {"since": "2026-11-23T07:40:00"}}, "since", "needs its offset"),
        ({"filter": {"until": "0001-01-01T00:00:00+14:00"}}, "until", "years 1 to 9999"),
        (
            {"filter": {"since": "2026-11-23T07:40:00Z", "until": "2026-11-23T07:40:00Z"}},
            "until",
            "must be later",
        ),
        ({"after": "WzFd"}, "after", "is not a cursor"),
        ({"after": "WyIwMDAxLTAxLTAxVDAwOjAwOjAwKzE0OjAwIiwxXQ=="}, "after", "is not a cursor"),
        ({"first": 0}, "first", "1 to 100"),
    ],
)
async def test_what_cannot_be_asked_is_refused_with_the_argument_and_the_cure(
    anna, asked, argument, cure
):
    (error,) = await anna.errors(LOG, **asked)

    assert error["extensions"]["code"] == "INVALID"
    assert error["extensions"]["argument"][-1].removeprefix("filter.") == argument
    assert cure in error["message"]


@pytest.mark.parametrize("filter_", [{"actor": "me"}, {"correlation": "1"}, {"since": "today"}])
async def test_what_is_no_id_and_no_time_never_gets_that_far(anna, filter_):
    (error,) = await anna.errors(LOG, filter=filter_)

    assert error["extensions"]["code"] == "BAD_USER_INPUT"


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("word", "two words", 4 / 11),
        ("cat", "cat", 1),
        ("abc", "xyz", 0),
        ("рыжий кот", "рыжии кот", 8 / 12),
        ("", "кот", 0),
        ("!!!", "кот", 0),
    ],
)
def test_likeness_is_what_postgresql_reckons(one, other, expected):
    """similarity('word', 'two words') is PostgreSQL's own example, F.35."""
    assert similarity(one, other) == pytest.approx(expected)


def test_a_name_that_begins_so_comes_before_one_that_is_only_like_it():
    names = enumerate(["Сосна", "Елка", "Новая ёлка"])
    named = [Named(id=UUID(int=n), name=name, exact=False) for n, name in names]

    assert matching(named, "Ёлка") == [UUID(int=1), UUID(int=2)]
    assert matching(named, "новая ел") == [UUID(int=2)]
    assert matching(named, "ёлкка") == [UUID(int=1), UUID(int=2)]
    assert matching(named, "стол") == []

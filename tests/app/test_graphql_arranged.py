"""What else a sheet shows is said through the API, and by whom stands in the log."""

from uuid import uuid4

import pytest

from domain.access import Role
from tests.app.graphql_world import World

SHOWN = "shop { sheet { dataTab replenishmentTab hideEmptyPlaces deletedColumns } }"
TAB = "INSERT INTO sheet_tabs VALUES ($1, $2, $3, $2, '', now(), $4)"


@pytest.fixture
def world(database):
    return World(database)


@pytest.fixture
async def anna(world):
    return await world.register()


async def test_a_sheet_is_arranged_and_shows_how(anna):
    shop_id = await anna.connected_shop()

    made = await anna.change("arrangeSheet", SHOWN, shopId=shop_id, dataTab=True)
    more = await anna.change("arrangeSheet", SHOWN, shopId=shop_id, hideEmptyPlaces=True)
    refilled = await anna.change("arrangeSheet", SHOWN, shopId=shop_id, replenishmentTab=True)
    less = await anna.change("arrangeSheet", SHOWN, shopId=shop_id, dataTab=False)

    shown = [each["shop"]["sheet"] for each in (made, more, refilled, less)]
    switches = ("dataTab", "replenishmentTab", "hideEmptyPlaces")
    assert [tuple(each[name] for name in switches) for each in shown] == [
        (True, False, False),
        (True, False, True),
        (True, True, True),
        (False, True, True),
    ]


async def test_columns_that_she_deleted_are_named_and_asked_back(anna, database):
    shop_id = await anna.connected_shop()
    async with database.driver() as driver:
        tenant, file = anna.scope.tenant, f"sheet-{shop_id}"
        await driver.execute(TAB, tenant, shop_id, file, ["Минск · Остатки"])

    made = await anna.change("returnColumns", SHOWN, shopId=shop_id)
    log = await anna.ask("{ auditLog(first: 2) { edges { node { action sentence } } } }")
    async with database.driver() as driver:
        asked = await driver.fetchval(
            "SELECT columns_returned_at FROM shops WHERE shop_id = $1", shop_id
        )

    assert made["shop"]["sheet"]["deletedColumns"] == ["Минск · Остатки"]
    assert asked == anna.world.now
    assert [edge["node"]["action"] for edge in log["auditLog"]["edges"]] == [
        "tenant.sync_requested",
        "tenant.columns_returned",
    ]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"dataTab": True}, "Анна Котова switched on the tab “Data” of the shop “Рыжий кот”"),
        (
            {"replenishmentTab": True},
            "Анна Котова switched on the tab “Replenishment” of the shop “Рыжий кот”",
        ),
        (
            {"hideEmptyPlaces": True},
            "Анна Котова had empty places hidden in the sheet of the shop “Рыжий кот”",
        ),
    ],
)
async def test_the_log_says_who_arranged_what(anna, given, said):
    shop_id = await anna.connected_shop()

    await anna.change("arrangeSheet", "shop { id }", shopId=shop_id, **given)
    log = await anna.ask(
        "{ auditLog(first: 2) { edges { node { sentence changes { field before after } } } } }",
        {"accept_language": "en"},
    )

    arranged = log["auditLog"]["edges"][1]["node"]
    assert arranged["sentence"] == said
    assert [(each["before"], each["after"]) for each in arranged["changes"]] == [(None, "yes")]


async def test_without_a_sheet_no_column_returns(anna):
    shop_id = await anna.connected_shop(sheet=False)

    made = await anna.change("returnColumns", SHOWN, shopId=shop_id)

    (refused,) = made["userErrors"]
    assert (refused["code"], refused["path"]) == ("SHEET_MISSING", ["input", "shopId"])


async def test_only_admins_arrange_and_only_their_own(world, anna):
    shop_id = await anna.connected_shop()
    member, boris = anna.acting_as(Role.MEMBER), await world.register("Борис")

    refused = await member.change("arrangeSheet", "shop { id }", shopId=shop_id, dataTab=True)
    strange = await boris.change("arrangeSheet", "shop { id }", shopId=shop_id, dataTab=True)
    nobodys = await boris.change("returnColumns", "shop { id }", shopId=uuid4())

    assert [each["userErrors"][0]["code"] for each in (refused, strange, nobodys)] == [
        "FORBIDDEN",
        "UNKNOWN_SHOP",
        "UNKNOWN_SHOP",
    ]

"""A shop is connected by trying its token live; its sheet by opening it."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from app.stock.connect import TOKEN
from domain.access import Role
from domain.errors import Malformed, Unavailable
from tests.app.graphql_world import World
from tests.fakes import ADDRESS, account

SECRET = "eyJhbGciOiJFUzI1NiJ9.canary.signature"
SHOP = "shop { id name sellerId tokenKind tokenExpiresAt sheet { spreadsheetId url } }"
INSIGHT = "token { sellerName works fails { source reason } expiresAt readOnly }"
FILE = "1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789"
URL = f"https://docs.google.com/spreadsheets/d/{FILE}/edit#gid=0"


@pytest.fixture
def world(database):
    return World(database)


@pytest.fixture
async def anna(world):
    return await world.register()


async def connect(client, token=SECRET, **more):
    return await client.change(
        "connectShop", f"{SHOP} {INSIGHT}", marketplace="WILDBERRIES", token=token, **more
    )


async def test_connecting_a_shop_shows_what_its_token_is_good_for(world, anna):
    until = datetime(2027, 5, 1, tzinfo=UTC)
    world.marketplace.accounts[SECRET] = account("501", expires_at=until)

    made = await connect(anna)

    assert made["userErrors"] == []
    assert made["shop"]["name"] == "Рыжий кот"
    assert made["shop"]["sellerId"] == "501"
    assert made["token"] == {
        "sellerName": "Рыжий кот",
        "works": ["cards", "stock"],
        "fails": [{"source": "orders", "reason": "Выпустите токен с категорией «Статистика»."}],
        "expiresAt": "2027-05-01T00:00:00+00:00",
        "readOnly": True,
    }


async def test_a_token_lies_in_the_vault_and_nowhere_else(world, anna, database):
    world.marketplace.accounts[SECRET] = account("502")
    made = await connect(anna, token=f"  Bearer {SECRET}\n")
    tenant = anna.scope.tenant
    async with database.driver() as driver:
        token_id = await driver.fetchval("SELECT token_id FROM shops WHERE tenant_id = $1", tenant)
        facts = await driver.fetch("SELECT payload FROM events WHERE tenant_id = $1", tenant)

    assert made["userErrors"] == []
    assert await world.vault.open(tenant, token_id, TOKEN) == SECRET.encode()
    assert all(b"canary" not in row["payload"] for row in facts)


@pytest.mark.parametrize(
    ("down", "code"),
    [
        (None, "TOKEN_DEAD"),
        (Unavailable("Wildberries не отвечает.", cause="outage"), "OUTAGE"),
        (Malformed("Ответ не такой, как обещано.", cause="malformed"), "MALFORMED"),
    ],
)
async def test_a_token_that_fails_is_refused_with_what_to_do_and_nothing_is_kept(
    world, anna, down, code
):
    world.marketplace.down = down

    made = await connect(anna)

    assert made["shop"] is None
    assert [(each["code"], each["path"]) for each in made["userErrors"]] == [
        (code, ["input", "token"])
    ]
    assert made["userErrors"][0]["message"]
    assert (await anna.ask("{ shops { id } }"))["shops"] == []


@pytest.mark.parametrize("works", [("cards",), ("stock", "orders")])
async def test_a_token_that_opens_too_little_for_a_sync_replaces_no_good_one(
    world, anna, database, works
):
    reasons = (("cards", "Нужна «Контент»."), ("stock", "Нужна «Аналитика»."), ("orders", "…"))
    fails = tuple(each for each in reasons if each[0] not in works)
    world.marketplace.accounts |= {"old": account("507")}
    world.marketplace.accounts |= {"poor": account("507", works=works, fails=fails)}
    shop_id = (await connect(anna, token="old"))["shop"]["id"]
    tenant = anna.scope.tenant

    poor = await connect(anna, token="poor", shopId=shop_id)
    async with database.driver() as driver:
        token_id = await driver.fetchval("SELECT token_id FROM shops WHERE tenant_id = $1", tenant)

    assert poor["shop"] is None
    assert poor["userErrors"] == [
        {"code": "NO_SCOPE", "message": fails[0][1], "path": ["input", "token"]}
    ]
    assert await world.vault.open(tenant, token_id, TOKEN) == b"old"


@pytest.mark.parametrize("token", ["", "   ", "два слова", "a\u0000b", "x" * 5000])
async def test_text_that_no_marketplace_issues_is_not_even_tried(world, anna, token):
    made = await connect(anna, token=token)

    assert made["userErrors"][0]["code"] == "INVALID"
    assert world.marketplace.inspected == 0


async def test_a_new_token_of_the_same_seller_renews_the_shop_and_the_old_one_is_forgotten(
    world, anna, database
):
    world.marketplace.accounts |= {"old": account("503"), "new": account("503", name="Другое")}
    first = await connect(anna, token="old", name="Мой магазин")
    second = await connect(anna, token="new", shopId=first["shop"]["id"])
    async with database.driver() as driver:
        kept = await driver.fetchval(
            "SELECT count(*) FROM secrets WHERE tenant_id = $1", anna.scope.tenant
        )

    assert second["shop"]["id"] == first["shop"]["id"]
    assert second["shop"]["name"] == "Мой магазин"
    assert kept == 1


async def test_a_shop_that_came_without_a_name_has_its_sellers_once_that_is_told(world, anna):
    nameless, told = account("503", name=""), account("503", name="Рыжий кот")
    world.marketplace.accounts |= {"first": nameless, "second": told, "third": nameless}
    first = await connect(anna, token="first")
    second = await connect(anna, token="second")
    third = await connect(anna, token="third")

    assert [each["shop"]["name"] for each in (first, second, third)] == [
        "",
        "Рыжий кот",
        "Рыжий кот",
    ]


async def test_a_token_of_another_seller_does_not_renew_a_shop(world, anna):
    world.marketplace.accounts |= {"mine": account("504"), "other": account("505")}
    first = await connect(anna, token="mine")

    second = await connect(anna, token="other", shopId=first["shop"]["id"])

    assert second["userErrors"][0]["code"] == "WRONG_SELLER"
    assert second["userErrors"][0]["path"] == ["input", "token"]


async def test_the_same_idempotency_key_connects_once(world, anna):
    world.marketplace.accounts[SECRET] = account("506")
    key = {"idempotency_key": str(uuid4())}
    given = {"marketplace": "WILDBERRIES", "token": SECRET}

    first = await anna.change("connectShop", SHOP, key, **given)
    again = await anna.change("connectShop", SHOP, key, **given)
    log = await anna.ask("{ auditLog { edges { node { action } } } }")

    assert again["shop"]["id"] == first["shop"]["id"]
    actions = [edge["node"]["action"] for edge in log["auditLog"]["edges"]]
    assert actions.count("tenant.shop_connected") == 1
    assert "tenant.token_replaced" not in actions


async def test_a_disconnected_shop_is_gone_and_so_is_its_token(world, anna, database):
    shop_id = await anna.connected_shop()

    gone = await anna.change("disconnectShop", "shopId", shopId=shop_id)
    async with database.driver() as driver:
        kept = await driver.fetchval(
            "SELECT count(*) FROM secrets WHERE tenant_id = $1", anna.scope.tenant
        )

    assert gone == {"shopId": shop_id, "userErrors": []}
    assert await anna.ask("query($id: UUID!) { shop(id: $id) { id } }", id=shop_id) == {
        "shop": None
    }
    assert kept == 0


async def test_a_sheet_is_connected_by_its_link(world, anna):
    world.sheet.share(FILE, "Остатки 2026")
    shop_id = await anna.connected_shop(sheet=False)

    made = await anna.change("connectSheet", f"title {SHOP}", shopId=shop_id, url=URL)

    assert made["userErrors"] == []
    assert made["title"] == "Остатки 2026"
    assert made["shop"]["sheet"]["spreadsheetId"] == FILE


async def test_a_sheet_that_is_not_shared_is_refused_with_the_address_to_share_with(world, anna):
    shop_id = await anna.connected_shop(sheet=False)

    made = await anna.change("connectSheet", "title", shopId=shop_id, url=URL)

    (refused,) = made["userErrors"]
    assert refused["code"] == "SHEET_UNSHARED"
    assert refused["path"] == ["input", "url"]
    assert ADDRESS in refused["message"]
    assert await anna.ask("{ sheetAddress }") == {"sheetAddress": ADDRESS}


@pytest.mark.parametrize("url", ["", "tomorrow", "https://example.com/", "x" * 3000, "a\u0000"])
async def test_text_that_is_no_link_to_a_sheet_is_refused(anna, url):
    shop_id = await anna.connected_shop(sheet=False)

    made = await anna.change("connectSheet", "title", shopId=shop_id, url=url)

    assert (made["userErrors"][0]["code"], made["userErrors"][0]["path"]) == (
        "INVALID",
        ["input", "url"],
    )


async def test_a_schedule_is_set_in_the_zone_it_is_meant_in(anna):
    shop_id = await anna.connected_shop(sheet=False)

    made = await anna.change(
        "setSchedule",
        "schedule { cron zone nextRunAt nextTimes }",
        shopId=shop_id,
        cron="30 8 * * 1-5",
        zone="Asia/Yekaterinburg",
    )
    read = await anna.ask(
        "query($id: UUID!) { schedule(shopId: $id) { cron zone nextTimes } }", id=shop_id
    )

    assert made["schedule"]["nextTimes"] == [
        f"2026-11-{day}T08:30:00+05:00" for day in (24, 25, 26, 27, 30)
    ]
    assert read["schedule"]["cron"] == "30 8 * * 1-5"
    assert len(read["schedule"]["nextTimes"]) == 5


@pytest.mark.parametrize(
    ("cron", "zone", "field"),
    [
        ("every day", "Europe/Moscow", "cron"),
        ("0 0 30 2 *", "Europe/Moscow", "cron"),
        ("0 7 * *", "Europe/Moscow", "cron"),
        ("0" * 300, "Europe/Moscow", "cron"),
        ("0 7 * * *", "Moscow", "zone"),
        ("0 7 * * *", "../../etc/passwd", "zone"),
        ("0 7 * * *", "a\u0000b", "zone"),
        ("0 7 * * *", "", "zone"),
    ],
)
async def test_a_schedule_that_never_comes_is_refused_and_the_old_one_stays(
    anna, cron, zone, field
):
    shop_id = await anna.connected_shop(sheet=False)

    made = await anna.change(
        "setSchedule", "schedule { cron }", shopId=shop_id, cron=cron, zone=zone
    )
    kept = await anna.ask("query($id: UUID!) { schedule(shopId: $id) { cron } }", id=shop_id)

    assert made["userErrors"][0]["path"] == ["input", field]
    assert kept["schedule"]["cron"] == "0 8 * * *"


@pytest.mark.parametrize(
    ("role", "mutation", "allowed"),
    [
        (Role.VIEWER, "requestSync", False),
        (Role.MEMBER, "requestSync", True),
        (Role.MEMBER, "disconnectShop", False),
        (Role.ADMIN, "disconnectShop", True),
    ],
)
async def test_a_role_does_what_it_may_and_no_more(anna, role, mutation, allowed):
    shop_id = await anna.connected_shop()

    made = await anna.acting_as(role).change(mutation, "__typename", shopId=shop_id)

    assert [each["code"] for each in made["userErrors"]] == ([] if allowed else ["FORBIDDEN"])

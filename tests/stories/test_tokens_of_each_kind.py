"""Whatever token she has: the same numbers, by the calls that it opens; limits are waited for."""

from uuid import uuid4

import pytest

from sandbox.wildberries.endpoints import ANALYTICS, CONTENT, MARKETPLACE
from sandbox.wildberries.tokens import issue
from tests.stories.city import KIND
from tests.stories.spreadsheet import differences
from tests.stories.town import Town

REMAINS = {"remains_create", "remains_status", "remains_download", "warehouses", "stocks"}


@pytest.mark.skipif(KIND == "secret", reason="then both installations have it")
async def test_base_with_secret_plain_base_and_personal_fill_equal_columns(
    city, second_city, request
):
    async with Town(city, request.node.name) as town, Town(second_city, "plain") as plain_town:
        seller = await town.seller(products=30)
        with_secret = await town.shop(seller, "base")
        personal = await town.shop(seller, "personal")
        before = await seller.calls()
        plain = await plain_town.shop(seller.seen_from(plain_town), "base")
        after = await seller.calls()

        truth = await seller.table()
        assert differences(await with_secret.sheet.table(), truth) == []
        assert differences(await personal.sheet.table(), truth) == []
        assert differences(await plain.sheet.table(), truth) == []
        assert {name for name in after if after[name] > before.get(name, 0)} >= REMAINS


async def test_without_the_category_statistics_orders_come_from_the_feed(town):
    seller = await town.seller(named=0)
    scopes = (CONTENT, ANALYTICS, MARKETPLACE)
    seller.tokens["without"] = issue(seller.id, "personal", scopes=scopes)
    shop = await town.shop(seller, "without")
    table, truth = await shop.sheet.table(), await seller.table()

    assert differences(table, truth) == []
    assert any(row["", "Заказы (всего)"] for row in table.values())


async def test_the_token_is_explained_when_it_is_connected(town):
    person, seller = await town.person(), await town.seller()
    part = issue(seller.id, "personal", scopes=(CONTENT, ANALYTICS))
    narrow = (await person.connect_shop(part))["token"]
    whole = (await person.connect_shop(seller.tokens["base"]))["token"]
    failing = {each["source"]: each["reason"] for each in narrow["fails"]}

    assert (narrow["kind"], narrow["works"]) == ("personal", ["cards", "stock"])
    assert set(failing) == {"orders", "seller_stock", "supplies"}
    assert "Выпустите токен с категорией «Статистика»" in failing["orders"]
    assert (whole["kind"], whole["fails"]) == ("base", [])


async def test_a_token_that_cannot_read_stock_is_refused_with_the_category_it_lacks(town):
    person, seller = await town.person(), await town.seller()
    (error,) = (await person.connect_shop(seller.tokens["content_only"]))["userErrors"]

    assert (error["code"], error["path"]) == ("NO_SCOPE", ["input", "token"])
    assert "Выпустите токен с категорией «Аналитика»" in error["message"]


async def test_tokens_that_open_nothing_are_refused_and_make_no_shop(town):
    person, seller = await town.person(), await town.seller()
    kinds = ("expired", "withdrawn", "test")
    refused = [await person.connect_shop(seller.tokens[kind]) for kind in kinds]
    nonsense = await person.connect_shop(f"нет-{uuid4().hex}")

    errors = [each["userErrors"][0] for each in refused]
    assert [each["code"] for each in errors] == ["TOKEN_DEAD", "TOKEN_DEAD", "NO_SCOPE"]
    assert {tuple(each["path"]) for each in errors} == {("input", "token")}
    assert "Срок токена Wildberries истёк" in errors[0]["message"]
    assert nonsense["userErrors"][0]["code"] == "INVALID"
    assert (await person.ask("{ shops { id } }"))["shops"] == []


async def test_the_next_slot_is_a_wait_with_its_reason_and_no_failure(town):
    seller = await town.seller()
    await seller.fault("orders", "429", retry=900)
    shop = await town.shop(seller, synced=False)
    run = await shop.told_why()

    assert run["state"] == "WAITING"
    assert "Лимит запросов Wildberries для «Заказы»: следующее окно в" in run["why"]
    assert run["waitingUntil"] > run["startedAt"]
    assert [each["outcome"] for each in run["attempts"]] == ["wait"]
    assert (await shop.look())["broken"] is None
    assert await shop.sheet.cells() == []


async def test_googles_own_limit_is_a_wait_too(second_city, request):
    second_city.product.forget_quotas()
    async with Town(second_city, request.node.name) as town:
        shop = await town.shop()
        before = await shop.sheet.cells()
        await shop.seller.set_stock(min(await shop.seller.truth()), 77)
        await shop.sheet.fault("refuse", status=429)
        run = await shop.told_why(await shop.request())

        assert (run["state"], run["result"]) == ("WAITING", None)
        assert "Лимит запросов Google: продолжим сами в" in run["why"]
        assert (await shop.look())["broken"] is None
        assert await shop.sheet.cells() == before

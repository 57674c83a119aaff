"""What a sync will ask is told before it, and is what it asks; what a token opens is known."""

from datetime import datetime, timedelta
from functools import partial

import pytest

from infrastructure.google.quota import allowances
from sandbox.wildberries import tokens
from tests.app.planned_world import PLAN, selling
from tests.fakes import ADDRESS, KEY

KINDS = {
    "personal": ("personal", None),
    "service": ("service", None),
    "base with secret": ("base", tokens.SERVICE_SECRET),
    "plain base": ("base", None),
}


@pytest.fixture
async def seller(database):
    async with selling(database) as seller:
        await seller.connected()
        yield seller


@pytest.mark.parametrize("token", KINDS)
async def test_a_sync_makes_the_calls_that_were_planned(database, token):
    kind, secret = KINDS[token]
    async with selling(database, kind, secret) as seller:
        await seller.connected()
        assert await seller.sync()
        for time in ({"days": 1}, {"hours": 3}, {"hours": 5}):
            seller.passes(**time)
            planned = await seller.plan()
            calls = await seller.sync()

            assert planned["calls"] == calls
            late = seller.market.moment() - datetime.fromisoformat(planned["readyAt"])
            assert abs(late) < timedelta(seconds=1)
        assert seller.market.market.calls.by_status[429] == 0
        assert seller.market.market.calls.by_status[403] == 0


async def test_the_next_slot_is_told_before_a_sync_and_while_it_waits(database):
    async with selling(database, "base") as seller:
        await seller.connected()
        seller.passes(hours=11)
        await seller.sync()
        seller.passes(hours=1, minutes=30)  # past midnight: the kept orders lack those of yesterday
        before = parts(await seller.plan())
        run = await seller.run()
        assert await seller.sync(run) is None
        left = await seller.plan(run=run)
        seller.passes(hours=2)
        end = await seller.plan(run=run)
        assert await seller.sync(run) == end["calls"]

    slot = before["orders"]["startsAt"]
    assert slot.startswith("2026-11-23T23:0")
    assert before["orders"]["cause"] == "LIMIT"
    assert [(each["part"], each["calls"]) for each in left["parts"]] == [("orders", 1)]
    assert left["startsAt"][:15] == slot[:15]
    assert end["calls"] == 1


async def test_todays_orders_are_not_waited_for_a_second_time(database):
    async with selling(database, "base") as seller:
        await seller.connected()
        await seller.sync()
        seller.passes(hours=1)
        planned = parts(await seller.plan())
        assert await seller.sync()

    assert (planned["orders"]["calls"], planned["orders"]["cause"]) == (0, "KEPT")


@pytest.mark.parametrize("token", KINDS)
async def test_the_calls_of_a_second_reading_are_foretold_and_when_it_begins(database, token):
    kind, secret = KINDS[token]
    async with selling(database, kind, secret) as seller:
        await seller.connected()
        await seller.sync()
        seller.passes(hours=4)
        seller.loses(0.8)
        run = await seller.run()
        assert await seller.sync(run) is None
        held = seller.market.moment()
        left = await seller.plan(run=run)
        seller.passes(minutes=30)
        calls = await seller.sync(run)

    assert left["calls"] == calls > 1
    begins = datetime.fromisoformat(left["startsAt"]) - held
    assert timedelta(minutes=29) < begins <= timedelta(minutes=30)


async def test_a_later_beginning_is_planned_with_what_is_due_then(seller):
    await seller.sync()
    tomorrow = seller.market.moment().replace(hour=4) + timedelta(days=1)

    now, then = await seller.plan(), await seller.plan(at=tomorrow.isoformat())

    assert parts(now)["cards"]["calls"] == 1
    assert then["startsAt"] == tomorrow.isoformat()
    assert datetime.fromisoformat(then["readyAt"]) - tomorrow < timedelta(seconds=5)


@pytest.mark.parametrize(
    ("asked", "cure"),
    [
        ({"at": "2026-11-24T07:40:00"}, "needs its offset"),
        ({"at": "9999-12-31T23:59:59Z"}, "Name a nearer time"),
        (
            {"at": "2026-11-24T07:40:00Z", "run": "018f0000-0000-7000-8000-000000000000"},
            "leave one of them out",
        ),
    ],
)
async def test_a_time_that_cannot_be_foretold_is_refused_with_the_cure(seller, asked, cure):
    (error,) = await seller.anna.errors(PLAN, id=seller.shop_id, **asked)

    assert cure in error["message"]


async def test_a_large_catalogue_is_planned_page_by_page_once_a_day(database):
    async with selling(database, products=250) as seller:
        await seller.connected()
        await seller.sync()
        fresh = await seller.plan()
        seller.passes(days=1)
        due = await seller.plan()

    assert (parts(fresh)["cards"]["calls"], parts(due)["cards"]["calls"]) == (1, 3)


async def test_the_sheet_is_foretold_by_the_buckets_of_who_writes_it(seller):
    drained = [*allowances("other@ours", "ours")[::2], *allowances(ADDRESS, "ours")[::2]]
    principals = seller.world.principals
    principals.spent = {
        ADDRESS: allowances(ADDRESS, "ours"),
        "hers@project.iam.gserviceaccount.com": allowances("hers", "project"),
    }
    before = parts(await seller.plan())
    for each in drained[:2]:
        await seller.world.ahead.budget.take(each, cost=each.burst)
    other = parts(await seller.plan())
    for each in drained[2:]:
        await seller.world.ahead.budget.take(each, cost=each.burst)
    ours = parts(await seller.plan())
    await seller.anna.change("setSheetWriter", "shop { id }", shopId=seller.shop_id, key=KEY)
    hers = parts(await seller.plan())

    causes = [each["sheet"]["cause"] for each in (before, other, ours, hers)]
    assert causes == ["NONE", "NONE", "LIMIT", "NONE"]


# What a token opens


async def test_a_new_token_is_known_as_it_was_tried(seller):
    opens = await seller.opens()

    assert {each["standing"] for each in opens.values()} == {"ALLOWED"}
    assert {each["evidence"] for each in opens.values()} == {"TRIAL"}
    assert len(opens) == 9


async def test_what_answers_and_what_refuses_is_kept_with_its_hour_and_the_cure(seller):
    seller.passes(hours=1)
    seller.market.fault("wb_warehouses", "disabled", times=None)
    seller.market.fault("orders", "403", times=None)
    await seller.sync()
    opens = await seller.opens()
    reports, orders, cards = (opens[each] for each in ("wb-warehouses", "supplier/orders", "cards"))

    assert (reports["standing"], reports["cause"]) == ("OFF", "method_off")
    assert "every hour" in reports["cure"]
    assert (orders["standing"], orders["evidence"]) == ("FORBIDDEN", "ANSWER")
    assert "“Statistics”" in orders["cure"]
    assert cards["since"] < cards["checkedAt"]
    assert orders["since"] == orders["checkedAt"]
    planned = parts(await seller.scheduled())
    assert planned["wb_stock"]["source"] == "warehouse_remains"
    assert planned["orders"]["source"] == "order-feed"


async def test_a_refused_source_is_not_called_again_within_an_hour_and_then_is(seller):
    seller.market.fault("orders", "403", times=None)
    for minutes in (0, 15, 15):
        seller.passes(minutes=minutes)
        await seller.sync()
    assert seller.market.calls("orders") == 1

    seller.passes(minutes=61)
    await seller.sync()

    assert seller.market.calls("orders") == 2


async def test_who_asks_herself_has_mended_something_and_is_believed(seller):
    seller.market.fault("orders", "403")
    seller.market.fault("order_feed", "403")
    await seller.sync()
    asked, due = parts(await seller.plan()), parts(await seller.scheduled())

    assert (due["orders"]["calls"], asked["orders"]["calls"]) == (0, 1)
    assert await seller.sync(source="user") == sum(each["calls"] for each in asked.values())
    assert (await seller.opens())["supplier/orders"]["standing"] == "ALLOWED"


async def test_another_token_is_looked_at_anew(seller):
    seller.market.fault("orders", "403", times=None)
    await seller.sync()
    await seller.connected(token_id="another")

    orders = (await seller.opens())["supplier/orders"]
    assert (orders["standing"], orders["evidence"], orders["cause"]) == ("ALLOWED", "TRIAL", None)


async def test_what_a_run_found_with_a_token_says_nothing_of_the_one_that_replaced_it(seller):
    seller.market.fault("orders", "403", times=None)
    seller.passes(minutes=15)
    seller.meanwhile = partial(seller.connected, token_id="another")
    await seller.sync()

    opens = await seller.opens()
    assert {each["standing"] for each in opens.values()} == {"ALLOWED"}
    assert {each["evidence"] for each in opens.values()} == {"TRIAL"}


async def test_what_the_rules_close_to_a_base_token_needs_no_cure(database):
    async with selling(database, "base") as seller:
        await seller.connected()
        opens = await seller.opens()

    closed = {name for name, each in opens.items() if each["standing"] == "FORBIDDEN"}
    assert closed == {"wb-warehouses", "seller-warehouses"}
    assert {opens[each]["evidence"] for each in closed} == {"RULES"}
    assert "another source" in opens["wb-warehouses"]["cure"]


async def test_a_missing_category_is_known_before_the_first_sync_and_costs_no_call(database):
    async with selling(database) as seller:
        await seller.connected(scopes=(1, 2, 4))
        planned = parts(await seller.scheduled())
        await seller.sync()

    assert (planned["orders"]["source"], planned["orders"]["calls"]) == ("order-feed", 1)
    assert (seller.market.calls("orders"), seller.market.calls("order_feed")) == (0, 1)


async def test_an_hour_of_syncs_writes_what_is_known_once(seller):
    await seller.sync()
    kept = await seller.opens()
    for _ in range(3):
        seller.passes(minutes=15)
        await seller.sync()

    assert await seller.opens() == kept


async def test_another_company_sees_nothing_of_it(seller):
    other = await seller.world.register()
    found = await other.ask("query ($id: UUID!) { shop(id: $id) { id } }", id=seller.shop_id)

    assert found["shop"] is None


def parts(planned):
    """By their words."""
    return {each["part"]: each for each in planned["parts"]}

"""Once a day ours against the cabinet's own report: what differs, the proof, the second look."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest

from domain.cabinet import Asked
from domain.reconciliation import Reconciliation
from domain.snapshot import Period
from infrastructure.wildberries import cabinet
from sandbox.sellers import (
    AddOrder,
    CabinetCounts,
    CabinetShows,
    CancelOrder,
    RemoveProduct,
    SetStock,
)
from sandbox.wildberries.endpoints import ANALYTICS, CONTENT, STATISTICS
from sandbox.wildberries.tokens import SERVICE_SECRET
from tests.app.checks_world import checking, lines

DAY = 86_400
WEEK = Period(first=date(2026, 11, 16), last=date(2026, 11, 22))
STANDS = "SELECT cause FROM flows WHERE tenant_id = $1 AND shop_id = $2 AND source = 'cabinet'"


@pytest.fixture
async def shop(database):
    async with checking(database) as opened:
        yield opened


async def test_the_same_world_has_no_differences(shop):
    await shop.sync()

    found = await shop.check()

    assert (found.products, found.discrepancies) == (20, ())
    assert found.compared == found.equal > 5 * 20
    assert await shop.shop.rows(STANDS) == [(None,)]


async def test_cancelled_orders_that_the_cabinet_counts_are_the_reason(shop):
    nm = shop.nm_ids[0]
    shop.market.change(AddOrder(nm=nm, days_ago=2, count=2))
    for _ in range(2):
        shop.market.moment.seconds += 60
        shop.market.change(CancelOrder(nm=nm))
    shop.market.change(CabinetCounts(cancelled=True))
    await shop.sync()

    found = await shop.check()

    orders = [each for each in found.discrepancies if each.figure == "orders"]
    assert found.unexplained == 0
    assert nm in {each.nm_id for each in orders}
    assert {each.reasons for each in orders} == {("cancelled",)}
    assert all(each.difference < 0 for each in orders)


async def test_unpaid_orders_stand_in_the_feed_alone(shop):
    nm = shop.nm_ids[0]
    shop.market.change(AddOrder(nm=nm, days_ago=2, count=3, unpaid=True))
    await shop.sync()

    found = await shop.check()

    ours, theirs, reasons = lines(found)[nm, "orders"]
    assert (theirs - ours, reasons) == (3, ["unpaid"])
    assert {each.nm_id for each in found.discrepancies} == {nm}


async def test_unpaid_orders_are_no_reason_while_the_feed_is_not_known(shop):
    shop.market.change(AddOrder(nm=shop.nm_ids[0], days_ago=2, count=3, unpaid=True))
    await shop.sync()
    before = await shop.check()
    shop.market.fault("order_feed", "disabled", times=None)

    found = await shop.check()

    told = [lines(each)[shop.nm_ids[0], "orders"][2] for each in (before, found)]
    assert told == [["unpaid"], ["unexplained"]]


async def test_a_cabinet_that_counts_days_of_utc_differs_by_the_edges_of_the_period(shop):
    shop.market.change(CabinetCounts(utc_days=True))
    await shop.sync()

    found = await shop.check()

    orders = [each for each in found.discrepancies if each.figure == "orders"]
    assert orders
    assert {each.reasons for each in orders} == {("boundary",)}


async def test_an_order_that_was_cancelled_after_our_read_is_told_from_the_feed(shop):
    nm = shop.nm_ids[0]
    shop.market.change(AddOrder(nm=nm, days_ago=2))
    await shop.sync()
    shop.market.moment.seconds += 300
    known = shop.market.seller.book.changed_since(0, shop.market.moment.seconds)
    shop.market.change(CancelOrder(srid=next(o.srid for o in known if o.srid[0] == "x")))
    shop.market.moment.seconds += 1

    found = await shop.check()

    ours, theirs, reasons = lines(found)[nm, "orders"]
    assert (theirs - ours, reasons) == (-1, ["late_change"])


async def test_what_an_earlier_snapshot_said_is_a_lag(shop):
    nm = shop.nm_ids[0]
    before = await shop.sync()
    stock = before.stock[before.nm_ids.index(nm)]
    shop.market.moment.seconds += 1_800
    shop.market.change(SetStock(nm=nm, place="Склад WB", quantity=777))
    await shop.sync()
    shop.market.change(CabinetShows(nm=nm, stock=stock))

    found = await shop.check()

    assert lines(found)[nm, "stock"][1:] == (stock, ["lag"])


async def test_what_a_snapshot_of_two_hours_ago_said_is_none(shop):
    nm = shop.nm_ids[0]
    before = await shop.sync()
    shop.market.moment.seconds += 7_200
    shop.market.change(SetStock(nm=nm, place="Склад WB", quantity=777))
    await shop.sync()
    shop.market.change(CabinetShows(nm=nm, stock=before.stock[before.nm_ids.index(nm)]))

    found = await shop.check()

    assert lines(found)[nm, "stock"][2] == ["unexplained"]


async def test_a_deleted_card_that_the_cabinet_still_shows_is_the_reason(shop):
    nm = shop.nm_ids[0]
    shop.market.change(RemoveProduct(nm=nm))
    shop.market.change(CabinetShows(nm=nm, stock=4, orders=0))
    await shop.sync()

    found = await shop.check()

    assert lines(found)[nm, "stock"] == (0, 4, ["deleted_card"])


async def test_stock_that_the_token_may_not_read_is_out_of_its_scope(database):
    scopes = (CONTENT, ANALYTICS, STATISTICS)
    async with checking(database, kind="base", scopes=scopes, secret=SERVICE_SECRET) as shop:
        snapshot = await shop.sync()
        assert None in snapshot.stock

        found = await shop.check()

    stock = [each for each in found.discrepancies if each.figure == "stock"]
    assert stock
    assert {each.reasons for each in stock} == {("scope",)}
    assert shop.market.calls("cabinet") == 2


async def test_a_product_that_overlapping_pages_leave_out_is_put_down_to_the_report(
    shop, monkeypatch
):
    monkeypatch.setattr(cabinet, "PAGE", 5)
    await shop.sync()
    first, read = await shop.check(), shop.market.wildberries.cabinet
    pages = [page async for page in read(shop.market.access(), Asked(days=WEEK))]
    moved = max(nm for page in pages[1:] for nm in (each.nm_id for each in page.shown))

    async def moving(access, asked):
        async for page in read(access, asked):
            yield page
            if asked.after == 0:  # a product of a later page comes before this one
                shop.market.change(CabinetShows(nm=moved, orders=0))

    monkeypatch.setattr(shop.market.wildberries, "cabinet", moving)
    found = await shop.check()

    left_out = {each.nm_id for each in found.discrepancies if "short_report" in each.reasons}
    assert first.discrepancies == ()
    assert left_out == {moved}


async def test_figures_of_ours_that_are_too_old_are_said_to_be(shop):
    nm = shop.nm_ids[0]
    await shop.sync()
    shop.market.moment.seconds += 5_401
    shop.market.change(CabinetShows(nm=nm, stock=777))

    found = await shop.check()

    assert lines(found)[nm, "stock"][2] == ["stale"]


# The second look


async def test_without_a_reason_it_is_looked_at_again_in_an_hour_and_found_to_be_a_lag(shop):
    nm = shop.nm_ids[0]
    await shop.sync()
    shop.market.change(SetStock(nm=nm, place="Склад WB", quantity=777))
    first = await shop.check()
    shop.market.moment.seconds += 3_000
    await shop.sync()

    second = await shop.look_again()

    assert (shop.wait.cause, first.unexplained, second.unexplained) == ("second_look", 2, 0)
    assert lines(second)[nm, "stock"][2] == ["lag"]
    assert second.id != first.id
    assert (second.products, second.compared, second.at) == (20, first.compared, first.at)
    assert shop.market.calls("cabinet") == 2


async def test_what_stays_without_a_reason_is_told_by_the_run(shop):
    await shop.sync()
    shop.market.change(CabinetShows(nm=shop.nm_ids[0], stock=777))
    await shop.check()
    shop.market.moment.seconds = shop.wait.until.timestamp()

    done = await shop.shop.run()

    found = await shop.book.latest(shop.shop.key)
    assert found.unexplained == 2
    assert "2 расхождений без причины" in done.result["notices"][0]


# What is kept


async def test_a_new_day_replaces_the_lines_and_keeps_the_counts_of_the_one_before(shop):
    nm = shop.nm_ids[0]
    await shop.sync()
    shop.market.change(CabinetShows(nm=nm, hours=-3), CabinetShows(nm=nm, stock=777))
    await shop.check()
    shop.market.moment.seconds += DAY
    shop.market.change(CabinetShows(nm=nm))
    await shop.sync()

    found = await shop.check()

    days = await shop.shop.rows(
        "SELECT unexplained FROM reconciliations WHERE tenant_id = $1 AND shop_id = $2 ORDER BY day"
    )
    assert found.discrepancies == ()
    assert days == [(2,), (0,)]


async def test_counts_of_days_beyond_any_plans_history_are_forgotten(shop):
    found = Reconciliation(
        id=uuid4(),
        at=shop.market.moment(),
        taken_at=shop.market.moment(),
        products=1,
        compared=6,
        equal=6,
        discrepancies=(),
    )
    for days in (1_096, 1_095, 0):
        await shop.book.keep(shop.shop.key, replace(found, at=found.at - timedelta(days=days)))

    [(kept,)] = await shop.shop.rows(
        "SELECT count(*) FROM reconciliations WHERE tenant_id = $1 AND shop_id = $2"
    )
    assert kept == 2

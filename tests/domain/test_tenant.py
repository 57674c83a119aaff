"""What a company and its shops may and may not do."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from domain import health, levels, shop, tenant
from domain.access import Role
from domain.levels import Fell
from domain.schedule import Overlap, by_cron, ready_by
from tests.given import given

OWNER, SHOP, OTHER, TOKEN, NEWER = (UUID(int=n) for n in range(1, 6))
UNTIL = datetime(2027, 5, 1, tzinfo=UTC)

registered = (
    tenant.Registered(owner_id=OWNER),
    tenant.MemberJoined(user_id=OWNER, role=Role.OWNER),
)
connect = shop.ConnectShop(
    shop_id=SHOP,
    marketplace="wildberries",
    seller_id="s-1",
    token_id=TOKEN,
    token_kind="base",
    expires_at=UNTIL,
)
connected = (
    shop.ShopConnected(
        shop_id=SHOP,
        marketplace="wildberries",
        seller_id="s-1",
        token_id=TOKEN,
        token_kind="base",
        expires_at=UNTIL,
    ),
    shop.ScheduleSet(shop_id=SHOP, schedule=ready_by("08:00", "Europe/Moscow")),
)
with_sheet = (*registered, *connected, shop.SheetConnected(shop_id=SHOP, spreadsheet_id="1AbC"))


def test_whoever_registers_a_company_owns_it():
    given(tenant.decider).when(tenant.Register(owner_id=OWNER)).then(*registered)


def test_a_company_registers_once():
    again = tenant.Register(owner_id=OWNER)

    given(tenant.decider, *registered).when(again).then_refused(tenant.AlreadyRegistered)


def test_nothing_can_be_asked_of_a_company_that_does_not_exist():
    given(tenant.decider).when(connect).then_refused(tenant.UnknownTenant)


def test_a_new_shop_is_ready_by_eight_every_morning_until_its_owner_says_otherwise():
    given(tenant.decider, *registered).when(connect).then(*connected)


def test_the_same_seller_is_the_same_shop_so_its_token_is_replaced():
    newer = shop.ConnectShop(
        shop_id=OTHER,
        marketplace="wildberries",
        seller_id="s-1",
        token_id=NEWER,
        token_kind="personal",
        expires_at=None,
    )
    replaced = shop.TokenReplaced(
        shop_id=SHOP, token_id=NEWER, token_kind="personal", expires_at=None
    )

    given(tenant.decider, *registered, *connected).when(newer).then(replaced)
    given(tenant.decider, *with_sheet).when(newer).then(replaced, shop.SyncRequested(shop_id=SHOP))


def test_connecting_the_same_sheet_twice_changes_nothing():
    connect_sheet = shop.ConnectSheet(shop_id=SHOP, spreadsheet_id="1AbC")

    given(tenant.decider, *registered, *connected).when(connect_sheet).then(with_sheet[-1])
    given(tenant.decider, *with_sheet).when(connect_sheet).then_nothing_happens()


def test_a_sync_needs_a_sheet():
    request = shop.RequestSync(shop_id=SHOP)

    given(tenant.decider, *registered, *connected).when(request).then_refused(shop.SheetMissing)
    given(tenant.decider, *with_sheet).when(request).then(shop.SyncRequested(shop_id=SHOP))


def test_the_same_schedule_twice_changes_nothing():
    same = shop.SetSchedule(shop_id=SHOP, schedule=ready_by("08:00", "Europe/Moscow"))
    other = shop.SetSchedule(shop_id=SHOP, schedule=by_cron("30 6 * * 1-5", "Asia/Omsk"))

    given(tenant.decider, *with_sheet).when(same).then_nothing_happens()
    given(tenant.decider, *with_sheet).when(other).then(
        shop.ScheduleSet(shop_id=SHOP, schedule=by_cron("30 6 * * 1-5", "Asia/Omsk"))
    )


def test_only_a_policy_that_changes_is_a_new_schedule():
    rerun = replace(ready_by("08:00", "Europe/Moscow"), overlap=Overlap.RERUN)
    wish = shop.SetSchedule(shop_id=SHOP, schedule=rerun)
    told = shop.ScheduleSet(shop_id=SHOP, schedule=rerun)

    given(tenant.decider, *with_sheet).when(wish).then(told)
    given(tenant.decider, *with_sheet, told).when(wish).then_nothing_happens()


def test_only_a_change_of_health_is_a_fact():
    broke = health.ShopBroke(shop_id=SHOP, cause="token_dead")
    report = health.ReportBroken(shop_id=SHOP, cause="token_dead")
    healthy = health.ReportHealthy(shop_id=SHOP)

    given(tenant.decider, *with_sheet).when(report).then(broke)
    given(tenant.decider, *with_sheet, broke).when(report).then_nothing_happens()
    given(tenant.decider, *with_sheet).when(healthy).then_nothing_happens()
    given(tenant.decider, *with_sheet, broke).when(healthy).then(health.ShopRecovered(shop_id=SHOP))


def test_products_that_fell_are_a_fact_if_there_are_any():
    fell = Fell(low=30, out=1, low_products=(11, 12), out_products=(13,))
    told = levels.StockFell(shop_id=SHOP, low=30, out=1, low_products=(11, 12), out_products=(13,))
    report = levels.ReportFall(shop_id=SHOP, fell=fell)

    given(tenant.decider, *with_sheet).when(report).then(told)
    given(tenant.decider, *with_sheet, told).when(report).then(told)
    given(tenant.decider, *with_sheet).when(replace(report, fell=Fell())).then_nothing_happens()


def test_a_shop_that_is_gone_or_never_was_is_unknown():
    gone = shop.ShopDisconnected(shop_id=SHOP)
    request = shop.RequestSync(shop_id=SHOP)

    given(tenant.decider, *with_sheet).when(shop.DisconnectShop(shop_id=SHOP)).then(gone)
    given(tenant.decider, *with_sheet, gone).when(request).then_refused(shop.UnknownShop)
    given(tenant.decider, *registered).when(request).then_refused(shop.UnknownShop)


def test_a_shop_can_come_back_after_it_was_disconnected():
    gone = shop.ShopDisconnected(shop_id=SHOP)

    given(tenant.decider, *with_sheet, gone).when(connect).then(*connected)


# Leaving


def test_one_of_several_leaves_and_the_shops_stay():
    history = (*with_sheet, tenant.MemberJoined(user_id=OTHER, role=Role.MEMBER))

    given(tenant.decider, *history).when(tenant.Leave(user_id=OTHER)).then(
        tenant.MemberLeft(user_id=OTHER)
    )


def test_the_last_one_disconnects_the_shops_and_leaves():
    given(tenant.decider, *with_sheet).when(tenant.Leave(user_id=OWNER)).then(
        shop.ShopDisconnected(shop_id=SHOP), tenant.MemberLeft(user_id=OWNER)
    )


@pytest.mark.parametrize("role", [Role.ADMIN, Role.MEMBER, Role.VIEWER])
def test_the_only_owner_cannot_leave_the_others_alone(role):
    history = (*registered, tenant.MemberJoined(user_id=OTHER, role=role))

    given(tenant.decider, *history).when(tenant.Leave(user_id=OWNER)).then_refused(tenant.LastOwner)


def test_one_of_two_owners_may_leave():
    history = (*registered, tenant.MemberJoined(user_id=OTHER, role=Role.OWNER))

    given(tenant.decider, *history).when(tenant.Leave(user_id=OWNER)).then(
        tenant.MemberLeft(user_id=OWNER)
    )


def test_nobody_leaves_who_is_not_there():
    leave = tenant.Leave(user_id=OTHER)

    given(tenant.decider, *registered).when(leave).then_refused(tenant.UnknownMember)
    given(tenant.decider).when(leave).then_refused(tenant.UnknownTenant)


def test_a_deserted_company_gets_no_shop():
    deserted = (*registered, tenant.MemberLeft(user_id=OWNER))

    given(tenant.decider, *deserted).when(connect).then_refused(tenant.UnknownTenant)

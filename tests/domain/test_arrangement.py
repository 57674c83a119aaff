"""How a sheet is arranged: only what changes is a fact, and a sync follows where there is a sheet."""

from domain import arrangement, shop, tenant
from tests.domain.test_tenant import SHOP, connected, registered, with_sheet
from tests.given import given

ASKED = shop.SyncRequested(shop_id=SHOP)
ON = arrangement.DataTabSwitched(shop_id=SHOP, on=True)
REFILLED = arrangement.ReplenishmentTabSwitched(shop_id=SHOP, on=True)
HIDDEN = arrangement.EmptyPlacesSwitched(shop_id=SHOP, hidden=True)


def test_what_changes_is_a_fact_and_a_sync_follows():
    wish = arrangement.ArrangeSheet(
        shop_id=SHOP, data_tab=True, replenishment_tab=True, hide_empty=True
    )

    given(tenant.decider, *with_sheet).when(wish).then(ON, REFILLED, HIDDEN, ASKED)
    given(tenant.decider, *with_sheet, ON, REFILLED).when(wish).then(HIDDEN, ASKED)
    given(tenant.decider, *with_sheet, ON, REFILLED, HIDDEN).when(wish).then_nothing_happens()


def test_the_tab_of_the_check_is_on_until_somebody_says_otherwise():
    on = arrangement.ArrangeSheet(shop_id=SHOP, check_tab=True)
    off = arrangement.ArrangeSheet(shop_id=SHOP, check_tab=False)
    switched_off = arrangement.CheckTabSwitched(shop_id=SHOP, on=False)
    switched_on = arrangement.CheckTabSwitched(shop_id=SHOP, on=True)

    given(tenant.decider, *with_sheet).when(on).then_nothing_happens()
    given(tenant.decider, *with_sheet).when(off).then(switched_off, ASKED)
    given(tenant.decider, *with_sheet, switched_off).when(off).then_nothing_happens()
    given(tenant.decider, *with_sheet, switched_off).when(on).then(switched_on, ASKED)


def test_what_is_not_named_stays_as_it_is():
    off = arrangement.ArrangeSheet(shop_id=SHOP, data_tab=False)
    switched_off = arrangement.DataTabSwitched(shop_id=SHOP, on=False)
    nothing = arrangement.ArrangeSheet(shop_id=SHOP)

    given(tenant.decider, *with_sheet, ON, HIDDEN).when(off).then(switched_off, ASKED)
    given(tenant.decider, *with_sheet, ON, HIDDEN).when(nothing).then_nothing_happens()


def test_before_there_is_a_sheet_nothing_is_synced():
    wish = arrangement.ArrangeSheet(shop_id=SHOP, data_tab=True)

    given(tenant.decider, *registered, *connected).when(wish).then(ON)


def test_columns_return_to_a_sheet_that_is_there():
    wish = arrangement.ReturnColumns(shop_id=SHOP)
    returned = arrangement.ColumnsReturned(shop_id=SHOP)

    given(tenant.decider, *with_sheet).when(wish).then(returned, ASKED)
    given(tenant.decider, *registered, *connected).when(wish).then_refused(shop.SheetMissing)

"""The terms of a shop are a setting; while her sheet has the tab of her terms, that decides."""

import pytest

from domain import arrangement, shop, tenant
from domain.errors import Invalid
from domain.replenishment import Terms
from domain.terms import ChangeTerms, FollowTab, ReplenishmentTermsChanged, TermsInTab
from tests.domain.test_tenant import SHOP, connected, registered, with_sheet
from tests.given import given

ASKED = shop.SyncRequested(shop_id=SHOP)
TAB = arrangement.ReplenishmentTabSwitched(shop_id=SHOP, on=True)
LEFT = arrangement.ReplenishmentTabSwitched(shop_id=SHOP, on=False)
LONGER = ChangeTerms(shop_id=SHOP, lead=30)
TYPED = FollowTab(shop_id=SHOP, terms=Terms(lead=30))


def changed(*, from_tab=False, **more):
    terms = {"lead": 14, "cover": 30, "pack": 1, "safety": 7, **more}
    return ReplenishmentTermsChanged(shop_id=SHOP, from_tab=from_tab, **terms)


def test_what_changes_is_a_fact_of_all_of_them_and_a_sync_follows():
    given(tenant.decider, *with_sheet).when(LONGER).then(changed(lead=30), ASKED)
    given(tenant.decider, *registered, *connected).when(LONGER).then(changed(lead=30))


def test_what_is_not_named_stays_and_what_is_so_already_is_no_fact():
    before = (*with_sheet, changed(lead=30, pack=6))
    fewer = ChangeTerms(shop_id=SHOP, pack=1, safety=0)

    given(tenant.decider, *before).when(LONGER).then_nothing_happens()
    given(tenant.decider, *before).when(fewer).then(changed(lead=30, safety=0), ASKED)


@pytest.mark.parametrize("wrong", [{"lead": -1}, {"cover": 366}, {"pack": 0}, {"safety": 1_000}])
def test_terms_beyond_reason_are_refused(wrong):
    wish = ChangeTerms(shop_id=SHOP, **wrong)
    typed = FollowTab(shop_id=SHOP, terms=Terms(**wrong))

    given(tenant.decider, *with_sheet).when(wish).then_refused(Invalid)
    given(tenant.decider, *with_sheet, TAB).when(typed).then_refused(Invalid)


def test_while_the_tab_is_there_it_decides_and_the_setting_follows_without_another_sync():
    given(tenant.decider, *with_sheet, TAB).when(LONGER).then_refused(TermsInTab)
    given(tenant.decider, *with_sheet, TAB).when(TYPED).then(changed(lead=30, from_tab=True))
    given(tenant.decider, *with_sheet, TAB, changed(lead=30, from_tab=True)).when(
        TYPED
    ).then_nothing_happens()


def test_what_a_tab_said_that_is_filled_no_more_counts_for_nothing():
    given(tenant.decider, *with_sheet, TAB, LEFT).when(TYPED).then_nothing_happens()
    given(tenant.decider, *with_sheet, TAB, LEFT).when(LONGER).then(changed(lead=30), ASKED)


def test_a_tab_that_no_sheet_has_yet_begins_with_the_setting():
    before = (*registered, *connected, TAB)

    given(tenant.decider, *before).when(LONGER).then(changed(lead=30))

"""How a shop is, told once: its token's end, what broke it, the hour that was missed."""

from datetime import UTC, datetime, timedelta

import pytest

from domain import health, shop, tenant
from domain.token_term import next_look
from tests.domain.test_tenant import NEWER, OTHER, SHOP, TOKEN, UNTIL, connected, registered
from tests.domain.test_tenant import with_sheet as ready
from tests.given import given

A_DAY, A_SECOND = timedelta(days=1), timedelta(seconds=1)
EIGHT = datetime(2026, 11, 23, 5, tzinfo=UTC)
dead = health.ShopBroke(shop_id=SHOP, cause="token_dead")
UNSHARED = health.ShopBroke(shop_id=SHOP, cause="sheet_unshared")
missed = health.HourMissed(shop_id=SHOP, hour=EIGHT)
healthy = health.ReportHealthy(shop_id=SHOP)
recovered = health.ShopRecovered(shop_id=SHOP)
replaced = shop.TokenReplaced(shop_id=SHOP, token_id=NEWER, token_kind="base", expires_at=UNTIL)


def look(days_left):
    return health.LookAtToken(shop_id=SHOP, at=UNTIL - days_left * A_DAY)


def expiring(days, token=TOKEN):
    return health.TokenExpiring(shop_id=SHOP, token_id=token, days=days, expires_at=UNTIL)


# The end of a token


@pytest.mark.parametrize(
    ("left", "told"),
    [(30, 30), (29, 30), (15, 30), (14, 14), (8, 14), (7, 7), (2, 7), (1, 1), (0.01, 1)],
)
def test_the_nearest_threshold_alone_is_told(left, told):
    given(tenant.decider, *ready).when(look(left)).then(expiring(told))


def test_a_token_that_works_for_long_is_not_spoken_of():
    given(tenant.decider, *ready).when(look(30.01)).then_nothing_happens()


def test_each_threshold_is_told_once_however_often_anybody_looks():
    given(tenant.decider, *ready, expiring(30)).when(look(20)).then_nothing_happens()
    given(tenant.decider, *ready, expiring(30)).when(look(14)).then(expiring(14))
    given(tenant.decider, *ready, expiring(14)).when(look(30)).then_nothing_happens()
    given(tenant.decider, *ready, expiring(1)).when(look(0.5)).then_nothing_happens()


def test_a_new_token_starts_anew():
    history = (*ready, expiring(7), replaced)

    given(tenant.decider, *history).when(look(7)).then(expiring(7, token=NEWER))


def test_a_token_past_its_end_is_dead_whether_or_not_anybody_has_tried_it():
    given(tenant.decider, *ready).when(look(0)).then(dead)
    given(tenant.decider, *ready, dead).when(look(-3)).then_nothing_happens()


def test_a_token_without_an_end_is_never_spoken_of():
    endless = shop.TokenReplaced(shop_id=SHOP, token_id=NEWER, token_kind="base", expires_at=None)

    given(tenant.decider, *ready, endless).when(look(0)).then_nothing_happens()


def test_it_is_looked_at_again_when_the_next_threshold_comes():
    warned = (None, 30, 14, 7, 1)
    left = [UNTIL - next_look(UNTIL, each) for each in warned]

    assert left == [30 * A_DAY, 14 * A_DAY, 7 * A_DAY, A_DAY, timedelta(0)]
    assert next_look(None, None) is None


def test_whenever_it_is_time_to_look_there_is_something_to_tell():
    history = list(ready)
    while (at := next_look(UNTIL, decided(history).warned)) < UNTIL:
        told = list(
            tenant.decider.decide(
                tenant.decider.replay(history), health.LookAtToken(shop_id=SHOP, at=at)
            )
        )
        assert len(told) == 1
        history += told

    assert [each.days for each in history[len(ready) :]] == [30, 14, 7, 1]


def decided(history):
    return tenant.decider.replay(history).shops[SHOP].health


# A dead token


def test_a_new_token_that_is_dead_as_well_is_told_again():
    report = health.ReportBroken(shop_id=SHOP, cause="token_dead")

    given(tenant.decider, *ready, dead).when(report).then_nothing_happens()
    given(tenant.decider, *ready, dead, replaced).when(report).then(dead)
    given(tenant.decider, *ready, dead, replaced).when(look(0)).then(dead)


def test_only_a_sync_that_succeeds_proves_a_new_token():
    given(tenant.decider, *ready, dead, replaced).when(healthy).then(recovered)


def test_what_a_token_was_refused_is_not_told_of_the_one_that_replaced_it():
    for cause, told in (("token_dead", []), ("no_scope", []), ("sheet_unshared", [UNSHARED])):
        report = health.ReportBroken(shop_id=SHOP, cause=cause, token_id=TOKEN)
        given(tenant.decider, *ready, replaced).when(report).then(*told)


# An hour that was missed


def test_a_missed_hour_is_told_once_whoever_finds_it():
    report = health.ReportMissed(shop_id=SHOP, hour=EIGHT)

    given(tenant.decider, *ready).when(report).then(missed)
    given(tenant.decider, *ready, missed).when(report).then_nothing_happens()
    given(tenant.decider, *ready, missed, recovered).when(report).then_nothing_happens()


def test_the_next_missed_hour_is_another_one():
    tomorrow = health.ReportMissed(shop_id=SHOP, hour=EIGHT + A_DAY)
    again = health.HourMissed(shop_id=SHOP, hour=EIGHT + A_DAY)

    given(tenant.decider, *ready, missed, recovered).when(tomorrow).then(again)


def test_a_success_ends_lateness_and_is_told_once():
    given(tenant.decider, *ready, missed).when(healthy).then(recovered)
    given(tenant.decider, *ready, missed, recovered).when(healthy).then_nothing_happens()


def test_nothing_is_told_of_a_shop_that_is_gone():
    gone = shop.ShopDisconnected(shop_id=SHOP)
    other = health.LookAtToken(shop_id=OTHER, at=UNTIL + A_SECOND)

    given(tenant.decider, *ready, gone).when(look(1)).then_refused(shop.UnknownShop)
    given(tenant.decider, *registered, *connected).when(other).then_refused(shop.UnknownShop)

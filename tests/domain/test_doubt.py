"""New numbers that look wrong: what is doubted, what speaks for them, what against."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain import doubt, tenant
from domain.doubt import AGAIN, Because, Seen, doubted
from domain.place import WB_TOTAL
from domain.stock import Card, Unread, unread
from tests.domain.one_read import NOW, SADOVAYA, snap
from tests.domain.test_tenant import SHOP
from tests.domain.test_tenant import with_sheet as ready
from tests.given import given

AN_HOUR = timedelta(hours=1)
CARDS = {nm: Card(nm_id=nm, brand="", subject="", sku="") for nm in range(101, 141)}
FALLEN = {"was": 1200, "now": 40, "lost": 37}
HELD = doubt.NumbersHeldBack(shop_id=SHOP, at=NOW, **FALLEN)


def taken(at_wb, moving=None, **more):
    return snap({WB_TOTAL: at_wb}, cards=CARDS, to_client=moving or {}, **more)


def beside(new, good):
    return doubted(new, good, CARDS)


def report(at=NOW, good_at=NOW - AN_HOUR, **seen):
    figures = Seen(**(FALLEN | seen)) if seen != {"none": True} else None
    return doubt.ReportReading(shop_id=SHOP, at=at, good_at=good_at, seen=figures)


# What is doubted


@pytest.mark.parametrize(
    ("was", "now", "wrong"),
    [(200, 100, False), (200, 99, True), (60, 11, False), (60, 10, True), (0, 0, False)],
)
def test_more_than_half_gone_and_fifty_pieces_at_least(was, now, wrong):
    found = beside(taken({101: now}, moving={101: 1}), taken({101: was}))

    assert found == (Seen(was=was, now=now, lost=0) if wrong else None)


def test_what_is_unknown_on_either_side_is_not_compared():
    good = taken({101: 100, 102: 500})
    new = replace(taken({101: 90}), stock=tuple(n or None for n in taken({101: 90}).stock))

    assert beside(new, good) is None


def test_goods_that_only_moved_to_a_new_card_are_not_gone():
    assert beside(taken({102: 100}), taken({101: 100})) is None


def test_a_product_that_left_with_its_card_is_gone_all_the_same():
    good = taken({101: 100, 999: 300})
    new = taken({101: 100})

    assert beside(new, good) == Seen(was=400, now=100, lost=0)


def test_with_an_old_snapshot_nothing_is_compared():
    good = replace(taken({101: 500}), taken_at=NOW - timedelta(days=3, seconds=1))

    assert beside(taken({101: 0}), good) is None
    assert beside(taken({101: 0}), None) is None


def test_many_products_that_the_answer_does_not_speak_of_are_lost():
    good = taken(dict.fromkeys(CARDS, 3) | {101: 5000})
    rest = dict.fromkeys(list(CARDS)[:30], 3) | {101: 5000}

    assert beside(taken(rest), good) == Seen(was=5117, now=5087, lost=10)
    assert beside(taken(rest | {139: 3}), good) is None


def test_what_is_sold_out_is_on_its_way_to_buyers_and_not_lost():
    good = taken(dict.fromkeys(CARDS, 1) | {101: 5000})
    sold = dict.fromkeys(list(CARDS)[20:], 1)

    assert beside(taken({101: 5000}, moving=sold), good).lost == 19
    assert beside(taken({101: 5000}, moving=dict.fromkeys(CARDS, 1)), good) is None


def test_what_the_seller_writes_down_herself_is_never_lost():
    own = snap({WB_TOTAL: {101: 5000}, SADOVAYA: dict.fromkeys(CARDS, 1)}, cards=CARDS)

    assert beside(taken({101: 5000}), own) is None


def test_where_the_marketplaces_own_stock_was_not_read_nothing_is_lost():
    good = taken(dict.fromkeys(CARDS, 3))
    new = snap({SADOVAYA: {101: 5}}, cards=CARDS, gaps=(unread(Unread.WB, "method_off"),))

    assert beside(new, good) is None


# What speaks for it


def test_the_first_reading_that_looks_wrong_is_held_back():
    given(tenant.decider, *ready).when(report()).then(HELD)


def test_a_second_one_that_says_the_same_confirms_it():
    later = report(at=NOW + AGAIN, now=45)

    given(tenant.decider, *ready, HELD).when(later).then(
        doubt.NumbersConfirmed(shop_id=SHOP, at=NOW + AGAIN, was=1200, now=45, lost=37)
    )


def test_too_early_a_one_may_be_the_same_report_and_confirms_nothing():
    early = report(at=NOW + AGAIN - timedelta(seconds=1))

    given(tenant.decider, *ready, HELD).when(early).then_nothing_happens()


def test_another_fall_is_no_witness_and_is_held_back_itself():
    other = report(at=NOW + AGAIN, now=400)

    given(tenant.decider, *ready, HELD).when(other).then(
        doubt.NumbersHeldBack(shop_id=SHOP, at=NOW + AGAIN, was=1200, now=400, lost=37)
    )


def test_a_reading_as_usual_ends_it():
    usual = report(at=NOW + AGAIN, none=True)

    given(tenant.decider, *ready, HELD).when(usual).then(doubt.NumbersBack(shop_id=SHOP))
    given(tenant.decider, *ready).when(usual).then_nothing_happens()


def test_a_person_accepts_what_is_held_back():
    accept = doubt.AcceptNumbers(shop_id=SHOP, because=Because.TAKEN_AWAY)
    accepted = doubt.NumbersAccepted(shop_id=SHOP, because=Because.TAKEN_AWAY, **FALLEN)

    given(tenant.decider, *ready, HELD).when(accept).then(accepted)
    given(tenant.decider, *ready, HELD, accepted).when(report()).then_nothing_happens()
    given(tenant.decider, *ready).when(accept).then_refused(doubt.NothingHeldBack)
    given(tenant.decider, *ready, HELD, accepted).when(accept).then_refused(doubt.NothingHeldBack)


def test_what_was_accepted_speaks_for_nothing_that_falls_later():
    accepted = doubt.NumbersAccepted(shop_id=SHOP, because=Because.SOLD, **FALLEN)
    later = report(at=NOW + 2 * AN_HOUR, good_at=NOW + AN_HOUR)

    given(tenant.decider, *ready, HELD, accepted).when(later).then(
        doubt.NumbersHeldBack(shop_id=SHOP, at=NOW + 2 * AN_HOUR, **FALLEN)
    )

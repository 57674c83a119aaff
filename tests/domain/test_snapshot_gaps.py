"""Snapshots with gaps: what was not read is blank with a reason, and never zero."""

from dataclasses import replace

from domain.place import SELLER_TOTAL, WB_TOTAL
from domain.snapshot import flaws
from domain.stock import Unread, unread
from domain.taking import take
from tests.domain.one_read import SADOVAYA, TOWEL, WEEK, column, ordered, read, snap


def test_her_unread_stock_is_blank_and_so_is_the_total_of_what_she_sells_herself():
    gap = unread(Unread.SELLER, "no_scope")
    known = [replace(WB_TOTAL, number=1), replace(SADOVAYA, number=2)]
    orders = [ordered(1, "Склад на Садовой", by_seller=True), ordered(2)]

    taken = snap({WB_TOTAL: {1: 5, 2: 6}}, orders, gaps=(gap,), known=known)

    assert column(taken, "seller:5").stock == (None, None)
    assert taken.stock == (None, 6)
    assert taken.gaps == (replace(gap, columns=("stock", "cover", "p2.s", "p2.c")),)
    assert flaws(taken) == ()


def test_a_product_that_lay_there_before_has_no_total_either():
    before = snap({WB_TOTAL: {1: 5, 2: 6}, SADOVAYA: {1: 1}})
    known = [each.place for each in before.places]
    gap = unread(Unread.SELLER, "method_off")

    taken = snap({WB_TOTAL: {1: 5, 2: 6}}, gaps=(gap,), known=known, previous=before)
    again = snap({WB_TOTAL: {1: 5, 2: 6}}, gaps=(gap,), known=known, previous=taken)

    assert taken.stock == again.stock == (None, 6)


def test_unread_stock_of_wildberries_leaves_no_total_at_first():
    gap = unread(Unread.WB, "method_off")
    lacking = replace(read({SADOVAYA: {1: 3}}, gaps=(gap,)), to_client=None, returns=None)

    taken = take(lacking, {101: TOWEL}, [ordered(1)], WEEK, ())

    assert taken.stock == (None, None)
    assert taken.to_client == taken.returns == (None, None)
    assert column(taken, "wb").stock == (None, None)
    assert column(taken, "seller:5").stock == (3, 0)


def test_unread_stock_of_wildberries_later_concerns_what_it_had():
    before = snap({WB_TOTAL: {1: 5}, SADOVAYA: {2: 3}})
    gap = unread(Unread.WB, "method_off")
    known = [each.place for each in before.places]

    taken = snap({SADOVAYA: {1: 1, 2: 3}}, gaps=(gap,), known=known, previous=before)

    assert taken.stock == (None, 3)


def test_unread_stock_of_wildberries_concerns_a_product_that_is_new():
    before = snap({WB_TOTAL: {1: 5}, SADOVAYA: {2: 3}})
    gap = unread(Unread.WB, "method_off")
    known = [each.place for each in before.places]
    lacking, hers = read({SADOVAYA: {2: 3}}, gaps=(gap,)), ordered(2, SADOVAYA.name, by_seller=True)

    taken = take(lacking, dict.fromkeys((1, 2, 9), TOWEL), [hers], WEEK, known, previous=before)

    assert taken.nm_ids == (1, 2, 9)
    assert taken.stock == (None, 3, None)


def test_the_sum_of_her_warehouses_stands_in_where_no_detail_can_be_read():
    gap = unread(Unread.SELLER, "no_scope")
    known = [replace(SADOVAYA, number=1)]

    taken = snap(
        {WB_TOTAL: {1: 5}, SELLER_TOTAL: {1: 3}},
        [ordered(1, "Склад на Садовой", by_seller=True)],
        gaps=(gap,),
        known=known,
    )

    assert taken.stock == (8,)
    assert column(taken, "seller:5").stock == (None,)
    assert column(taken, SELLER_TOTAL.key).stock == (3,)
    assert taken.gaps == (replace(gap, columns=("p1.s", "p1.c")),)

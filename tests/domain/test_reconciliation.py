"""Our figures against the cabinet's: what differs, and what is proven to be the reason."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.cabinet import Figure, Shown
from domain.reasons import Evidence, reconcile
from domain.reconciliation import Reason, agreeing, compare
from domain.snapshot import Period, Snapshot

AT = datetime(2026, 11, 23, 4, 40, tzinfo=UTC)
WEEK = Period(first=date(2026, 11, 16), last=date(2026, 11, 22))
NAMED = (UUID(int=1), AT)
PARTS = (Reason.CANCELLED, Reason.UNPAID, Reason.BOUNDARY, Reason.LATE_CHANGE)


def taken(*rows):
    """A snapshot of (nmID, stock, orders)."""
    nm_ids, stock, orders = zip(*rows, strict=True) if rows else ((), (), ())
    texts = ("",) * len(nm_ids)
    nothing = (0,) * len(nm_ids)
    return Snapshot(
        taken_at=AT,
        period=WEEK,
        nm_ids=nm_ids,
        brands=texts,
        subjects=texts,
        skus=tuple(f"sku-{nm}" for nm in nm_ids),
        to_client=nothing,
        returns=nothing,
        orders=orders,
        stock=stock,
        places=(),
    )


def shown(nm_id, stock, orders, **more):
    """As the cabinet would reckon it from these."""
    hours = stock * 7 * 24 // orders if orders else -1
    told = {"average": orders / 7, "hours": hours or -2, "to_client": 0, "returns": 0, **more}
    return Shown(nm_id=nm_id, sku=f"sku-{nm_id}", stock=stock, orders=orders, **told)


def checked(snapshot, *theirs, **evidence):
    cabinet = {each.nm_id: each for each in theirs}
    compared = compare(snapshot, cabinet)
    return reconcile(NAMED, snapshot, cabinet, compared, Evidence(**evidence))


def told(found):
    return {each.figure: each.reasons for each in found.discrepancies}


def test_equal_figures_are_counted_and_leave_no_line():
    found = checked(taken((1, 96, 11), (2, 0, 0)), shown(1, 96, 11), shown(2, 0, 0))

    assert (found.products, found.compared, found.equal) == (2, 12, 12)
    assert found.discrepancies == ()


def test_two_cancelled_orders_are_one_line_of_orders_and_two_that_follow():
    found = checked(taken((1, 96, 11)), shown(1, 96, 13), orders={Reason.CANCELLED: {1: 2}})

    [orders, *following] = found.discrepancies
    assert (orders.figure, orders.ours, orders.cabinet, orders.difference) == ("orders", 11, 13, -2)
    assert orders.reasons == (Reason.CANCELLED,)
    assert {each.reasons for each in following} == {(Reason.FOLLOWS,)}
    assert (found.compared, found.equal, found.explained, found.unexplained) == (6, 3, 3, 0)


@pytest.mark.parametrize("reason", PARTS)
def test_a_reason_that_is_a_part_of_the_difference_explains_nothing(reason):
    found = checked(taken((1, 96, 11)), shown(1, 96, 14), orders={reason: {1: 2}})

    assert set(told(found).values()) == {(Reason.UNEXPLAINED,)}


def test_a_habit_of_the_cabinets_that_most_products_speak_against_is_none():
    products = taken((1, 96, 11), (2, 5, 5), (3, 5, 5))
    theirs = shown(1, 96, 13), shown(2, 5, 5), shown(3, 5, 5)
    cancelled, unpaid = {1: 2, 2: 1, 3: 1}, {1: 2}
    alone = checked(products, *theirs, orders={Reason.CANCELLED: cancelled})
    beside = checked(products, *theirs, orders={Reason.CANCELLED: cancelled, Reason.UNPAID: unpaid})
    made_up = checked(
        products,
        *theirs,
        orders={Reason.CANCELLED: cancelled, Reason.LATE_CHANGE: {2: -1, 3: -1}},
    )

    assert told(alone)[Figure.ORDERS] == (Reason.UNEXPLAINED,)
    assert told(beside)[Figure.ORDERS] == (Reason.UNPAID,)
    assert told(made_up)[Figure.ORDERS] == (Reason.CANCELLED,)


def test_orders_cancelled_after_our_read_are_less_in_the_cabinet():
    found = checked(taken((1, 96, 11)), shown(1, 96, 9), orders={Reason.LATE_CHANGE: {1: -2}})

    assert told(found)[Figure.ORDERS] == (Reason.LATE_CHANGE,)


def test_two_reasons_may_share_a_difference_and_three_may_not():
    evidence = {Reason.CANCELLED: {1: 2}, Reason.UNPAID: {1: 1}, Reason.BOUNDARY: {1: 4}}
    two = checked(taken((1, 96, 11)), shown(1, 96, 14), orders=evidence)
    three = checked(taken((1, 96, 11)), shown(1, 96, 18), orders=evidence)

    assert told(two)[Figure.ORDERS] == (Reason.CANCELLED, Reason.UNPAID)
    assert told(three)[Figure.ORDERS] == (Reason.UNEXPLAINED,)


def test_reasons_are_tried_in_one_order():
    found = checked(
        taken((1, 96, 11)),
        shown(1, 96, 13),
        orders={Reason.CANCELLED: {1: 2}, Reason.UNPAID: {1: 2}},
    )
    earlier = checked(
        taken((1, 96, 11)),
        shown(1, 96, 13),
        agreed={(1, Figure.ORDERS)},
        orders={Reason.CANCELLED: {1: 2}},
    )

    assert told(found)[Figure.ORDERS] == (Reason.CANCELLED,)
    assert told(earlier)[Figure.ORDERS] == (Reason.LAG,)


@given(
    st.integers(0, 50),
    st.integers(0, 50),
    st.dictionaries(st.sampled_from(PARTS), st.integers(-9, 9), max_size=4),
)
def test_orders_are_explained_only_if_the_parts_make_up_the_whole(ours, theirs, parts):
    evidence = {reason: {1: pieces} for reason, pieces in parts.items()}
    found = told(checked(taken((1, 96, ours)), shown(1, 96, theirs), orders=evidence))

    reasons = found.get(Figure.ORDERS, ())
    if reasons not in {(), (Reason.UNEXPLAINED,)}:
        assert sum(parts[each] for each in reasons) == theirs - ours
        assert all(parts[each] for each in reasons)
    assert (reasons == ()) is (ours == theirs)


@given(
    st.lists(st.tuples(st.none() | st.integers(0, 9), st.none() | st.integers(0, 9)), max_size=5),
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=5),
)
def test_every_compared_figure_is_equal_explained_or_neither(mine, theirs):
    snapshot = taken(*((nm, *row) for nm, row in enumerate(mine)))
    found = checked(snapshot, *(shown(nm, *row) for nm, row in enumerate(theirs)))

    assert found.compared == found.equal + found.explained + found.unexplained
    assert found.products == max(len(mine), len(theirs))
    assert all(each.difference != 0 for each in found.discrepancies)


def test_what_was_the_same_in_another_snapshot_is_a_lag():
    cabinet = {1: shown(1, 90, 11)}
    wanted = compare(taken((1, 96, 11)), cabinet).keys
    agreed = agreeing(taken((1, 90, 11)), cabinet, wanted)

    found = checked(taken((1, 96, 11)), *cabinet.values(), agreed=agreed)

    assert told(found) == {Figure.STOCK: (Reason.LAG,), Figure.TURNOVER: (Reason.LAG,)}


def test_a_part_that_another_snapshot_did_not_know_is_no_lag():
    cabinet = {1: shown(1, 90, 11)}

    agreed = agreeing(taken((1, None, 11)), cabinet, {(1, Figure.STOCK), (2, Figure.STOCK)})

    assert agreed == set()


def test_stock_that_lies_at_her_own_warehouses_is_out_of_the_tokens_scope():
    theirs = shown(1, 100, 11)
    blank = checked(taken((1, None, 11)), theirs, unread=True, elsewhere={1})
    less = checked(taken((1, 96, 11)), theirs, unread=True, elsewhere={1})
    other = checked(taken((1, None, 11)), theirs, unread=True)

    assert told(blank) == {Figure.STOCK: (Reason.SCOPE,)}
    assert told(less)[Figure.STOCK] == (Reason.SCOPE,)
    assert told(other) == {}
    assert blank.discrepancies[0].difference is None


def test_a_deleted_card_explains_what_only_the_cabinet_has():
    gone = shown(9, 3, 2, deleted=True)
    found = checked(taken((1, 96, 11)), shown(1, 96, 11), gone, gone={9})
    kept = checked(taken((1, 96, 11)), shown(1, 96, 11), gone)

    assert told(found) == {
        Figure.STOCK: (Reason.DELETED_CARD,),
        Figure.ORDERS: (Reason.DELETED_CARD,),
    }
    assert found.products == 2
    assert set(told(kept).values()) == {(Reason.UNEXPLAINED,)}


def test_a_deleted_card_does_not_explain_a_difference_of_ours():
    found = checked(taken((9, 1, 2)), shown(9, 3, 2, deleted=True), gone={9})

    assert told(found)[Figure.STOCK] == (Reason.UNEXPLAINED,)


def test_an_hour_and_a_tenth_of_turnover_are_rounding():
    near = checked(taken((1, 10, 7)), shown(1, 10, 7, hours=243))
    far = checked(taken((1, 10, 7)), shown(1, 10, 7, hours=244))

    assert told(near) == {Figure.TURNOVER: (Reason.ROUNDING,)}
    assert told(far) == {Figure.TURNOVER: (Reason.UNEXPLAINED,)}


def test_a_turnover_follows_only_from_what_is_explained_and_by_our_formula():
    cancelled = {Reason.CANCELLED: {1: 2}}
    other = checked(taken((1, 96, 11)), shown(1, 96, 13, hours=10), orders=cancelled)

    assert told(other)[Figure.TURNOVER] == (Reason.UNEXPLAINED,)
    assert told(other)[Figure.AVERAGE] == (Reason.FOLLOWS,)


def test_what_the_cabinet_could_not_work_out_is_said():
    found = checked(taken((1, 96, 11)), shown(1, 96, 11, hours=10, computed=False))
    none = checked(taken((1, 96, 11)), shown(1, 96, 11, hours=-3))

    assert told(found) == {Figure.TURNOVER: (Reason.NOT_COMPUTED,)}
    assert (none.compared, told(none)) == (5, {})


def test_a_product_that_a_short_report_leaves_out_is_put_down_to_it():
    short = checked(taken((1, 96, 11), (2, 0, 0)), short=True)
    whole = checked(taken((1, 96, 11), (2, 0, 0)))

    assert set(told(short).values()) == {(Reason.SHORT_REPORT,)}
    assert set(told(whole).values()) == {(Reason.UNEXPLAINED,)}


def test_what_is_left_is_put_down_to_old_data_of_ours():
    found = checked(
        taken((1, 90, 11)), shown(1, 96, 13), orders={Reason.CANCELLED: {1: 2}}, stale=True
    )

    assert told(found)[Figure.STOCK] == (Reason.STALE,)
    assert told(found)[Figure.ORDERS] == (Reason.CANCELLED,)

"""A product that begins to run out is noticed once, when it gets there, and again after it recovered."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.levels import MOST, Fell, Level, compared
from domain.snapshot import Snapshot, period

AT = datetime(2026, 11, 23, 4, tzinfo=UTC)
STOCK = st.none() | st.integers(0, 200)
SHOTS = st.lists(
    st.dictionaries(st.integers(1, 6), st.tuples(STOCK, st.none() | st.integers(0, 60))),
    min_size=1,
    max_size=6,
)


def shot(products, n=0):
    """(stock, orders) by nmID."""
    nm_ids = tuple(sorted(products))
    blank, nothing = ("",) * len(nm_ids), (0,) * len(nm_ids)
    return Snapshot(
        taken_at=AT + timedelta(hours=n),
        period=period(AT),
        nm_ids=nm_ids,
        brands=blank,
        subjects=blank,
        skus=blank,
        to_client=nothing,
        returns=nothing,
        orders=tuple(products[nm][1] for nm in nm_ids),
        stock=tuple(products[nm][0] for nm in nm_ids),
        places=(),
    )


def told(*shots):
    """What each snapshot tells after those before it."""
    known, before, falls = {}, None, []
    for n, products in enumerate(shots):
        now = shot(products, n)
        known, fell = compared(known, before, now)
        falls.append((fell.low_products, fell.out_products))
        before = now
    return falls


def one(*states):
    """The same of one product, seven orders in seven days: stock is days."""
    return [
        "low" if low else "out" if out else ""
        for low, out in told(*({7: (stock, 7)} if stock != "gone" else {} for stock in states))
    ]


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        pytest.param((20, 13, 12, 5), ["", "low", "", ""], id="once, below the lead time"),
        pytest.param((20, 13, 0, 0), ["", "low", "out", ""], id="and once at nothing"),
        pytest.param((20, 0), ["", "out"], id="at once"),
        pytest.param((13, 0, 13, 0), ["", "out", "", "out"], id="refilled a little, sold again"),
        pytest.param((30, 13, 14, 13), ["", "low", "", ""], id="on the edge"),
        pytest.param(
            (30, 13, 21, 13), ["", "low", "", "low"], id="recovered, with the safety days"
        ),
        pytest.param((5, 4, 0), ["", "", "out"], id="the first snapshot tells nothing"),
        pytest.param((30, None, 13), ["", "", "low"], id="not known meanwhile"),
        pytest.param((30, 13, None, 12), ["", "low", "", ""], id="not known, and low as before"),
        pytest.param((30, "gone", 5, 4), ["", "", "", ""], id="came back as it is"),
    ],
)
def test_a_product_is_told_when_it_gets_there_and_not_while_it_stays(states, expected):
    assert one(*states) == expected


def test_stock_that_nobody_orders_is_not_low_but_can_be_gone():
    assert told({7: (20, 0)}, {7: (1, 0)}, {7: (0, 0)}) == [((), ()), ((), ()), ((), (7,))]


def test_orders_that_were_not_read_leave_a_product_where_it_was():
    assert told({7: (30, 7)}, {7: (3, None)}, {7: (3, 7)}) == [((), ()), ((), ()), ((7,), ())]


def test_the_last_piece_of_a_bestseller_is_low():
    assert told({7: (9_000, 1_000)}, {7: (1, 1_000)}) == [((), ()), ((7,), ())]


def test_however_many_fall_together_only_some_are_named():
    many = range(1, 101)
    before, now = shot(dict.fromkeys(many, (100, 7))), shot(dict.fromkeys(many, (5, 7)), 1)

    levels, fell = compared({}, before, now)

    assert fell == Fell(low=100, low_products=tuple(range(1, MOST + 1)))
    assert levels == dict.fromkeys(many, Level.LOW)


@settings(deadline=None, max_examples=50)
@given(shots=SHOTS)
def test_nobody_falls_twice_without_having_risen(shots):
    known, before, standing = {}, None, {}
    for n, products in enumerate(shots):
        now = shot(products, n)
        levels, fell = compared(known, before, now)
        for nm in (*fell.low_products, *fell.out_products):
            assert levels[nm] > standing.get(nm, 0)
        standing = {nm: level for nm, level in levels.items() if nm in products}
        known, before = levels, now


@settings(deadline=None, max_examples=50)
@given(shots=SHOTS)
def test_the_same_snapshot_again_tells_nothing(shots):
    known, before = {}, None
    for n, products in enumerate(shots):
        known, _ = compared(known, before, shot(products, n))
        before = shot(products, n)

        assert compared(known, before, before) == (known, Fell())

"""Turnover: how long the stock lasts, to the tenth of a day."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.turnover import tenths

PIECES = st.integers(min_value=0, max_value=10**9)
ORDERS = st.integers(min_value=1, max_value=10**9)
DAYS = st.integers(min_value=1, max_value=365)


@pytest.mark.parametrize(
    ("stock", "days", "orders", "expected"),
    [(96, 7, 11, 611), (89, 7, 140, 45), (90, 7, 12, 525), (0, 7, 3, 0), (1, 1, 20, 1)],
)
def test_stock_times_days_by_orders_is_rounded_half_up(stock, days, orders, expected):
    assert tenths(stock, days, orders) == expected


@pytest.mark.parametrize("stock", [0, 5, None])
def test_without_orders_it_is_not_defined_also_at_zero_stock(stock):
    assert tenths(stock, 7, 0) is None


def test_what_is_not_known_has_no_turnover():
    assert tenths(None, 7, 3) is None
    assert tenths(3, 7, None) is None


@settings(deadline=None)
@given(stock=PIECES, days=DAYS, orders=ORDERS)
def test_it_equals_exact_decimal_arithmetic(stock, days, orders):
    exact = Decimal(stock * days * 10) / orders
    scaled = exact.quantize(Decimal(1), ROUND_HALF_UP)

    assert tenths(stock, days, orders) == scaled


@settings(deadline=None)
@given(stock=PIECES, days=DAYS, orders=ORDERS)
def test_more_stock_never_lasts_shorter_and_more_orders_never_longer(stock, days, orders):
    now = tenths(stock, days, orders)

    assert 0 <= now <= tenths(stock + 1, days, orders)
    assert tenths(stock, days, orders + 1) <= now

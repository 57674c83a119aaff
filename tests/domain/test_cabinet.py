"""When a figure of ours is the same as the cabinet's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.cabinet import Figure, Ours, Shown, agrees

PIECES = st.integers(0, 10**6)
OURS = Ours(stock=96, to_client=6, returns=1, orders=11, days=7)


def shown(**differing):
    """96 pieces, 11 orders in 7 days: 1.57 a day, 61 days and 2 hours."""
    same = {"stock": 96, "to_client": 6, "returns": 1, "orders": 11}
    return Shown(**{"nm_id": 7, "sku": "a", **same, "average": 1.57, "hours": 1_466, **differing})


def turnover(hours, stock=96, orders=11):
    mine = Ours(stock=stock, to_client=0, returns=0, orders=orders, days=7)
    return agrees(Figure.TURNOVER, mine, shown(hours=hours))


@pytest.mark.parametrize("figure", Figure)
def test_the_same_product_agrees_in_every_figure(figure):
    assert agrees(figure, OURS, shown()) is True


@pytest.mark.parametrize("figure", ["stock", "to_client", "returns", "orders"])
@given(PIECES, PIECES)
def test_pieces_agree_when_they_are_equal(figure, mine, theirs):
    own = Ours(**{"stock": 0, "to_client": 0, "returns": 0, "orders": 0, "days": 7, figure: mine})

    assert agrees(Figure(figure), own, shown(**{figure: theirs})) is (mine == theirs)


@pytest.mark.parametrize(
    ("average", "expected"),
    [(1.57, True), (1.5714285, True), (1.58, True), (1.56, True), (1.59, False), (1.55, False)],
)
def test_an_average_agrees_within_a_hundredth(average, expected):
    assert agrees(Figure.AVERAGE, OURS, shown(average=average)) is expected


@pytest.mark.parametrize(
    ("hours", "expected"),
    [(1_466, True), (1_481, True), (1_482, False), (1_452, True), (1_451, False)],
)
def test_a_long_turnover_agrees_within_one_per_cent(hours, expected):
    assert turnover(hours) is expected


@pytest.mark.parametrize(("hours", "expected"), [(24, True), (26, True), (27, False), (22, True)])
def test_a_short_turnover_agrees_within_a_tenth_of_a_day(hours, expected):
    assert turnover(hours, stock=1, orders=7) is expected


@pytest.mark.parametrize(
    ("stock", "orders", "hours", "expected"),
    [
        (96, 0, -1, True),
        (0, 0, -1, True),
        (96, 0, 0, False),
        (96, 0, 1_466, False),
        (0, 11, -2, True),
        (0, 11, 0, True),
        (96, 11, -2, False),
        (96, 11, -1, False),
        (0, 0, -2, True),
        (96, 0, -2, False),
    ],
)
def test_endless_is_our_blank_and_nothing_is_our_zero(stock, orders, hours, expected):
    assert turnover(hours, stock, orders) is expected


@pytest.mark.parametrize("hours", [-3, -4])
def test_what_the_cabinet_did_not_work_out_is_not_compared(hours):
    assert turnover(hours) is None


@pytest.mark.parametrize("figure", Figure)
def test_what_we_do_not_know_is_not_compared(figure):
    nothing = Ours(stock=None, to_client=None, returns=None, orders=None, days=7)

    assert agrees(figure, nothing, shown()) is None


@given(PIECES, st.integers(1, 10**6), st.integers(1, 31))
def test_turnover_by_our_formula_in_whole_hours_always_agrees(stock, orders, days):
    mine = Ours(stock=stock, to_client=0, returns=0, orders=orders, days=days)

    hours = stock * days * 24 // orders

    assert agrees(Figure.TURNOVER, mine, shown(hours=hours or -2)) is True

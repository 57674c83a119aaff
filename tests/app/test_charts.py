"""Charts as paths on a ground of 960 by 100, from their values alone."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web.console.charts import HIGH, WIDE, bars, line, top_of


@pytest.mark.parametrize(
    ("most", "top"), [(0, 1), (0.3, 0.3), (0.4, 0.5), (7, 8), (9, 10), (96, 100), (1_412, 1_500)]
)
def test_the_upper_edge_is_a_round_number(most, top):
    assert top_of(most) == pytest.approx(top)


def test_a_bar_stands_on_the_ground_or_on_another_one():
    assert bars([5, 0, 10], 10) == "M1 100v-50h318v50zM641 100v-100h318v100z"
    assert bars([5], 10, [5]) == "M1 50v-50h958v50z"


def test_a_line_is_broken_where_nothing_is_known():
    assert line([0, 10, None, 5], 10) == "M120 100L360 0M839 50L841 50"
    assert line([None, None], 10) == ""


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=200))
def test_nothing_is_drawn_outside_the_ground(values):
    top = top_of(max(values))

    points = re.findall(r"[ML](\S+) ([\d.]+)", line(values, top))

    assert all(0 <= float(x) <= WIDE and 0 <= float(y) <= HIGH for x, y in points)

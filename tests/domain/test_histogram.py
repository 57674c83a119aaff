"""Histograms of times: added up, they still say what most of them did not exceed."""

from statistics import median_low

from hypothesis import given
from hypothesis import strategies as st

from domain.histogram import BUCKETS, added, bucket, quantile


def histogram(times):
    counts = [0] * BUCKETS
    for each in times:
        counts[bucket(each)] += 1
    return counts


def test_nothing_has_no_quantile():
    assert quantile(histogram([]), 0.5) is None


@given(st.lists(st.integers(1, 10_000_000), min_size=1))
def test_a_quantile_is_at_most_a_fifth_off(times):
    for share, exact in ((0.5, median_low(times)), (1, max(times))):
        assert exact / 1200 <= quantile(histogram(times), share) <= exact * 1.2 / 1000


@given(st.lists(st.lists(st.integers(1, 100_000), max_size=5), max_size=5))
def test_what_is_added_up_is_as_if_it_had_been_counted_at_once(parts):
    assert added(map(histogram, parts)) == histogram([each for part in parts for each in part])

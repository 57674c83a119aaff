"""Histograms of times, which can be added up over minutes and companies; quantiles could not.

Two buckets per doubling: bucket b holds from 2^(b/2) to 2^((b+1)/2) ms, the last one all beyond.
"""

from collections.abc import Iterable, Sequence
from math import floor, log2

BUCKETS = 48


def bucket(milliseconds: int) -> int:
    """Which one a time falls into; less than one counts as one."""
    return min(floor(2 * log2(max(milliseconds, 1))), BUCKETS - 1)


def added(histograms: Iterable[Sequence[int]]) -> list[int]:
    """All of them as one."""
    total = [0] * BUCKETS
    for each in histograms:
        for place, count in enumerate(each):
            total[place] += count
    return total


def quantile(histogram: Sequence[int], share: float) -> float | None:
    """Seconds that this share of the times did not exceed, at most 19 % off: the middle of the
    bucket where the share is reached. None of nothing."""
    wanted = share * sum(histogram)
    if not wanted:
        return None
    reached = 0
    for place, count in enumerate(histogram):
        reached += count
        if reached >= wanted:
            return float(2 ** ((place + 0.5) / 2)) / 1000
    return None

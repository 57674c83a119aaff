"""Small charts, drawn by the server: each series is one SVG path on a ground of 960 by 100.

The ground is stretched to whatever room there is, so there is no text in it: title, axis and the
same numbers as a table stand beside it in HTML (`ui.chart`).
"""

from collections.abc import Sequence
from itertools import groupby
from math import floor, log10

from domain.fact import fact

WIDE, HIGH = 960, 100
GAP = 2
"""Between two bars."""
NOTHING = 1e-9
"""What is less is drawn as none."""


@fact
class Series:
    """One path: `look` is its class in the style sheet, `name` stands in the key."""

    look: str
    path: str
    name: str = ""


@fact
class Chart:
    """Everything that `ui.chart` shows. `value` and `beside` are its headline in words; `top` is
    what the upper edge means; `axis` five times or so; `due` where the dashed line stands, if it
    does, named `due_name`; `head` and `rows` are the same as a table."""

    name: str
    title: str
    value: str
    beside: str
    top: str
    axis: Sequence[object]
    series: Sequence[Series]
    head: Sequence[str]
    rows: Sequence[Sequence[object]]
    due: int | None = None
    due_name: str = ""


def top_of(most: float) -> float:
    """A round number at or above the largest value: 1, 1.5, 2, 3, 5 or 8 and zeros."""
    if most < NOTHING:
        return 1.0
    scale = float(10 ** floor(log10(most)))
    return next((n * scale for n in (1, 1.5, 2, 3, 5, 8) if most <= n * scale), 10 * scale)


def bars(values: Sequence[float], top: float, floors: Sequence[float] = ()) -> str:
    """A bar for each value, on top of `floors` where bars are stacked; none for nothing."""
    step = WIDE / max(len(values), 1)
    wide = _short(max(step - GAP, 1))
    drawn = []
    for place, value in enumerate(values):
        if value > 0:
            below = HIGH - HIGH * (floors[place] if floors else 0) / top
            left, tall = _short(place * step + GAP / 2), _short(HIGH * value / top)
            drawn.append(f"M{left} {_short(below)}v-{tall}h{wide}v{tall}z")
    return "".join(drawn)


def line(values: Sequence[float | None], top: float) -> str:
    """A line through the middles of where bars would stand; it is broken where nothing is known."""
    step = WIDE / max(len(values), 1)
    drawn = []
    for known, part in groupby(enumerate(values), lambda each: each[1] is not None):
        points = [
            (place * step + step / 2, HIGH - HIGH * (value or 0) / top) for place, value in part
        ]
        if known:
            if len(points) == 1:
                points = [(points[0][0] - 1, points[0][1]), (points[0][0] + 1, points[0][1])]
            drawn.append("M" + "L".join(f"{_short(x)} {_short(y)}" for x, y in points))
    return "".join(drawn)


def place_of(place: float, count: int) -> int:
    """Where on the ground the nth of so many values begins."""
    return round(place * WIDE / max(count, 1))


def _short(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")

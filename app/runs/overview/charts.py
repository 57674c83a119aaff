"""The fleet's last day, or last hour, as three charts: how much ended, how much failed, how long
runs waited for a slot."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from app.runs.overview.read import Point
from app.web.console import Visitor
from app.web.console.charts import Chart, Series, bars, line, place_of, top_of
from app.web.console.formats import JOINED, duration, number
from domain.fact import fact
from domain.histogram import added, quantile

MINUTE = timedelta(minutes=1)
RECENT = 5
"""Minutes that "now" and the peak are means of, where a step is no longer than that."""
DUE_HOUR = 8
"""The hour that most sheets are promised for."""


@fact
class Span:
    """How far back is looked, in how many steps, and how many of them are a row of the table."""

    step: timedelta
    count: int
    together: int

    def begin(self, now: datetime) -> datetime:
        """Of the first step; the last one is still under way."""
        since_midnight = now - now.replace(hour=0, minute=0, second=0, microsecond=0)
        return now - since_midnight % self.step - self.step * (self.count - 1)


DAY = Span(step=timedelta(minutes=15), count=96, together=4)
HOUR = Span(step=MINUTE, count=60, together=5)


@fact
class Step:
    """All kinds of runs together. `waited` is a histogram."""

    at: datetime
    succeeded: int
    failed: int
    waited: Sequence[int]

    @property
    def ended(self) -> int:
        """Without those that were cancelled."""
        return self.succeeded + self.failed

    @property
    def failing(self) -> float:
        """Per cent."""
        return 100 * self.failed / self.ended if self.ended else 0.0


def steps(points: Sequence[Point], span: Span, now: datetime) -> Sequence[Step]:
    """One for each, also where nothing ended."""
    begin = span.begin(now)
    found: dict[int, list[Point]] = {}
    for each in points:
        found.setdefault((each.at - begin) // span.step, []).append(each)
    return [_sum(begin + span.step * n, found.get(n, ())) for n in range(span.count)]


def charts(
    shown: Sequence[Step], hour: Sequence[Step], span: Span, visitor: Visitor
) -> Sequence[Chart]:
    """`hour` are the last minutes, of which "now" is said."""
    drawing = _Drawing(shown, span, visitor)
    return drawing.throughput(hour), drawing.failures(hour), drawing.waits(hour)


def _sum(at: datetime, points: Sequence[Point | Step]) -> Step:
    return Step(
        at=at,
        succeeded=sum(each.succeeded for each in points),
        failed=sum(each.failed for each in points),
        waited=added(each.waited for each in points),
    )


def _rounded(rate: float) -> float:
    """One digit after the point where it says something."""
    return round(rate, 1 if rate < 10 else None)  # noqa: PLR2004 - two digits are enough


class _Drawing:
    def __init__(self, shown: Sequence[Step], span: Span, visitor: Visitor) -> None:
        self.shown, self.span, self.visitor = shown, span, visitor
        self.minutes = span.step / MINUTE
        rows = range(0, span.count, span.together)
        self.rows = [_sum(shown[n].at, shown[n : n + span.together]) for n in rows]
        every = span.count // 4
        ends = [*(shown[n * every].at for n in range(4)), visitor.now]
        self.axis = [self.clock(at) for at in ends]
        self.due, self.due_name = self._due()

    def throughput(self, hour: Sequence[Step]) -> Chart:
        say, language = self.visitor.say, self.visitor.language
        rates = [each.succeeded / self.minutes for each in self.shown]
        failing = [each.failed / self.minutes for each in self.shown]
        most = max(a + b for a, b in zip(rates, failing, strict=True))
        top = top_of(most)
        now, peak = self.pace(hour)
        return self._chart(
            "throughput",
            say("Throughput"),
            number(_rounded(now), language),
            say("a minute now, %(most)s at the peak", most=number(_rounded(peak), language)),
            say("%(most)s a minute", most=number(top, language)),
            (
                Series(look="bars", path=bars(rates, top, failing), name=say("succeeded")),
                Series(look="bars bad", path=bars(failing, top), name=say("failed")),
            ),
            (say("Since"), say("succeeded"), say("failed")),
            [
                (number(each.succeeded, language), number(each.failed, language))
                for each in self.rows
            ],
        )

    def failures(self, hour: Sequence[Step]) -> Chart:
        say = self.visitor.say
        rates = [each.failing for each in self.shown]
        worst = max(self.shown, key=lambda each: each.failing)
        top = top_of(worst.failing)
        beside = say("of runs this hour")
        if worst.failed:
            told = {"most": self.percent(worst.failing), "time": self.clock(worst.at)}
            beside = say("of runs this hour, %(most)s at %(time)s", **told)
        drawn = line(rates, top)
        area = f"{drawn}V100H{rates and 960 / len(rates) / 2:g}z"
        return self._chart(
            "failures",
            say("Failure rate"),
            self.percent(_sum(hour[0].at, hour).failing),
            beside,
            self.percent(top),
            (
                Series(look="area", path=area),
                Series(look="rise bad", path=drawn, name=say("failed")),
            ),
            (say("Since"), say("failed")),
            [(self.percent(each.failing),) for each in self.rows],
        )

    def waits(self, hour: Sequence[Step]) -> Chart:
        say = self.visitor.say
        half = [quantile(each.waited, 0.5) for each in self.shown]
        most = [quantile(each.waited, 0.95) for each in self.shown]
        top = top_of(max((each for each in most if each is not None), default=0))
        recent = _sum(hour[0].at, hour).waited
        return self._chart(
            "waits",
            say("Wait for a slot"),
            self.seconds(quantile(recent, 0.5)),
            say(
                "p50, %(most)s p95",
                most=self.seconds(quantile(recent, 0.95)),
            ),
            self.seconds(top),
            (
                Series(look="rise two", path=line(most, top), name="p95"),
                Series(look="rise", path=line(half, top), name="p50"),
            ),
            (say("Since"), "p50", "p95"),
            [
                tuple(self.seconds(quantile(each.waited, share)) for share in (0.5, 0.95))
                for each in self.rows
            ],
        )

    def pace(self, hour: Sequence[Step]) -> tuple[float, float]:
        """A minute now, and at most: means of equally many minutes. The minute under way is none
        of them yet, while the peak may still be now."""
        minutes = int(max(RECENT, self.minutes))
        now = sum(each.ended for each in hour[-minutes - 1 : -1]) / minutes
        together = int(minutes / self.minutes)
        ended = [each.ended for each in self.shown]
        sums = [sum(ended[n : n + together]) for n in range(len(ended) - together + 1)]
        return now, max(now, *(each / minutes for each in sums))

    def clock(self, at: datetime) -> str:
        return f"{at.astimezone(self.visitor.zone):%H:%M}"

    def percent(self, value: float) -> str:
        return f"{number(value, self.visitor.language, 0 if value in {0, 100} else 1)}{JOINED}%"

    def seconds(self, value: float | None) -> str:
        return "–" if value is None else duration(value, self.visitor.language)

    def _due(self) -> tuple[int | None, str]:
        """Where the day's promised hour stands, if it is in sight."""
        for place, each in enumerate(self.shown):
            local = each.at.astimezone(self.visitor.zone)
            if (local.hour, local.minute) == (DUE_HOUR, 0):
                return place_of(place, self.span.count), f"{local:%H:%M}"
        return None, ""

    def _chart(  # noqa: PLR0913, PLR0917 - a chart has so many parts
        self,
        name: str,
        title: str,
        value: str,
        beside: str,
        top: str,
        series: Sequence[Series],
        head: Sequence[str],
        rows: Sequence[Sequence[object]],
    ) -> Chart:
        return Chart(
            name=name,
            title=title,
            value=value,
            beside=beside,
            top=top,
            axis=self.axis,
            series=series,
            head=head,
            rows=[(self.clock(step.at), *row) for step, row in zip(self.rows, rows, strict=True)],
            due=self.due,
            due_name=self.due_name,
        )

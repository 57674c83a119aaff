"""What a sync will ask its neighbours, and when it can be ready: worked out before it asks.

Pure: of what may be read, how full the buckets are and who is away comes which sources are read, by
how many calls, from when on and until when. The reader follows the same ranking, and the buckets
are reckoned by the same rule that later lets the calls through, so that the two cannot differ.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from enum import StrEnum

from domain.budget import Bucket
from domain.capability import Standing
from domain.fact import fact
from domain.ports import Allowance, Level


@fact
class Step:
    """Calls of one method: each waits `pause` seconds, then for a token of every bucket at once.
    `endpoint` is what a breaker knows it by."""

    endpoint: str
    buckets: tuple[Allowance, ...]
    calls: int = 1
    pause: float = 0.0


@fact
class Option:
    """One way to read a part. `information` is comparable among the options of one part only."""

    reading: str
    standing: Standing
    information: int
    steps: tuple[Step, ...]

    @property
    def cost(self) -> int:
        """Calls."""
        return sum(step.calls for step in self.steps)


@fact
class Need:
    """A part of the sheet and all ways to read it. `kept`: the numbers of the last time will do
    where this time would have to wait for longer than a sync sleeps."""

    part: str
    options: tuple[Option, ...]
    kept: bool = False


@fact
class Holder:
    """Whose token it is, and of which type. `scopes`: the categories that it claims, where it was
    read."""

    seller_id: str
    kind: str
    scopes: frozenset[str] | None = None


@fact
class Extent:
    """How much there is to read, as far as is known. `cards`: of the whole catalogue, if all of it
    is due, else 0; `sizes` of all products; `orders_kept`: those of the last time would do; `fed`:
    the feed was read today, in place of orders; of supplies: is the list of them there already
    (`listed`), of how many have the `goods` to be read, of how many to be asked where they went
    (`unplaced`); `pages` of the cabinet's report are there."""

    cards: int = 0
    sizes: int = 0
    orders_kept: bool = False
    fed: bool = False
    listed: bool = False
    goods: int = 0
    unplaced: int = 0
    pages: int = 0


@fact
class Outlook:
    """How full buckets are, by their keys; for how many seconds nobody calls an endpoint; and how
    many seconds a sync sleeps for a call before it gives its place to others."""

    levels: Mapping[str, Level] = field(default_factory=dict)
    away: Mapping[str, float] = field(default_factory=dict)
    patience: float = 30.0


class Cause(StrEnum):
    """Why a part begins later than it could: its limit, or who is away. Why it is not read: all its
    sources are closed, or the kept numbers will do."""

    NONE = ""
    LIMIT = "limit"
    AWAY = "away"
    CLOSED = "closed"
    KEPT = "kept"


@fact
class Line:
    """What becomes of one part, in seconds from now. `reading` is empty where it is not read;
    `others` could stand in for it. `starts` is the first call, `waited` in all."""

    part: str
    reading: str
    others: tuple[str, ...]
    calls: int
    starts: float
    ends: float
    waited: float
    cause: Cause


@fact
class Plan:
    """The parts in the order in which they are read."""

    lines: tuple[Line, ...]

    @property
    def calls(self) -> int:
        """In all."""
        return sum(line.calls for line in self.lines)

    @property
    def starts(self) -> float:
        """The first call: seconds from now."""
        return min((line.starts for line in self.lines if line.calls), default=0.0)

    @property
    def ends(self) -> float:
        """When all of it can be there, if every answer came at once: seconds from now."""
        return max((line.ends for line in self.lines), default=0.0)

    @property
    def waits(self) -> Line | None:
        """The part that is waited for longest."""
        waiting = [line for line in self.lines if line.waited and line.calls]
        return max(waiting, key=lambda line: line.waited, default=None)


def ranked(options: Iterable[Option]) -> tuple[Option, ...]:
    """Those that may be tried: the surely open ones first, then by information, then by cost."""
    open_ones = [each for each in options if each.standing in (Standing.ALLOWED, Standing.UNKNOWN)]

    def rank(option: Option) -> tuple[bool, int, int]:
        return option.standing is Standing.UNKNOWN, -option.information, option.cost

    return tuple(sorted(open_ones, key=rank))


def plan(needs: Sequence[Need], outlook: Outlook, begins: float = 0.0) -> Plan:
    """What a sync that begins in so many seconds will do."""
    ahead = _Ahead(outlook, begins)
    return Plan(lines=tuple(ahead.line(need) for need in needs))


def floor(needs: Iterable[Need], outlook: Outlook) -> float:
    """Seconds before which all of this cannot have been asked, by anybody and in any order: what
    the slowest bucket needs to give so many tokens."""
    asked = Counter[Allowance]()
    for need in needs:
        for step in next((best.steps for best in ranked(need.options)), ()):
            for bucket in step.buckets:
                asked[bucket] += step.calls
    return max((_given(of, calls, outlook) for of, calls in asked.items() if calls), default=0.0)


def _given(of: Allowance, calls: int, outlook: Outlook) -> float:
    level = outlook.levels.get(of.key, Level(tokens=of.burst))
    return level.closed + max(0.0, calls - min(level.tokens, of.burst)) * of.interval


class _Ahead:
    """Time as it will pass, and the buckets as they will be."""

    def __init__(self, outlook: Outlook, begins: float) -> None:
        self._outlook, self._now = outlook, begins
        self._buckets: dict[str, Bucket] = {}

    def line(self, need: Need) -> Line:
        options = ranked(need.options)
        if not options:
            return self._unread(need, Cause.CLOSED)
        best, *others = options
        if need.kept and self._too_long(best):
            return self._unread(need, Cause.KEPT)
        begun, waited, starts, cause = self._now, 0.0, None, Cause.NONE
        for step in best.steps:
            for _ in range(step.calls):
                late, why = self._call(step)
                cause, waited = (why if late else cause), waited + late
                starts = self._now if starts is None else starts
        return Line(
            part=need.part,
            reading=best.reading,
            others=tuple(each.reading for each in others),
            calls=best.cost,
            starts=begun if starts is None else starts,
            ends=self._now,
            waited=waited,
            cause=cause,
        )

    def _call(self, step: Step) -> tuple[float, Cause]:
        """One call: how long it waits for others than itself, and for whom."""
        self._now += step.pause
        away = max(0.0, self._outlook.away.get(step.endpoint, 0.0) - self._now)
        self._now += away
        limit = max(self._bucket(of).wait(self._now) for of in step.buckets)
        self._now += limit
        for of in step.buckets:
            self._buckets[of.key] = self._bucket(of).less(self._now)
        return away + limit, Cause.AWAY if away > limit else Cause.LIMIT

    def _too_long(self, option: Option) -> bool:
        """Would its first call not be made at once, or after a sleep? Who is away is not slept for.
        The last buckets of a step are common gates, which open within moments."""
        first = next((step for step in option.steps if step.calls), None)
        if first is None:
            return False
        away = self._outlook.away.get(first.endpoint, 0.0) > self._now
        return away or self._bucket(first.buckets[0]).wait(self._now) > self._outlook.patience

    def _bucket(self, of: Allowance) -> Bucket:
        if of.key not in self._buckets:
            level = self._outlook.levels.get(of.key, Level(tokens=of.burst))
            self._buckets[of.key] = Bucket(
                tokens=level.tokens, since=level.closed, burst=of.burst, interval=of.interval
            )
        return self._buckets[of.key]

    def _unread(self, need: Need, cause: Cause) -> Line:
        return Line(
            part=need.part,
            reading="",
            others=(),
            calls=0,
            starts=self._now,
            ends=self._now,
            waited=0.0,
            cause=cause,
        )

"""What a sync will ask, before it asks: never a forbidden call, never a promise that cannot be kept."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.budget import Buckets
from domain.capability import Standing
from domain.planner import Cause, Need, Option, Outlook, Step, floor, plan, ranked
from domain.ports import Allowance, Level

few = settings(deadline=None, max_examples=60)
GATE = Allowance(key="gate", what="egress", of="", burst=3, interval=0.1)
METHODS = tuple(
    Allowance(key=f"m{n}", what=f"m{n}", of="seller", burst=burst, interval=interval)
    for n, (burst, interval) in enumerate(((1, 20.0), (5, 0.6), (10, 60.0), (1, 10_800.0)))
)
OPEN = (Standing.ALLOWED, Standing.UNKNOWN)


def step(method=METHODS[0], calls=1, pause=0.0):
    return Step(endpoint=method.key, buckets=(method, GATE), calls=calls, pause=pause)


def option(reading, *steps, standing=Standing.ALLOWED, information=1):
    return Option(
        reading=reading, standing=standing, information=information, steps=steps or (step(),)
    )


def need(*options, part="part", kept=False):
    return Need(part=part, options=options, kept=kept)


STEPS = st.builds(
    step, st.sampled_from(METHODS), st.integers(0, 12), st.sampled_from((0.0, 5.0, 20.0))
)
OPTIONS = st.builds(
    lambda reading, standing, information, steps: option(
        reading, *steps, standing=standing, information=information
    ),
    st.sampled_from("abcdef"),
    st.sampled_from(Standing),
    st.integers(0, 3),
    st.lists(STEPS, min_size=1, max_size=3),
)
NEEDS = st.lists(
    st.builds(lambda options: need(*options), st.lists(OPTIONS, max_size=4)), max_size=5
)


def _level(burst):
    closed = st.sampled_from((0.0, 0.0, 7.0, 900.0))
    return st.builds(Level, tokens=st.floats(0, burst), closed=closed)


LEVELS = st.fixed_dictionaries({each.key: _level(each.burst) for each in (*METHODS, GATE)})
OUTLOOKS = st.builds(
    Outlook,
    levels=LEVELS,
    away=st.dictionaries(st.sampled_from([m.key for m in METHODS]), st.floats(0, 600)),
)


# How sources are ranked


def test_what_is_surely_open_goes_first_then_information_then_cost():
    dear = option("dear", step(calls=3), information=2)
    cheap = option("cheap", information=2)
    poor = option("poor", information=1)
    unsure = option("unsure", standing=Standing.UNKNOWN, information=9)

    assert [each.reading for each in ranked([unsure, poor, dear, cheap])] == [
        "cheap",
        "dear",
        "poor",
        "unsure",
    ]


def test_the_best_source_is_read_and_the_others_are_named():
    (line,) = plan([need(option("a", information=2), option("b"))], Outlook()).lines

    assert (line.reading, line.others, line.calls) == ("a", ("b",), 1)


def test_a_part_whose_sources_are_all_closed_is_not_read():
    closed = [option(each, standing=each) for each in (Standing.FORBIDDEN, Standing.OFF)]

    planned = plan([need(*closed)], Outlook())

    assert planned.calls == 0
    assert planned.lines[0].cause is Cause.CLOSED


# When


def test_the_next_slot_is_told():
    slow = METHODS[3]
    outlook = Outlook(levels={slow.key: Level(tokens=0.5)})

    planned = plan([need(option("a")), need(option("orders", step(slow)), part="orders")], outlook)

    assert planned.starts == 0.0
    assert planned.waits.part == "orders"
    assert planned.waits.starts == pytest.approx(5_400)
    assert planned.waits.cause is Cause.LIMIT
    assert planned.ends == pytest.approx(5_400)


def test_who_is_away_is_waited_for():
    planned = plan([need(option("a"))], Outlook(away={METHODS[0].key: 40.0}))

    assert (planned.starts, planned.lines[0].cause) == (40.0, Cause.AWAY)


def test_a_later_beginning_finds_fuller_buckets():
    outlook = Outlook(levels={METHODS[0].key: Level(tokens=0.0)})

    assert plan([need(option("a"))], outlook).starts == 20.0
    assert plan([need(option("a"))], outlook, begins=15.0).starts == 20.0
    assert plan([need(option("a"))], outlook, begins=300.0).starts == 300.0


def test_kept_numbers_do_where_the_wait_is_longer_than_a_sleep():
    def planned(seconds):
        outlook = Outlook(levels={METHODS[2].key: Level(tokens=0.0, closed=seconds)}, patience=30.0)
        return plan([need(option("orders", step(METHODS[2])), kept=True)], outlook)

    assert planned(100.0).lines[0].cause is Cause.KEPT
    assert planned(100.0).calls == 0
    asleep = plan(
        [need(option("a", step(METHODS[0])), kept=True)],
        Outlook(levels={METHODS[0].key: Level(tokens=0.0)}),
    )
    assert (asleep.calls, asleep.starts) == (1, 20.0)


# Whatever there is


@few
@given(NEEDS, OUTLOOKS)
def test_no_forbidden_source_is_ever_planned(needs, outlook):
    closed = {
        (n, each.reading)
        for n, one in enumerate(needs)
        for each in one.options
        if each.standing not in OPEN
        and all(o.standing not in OPEN for o in one.options if o.reading == each.reading)
    }

    lines = plan(needs, outlook).lines

    assert not closed & {(n, line.reading) for n, line in enumerate(lines)}
    assert not closed & {(n, other) for n, line in enumerate(lines) for other in line.others}


@few
@given(NEEDS, OUTLOOKS, st.floats(0, 3_600))
def test_equal_questions_have_equal_answers(needs, outlook, begins):
    assert plan(needs, outlook, begins) == plan(needs, replace(outlook), begins)


@few
@given(NEEDS, OUTLOOKS, OUTLOOKS)
def test_fuller_buckets_never_make_it_later(needs, one, other):
    fuller = replace(
        one,
        levels={
            key: Level(
                tokens=max(one.levels[key].tokens, other.levels[key].tokens),
                closed=min(one.levels[key].closed, other.levels[key].closed),
            )
            for key in one.levels
        },
    )

    late, early = plan(needs, one), plan(needs, fuller)

    assert early.calls == late.calls
    assert early.starts <= late.starts + 1e-5
    assert early.ends <= late.ends + 1e-5


@few
@given(NEEDS, OUTLOOKS)
def test_it_never_ends_before_its_buckets_can_have_given_so_much(needs, outlook):
    planned = plan(needs, outlook)

    assert planned.ends >= floor(needs, outlook) - 1e-5
    assert planned.ends >= planned.starts >= 0.0


@few
@given(NEEDS)
async def test_every_planned_call_is_let_through_at_its_planned_moment(needs):
    """By the very buckets that the calls have to pass."""
    now = 0.0
    buckets = Buckets(lambda: now)
    for one in needs:
        for each in next((best.steps for best in ranked(one.options)), ()):
            for _ in range(each.calls):
                now += each.pause
                while wait := await buckets.take(*each.buckets):
                    now += wait

    assert now == pytest.approx(plan(needs, Outlook()).ends, abs=1e-3)

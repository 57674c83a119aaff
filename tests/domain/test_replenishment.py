"""What to ship: the figures of the sheet's example, what holds for all numbers, and what is blank."""

from dataclasses import fields, replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.replenishment import (
    Known,
    Replenishment,
    Settled,
    Terms,
    a_day,
    cohort,
    half_up,
    replenishment,
    ship,
)
from domain.snapshot import Period

MANY = settings(deadline=None, max_examples=50)
DAY = date(2026, 11, 23)
EXAMPLE = Known(
    day=DAY, days=7, stock=96, orders=11, on_sale=5, coming=10, quiet_since=date(2026, 10, 12)
)
PACKS = Terms(pack=6)

PIECES = st.integers(min_value=0, max_value=10**9)
MAYBE = st.none() | PIECES
DAYS = st.integers(min_value=1, max_value=365)
TERMS = st.builds(
    Terms,
    lead=st.integers(0, 365),
    cover=st.integers(0, 365),
    pack=st.integers(1, 10_000),
    safety=st.integers(0, 365),
)


@st.composite
def known(draw, pieces=MAYBE):
    days = draw(DAYS)
    return Known(
        day=draw(st.dates(date(2020, 1, 1), date(2100, 1, 1))),
        days=days,
        stock=draw(pieces),
        orders=draw(pieces),
        on_sale=draw(st.integers(0, days)),
        coming=draw(MAYBE),
        quiet_since=draw(st.none() | st.dates(date(2019, 1, 1), date(2100, 1, 1))),
    )


def test_the_example_of_the_specification():
    figures = replenishment(EXAMPLE, PACKS)

    assert figures == Replenishment(
        a_day_hundredths=220,
        cover_tenths=436,
        runs_out=date(2027, 1, 5),
        lead_demand_tenths=308,
        safety=16,
        ship=12,
        ship_by=date(2026, 12, 15),
        lost=4,
        idle=41,
    )
    assert figures.dead


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        pytest.param(
            {"orders": 0, "on_sale": 7},
            {"a_day_hundredths": 0, "cover_tenths": None, "runs_out": None, "ship": 0},
            id="no orders: nothing to ship, no dates",
        ),
        pytest.param(
            {"stock": 0, "orders": 14, "on_sale": 7, "coming": 0},
            {"cover_tenths": 0, "runs_out": DAY, "ship": 102, "ship_by": DAY, "idle": None},
            id="sold out: ships today",
        ),
        pytest.param(
            {"stock": 0, "orders": 0, "on_sale": 0},
            {
                "a_day_hundredths": None,
                "cover_tenths": None,
                "lead_demand_tenths": None,
                "safety": None,
                "ship": None,
                "lost": None,
            },
            id="never on sale: all blank",
        ),
        pytest.param(
            {"stock": None},
            {"a_day_hundredths": 220, "cover_tenths": None, "ship": None, "idle": None},
            id="stock unknown: cover and quantity blank",
        ),
        pytest.param(
            {"orders": None},
            {"a_day_hundredths": None, "cover_tenths": None, "ship": None, "lost": None},
            id="orders not read: demand unknown",
        ),
        pytest.param({"coming": None}, {"ship": 18}, id="not known what comes: as if nothing did"),
    ],
)
def test_rows_of_the_tab(changed, expected):
    figures = replenishment(replace(EXAMPLE, **changed), PACKS)

    assert {name: getattr(figures, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("orders", "on_sale", "expected"),
    [(11, 5, Fraction(11, 5)), (0, 5, 0), (3, 0, None), (None, 5, None), (3, None, None)],
)
def test_demand_is_measured_on_days_on_sale_only(orders, on_sale, expected):
    assert a_day(orders, on_sale) == expected


def test_what_is_enough_to_the_last_piece_costs_no_further_pack():
    exactly = Known(day=DAY, days=7, stock=0, orders=7, on_sale=7)

    assert replenishment(exactly, Terms(lead=20, cover=20, safety=2, pack=42)).ship == 42


def test_what_lasts_longer_than_the_calendar_has_no_date():
    for_ever = Known(day=DAY, days=7, stock=10**9, orders=1, on_sale=7)

    assert replenishment(for_ever).runs_out is None


@pytest.mark.parametrize(
    ("since", "expected"), [(DAY, 0), (DAY - timedelta(1), 0), (DAY - timedelta(2), 1)]
)
def test_only_full_days_without_an_order_count(since, expected):
    assert replenishment(replace(EXAMPLE, quiet_since=since)).idle == expected


def test_thirty_idle_days_are_dead_stock_and_twenty_nine_are_not():
    idle = [replenishment(replace(EXAMPLE, quiet_since=DAY - timedelta(n))) for n in (30, 31)]

    assert [(each.idle, each.dead) for each in idle] == [(29, False), (30, True)]


@pytest.mark.parametrize(
    ("settled", "expected"),
    [((27, 12, 0), 692), ((1, 1, 9), 500), ((0, 3, 0), 0), ((0, 0, 5), None), ((1, 15, 0), 63)],
)
def test_buyout_is_measured_on_what_is_settled(settled, expected):
    bought, refused, unsettled = settled
    one = Settled(bought=bought, refused=refused, unsettled=unsettled)

    assert one.buyout_tenths == expected


@pytest.mark.parametrize(("unsettled", "vague"), [(0, False), (10, False), (11, True)])
def test_more_than_a_tenth_still_open_is_to_be_read_with_care(unsettled, vague):
    bought = 90 if unsettled < 11 else 89

    assert Settled(bought=bought, refused=0, unsettled=unsettled).vague is vague


def test_a_cohort_is_twenty_eight_days_that_ended_twenty_one_days_ago():
    assert cohort(DAY, date(2026, 1, 1)) == Period(first=date(2026, 10, 6), last=date(2026, 11, 2))


def test_a_cohort_is_shorter_while_older_endings_were_not_seen():
    assert cohort(DAY, date(2026, 10, 25)) == Period(
        first=date(2026, 10, 25), last=date(2026, 11, 2)
    )
    assert cohort(DAY, date(2026, 11, 3)) is None


@MANY
@given(known=known(), terms=TERMS)
def test_no_figure_is_negative_and_each_is_an_integer_a_date_or_blank(known, terms):
    figures = replenishment(known, terms)

    for value in (getattr(figures, each.name) for each in fields(figures)):
        assert value is None or isinstance(value, date) or (type(value) is int and value >= 0)


@MANY
@given(known=known(), terms=TERMS)
def test_what_is_shipped_are_whole_packs_that_cover_the_need_and_no_pack_more(known, terms):
    pieces = replenishment(known, terms).ship
    pace = a_day(known.orders, known.on_sale)

    assert (pieces is None) == (known.stock is None or pace is None)
    if pieces:
        need = pace * (terms.lead + terms.cover) + replenishment(known, terms).safety
        there = known.stock + (known.coming or 0) + pieces
        assert pieces % terms.pack == 0
        assert need <= there < need + terms.pack


@MANY
@given(known=known(PIECES), terms=TERMS, more=st.integers(1, 10**6))
def test_more_stock_or_more_on_the_way_never_means_to_ship_more(known, terms, more):
    pace, coming = a_day(known.orders, known.on_sale), known.coming or 0
    now = ship(known.stock, coming, pace, terms)

    if now is not None:
        assert ship(known.stock + more, coming, pace, terms) <= now
        assert ship(known.stock, coming + more, pace, terms) <= now


@MANY
@given(known=known(PIECES), terms=TERMS, more=st.integers(1, 365))
def test_a_longer_lead_time_or_more_demand_never_means_to_ship_less_or_later(known, terms, more):
    now = replenishment(known, terms)
    slower = replenishment(known, replace(terms, lead=terms.lead + more))
    asked = replenishment(replace(known, orders=known.orders + more), terms)

    if now.ship is not None:
        assert now.ship <= slower.ship
        assert now.ship <= asked.ship
    if now.ship_by is not None and slower.ship_by is not None:
        assert slower.ship_by <= now.ship_by


@MANY
@given(known=known(), terms=TERMS)
def test_a_figure_is_blank_only_where_it_is_not_defined(known, terms):
    figures, pace = replenishment(known, terms), a_day(known.orders, known.on_sale)

    assert (figures.a_day_hundredths is None) == (pace is None)
    assert (figures.cover_tenths is None) == (known.stock is None or not pace)
    assert (figures.lost is None) == (not pace)
    assert (figures.idle is None) == (not known.stock or known.quiet_since is None)
    assert (figures.ship_by is None) == (not figures.ship or figures.runs_out is None)


@MANY
@given(parts=st.lists(st.tuples(PIECES, PIECES, PIECES), min_size=1, max_size=5))
def test_buyout_of_all_lies_between_the_least_and_the_most_of_its_parts(parts):
    bought, refused, unsettled = (sum(column) for column in zip(*parts, strict=True))
    whole = Settled(bought=bought, refused=refused, unsettled=unsettled)
    shares = [Settled(bought=b, refused=r, unsettled=u).buyout_tenths for b, r, u in parts if b + r]

    assert (whole.buyout_tenths is None) == (not shares)
    if shares:
        assert min(shares) <= whole.buyout_tenths <= max(shares)


@MANY
@given(exact=st.fractions(min_value=0))
def test_halves_go_up(exact):
    assert exact - Fraction(1, 2) < half_up(exact) <= exact + Fraction(1, 2)

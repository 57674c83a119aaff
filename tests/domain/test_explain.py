"""How a figure comes about: its formula with the numbers put in gives what the table shows."""

import re
from datetime import date
from fractions import Fraction
from math import ceil, floor

from hypothesis import given
from hypothesis import strategies as st

from domain.explain import Cell, Held, Product, Tally, of_movement, of_place, of_product
from domain.place import WB_TOTAL, Kind, Place
from domain.replenishment import Known, Settled, Terms

PIECES = st.none() | st.integers(0, 10**6)
TODAY = date(2026, 11, 23)
MOSCOW = Place(key="seller:1", kind=Kind.SELLER, name="Склад на Садовой", number=2)
MINSK = Place(key="wb:Минск", kind=Kind.WB_NAMED, name="Минск", number=3)
DECIMALS = {Cell.TURNOVER: 1, Cell.ORDERS_PER_DAY: 2, Cell.DAYS_OF_COVER: 1}
TENTHS = {Cell.LEAD_TIME_DEMAND: 1, Cell.BUYOUT: 1, Cell.LOST_SALES: 0}


def worked_out(told):
    """The formula over exact numbers, rounded as the table rounds."""
    terms = {each.key: exact(each.value) for each in told.terms}
    text = re.sub(r"\{(\w+)\}", r"terms['\1']", told.formula)
    for sign, code in zip("×÷−⌈⌉⌊⌋", ("*", "/", "-", "ceil(", ")", "floor(", ")"), strict=True):
        text = text.replace(sign, code)
    found = eval(text, {"ceil": ceil, "floor": floor, "max": max, "terms": terms})  # noqa: S307
    digits = {**DECIMALS, **TENTHS}.get(told.cell)
    if digits is not None:
        scaled = Fraction(found) * 10**digits
        found = Fraction(floor(scaled + Fraction(1, 2)), 10**digits)
    return found


def exact(value):
    return value.toordinal() if isinstance(value, date) else Fraction(value or 0)


def holds(told):
    """Is the value what its formula gives? A blank has none."""
    if told.value is None:
        return told.formula == ""
    if not told.formula:
        return [each.value for each in told.terms if each.counted] in ([told.value], [])
    return worked_out(told) == (
        exact(told.value) if isinstance(told.value, date) else Fraction(str(told.value))
    )


@st.composite
def products(draw):
    """With places that add up, as those of a snapshot do."""
    wb, own = draw(PIECES), draw(PIECES)
    named = draw(st.integers(0, wb)) if wb else None
    total = None if wb is None or own is None else wb + own
    orders = draw(PIECES)
    places = (
        Held(place=WB_TOTAL, stock=wb, orders=orders),
        Held(place=MOSCOW, stock=own, orders=0),
        Held(place=MINSK, stock=named, orders=None),
    )
    return Product(
        stock=total,
        orders=orders,
        to_client=draw(PIECES),
        returns=draw(PIECES),
        days=draw(st.integers(1, 31)),
        places=places,
    )


TALLIES = st.builds(Tally, made=st.integers(0, 10**6), cancelled=st.integers(0, 10**6))


@given(products(), TALLIES)
def test_every_cell_of_a_product_is_what_its_formula_gives(product, tally):
    found = [*of_product(product, tally)]
    for held in product.places:
        found += of_place(held, tally, product.days)

    assert [each.cell for each in found if not holds(each)] == []
    shown = {each.cell: each.value for each in of_product(product, tally)}
    assert (shown[Cell.STOCK], shown[Cell.ORDERS]) == (product.stock, product.orders)


@given(
    st.builds(
        Known,
        day=st.just(TODAY),
        days=st.just(7),
        stock=PIECES,
        orders=PIECES,
        on_sale=st.none() | st.integers(0, 7),
        coming=PIECES,
        quiet_since=st.none() | st.dates(date(2026, 1, 1), TODAY),
    ),
    st.builds(
        Terms,
        lead=st.integers(0, 365),
        cover=st.integers(0, 365),
        pack=st.integers(1, 1_000),
        safety=st.integers(0, 365),
    ),
    st.none()
    | st.builds(Settled, bought=PIECES.map(bool), refused=PIECES.map(bool), unsettled=st.just(0)),
)
def test_every_cell_of_what_to_ship_is_what_its_formula_gives(known, terms, settled):
    supplies = [(5, known.coming)] if known.coming else []

    found = list(of_movement(known, terms, settled, supplies))

    assert [each.cell for each in found if not holds(each)] == []
    assert {each.cell for each in found} >= {Cell.SHIP, Cell.BUYOUT, Cell.ON_THE_WAY}


def test_named_warehouses_stand_beside_the_sum_and_are_not_in_it():
    places = (
        Held(place=WB_TOTAL, stock=50, orders=1),
        Held(place=MINSK, stock=15, orders=None),
        Held(place=MOSCOW, stock=2, orders=0),
    )
    product = Product(stock=52, orders=1, to_client=0, returns=0, days=7, places=places)

    stock = next(of_product(product, Tally(made=1)))

    assert [(each.name.ru, each.value, each.counted) for each in stock.terms] == [
        ("Склад WB", 50, True),
        ("Минск", 15, False),
        ("Склад на Садовой", 2, True),
    ]
    assert stock.formula == "{p0} + {p2}"


def test_what_was_not_read_is_no_zero():
    places = (
        Held(place=WB_TOTAL, stock=50, orders=1),
        Held(place=MOSCOW, stock=None, orders=0),
    )
    product = Product(stock=None, orders=1, to_client=0, returns=0, days=7, places=places)

    stock, _, turnover, *_ = of_product(product, Tally(made=1))

    assert (stock.value, stock.formula, turnover.value) == (None, "", None)
    assert [each.value for each in stock.terms] == [50, None]


def test_orders_that_changed_after_the_figures_are_told_apart():
    product = Product(stock=1, orders=11, to_client=0, returns=0, days=7, places=())

    orders = list(of_product(product, Tally(made=14, cancelled=4)))[1]

    assert orders.formula == "{made} − {cancelled} + {since}"
    assert [each.value for each in orders.terms] == [14, 4, 1]


def test_the_example_of_the_specification():
    known = Known(day=TODAY, days=7, stock=96, orders=11, on_sale=5, coming=10)

    found = {each.cell: each for each in of_movement(known, Terms(pack=6), None, [(5, 10)])}

    ship = found[Cell.SHIP]
    values = {each.key: each.value for each in ship.terms}
    assert ship.formula.format(**values) == ("⌈max(0, 11 ÷ 5 × (14 + 30) + 16 − 96 − 10) ÷ 6⌉ × 6")
    assert (ship.value, found[Cell.SHIP_BY].value) == (12, date(2026, 12, 15))

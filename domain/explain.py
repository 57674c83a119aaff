"""How a figure comes about: what it is made of, the formula, and the value, for any cell.

A formula is written once, with names of its terms in braces, so that the same one is read in words
and in numbers; its value is what the table shows, never worked out a second way.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum

from domain.fact import fact
from domain.place import Kind, Place
from domain.replenishment import Known, Settled, Terms, replenishment
from domain.table.place_columns import place_name
from domain.table.words import Words
from domain.turnover import tenths

Value = int | float | date | None


class Cell(StrEnum):
    """Figures of a product; the first three are of each place too."""

    STOCK = "stock"
    ORDERS = "orders"
    TURNOVER = "turnover"
    TO_CLIENT = "to_client"
    RETURNS = "returns"
    ON_THE_WAY = "on_the_way"
    DAYS_ON_SALE = "days_on_sale"
    ORDERS_PER_DAY = "orders_per_day"
    DAYS_OF_COVER = "days_of_cover"
    RUNS_OUT = "runs_out"
    LEAD_TIME_DEMAND = "lead_time_demand"
    SAFETY_STOCK = "safety_stock"
    SHIP = "ship"
    SHIP_BY = "ship_by"
    LOST_SALES = "lost_sales"
    IDLE_DAYS = "idle_days"
    BUYOUT = "buyout"


OF_A_PLACE = (Cell.STOCK, Cell.ORDERS, Cell.TURNOVER)


@fact
class Term:
    """A number of a formula. Not `counted`: it is told beside it, for it is inside another one."""

    key: str
    name: Words
    value: Value
    counted: bool = True


@fact
class Explanation:
    """`value` as a person reads it, None where it is blank. A figure that is told as it is has no
    formula."""

    cell: Cell
    value: Value
    formula: str
    terms: tuple[Term, ...]


@fact
class Held:
    """A product at one place."""

    place: Place
    stock: int | None
    orders: int | None


@fact
class Product:
    """As the table has it, with the days of its period."""

    stock: int | None
    orders: int | None
    to_client: int | None
    returns: int | None
    days: int
    places: tuple[Held, ...]


@fact
class Tally:
    """Orders made in the period, each srid once, and those of them that are cancelled by now."""

    made: int = 0
    cancelled: int = 0


_NAMES: Mapping[str, Words] = {
    "stock": Words(ru="остатки", en="stock"),
    "orders": Words(ru="заказы", en="orders"),
    "days": Words(ru="дни периода", en="days of the period"),
    "made": Words(ru="заказы за период", en="orders made in the period"),
    "cancelled": Words(ru="отменённые", en="cancelled ones"),
    "since": Words(ru="изменилось после этих чисел", en="changed after these figures"),
    "to_client": Words(ru="в пути до покупателя", en="in transit to buyers"),
    "returns": Words(ru="в пути возвраты", en="returns in transit"),
    "on_sale": Words(ru="дни в продаже", en="days on sale"),
    "lead": Words(ru="срок поставки", en="lead time"),
    "cover": Words(ru="запас на", en="days to cover"),
    "safety_days": Words(ru="дни страхового запаса", en="safety days"),
    "safety": Words(ru="страховой запас", en="safety stock"),
    "coming": Words(ru="уже в пути на склад WB", en="already on the way to WB"),
    "pack": Words(ru="кратность", en="pack"),
    "day": Words(ru="день данных", en="day of the data"),
    "out": Words(ru="закончится", en="runs out"),
    "quiet": Words(ru="последний заказ или начало остатков", en="last order, or stock since"),
    "bought": Words(ru="выкуплено", en="bought"),
    "refused": Words(ru="отменено и возвращено", en="cancelled and returned"),
}
_PACE = "{orders} ÷ {on_sale}"
_FORMULAS: Mapping[Cell, str] = {
    Cell.TURNOVER: "{stock} × {days} ÷ {orders}",
    Cell.ORDERS_PER_DAY: _PACE,
    Cell.DAYS_OF_COVER: "{stock} × {on_sale} ÷ {orders}",
    Cell.RUNS_OUT: "{day} + ⌊{stock} × {on_sale} ÷ {orders}⌋",
    Cell.LEAD_TIME_DEMAND: f"{_PACE} × {{lead}}",
    Cell.SAFETY_STOCK: f"⌈{_PACE} × {{safety_days}}⌉",
    Cell.SHIP: f"⌈max(0, {_PACE} × ({{lead}} + {{cover}}) + {{safety}} − {{stock}} − {{coming}})"
    " ÷ {pack}⌉ × {pack}",
    Cell.SHIP_BY: "max({day}, {out} − ({lead} + {safety_days}))",
    Cell.LOST_SALES: f"{_PACE} × ({{days}} − {{on_sale}})",
    Cell.IDLE_DAYS: "max(0, {day} − {quiet} − 1)",
    Cell.BUYOUT: "100 × {bought} ÷ ({bought} + {refused})",
}


def of_product(product: Product, tally: Tally) -> Iterator[Explanation]:
    """The cells of its totals."""
    yield _stock(product)
    yield _orders(product.orders, tally)
    yield _turnover(product.stock, product.orders, product.days)
    yield _told(Cell.TO_CLIENT, product.to_client)
    yield _told(Cell.RETURNS, product.returns)


def of_place(held: Held, tally: Tally, days: int) -> Iterator[Explanation]:
    """The three cells of a product at a place."""
    yield _told(Cell.STOCK, held.stock)
    yield _orders(held.orders, tally)
    yield _turnover(held.stock, held.orders, days)


def of_movement(
    known: Known, terms: Terms, settled: Settled | None, supplies: Sequence[tuple[int, int]]
) -> Iterator[Explanation]:
    """The cells of «Пополнение». `supplies`: number and pieces that are not on sale yet."""
    found = replenishment(known, terms)
    values = _values(known, terms, found.safety, found.runs_out)
    shown: Mapping[Cell, Value] = {
        Cell.ORDERS_PER_DAY: _scaled(found.a_day_hundredths, 100),
        Cell.DAYS_OF_COVER: _scaled(found.cover_tenths, 10),
        Cell.RUNS_OUT: found.runs_out,
        Cell.LEAD_TIME_DEMAND: _scaled(found.lead_demand_tenths, 10),
        Cell.SAFETY_STOCK: found.safety,
        Cell.SHIP: found.ship,
        Cell.SHIP_BY: found.ship_by,
        Cell.LOST_SALES: found.lost,
        Cell.IDLE_DAYS: found.idle,
    }
    yield _coming(known.coming, supplies)
    yield _told(Cell.DAYS_ON_SALE, known.on_sale, "on_sale")
    for cell, value in shown.items():
        yield _by_formula(cell, value, values)
    bought = {"bought": settled.bought, "refused": settled.refused} if settled else {}
    percent = settled.buyout_tenths if settled else None
    yield _by_formula(Cell.BUYOUT, _scaled(percent, 10), bought)


def tag(place: Place) -> str:
    """What a place is called among terms."""
    return f"p{place.number}"


def _stock(product: Product) -> Explanation:
    """Named warehouses of WB are inside its figure; what was not read is no term, and no zero."""
    terms = tuple(
        Term(
            key=tag(held.place),
            name=place_name(held.place),
            value=held.stock,
            counted=held.place.kind is not Kind.WB_NAMED and held.stock is not None,
        )
        for held in product.places
        if held.place.kind is not Kind.SELLER_UNNAMED
    )
    parts = [f"{{{each.key}}}" for each in terms if each.counted]
    whole = product.stock is not None
    formula = " + ".join(parts) if whole else ""
    return Explanation(cell=Cell.STOCK, value=product.stock, formula=formula, terms=terms)


def _orders(value: int | None, tally: Tally) -> Explanation:
    terms = [_term("made", tally.made), _term("cancelled", tally.cancelled)]
    formula = "{made} − {cancelled}"
    since = 0 if value is None else value - (tally.made - tally.cancelled)
    if since:
        terms.append(_term("since", since))
        formula += " + {since}"
    told = formula if value is not None else ""
    return Explanation(cell=Cell.ORDERS, value=value, formula=told, terms=tuple(terms))


def _turnover(stock: int | None, orders: int | None, days: int) -> Explanation:
    values: Mapping[str, Value] = {"stock": stock, "days": days, "orders": orders}
    lasts = tenths(stock, days, orders)
    return _by_formula(Cell.TURNOVER, _scaled(lasts, 10), values)


def _coming(coming: int | None, supplies: Sequence[tuple[int, int]]) -> Explanation:
    terms = tuple(
        Term(key=f"s{number}", name=Words(ru=f"поставка {number}", en=f"supply {number}"), value=n)
        for number, n in supplies
    )
    formula = " + ".join(f"{{{each.key}}}" for each in terms)
    told = formula if coming is not None else ""
    return Explanation(cell=Cell.ON_THE_WAY, value=coming, formula=told, terms=terms)


def _told(cell: Cell, value: int | None, key: str = "") -> Explanation:
    """As the marketplace, or the history, has it."""
    terms = (_term(key or cell.value, value),)
    return Explanation(cell=cell, value=value, formula="", terms=terms)


def _by_formula(cell: Cell, value: Value, values: Mapping[str, Value]) -> Explanation:
    """Its terms are those that its formula names."""
    formula = _FORMULAS[cell]
    terms = tuple(_term(key, each) for key, each in values.items() if f"{{{key}}}" in formula)
    told = formula if value is not None else ""
    return Explanation(cell=cell, value=value, formula=told, terms=terms)


def _values(
    known: Known, terms: Terms, safety: int | None, out: date | None
) -> Mapping[str, Value]:
    """What is not known to be on the way counts as nothing."""
    return {
        "stock": known.stock,
        "orders": known.orders,
        "on_sale": known.on_sale,
        "days": known.days,
        "lead": terms.lead,
        "cover": terms.cover,
        "safety_days": terms.safety,
        "safety": safety,
        "coming": known.coming or 0,
        "pack": terms.pack,
        "day": known.day,
        "out": out,
        "quiet": known.quiet_since,
    }


def _term(key: str, value: Value) -> Term:
    return Term(key=key, name=_NAMES[key], value=value)


def _scaled(scaled: int | None, by: int) -> float | None:
    return None if scaled is None else scaled / by

"""What a marketplace said at one moment, whole, in the words of the product.

Columnar: every column is aligned with `nm_ids`. A missing number is None, never 0.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta, timezone
from operator import add

from domain.fact import fact
from domain.place import Kind, Place

Column = tuple[int | None, ...]
MOSCOW = timezone(timedelta(hours=3), "Moscow")
"""The marketplace's days; no summer time since 2014."""


@fact
class Period:
    """Complete days, Moscow time, both ends included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many."""
        return (self.last - self.first).days + 1


@fact
class PlaceColumns:
    """Stock and orders at one place, pieces."""

    place: Place
    stock: Column
    orders: Column


@fact
class Gap:
    """A source that was not read. `source` is a stable word, `columns` the tags it leaves blank
    (`stock`, `p2.s` …), `reason` and `cure` words of the catalogue in `domain.table`."""

    source: str
    columns: tuple[str, ...]
    cause: str


@fact
class Moving:
    """What is known of products beside stock and orders when a sheet shows it, aligned with them.

    `on_sale`: days of the period on which it could be bought; `coming`: pieces on the way to the
    marketplace's warehouses; `buyout`: tenths of a per cent of settled orders that buyers kept, and
    `vague` says of how many products that may still move; `idle`: full days without an order while
    there is stock. `gaps` say why a column is blank.
    """

    on_sale: Column
    coming: Column
    buyout: Column
    idle: Column
    vague: int = 0
    gaps: tuple[Gap, ...] = ()


@fact
class Snapshot:
    """The stock of one shop, product by product, nmID ascending. `moving` is there only if a tab of
    its sheet shows it."""

    taken_at: datetime
    period: Period
    nm_ids: tuple[int, ...]
    brands: tuple[str, ...]
    subjects: tuple[str, ...]
    skus: tuple[str, ...]
    to_client: Column
    returns: Column
    orders: Column
    stock: Column
    places: tuple[PlaceColumns, ...]
    gaps: tuple[Gap, ...] = ()
    moving: Moving | None = None


def period(now: datetime, n: int = 7) -> Period:
    """The last `n` complete Moscow days before `now` (aware)."""
    today = now.astimezone(MOSCOW).date()
    return Period(first=today - timedelta(days=n), last=today - timedelta(days=1))


def of_today(moment: datetime, now: datetime) -> bool:
    """Was it today in Moscow, or later by another clock?"""
    return moment.astimezone(MOSCOW).date() >= now.astimezone(MOSCOW).date()


def flaws(snapshot: Snapshot) -> tuple[str, ...]:
    """Sentences about sums that do not add up; none in a snapshot that may be shown."""
    return tuple(_flaws(snapshot))


def _flaws(snapshot: Snapshot) -> Iterator[str]:
    tops = [each for each in snapshot.places if each.place.kind is not Kind.WB_NAMED]
    if not _add_up(snapshot.stock, [each.stock for each in tops]):
        yield "the places' stock does not add up to the total"
    if not _add_up(snapshot.orders, [each.orders for each in tops]):
        yield "the places' orders do not add up to the total"
    whole = next((each.stock for each in tops if each.place.kind is Kind.WB_TOTAL), None)
    for each in snapshot.places:
        if each.place.kind is Kind.WB_NAMED and whole and _exceeds(each.stock, whole):
            yield f"{each.place.name}: more stock than all warehouses of WB hold together"
        if min((pieces or 0 for pieces in (*each.stock, *each.orders)), default=0) < 0:
            yield f"{each.place.name}: fewer pieces than none"


def _add_up(total: Column, parts: Sequence[Column]) -> bool:
    """Where a total is known, it is the sum of the places that were read."""
    sums: list[int] = [0] * len(total)
    for part in parts:
        if None not in part:
            sums = list(map(add, sums, part))
    return all(whole in (None, parts) for whole, parts in zip(total, sums, strict=True))


def _exceeds(part: Column, whole: Column) -> bool:
    return any(a is not None and b is not None and a > b for a, b in zip(part, whole, strict=True))

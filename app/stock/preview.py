"""Her sheet as it looks, with a few products: the columns are the sheet's own, names and all."""

from collections.abc import Iterator, Mapping, Sequence
from string import ascii_uppercase
from typing import Any

from app.stock.grid import places_of
from app.stock.products import ProductRow
from domain.fact import fact
from domain.table.columns import Group
from domain.table.place_columns import groups
from domain.turnover import tenths

ROWS = 6
PLACES = 3


@fact
class Preview:
    """`groups`: (title, columns under it); `captions`: (caption, width, whether a group ends);
    `rows`: the cells of each, None for a blank one; days are tenths."""

    letters: Sequence[str]
    groups: Sequence[tuple[str, int]]
    captions: Sequence[tuple[str, int, bool]]
    rows: Sequence[Sequence[tuple[str, Any]]]


def preview(rows: Sequence[ProductRow], days: int, language: str) -> Preview:
    """The first places only. `language`: the sheet's."""
    shown = groups(places_of(rows)[:PLACES])
    columns = [(column, column is each.columns[-1]) for each in shown for column in each.columns]
    return Preview(
        letters=ascii_uppercase[: len(columns)],
        groups=[(each.title.say(language), len(each.columns)) for each in shown],
        captions=[(one.caption.say(language), one.width, last) for one, last in columns],
        rows=[list(_cells(row, days, shown)) for row in rows],
    )


def _cells(row: ProductRow, days: int, shown: Sequence[Group]) -> Iterator[tuple[str, Any]]:
    values = _values(row, days)
    for each in shown:
        for column in each.columns:
            yield column.holds.value, values.get(column.tag)


def _values(row: ProductRow, days: int) -> Mapping[str, Any]:
    own = {
        "brand": row.brand,
        "subject": row.subject,
        "sku": row.sku,
        "nm": row.nm_id,
        "to_client": row.to_client,
        "returns": row.returns,
        "orders": row.orders,
        "stock": row.stock,
        "cover": row.turnover_tenths,
    }
    for at in row.places:
        lasts = tenths(at.stock, days, at.orders)
        own |= {f"p{at.number}.s": at.stock, f"p{at.number}.o": at.orders, f"p{at.number}.c": lasts}
    return own

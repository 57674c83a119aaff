"""The figures of a snapshot, addressed by a column's tag and a product's index.

Nothing is rendered in advance: a column is the snapshot's own tuple, and turnover is worked out
for the products asked for. So a hundred thousand products cost what has changed of them.
"""

from collections.abc import Iterable, Sequence

from domain.snapshot import Snapshot
from domain.table.columns import KEY, TEXTS, Holds
from domain.table.figures import GONE, Numbers
from domain.table.numbers import Value
from domain.table.text import clean
from domain.turnover import tenths


class Cells:
    """`domain.table.figures.Figures` of the tab «Stock Tracker»: text, whole pieces, whole tenths
    of a day, or None. A row's key is its product."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.days = snapshot.period.days
        self.keys = snapshot.nm_ids
        self.index = {nm: i for i, nm in enumerate(snapshot.nm_ids)}
        self._texts = dict(
            zip(TEXTS, (snapshot.brands, snapshot.subjects, snapshot.skus), strict=True)
        )
        self._numbers: dict[str, Numbers] = {
            KEY: snapshot.nm_ids,
            "to_client": snapshot.to_client,
            "returns": snapshot.returns,
            "orders": snapshot.orders,
            "stock": snapshot.stock,
        }
        for columns in snapshot.places:
            self._numbers[f"p{columns.place.number}.s"] = columns.stock
            self._numbers[f"p{columns.place.number}.o"] = columns.orders

    def holds(self, tag: str) -> Holds:
        """The key, a text, days for what divides two columns, else pieces."""
        if tag == KEY:
            return Holds.KEY
        if tag in TEXTS:
            return Holds.TEXT
        return Holds.DAYS if parts(tag) else Holds.PIECES

    def parts(self, tag: str) -> tuple[str, str] | None:
        """Stock and orders of a column of turnover."""
        return parts(tag)

    def values(self, tag: str, products: Iterable[int]) -> Sequence[Value]:
        """Of these products; blank where one is GONE or the snapshot has no such column."""
        if tag not in TEXTS:
            return self.numbers(tag, products)
        texts = self._texts[tag]
        return [(clean(texts[i]) or None) if i != GONE else None for i in products]

    def numbers(self, tag: str, products: Iterable[int]) -> Numbers:
        """The same of a column that holds no text."""
        ratio = parts(tag)
        if ratio:
            stock, orders = (self.column(part) for part in ratio)
            return [tenths(stock[i], self.days, orders[i]) if i != GONE else None for i in products]
        numbers = self.column(tag)
        return [numbers[i] if i != GONE else None for i in products]

    def column(self, tag: str) -> Numbers:
        """A stored column as it is; all blank if the snapshot has none."""
        return self._numbers.get(tag) or (None,) * len(self.keys)

    def stored(self, tag: str) -> Sequence[Value]:
        """A column of numbers or texts as it is."""
        return self._texts.get(tag) or self.column(tag)


def parts(tag: str) -> tuple[str, str] | None:
    """The columns of stock and orders that a column of turnover divides; None for any other."""
    if tag == "cover":
        return "stock", "orders"
    place, dot, figure = tag.partition(".")
    return (f"{place}.s", f"{place}.o") if dot and figure == "c" else None

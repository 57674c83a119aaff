"""Which product stands in which row of a tab that she works in, and which have no row yet."""

from collections import Counter
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from domain.table.columns import KEY
from domain.table.order import Order, adopt, key_of
from domain.table.words import OURS
from infrastructure.google.batch import Aim
from infrastructure.google.believing import Believed
from infrastructure.google.overtyped import overtyped
from infrastructure.google.tab import Tab


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """`still` stand where we last wrote them and are there once, `moved` do not; together they
    are `order`. `fresh` have no row, in the order they shall get. `foreign` are no products.
    `overtyped`: row → the product whose key she typed over there."""

    order: Order
    still: Order
    moved: Order
    foreign: Order
    twice: AbstractSet[int]
    fresh: tuple[int, ...]
    overtyped: Mapping[int, int]

    @property
    def left(self) -> dict[int, int]:
        """The overtyped rows that show no other product of ours now: hers, with our figures."""
        if not self.overtyped:
            return {}
        shown = {row for row, _ in self.order}
        return {row: nm for row, nm in self.overtyped.items() if row not in shown}


def rows_of(aim: Aim, tab: Tab, believed: Believed) -> Rows:
    """Adopt her order."""
    known = aim.cells.index.keys() | {nm for _, nm in believed.remembered} | _struck(tab)
    adopted = adopt(tab.keys, known)
    times = Counter(nm for _, nm in adopted.order)
    twice = {nm for nm, n in times.items() if n > 1}
    placed = dict(believed.order or ())
    still = tuple(at for at in adopted.order if placed.get(at[0]) == at[1] and at[1] not in twice)
    stays = {row for row, _ in still}
    fresh = aim.shown.first_order(aim.cells.index.keys() - times.keys())
    return Rows(
        order=adopted.order,
        still=still,
        moved=tuple(at for at in adopted.order if at[0] not in stays),
        foreign=adopted.foreign,
        twice=twice,
        fresh=fresh,
        overtyped=overtyped(tab, believed, set(fresh)),
    )


def _struck(tab: Tab) -> set[int]:
    """Products that vanished long ago are known by the note beside their key."""
    column = tab.columns[KEY]
    keys = {row: key_of(value) for row, value in tab.keys.items()}
    noted = (row for (row, at), text in tab.notes.items() if at == column and text.startswith(OURS))
    return {nm for row in noted if (nm := keys.get(row)) is not None}

"""Sorts the rows of the report of remains: stock, goods on the way, totals, and names unheard of.

Summing every line would count goods on the way as stock, and all stock twice.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime

from domain.checksum import Line, doubtful, settle
from domain.place import (
    WB_TOTAL,
    Kind,
    Place,
    Pseudo,
    Rule,
    Source,
    as_place,
    rule_for,
)
from infrastructure.wildberries.answers import RemainsRow
from infrastructure.wildberries.shelves import Pieces, Shelf, Shelves, shelf
from infrastructure.wildberries.words import say


def tally(rows: Iterable[RemainsRow], at: datetime, day: date) -> Shelves:
    """The report by place. Raises Malformed (`held_back`) where it contradicts its own total."""
    counter = _Counter(day)
    for row in rows:
        counter.count(row)
    counter.settle()
    return Shelves(
        at=at,
        shelves=[counter.total, *counter.own.values()],
        to_client=counter.pseudo[Pseudo.TRANSIT_TO_BUYER],
        returns=counter.pseudo[Pseudo.RETURNS],
        noticed=counter.noticed,
        unheard=[name for name, meaning in counter.names.items() if not meaning.proven],
    )


class _Name:
    """What one name of the report means, and where its pieces go if it is a place of its own."""

    __slots__ = ("proven", "pseudo", "shelf", "wb")

    def __init__(self, rule: Rule, name: str, shelves: dict[str, Shelf]) -> None:
        place = as_place(rule.means, None, name)
        self.pseudo = place if isinstance(place, Pseudo) else None
        self.wb = rule.means in (Kind.WB_TOTAL, Kind.WB_NAMED)
        self.proven = rule.proven
        self.shelf: Shelf | None = None
        if isinstance(place, Place) and place.kind is not Kind.WB_TOTAL:
            self.shelf = shelves.setdefault(place.key, shelf(place))


class _Counter:
    def __init__(self, day: date) -> None:
        self.pseudo: dict[Pseudo, Pieces] = {each: defaultdict(int) for each in Pseudo}
        self.noticed: list[str] = []
        self.total = shelf(WB_TOTAL)
        self.own: dict[str, Shelf] = {}
        self._day = day
        self.names: dict[str, _Name] = {}
        self._doubtful: int | None = None
        self._open: list[Line] = []

    def count(self, row: RemainsRow) -> None:
        """Add what is understood; keep what only the total can settle.

        Whether the seller's own goods stand inside the total is not documented: settled too.
        """
        stock, pending = 0, dict[str, int]()
        for line in row.warehouses:
            name = self._meaning(line.warehouse_name)
            if name.pseudo:
                self.pseudo[name.pseudo][row.nm_id] += line.quantity
                continue
            if name.shelf:
                name.shelf.pieces[row.nm_id] += line.quantity
            if name.proven and name.wb:
                stock += line.quantity
            else:
                pending[line.warehouse_name] = pending.get(line.warehouse_name, 0) + line.quantity
        self.total.pieces[row.nm_id] += stock
        self._check(row, stock, pending)

    def settle(self) -> None:
        """Decide on the open names: by the total line, or in their favour where there is none."""
        checked = bool(self.pseudo[Pseudo.TOTAL])
        if checked and self._doubtful is not None:
            raise doubtful(self._doubtful)
        inside = settle(self._open) if checked else {}
        for line in self._open:
            for name, pieces in line.names.items():
                if self.names[name].wb and inside.get(name, True):
                    self.total.pieces[line.nm_id] += pieces
        for text, new in self.names.items():
            if new.shelf and not new.proven:
                self._note(new.shelf, counted=inside.get(text, True), checked=checked)

    def _note(self, place: Shelf, *, counted: bool, checked: bool) -> None:
        """A name the total speaks for needs no words: its column tells."""
        if not counted:
            self.noticed.append(say("name_out", name=place.name))
            self.own.pop(place.key, None)
        elif not checked:
            self.noticed.append(say("name_in", name=place.name))

    def _check(self, row: RemainsRow, stock: int, pending: dict[str, int]) -> None:
        total = sum(
            line.quantity
            for line in row.warehouses
            if self.names[line.warehouse_name].pseudo is Pseudo.TOTAL
        )
        if pending:
            self._open.append(Line(nm_id=row.nm_id, rest=total - stock, names=pending))
        elif total != stock and self._doubtful is None:
            self._doubtful = row.nm_id

    def _meaning(self, name: str) -> _Name:
        if name not in self.names:
            rule = rule_for(Source.REMAINS, None, name, self._day)
            self.names[name] = _Name(rule, name, self.own)
        return self.names[name]

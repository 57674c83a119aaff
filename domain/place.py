"""Where stock is: the product's own places behind the marketplace's many names.

The rules are the checked-in, dated table of the mapping; names are data, so an unknown name
becomes a place of its own. Names are compared after NFC and trimming only: no likeness.
"""

from datetime import date
from enum import StrEnum
from unicodedata import normalize

from domain.fact import fact


class Kind(StrEnum):
    """What a place is, and whether its pieces are stock."""

    WB_TOTAL = "wb_total"
    WB_NAMED = "wb_named"
    SELLER = "seller"
    SELLER_TOTAL = "seller_total"
    SELLER_UNNAMED = "seller_unnamed"


class Pseudo(StrEnum):
    """Rows that stand among warehouses and are none: never stock."""

    TRANSIT_TO_BUYER = "transit_to_buyer"
    RETURNS = "returns"
    TOTAL = "total"


@fact
class Place:
    """One place of a shop. `key` is its identity, for ever; `number` is its place among the
    shop's columns (`p{number}` in the sheet's tags), given once, in order of appearance."""

    key: str
    kind: Kind
    name: str
    number: int = 0


WB_TOTAL = Place(key="wb", kind=Kind.WB_TOTAL, name="Склад WB")
SELLER_TOTAL = Place(key="seller:total", kind=Kind.SELLER_TOTAL, name="Мои склады (всего)")
SELLER_UNNAMED = Place(
    key="seller:?", kind=Kind.SELLER_UNNAMED, name="Мои склады (склад не указан)"
)


class Source(StrEnum):
    """Which answer of the marketplace a name stands in; what the order feed calls a place counts as
    if the orders had called it so."""

    WB_WAREHOUSES = "wb-warehouses"
    SELLER_WAREHOUSES = "seller-warehouses"
    FBS = "fbs"
    REMAINS = "warehouse_remains"
    ORDERS = "supplier/orders"


@fact
class Rule:
    """What one warehouse of one source means. None is any; the first rule that fits decides.

    Days are those of the snapshot: an older snapshot keeps the meaning it was taken with.
    `proven` is False where a name is new to us, and a checksum should have the last word.
    """

    source: Source
    means: Kind | Pseudo
    id: int | None = None
    name: str | None = None
    valid_from: date = date.min
    valid_to: date = date.max
    proven: bool = True

    def fits(self, warehouse_id: int | None, name: str, day: date) -> bool:
        """Does it speak of this warehouse, on this day?"""
        return (
            self.id in (None, warehouse_id)
            and self.name in (None, name)
            and self.valid_from <= day <= self.valid_to
        )


_HIDDEN = date(2026, 8, 15)  # release note 570: warehouses in Russia are shown as one
_AGGREGATES = ("Склад WB РФ", "Склад WB СГТ РФ", "Склад WB")
_NAMED = ("Минск", "Невинномысск", "Коледино", "Остальные")
_PSEUDO = {
    "В пути до получателей": Pseudo.TRANSIT_TO_BUYER,
    "В пути возвраты на склад WB": Pseudo.RETURNS,
    "Всего находится на складах": Pseudo.TOTAL,
}


def _aggregates(source: Source) -> tuple[Rule, ...]:
    return tuple(
        Rule(source=source, means=Kind.WB_TOTAL, name=name, valid_from=_HIDDEN)
        for name in _AGGREGATES
    )


RULES: tuple[Rule, ...] = (
    # OpenAPI of 2026-08-18, InventoryWbResponse: since the change the only id is -999999
    Rule(source=Source.WB_WAREHOUSES, means=Kind.WB_TOTAL, id=-999999, valid_from=_HIDDEN),
    Rule(source=Source.WB_WAREHOUSES, means=Kind.WB_NAMED),
    Rule(source=Source.SELLER_WAREHOUSES, means=Kind.SELLER),
    Rule(source=Source.FBS, means=Kind.SELLER),
    # The same document, examples of the downloaded report and of supplier/orders
    *(Rule(source=Source.REMAINS, means=means, name=name) for name, means in _PSEUDO.items()),
    *_aggregates(Source.REMAINS),
    Rule(source=Source.REMAINS, means=Kind.SELLER_TOTAL, name="Маркетплейс"),
    *(Rule(source=Source.REMAINS, means=Kind.WB_NAMED, name=name) for name in _NAMED),
    Rule(source=Source.REMAINS, means=Kind.WB_NAMED, proven=False),
    *_aggregates(Source.ORDERS),
    Rule(source=Source.ORDERS, means=Kind.WB_NAMED),
)


def place_of(source: Source, warehouse_id: int | None, name: str, day: date) -> Place | Pseudo:
    """The place a warehouse of an answer stands for, or what else its row is."""
    return as_place(rule_for(source, warehouse_id, name, day).means, warehouse_id, name)


def rule_for(source: Source, warehouse_id: int | None, name: str, day: date) -> Rule:
    """The first rule of the table that fits; the last of each source fits everything."""
    exact = exactly(name)
    return next(
        rule for rule in RULES if rule.source is source and rule.fits(warehouse_id, exact, day)
    )


def as_place(means: Kind | Pseudo, warehouse_id: int | None, name: str) -> Place | Pseudo:
    """A named place is known by its name, the seller's own by its id: she may rename it."""
    match means:
        case Pseudo():
            return means
        case Kind.WB_NAMED:
            return Place(key=f"wb:{exactly(name)}", kind=means, name=exactly(name))
        case Kind.SELLER:
            return Place(key=f"seller:{warehouse_id}", kind=means, name=exactly(name))
        case Kind.WB_TOTAL:
            return WB_TOTAL
        case Kind.SELLER_TOTAL:
            return SELLER_TOTAL
        case Kind.SELLER_UNNAMED:
            return SELLER_UNNAMED


def exactly(name: str) -> str:
    """How names are compared: composed letters, no blanks around, nothing else forgiven."""
    return normalize("NFC", name).strip()

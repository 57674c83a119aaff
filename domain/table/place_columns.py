"""The columns of places: three under each name, in an order that is given once."""

import re
from collections.abc import Iterable, Iterator

from domain.place import Kind, Place
from domain.table.columns import PRODUCT, TOTALS, Column, Group, Holds
from domain.table.text import clean
from domain.table.words import Words

_STOCK = Words(ru="Остатки", en="Stock")
_ORDERS = Words(ru="Заказы", en="Orders")
_COVER = Words(ru="Оборач.", en="Turnover")
_WIDTH = 90

_NAMES = {
    Kind.WB_TOTAL: Words(ru="Склад WB", en="WB warehouses"),
    Kind.SELLER_TOTAL: Words(ru="Мои склады (всего)", en="My warehouses (all)"),
    Kind.SELLER_UNNAMED: Words(ru="Мои склады (склад не указан)", en="My warehouses (not named)"),
}
_NOTES = {
    Kind.WB_TOTAL: Words(
        ru="Все склады WB вместе. С 15.08.2026 Wildberries не показывает склады в России "
        "по отдельности.",
        en="All WB warehouses. Since 2026-08-15 Wildberries does not show those in Russia "
        "one by one.",
    ),
    Kind.WB_NAMED: Words(
        ru="Входит в «Склад WB», к «Остатки (всего)» второй раз не прибавляется.",
        en="Part of WB warehouses, not added to the total again.",
    ),
}
_KINDS = (
    Kind.WB_TOTAL,
    Kind.WB_NAMED,
    Kind.SELLER,
    Kind.SELLER_TOTAL,
    Kind.SELLER_UNNAMED,
)
_RUNS = re.compile(r"\d+|\D")


def groups(places: Iterable[Place]) -> tuple[Group, ...]:
    """All columns, in the order in which a new tab shows them."""
    return (PRODUCT, TOTALS, *map(place_group, in_order(places)))


def place_groups(groups: Iterable[Group]) -> Iterator[tuple[str, Group]]:
    """Those of places, each with the beginning of its tags: p1, p2 …"""
    for group in groups:
        if group.place:
            yield group.tags[0].partition(".")[0], group


def in_order(places: Iterable[Place]) -> list[Place]:
    """Склад WB, its named places, the seller's own; the unnamed last; then as Russian sorts."""
    return sorted(places, key=_rank)


def place_group(place: Place) -> Group:
    """The three columns of a place, under its name."""
    tag = f"p{place.number}"
    return Group(
        title=place_name(place),
        note=_NOTES.get(place.kind),
        columns=(
            Column(tag=f"{tag}.s", caption=_STOCK, holds=Holds.PIECES, width=_WIDTH),
            Column(tag=f"{tag}.o", caption=_ORDERS, holds=Holds.PIECES, width=_WIDTH),
            Column(tag=f"{tag}.c", caption=_COVER, holds=Holds.DAYS, width=_WIDTH),
        ),
        place=True,
    )


def place_name(place: Place) -> Words:
    """What stands over a place: our words for the collective ones, else its own name."""
    name = clean(place.name).replace("{", "{{").replace("}", "}}")
    return _NAMES.get(place.kind, Words(ru=name, en=name))


def _rank(place: Place) -> tuple[int, list[tuple[int, int, str]], int]:
    return _KINDS.index(place.kind), _collated(place.name), place.number


def _collated(name: str) -> list[tuple[int, int, str]]:
    """Signs, numbers by value, Cyrillic, then other letters; ё is е, letter case is nothing."""
    return [_weight(run) for run in _RUNS.findall(name.casefold().replace("ё", "е"))]


def _weight(run: str) -> tuple[int, int, str]:
    if run.isdecimal():
        return 1, int(run), ""
    if not run.isalpha():
        return 0, 0, run
    return (2 if "а" <= run <= "я" else 3), 0, run

"""What a seller sends to Wildberries' warehouses, and how far each supply has come.

Drawn supplies age: a plan becomes a shipment, is unloaded, counted and put on sale. What is put on
sale so was in the stock from the beginning; what a change ships and receives arrives there.
"""

from collections.abc import Iterator, Sequence
from random import Random

import msgspec

from sandbox.sellers.catalogue import Card, Size
from sandbox.sellers.spec import DAY_S, Spec, midnight, moscow_day

PLANNED, ALLOWED, ACCEPTING, ACCEPTED, UNLOADED = 2, 3, 4, 5, 6
EVERY_DAYS, OLDEST_DAYS, SHIPPED_AFTER, COUNTED_AFTER = 3, 42, 6, 12
WAREHOUSES = (
    (507, "Коледино"),
    (117_501, "Подольск"),
    (206_348, "Тула"),
    (208_277, "Невинномысск"),
)
_AGES = ((2, PLANNED), (5, ALLOWED), (8, UNLOADED), (11, ACCEPTING))
"""Days since it was made, up to which it stands so; an older one is accepted."""


class Load(msgspec.Struct, kw_only=True):
    """One size in a supply, pieces."""

    card: Card
    size: Size
    quantity: int
    accepted: int = 0
    on_sale: int = 0


class Supply(msgspec.Struct, kw_only=True):
    """One supply as it stands now. Moments are epoch seconds; 0 is never."""

    id: int
    preorder: int
    created: int
    planned: int
    shipped: int = 0
    changed: int = 0
    status: int
    warehouse: tuple[int, str]
    loads: list[Load]


def drawn(spec: Spec, cards: Sequence[Card], now: float) -> Iterator[Supply]:
    """The supplies of the last weeks, newest first."""
    last = moscow_day(now if spec.lively else spec.start)
    for day in range(last, last - OLDEST_DAYS, -1):
        if day % EVERY_DAYS == spec.seed % EVERY_DAYS and cards:
            yield _of_day(spec, cards, day, last - day)


def _of_day(spec: Spec, cards: Sequence[Card], day: int, age: int) -> Supply:
    dice = Random(f"supplies:{spec.seed}:{day}")  # noqa: S311 -- invented goods, no secret
    status = next((stage for until, stage in _AGES if age <= until), ACCEPTED)
    created = midnight(day) + dice.randrange(9 * 3600, 18 * 3600)
    supply = Supply(
        id=30_000_000 + spec.seed * 10_000 + day % 10_000,
        preorder=40_000_000 + day,
        created=created,
        planned=midnight(day + SHIPPED_AFTER),
        status=status,
        warehouse=WAREHOUSES[dice.randrange(len(WAREHOUSES))],
        loads=[_load(dice, card, status, age) for card in _some(dice, cards)],
    )
    if status in {ACCEPTING, ACCEPTED, UNLOADED}:
        supply.shipped = created + SHIPPED_AFTER * DAY_S
    if status != PLANNED:
        supply.changed = created + min(age, COUNTED_AFTER) * DAY_S
    return supply


def _some(dice: Random, cards: Sequence[Card]) -> Sequence[Card]:
    return dice.sample(list(cards), min(len(cards), 1 + dice.randrange(6)))


def _load(dice: Random, card: Card, status: int, age: int) -> Load:
    quantity = 5 * (1 + dice.randrange(12))
    accepted = quantity - (dice.random() < 0.2) if status == ACCEPTED else quantity // 2  # noqa: PLR2004
    if status not in {ACCEPTING, ACCEPTED}:
        accepted = 0
    ready = accepted if age > 15 else accepted // 2  # noqa: PLR2004 -- days until all is on sale
    size = card.sizes[dice.randrange(len(card.sizes))]
    return Load(card=card, size=size, quantity=quantity, accepted=accepted, on_sale=ready)

"""What buyers ordered: every Moscow day is drawn from the seed, whenever it is first asked for."""

from collections.abc import Iterator
from random import Random

import msgspec

from sandbox.sellers.catalogue import Card, Size
from sandbox.sellers.places import OVERSIZE, RUSSIA, Place
from sandbox.sellers.spec import DAY_S, Spec, midnight, orders_a_day
from sandbox.sellers.vocabulary import DISTRICTS

REFRESH_S = 1_800  # "Данные обновляются раз в 30 минут"
NIGHT_S = 3 * 3600
CANCELLED, REPEATED = 0.08, 0.12
FROM_RUSSIA, FROM_OVERSIZE = 0.5, 0.55


class Order(msgspec.Struct, gc=False, frozen=True, kw_only=True):
    """One state of one order; a later state has the same ``srid`` and a later ``changed``.

    Moments are epoch seconds; ``cancelled`` is 0 while the order stands. ``ends`` says what became
    of it at last, in the words of the order feed; else chance does. ``unpaid``: only the feed and
    the cabinet know of it yet.
    """

    srid: str
    at: int
    changed: int
    card: Card
    size: Size
    place: int
    district: int
    cancelled: int = 0
    cancel_type: str = "app"
    ends: str = ""
    unnamed: bool = False
    unpaid: bool = False


def of_day(spec: Spec, day: int, cards: list[Card], places: list[Place]) -> Iterator[Order]:
    """All states of all orders made on one Moscow day, in no particular order."""
    dice = Random(f"orders:{spec.seed}:{day}")  # noqa: S311 -- invented orders, no secret
    roll = dice.random
    others = list(range(OVERSIZE + 1, len(places)))
    begin = midnight(day)
    for number in range(round(orders_a_day(spec) * (0.85 + 0.3 * roll()))):
        # The square makes bestsellers; the odd factor keeps them from standing side by side.
        card = cards[int(roll() ** 2 * len(cards)) * 7_919 % len(cards)]
        at = begin + int(roll() * DAY_S)
        place = _place(roll(), roll(), others)
        order = Order(
            srid=f"{spec.seed:x}d{day:x}.r{number:x}.0",
            at=at,
            changed=(at // REFRESH_S + 1) * REFRESH_S if number % 2 else at + number % 600,
            card=card,
            size=card.sizes[int(roll() * len(card.sizes))],
            place=place,
            district=int(roll() * len(DISTRICTS)),
            unnamed=places[place].kind == "seller" and roll() < spec.unnamed_share,
        )
        yield order
        yield from _later(order, begin + DAY_S + NIGHT_S, roll())


def _place(share: float, choice: float, others: list[int]) -> int:
    if share < FROM_RUSSIA or not others:
        return RUSSIA
    return OVERSIZE if share < FROM_OVERSIZE else others[int(choice * len(others))]


def _later(order: Order, night: int, fate: float) -> Iterator[Order]:
    """The day's cancellations and repetitions all carry one lastChangeDate, the next night's."""
    if fate < CANCELLED:
        yield msgspec.structs.replace(order, changed=night, cancelled=night - NIGHT_S)
    elif fate < REPEATED:
        yield msgspec.structs.replace(order, changed=night)

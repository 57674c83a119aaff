"""Cards, sizes and the stock they begin with, drawn from a seed."""

from collections.abc import Callable
from random import Random

import msgspec

from sandbox.sellers.places import OVERSIZE, RUSSIA, Place
from sandbox.sellers.spec import DAY_S, Spec
from sandbox.sellers.vocabulary import BRANDS, COLOURS, SIZE_RUNS, SUBJECTS, VENDOR_PATTERNS

UPDATED_TOGETHER = 250  # a bulk edit stamps many cards with one updatedAt: cursors must cope
ONE_SIZE, SECOND_BARCODE, SHARED_CODE = 0.85, 0.05, 0.03
SOLD_OUT, OVERSIZED, NAMED, TO_CLIENT, FROM_CLIENT = 0.1, 0.05, 0.4, 0.4, 0.15
NO_PHOTO_EACH = 20
BOTH, SELLER_ONLY = 2, 3
MODELS = 4


class Size(msgspec.Struct, gc=False, kw_only=True):
    """One size of a card; ``stock`` is pieces by index of the place."""

    chrt: int
    tech: str
    barcodes: list[str]
    stock: dict[int, int]
    to_client: int = 0
    from_client: int = 0


class Card(msgspec.Struct, gc=False, kw_only=True):
    """One nmID. ``created`` and ``updated`` are microseconds since 1970."""

    nm: int
    imt: int
    vendor_code: str
    brand: str
    subject: str
    subject_id: int
    category: str
    title: str
    price: int
    litres: float
    photo: bool
    created: int
    updated: int
    sizes: list[Size]


def catalogue(spec: Spec, places: list[Place]) -> list[Card]:
    """All cards of a new seller, by nmID."""
    dice = Random(f"cards:{spec.seed}")  # noqa: S311 -- invented goods, no secret
    first = dice.randrange(100, 900) * 1_000_000
    put = _stocker(dice.random, places)
    cards: list[Card] = []
    chrt = first + 500_000_000
    for number in range(spec.products):
        card = _card(spec, number, first + number * 7 + int(dice.random() * 6), dice.random)
        for tech in _techs(dice.random):
            chrt += 3
            size = _size(chrt, tech, second_barcode=dice.random() < SECOND_BARCODE)
            put(size, number)
            card.sizes.append(size)
        if cards and dice.random() < SHARED_CODE:
            card.vendor_code = cards[-1].vendor_code
        cards.append(card)
    return cards


def _card(spec: Spec, number: int, nm: int, roll: Callable[[], float]) -> Card:
    subject, subject_id, category = SUBJECTS[int(roll() * len(SUBJECTS))]
    brand = BRANDS[int(roll() * len(BRANDS))]
    colour = COLOURS[number % len(COLOURS)]
    bulk = number // UPDATED_TOGETHER
    updated = int(spec.start - 30 * DAY_S) * 1_000_000 + bulk * 60_965_770
    return Card(
        nm=nm,
        imt=nm - number % 3,
        vendor_code=VENDOR_PATTERNS[number % len(VENDOR_PATTERNS)].format(
            n=1000 + number, m=number % 90, c=colour
        ),
        brand=brand,
        subject=subject,
        subject_id=subject_id,
        category=category,
        title=f"{subject} {brand} {colour}",
        price=300 + int(roll() * 5_000),
        litres=round(0.2 + roll() * 8, 2),
        photo=number % NO_PHOTO_EACH != NO_PHOTO_EACH - 1,
        created=updated - 40 * DAY_S * 1_000_000,
        updated=updated,
        sizes=[],
    )


def _techs(roll: Callable[[], float]) -> tuple[str, ...]:
    if roll() < ONE_SIZE:
        return ("0",)
    return SIZE_RUNS[int(roll() * len(SIZE_RUNS))]


def _size(chrt: int, tech: str, *, second_barcode: bool) -> Size:
    barcodes = [f"20{chrt:011d}"]
    if second_barcode:
        barcodes.append(f"46{chrt:011d}")
    return Size(chrt=chrt, tech=tech, barcodes=barcodes, stock={})


def _stocker(roll: Callable[[], float], places: list[Place]) -> Callable[[Size, int], None]:
    """How goods are spread: half FBO, a quarter FBS, a quarter both; some sold out."""
    named = [i for i, place in enumerate(places) if place.kind == "named" and not place.empty]
    own = [i for i, place in enumerate(places) if place.kind == "seller" and not place.empty]

    def put(size: Size, number: int) -> None:
        model = number % MODELS if own else 0
        if model != SELLER_ONLY and roll() > SOLD_OUT:
            size.stock[RUSSIA] = 1 + int(roll() * roll() * 200)
            if roll() < OVERSIZED:
                size.stock[OVERSIZE] = 1 + int(roll() * 20)
            if named and roll() < NAMED:
                size.stock[named[int(roll() * len(named))]] = 1 + int(roll() * 40)
        if model >= BOTH:
            for _ in range(1 + int(roll() * 2)):
                size.stock[own[int(roll() * len(own))]] = int(roll() * 60)
        if model != SELLER_ONLY:
            size.to_client = int(roll() * 25) if roll() < TO_CLIENT else 0
            size.from_client = int(roll() * 6) if roll() < FROM_CLIENT else 0

    return put

"""Where an invented seller's goods lie: Wildberries' hidden, its named, and her own."""

from typing import Literal

import msgspec

from sandbox.sellers.spec import Spec
from sandbox.sellers.vocabulary import NAMED_PLACES, SELLER_PLACES

Kind = Literal["russia", "oversize", "named", "seller"]
RUSSIA, OVERSIZE = 0, 1
HIDDEN_ID = -999_999
HIDDEN_NAME = "Склад WB"


class Place(msgspec.Struct, kw_only=True):
    """One place of stock. ``empty``: orders come from it, stock never lies there."""

    kind: Kind
    id: int
    name: str
    region: str = HIDDEN_NAME
    empty: bool = False
    gone: bool = False


def places(spec: Spec) -> list[Place]:
    """All places of a seller; the first two are one place to everybody but warehouse_remains."""
    others = spec.places - 1
    named = others // 2 if spec.named is None else min(spec.named, others)
    return [
        Place(kind="russia", id=HIDDEN_ID, name="Склад WB РФ"),
        Place(kind="oversize", id=HIDDEN_ID, name="Склад WB СГТ РФ"),
        *(named_place(number, empty=number == named - 1 > 1) for number in range(named)),
        *(own_place(number) for number in range(others - named)),
    ]


def named_place(number: int, *, empty: bool = False) -> Place:
    name = _cycled(NAMED_PLACES, number)
    return Place(kind="named", id=300_000 + number, name=name, region=name, empty=empty)


def own_place(number: int, name: str | None = None) -> Place:
    name = name or _cycled(SELLER_PLACES, number)
    return Place(kind="seller", id=1_600_000 + number * 7, name=name, region="")


def _cycled(names: tuple[str, ...], number: int) -> str:
    turn, index = divmod(number, len(names))
    return f"{names[index]} {turn + 1}" if turn else names[index]

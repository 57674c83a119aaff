"""The JSON of one card, field by field (02-items, cards list)."""

from typing import TypedDict

import msgspec


class Photo(TypedDict):
    """The sizes a photo comes in."""

    big: str
    c246x328: str
    c516x688: str
    square: str
    tm: str


class Dimensions(msgspec.Struct, rename="camel"):
    """Centimetres and kilograms, with packing."""

    length: int = 10
    width: int = 10
    height: int = 10
    weight_brutto: float = 0.5
    is_valid: bool = True


class SizeRow(msgspec.Struct):
    """One size of a card; ``skus`` are its barcodes."""

    chrt_id: int = msgspec.field(name="chrtID")
    tech_size: str = msgspec.field(name="techSize")
    wb_size: str = msgspec.field(name="wbSize")
    skus: list[str]


class CardRow(msgspec.Struct, kw_only=True, rename="camel"):
    """One nmID."""

    nm_id: int = msgspec.field(name="nmID")
    imt_id: int = msgspec.field(name="imtID")
    nm_uuid: str = msgspec.field(name="nmUUID")
    subject_id: int = msgspec.field(name="subjectID")
    subject_name: str
    vendor_code: str
    brand: str
    title: str
    description: str
    need_kiz: bool = False
    kiz_marked: bool = False
    photos: list[Photo]
    dimensions: Dimensions
    characteristics: list[dict[str, object]] = []
    sizes: list[SizeRow]
    tags: list[dict[str, object]] = []
    created_at: str
    updated_at: str


def photo(nm: int) -> Photo:
    folder = f"https://basket-10.wbbasket.ru/vol{nm // 100_000}/part{nm // 1000}/{nm}/images"
    return Photo(
        big=f"{folder}/big/1.webp",
        c246x328=f"{folder}/c246x328/1.webp",
        c516x688=f"{folder}/c516x688/1.webp",
        square=f"{folder}/square/1.webp",
        tm=f"{folder}/tm/1.webp",
    )

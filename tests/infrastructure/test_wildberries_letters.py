"""Letters that no database can keep: left out at the border, so that one card stops no shop."""

import json

import msgspec
import pytest

from domain.errors import Malformed
from infrastructure.wildberries.letters import legible
from sandbox.sellers import EditProduct, RenamePlace, Spec
from tests.infrastructure.wildberries_shop import open_shop

DIRT = "\x00\x1f\r\x08\x0c"


@pytest.fixture
async def shop():
    async with open_shop(Spec(products=5, places=3)) as opened:
        yield opened


def answers(shop, monkeypatch, endpoint, body):
    """From now on this call is answered so."""
    monkeypatch.setattr("sandbox.wildberries.faults.SPOILT", {"other_shape": body})
    shop.fault(endpoint, "other_shape", times=None)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (rb"a\u0000\u0001\u001Fb", "ab"),
        (rb"a\b\f\rb", "ab"),
        (rb"a\tb\nc\u0009d\u000A", "a\tb\nc\td\n"),
        (rb"\ud83e\uddfa", "🧺"),
        (rb"a\ud800b\uDFFFc", "abc"),
        (rb"\ud800\ud83e\uddfa\udc00", "🧺"),
        (rb"C:\\road \\u0000 \\\u0000\"\/", 'C:\\road \\u0000 \\"/'),
        (rb"\u041b\u0451n \u0020", "Лёn  "),
    ],
)
def test_only_what_nobody_can_keep_goes(sent, kept):
    assert msgspec.json.decode(legible(b'"' + sent + b'"')) == kept


async def test_texts_of_a_card_come_without_control_characters(shop):
    nm = min(shop.seller.cards)
    dirty = {"brand": f"Лён{DIRT} и\tКо", "subject": f"{DIRT}Ковры", "vendor_code": f"A{DIRT}\n1"}
    shop.change(EditProduct(nm=nm, **dirty))

    card = (await shop.cards(shop.access()))[nm]

    assert (card.brand, card.subject, card.sku) == ("Лён и\tКо", "Ковры", "A\n1")


async def test_half_a_letter_in_a_card_does_not_stop_the_catalogue(shop, monkeypatch):
    cursor = {"updatedAt": "2026-01-01T00:00:00Z", "nmID": 7, "total": 1}
    card = {"nmID": 7, "brand": "Лён\ud83e", "vendorCode": "\ude00A"}
    answers(shop, monkeypatch, "cards", json.dumps({"cards": [card], "cursor": cursor}).encode())

    cards = await shop.cards(shop.access())

    assert (cards[7].brand, cards[7].sku) == ("Лён", "A")


async def test_an_order_comes_without_control_characters(shop, monkeypatch):
    row = {
        "date": "2026-11-20T10:00:00",
        "lastChangeDate": "2026-11-20T10:00:00",
        "nmId": 7,
        "isCancel": False,
        "srid": f"a1{DIRT}.b\udc00",
        "warehouseName": f"Мин{DIRT}ск",
        "warehouseType": f"Склад{DIRT} продавца",
    }
    answers(shop, monkeypatch, "orders", json.dumps([row]).encode())

    [order] = await shop.orders(shop.access())

    assert (order.srid, order.warehouse, order.by_seller) == ("a1.b", "Минск", True)


@pytest.mark.parametrize("kind", ["personal", "base"])
async def test_places_are_called_without_control_characters(shop, kind):
    for name in [place.name for place in shop.seller.places]:
        shop.change(RenamePlace(place=name, name=f"{DIRT}{name}{DIRT}"))

    stock = await shop.stock(shop.access(kind))

    names = [place.name for place in stock.places]
    assert len(names) > 1
    assert all(name.isprintable() for name in names)


async def test_bytes_that_are_no_text_are_a_damaged_answer(shop, monkeypatch):
    answers(shop, monkeypatch, "cards", b'{"cards": [{"nmID": 7, "brand": "\xff"}]}')

    with pytest.raises(Malformed, match="испорчен"):
        await shop.cards(shop.access())

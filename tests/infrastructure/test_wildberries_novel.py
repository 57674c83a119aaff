"""What Wildberries says beyond its description is let through, and noted once without a word of
whom it is about."""

import msgspec
import pytest

from domain.novelty import Kind, masked, spoken
from infrastructure.wildberries import limits
from infrastructure.wildberries.novel import novelties
from sandbox.sellers import AddPseudo, Spec
from tests.infrastructure.wildberries_shop import Noted, open_shop

STOCK = {
    "nmId": 1,
    "chrtId": 2,
    "warehouseId": -999999,
    "warehouseName": "Склад WB",
    "regionName": "Склад WB",
    "quantity": 3,
    "inWayToClient": 0,
    "inWayFromClient": 0,
}


@pytest.fixture
async def shop():
    noted = Noted()
    async with open_shop(Spec(products=300, places=4), novelties=noted) as opened:
        opened.noted = noted
        yield opened


def of(noted, kind):
    return {(each.path, each.thing) for each in noted.found if each.kind is kind}


def heard(call, value):
    return novelties(call, msgspec.json.encode(value))


@pytest.mark.parametrize("kind", ["personal", "base"])
async def test_answers_as_they_are_documented_hold_nothing_new(shop, kind):
    await shop.snapshot(shop.access(kind))

    assert shop.noted.found == []


@pytest.mark.parametrize("kind", ["personal", "base"])
async def test_new_fields_and_values_everywhere_break_nothing_and_are_noted(shop, kind):
    plain = await shop.snapshot(shop.access(kind))
    shop.moment.seconds += 3 * 3600
    shop.fault("*", "novel", times=None)

    novel = await shop.snapshot(shop.access(kind))

    fields, values = of(shop.noted, Kind.FIELD), of(shop.noted, Kind.VALUE)
    assert (novel.nm_ids, novel.stock, novel.orders) == (plain.nm_ids, plain.stock, plain.orders)
    assert {("cards[]", "futureField"), ("cards[].sizes[]", "futureField")} <= fields
    assert ("[]", "futureField") in fields
    assert ("[].warehouseType", "Склад партнёра") in values
    assert not any("futureField." in path for path, _ in fields)
    examples = {each.example for each in shop.noted.found if each.kind is Kind.FIELD}
    assert examples == {'{"buyer": "xxxxxxx xxxx", "phone": "+0 000 0000000"}'}


async def test_a_report_in_a_state_of_another_word_is_waited_for():
    noted, spec = Noted(), Spec(products=20, places=2)
    async with open_shop(spec, report_seconds=60.0, novelties=noted) as shop:
        shop.fault("remains_status", "novel", times=3)

        stock = await shop.stock(shop.access("base"))

    assert of(noted, Kind.VALUE) == {("data.status", "queued")}
    assert sum(sum(pieces.values()) for pieces in stock.places.values()) > 0


async def test_a_name_nobody_knew_among_the_warehouses_is_noted_as_a_place(shop):
    nm = min(shop.seller.cards)
    shop.change(AddPseudo(nm=nm, name="На утилизации", quantity=6))

    await shop.stock(shop.access("base"))

    assert of(shop.noted, Kind.PLACE) == {("[].warehouses[].warehouseName", "На утилизации")}


def test_a_long_answer_is_looked_at_in_its_frame_and_in_a_few_rows():
    rows = [{**STOCK, "chrtId": n} for n in range(2, 5_000)]
    late = [*rows[:3_000], *({**each, "reserved": 1} for each in rows[3_000:])]

    assert heard(limits.WB_WAREHOUSES, {"data": {"items": rows}}) == []
    assert [
        (each.path, each.thing, each.example)
        for each in heard(limits.WB_WAREHOUSES, {"data": {"items": late}, "took": 12})
    ] == [("", "took", "0"), ("data.items[]", "reserved", "0")]


@pytest.mark.parametrize("body", [b"", b"[", b"{}", b"7", b'{"data":[[[[', b"[" * 100_000])
def test_what_is_no_such_answer_tells_nothing_and_raises_nothing(body):
    assert novelties(limits.WB_WAREHOUSES, body) == []
    assert novelties(limits.PINGS[0], body) == []


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("Иванова Анна", '"xxxxxxx xxxx"'),
        ("2026-11-23T07:40:00Z", '"0000-00-00x00:00:00x"'),
        (79001234567, "0"),
        (True, "true"),
        (None, "null"),
        ([{"phone": "+7 900"}, 2], '[{"phone": "+0 000"}]'),
        ({"Анна 7": 1}, '{"xxxx 0": 0}'),
        ("я" * 300, '"' + "x" * 98 + "…"),
    ],
)
def test_an_example_shows_the_shape_and_nothing_of_what_it_says(value, shown):
    assert masked(value) == shown


def test_a_word_of_a_vocabulary_is_shown_and_a_number_of_a_person_is_not():
    assert spoken("Склад партнёра 2") == "Склад партнёра 2"
    assert spoken("79001234567") == '"00000000000"'

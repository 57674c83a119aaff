"""Invented sellers: seeded, of any size, awkward like real ones, and kept as a log."""

from collections import Counter

import msgspec
import pytest

from sandbox.sellers import (
    AddOrder,
    AddPlace,
    AddProduct,
    CancelOrder,
    EditProduct,
    RemovePlace,
    RemoveProduct,
    RenamePlace,
    SeedTaken,
    SetStock,
    SetTransit,
    Spec,
    UnknownToSeller,
    World,
    truth,
)

NOON = 1_795_424_400.0  # 2026-11-23 12:00 in Moscow


def seller(**spec):
    world = World.create(Spec(**spec), now=NOON)
    return next(iter(world.sellers.values()))


def snapshot(one, now=NOON):
    orders = [(o.srid, o.changed, o.place) for o in one.book.changed_since(0, now)]
    return msgspec.json.encode([list(one.cards.values()), one.places, orders])


def test_one_seed_makes_one_seller():
    assert snapshot(seller(seed=5)) == snapshot(seller(seed=5))
    assert snapshot(seller(seed=5)) != snapshot(seller(seed=6))


def test_two_sellers_of_one_seed_are_refused():
    with pytest.raises(SeedTaken, match="seed: 5 is taken"):
        World.create(Spec(seed=5), Spec(seed=5))


@pytest.mark.parametrize("places", [1, 2, 3, 4, 10, 200])
def test_places_count_the_hidden_warehouses_as_one(places):
    made = seller(products=5, places=places).places

    assert [place.kind for place in made[:2]] == ["russia", "oversize"]
    assert len(made) - 1 == places
    assert len({place.name for place in made}) == len(made)


def test_named_places_can_be_chosen():
    kinds = Counter(place.kind for place in seller(places=6, named=0).places)

    assert kinds["seller"] == 5


def test_goods_are_as_awkward_as_real_ones():
    cards = list(seller(products=500).cards.values())
    codes = Counter(card.vendor_code for card in cards)

    assert {code[0] for code in codes} >= set("=+-")
    assert all(any(sign in code for code in codes) for sign in "/+.")
    assert max(codes.values()) > 1
    assert any(len(card.sizes) > 2 for card in cards)
    assert any(len(size.barcodes) > 1 for card in cards for size in card.sizes)
    assert any("ё" in card.brand.lower() for card in cards)


def test_a_seller_sells_from_wb_from_her_own_and_from_both():
    products = truth(seller(products=200, places=5), NOON).values()
    models = {(p.stock.wb > 0, sum(p.stock.sellers.values()) > 0) for p in products}

    assert models == {(True, True), (True, False), (False, True), (False, False)}


def test_some_place_has_orders_and_no_stock():
    products = truth(seller(products=200, places=9), NOON).values()
    stocked = {name for p in products for name in p.stock.named}
    ordered = {name for p in products for name in p.orders.named}

    assert ordered - stocked


def test_orders_are_cancelled_repeated_and_changed_at_one_moment():
    states = seller(products=300).book.changed_since(0, NOON)
    moments = Counter(state.changed for state in states)
    times = Counter(state.srid for state in states)

    assert any(state.cancelled for state in states)
    assert max(times.values()) == 2
    assert max(moments.values()) > 20


def test_truth_counts_each_standing_order_of_full_days_once():
    one = seller(products=50)
    before = sum(product.orders.total for product in truth(one, NOON).values())
    world = World.create(Spec(products=50), now=NOON)
    nm = next(iter(world.seller(one.id).cards))
    yesterday, today = AddOrder(nm=nm, days_ago=1, count=3), AddOrder(nm=nm)
    world.change(one.id, yesterday, today, CancelOrder(srid="x0.r1.0"), at=NOON)
    after = sum(product.orders.total for product in truth(world.seller(one.id), NOON).values())

    assert after == before + 2


def test_orders_of_an_untold_warehouse_belong_to_her_only_one():
    one = truth(seller(products=100, places=2, unnamed_share=1.0), NOON).values()
    many = truth(seller(products=100, places=4, unnamed_share=1.0), NOON).values()

    assert sum(sum(p.orders.sellers.values()) for p in one) > 50
    assert not any(p.orders.unnamed for p in one)
    assert not any(p.orders.sellers for p in many)
    assert sum(p.orders.unnamed for p in many) > 50


def test_a_still_seller_has_no_orders_after_the_first_look_and_a_lively_one_has():
    still, lively = seller(products=50), seller(products=50, lively=True)
    week = NOON + 7 * 86_400

    assert still.book.changed_since(NOON + 1, week) == []
    assert len(lively.book.changed_since(NOON + 1, week)) > 200


def test_what_a_lively_seller_showed_never_changes_later():
    early, late = seller(products=50, lively=True), seller(products=50, lively=True)
    late.book.changed_since(0, NOON + 5 * 86_400)
    shown = [order.srid for order in early.book.changed_since(0, NOON)]

    assert [order.srid for order in late.book.changed_since(0, NOON)] == shown


def test_orders_are_forgotten_after_ninety_days():
    assert seller(products=50).book.changed_since(0, NOON + 91 * 86_400) == []


def test_a_removed_named_place_joins_the_hidden_stock():
    world = World.create(Spec(products=100, places=4), now=NOON)
    one = next(iter(world.sellers.values()))
    before = truth(one, NOON)
    after = truth(world.change(one.id, RemovePlace(place="Минск"), at=NOON), NOON)

    assert {nm: p.stock.total for nm, p in after.items()} == {
        nm: p.stock.total for nm, p in before.items()
    }
    assert not any(p.stock.named or p.orders.named for p in after.values())


def test_a_renamed_place_keeps_its_id():
    world = World.create(Spec(), now=NOON)
    one = next(iter(world.sellers.values()))
    index, place = next(iter(one.warehouses().items()))
    world.change(one.id, RenamePlace(place=place.id, name="Новое имя"), at=NOON)

    assert one.warehouses()[index].id == place.id
    assert one.place("Новое имя") == index


def test_an_unknown_product_place_order_or_seller_is_named():
    world = World.create(Spec(products=2), now=NOON)
    one = next(iter(world.sellers.values()))
    nm = next(iter(one.cards))
    for change, named in (
        (SetStock(nm=1, place="Склад WB", quantity=1), "nm: "),
        (SetStock(nm=nm, place="Марс", quantity=1), "place: "),
        (SetTransit(nm=nm, to_client=1, size=9), "size: "),
        (CancelOrder(srid="none"), "srid or nm: "),
    ):
        with pytest.raises(UnknownToSeller, match=named):
            world.change(one.id, change, at=NOON)
    with pytest.raises(UnknownToSeller, match="seller: "):
        world.seller("nobody")


def test_a_saved_world_comes_back_the_same(tmp_path):
    world = World.create(Spec(products=40, places=5), Spec(seed=2, products=3), now=NOON)
    one = next(iter(world.sellers.values()))
    first, second, third = list(one.cards)[:3]
    world.change(
        one.id,
        SetStock(nm=first, place="Склад WB", quantity=9),
        SetTransit(nm=first, to_client=3),
        AddPlace(name="Гараж"),
        AddProduct(vendor_code="=1+1", stock={"Гараж": 2}),
        EditProduct(nm=second, brand="Другой"),
        RemoveProduct(nm=third),
        AddOrder(nm=first, place="Гараж", count=2),
        CancelOrder(nm=first),
        at=NOON + 60,
    )
    path = tmp_path / "world.json"
    world.save(path)
    back = World.load(path)

    assert list(back.sellers) == list(world.sellers)
    assert snapshot(back.seller(one.id), NOON + 99) == snapshot(one, NOON + 99)
    assert list(tmp_path.iterdir()) == [path]


def test_the_number_of_a_deleted_product_is_never_given_out_again():
    world = World.create(Spec(products=5), now=NOON)
    (one,) = world.sellers.values()
    last = max(one.cards)
    world.change(one.id, RemoveProduct(nm=last), AddProduct(vendor_code="new"), at=NOON + 60)

    assert last not in one.cards
    assert max(one.cards) > last


def test_tens_of_thousands_of_products_are_one_seller():
    products = truth(seller(products=30_000), NOON)

    assert len(products) == 30_000

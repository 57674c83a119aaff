"""From the report of remains to the columns of the sheet: acceptance examples 20 and 21."""

import pytest

from domain.place import Kind
from infrastructure.postgres.novelties import PostgresNovelties
from sandbox.sellers import AddPlace, AddPseudo, SetStock, SetTransit
from tests.app.syncing import syncs
from tests.infrastructure.wildberries_shop import Moment

SPEC = {"products": 8, "places": 4, "daily_orders": 0}
HELD = {"Склад WB РФ": 31, "Склад WB СГТ РФ": 4, "Минск": 15}
DISPOSAL = "На утилизации"


@pytest.fixture
async def shop(database):
    """One product as in the examples."""
    novelties = PostgresNovelties(database, Moment())
    async with syncs(database, "base", novelties=novelties, **SPEC) as shop:
        shop.nm = min(shop.market.seller.cards)
        for place in shop.market.seller.places:
            pieces = HELD.get(place.name, 0)
            shop.market.change(SetStock(nm=shop.nm, place=place.name, quantity=pieces))
        shop.market.change(SetTransit(nm=shop.nm, to_client=14, from_client=4))
        yield shop
    async with database.driver() as driver:
        await driver.execute("DELETE FROM novelties")


async def written(shop):
    """What the sheet is asked to say of the product: stock by place, H, E and F."""
    done = await shop.run()
    _, _, snapshot = shop.world.sheet.written[-1]
    row = snapshot.nm_ids.index(shop.nm)
    places = {each.place.name: each.stock[row] for each in snapshot.places if each.stock[row]}
    totals = (snapshot.stock[row], snapshot.to_client[row], snapshot.returns[row])
    return places, totals, done.result["notices"], snapshot


async def noted(shop):
    async with shop.world.database.driver() as driver:
        return await driver.fetch("SELECT path, kind, thing FROM novelties")


async def test_example_20_pseudo_rows_are_shown_as_what_they_are_and_never_as_stock(shop):
    places, totals, told, snapshot = await written(shop)

    assert places == {"Склад WB": 50, "Минск": 15}
    assert totals == (50, 14, 4)
    assert told == []
    assert not any("В пути" in each.place.name for each in snapshot.places)


async def test_example_21_an_unknown_name_outside_the_total_is_recorded_as_not_stock(shop):
    shop.market.change(AddPseudo(nm=shop.nm, name=DISPOSAL, quantity=6))

    places, (stock, *_), told, _ = await written(shop)

    assert (places, stock) == ({"Склад WB": 50, "Минск": 15}, 50)
    assert any(f"«{DISPOSAL}» не входит в итог" in each for each in told)
    assert [tuple(row) for row in await noted(shop)] == [
        ("[].warehouses[].warehouseName", "place", DISPOSAL)
    ]


async def test_example_21_inside_the_total_it_is_a_warehouse_with_a_column_of_its_own(shop):
    shop.market.change(AddPlace(name=DISPOSAL, whose="named"))
    shop.market.change(SetStock(nm=shop.nm, place=DISPOSAL, quantity=6))

    places, (stock, *_), _, snapshot = await written(shop)

    assert (places, stock) == ({"Склад WB": 56, "Минск": 15, DISPOSAL: 6}, 56)
    kinds = {each.place.name: each.place.kind for each in snapshot.places}
    assert kinds[DISPOSAL] is Kind.WB_NAMED

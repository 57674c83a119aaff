"""The report of remains: lines that are no warehouses, and names unheard of."""

from datetime import UTC, datetime

import msgspec
import pytest

from domain.errors import Malformed
from infrastructure.wildberries.answers import RemainsRow, RemainsShelf
from infrastructure.wildberries.tally import tally
from sandbox.sellers import AddPlace, AddPseudo, SetStock, SetTransit, Spec
from tests.infrastructure.wildberries_shop import filled, open_shop, pieces

MORNING = datetime(2026, 11, 23, 4, 40, tzinfo=UTC)


@pytest.fixture
async def shop():
    async with open_shop(Spec(products=60, places=4)) as opened:
        yield opened


async def remains_of(shop, *changes):
    nm = min(shop.seller.cards)
    shop.change(*(change(nm) for change in changes))
    stock = await shop.stock(shop.access("base"))
    return nm, stock


def of_report(shop):
    """31 and 4 in the two aggregates, 15 in Минск, 14 and 4 on the way; hers empty."""
    names = {"Склад WB РФ": 31, "Склад WB СГТ РФ": 4, "Минск": 15}

    def quantity(place):
        return names.get(place.name, 0)

    stocks = [
        lambda nm, p=place: SetStock(nm=nm, place=p.name, quantity=quantity(p))
        for place in shop.seller.places
    ]
    return [*stocks, lambda nm: SetTransit(nm=nm, to_client=14, from_client=4)]


async def test_pseudo_rows_are_never_stock(shop):
    nm, stock = await remains_of(shop, *of_report(shop))

    assert pieces(stock, "wb")[nm] == 50
    assert pieces(stock, "wb:Минск")[nm] == 15
    assert (stock.to_client[nm], stock.returns[nm]) == (14, 4)
    assert stock.noticed == ()


async def test_an_unknown_name_outside_the_total_is_not_stock_and_is_told(shop):
    nm, stock = await remains_of(
        shop,
        *of_report(shop),
        lambda nm: AddPseudo(nm=nm, name="На утилизации", quantity=6),
    )

    assert pieces(stock, "wb")[nm] == 50
    assert "wb:На утилизации" not in {place.key for place in stock.places}
    [notice] = stock.noticed
    assert "«На утилизации» не входит в итог" in notice


async def test_an_unknown_name_inside_the_total_is_a_warehouse(shop):
    nm, stock = await remains_of(
        shop,
        *of_report(shop),
        lambda _: AddPlace(name="На утилизации", whose="named"),
        lambda nm: SetStock(nm=nm, place="На утилизации", quantity=6),
    )

    assert pieces(stock, "wb")[nm] == 56
    assert filled(pieces(stock, "wb:На утилизации")) == {nm: 6}
    assert stock.noticed == ()


async def test_without_a_total_line_an_unknown_name_is_a_warehouse_and_is_told():
    async with open_shop(Spec(products=20, places=2, named=1, total_line=False)) as shop:
        nm, stock = await remains_of(
            shop, lambda nm: AddPseudo(nm=nm, name="На утилизации", quantity=6)
        )

        assert filled(pieces(stock, "wb:На утилизации")) == {nm: 6}
        assert stock.noticed[0].startswith("Новое место")


async def test_a_report_without_any_goods_is_an_empty_stock():
    async with open_shop(Spec(products=0)) as shop:
        stock = await shop.stock(shop.access("base"))

    assert pieces(stock, "wb") == {}
    assert stock.gaps == ()


def report(**shelves: int) -> RemainsRow:
    names = {"total": "Всего находится на складах", "russia": "Склад WB РФ", "own": "Маркетплейс"}
    return RemainsRow(
        nm_id=7, warehouses=[RemainsShelf(names[name], n) for name, n in shelves.items()]
    )


@pytest.mark.parametrize(
    "rows",
    [
        [report(total=5, russia=4)],
        [report(russia=4), report(total=4, russia=4)],
        [report(total=9, russia=4, own=3)],
    ],
)
def test_a_report_that_contradicts_its_own_total_is_held_back(rows):
    with pytest.raises(Malformed, match="артикул 7") as held:
        tally(rows, MORNING, MORNING.date())

    assert held.value.cause == "held_back"


@pytest.mark.parametrize("total", [4, 7])
def test_goods_at_her_own_warehouses_are_not_wildberries_inside_the_total_or_not(total):
    shelves = tally([report(total=total, russia=4, own=3)], MORNING, MORNING.date())

    assert {each.key: dict(each.pieces) for each in shelves.shelves} == {
        "wb": {7: 4},
        "seller:total": {7: 3},
    }


@pytest.mark.parametrize("amounts", [[(1, 5)], [(None, 5), (None, 5)]])
async def test_stock_of_a_size_nobody_asked_for_or_twice_is_no_answer(shop, monkeypatch, amounts):
    first = next(iter(shop.seller.cards.values())).sizes[0].chrt
    rows = [{"chrtId": chrt or first, "amount": n} for chrt, n in amounts]
    monkeypatch.setattr(
        "sandbox.wildberries.faults.SPOILT",
        {"other_shape": msgspec.json.encode({"stocks": rows})},
    )
    shop.fault("stocks", "other_shape")

    with pytest.raises(Malformed, match="не спрашивали"):
        await shop.stock(shop.access("base"))

"""Stock of a seller: any token that may read it gives the same sheet, and what it may not is blank."""

import pytest

from domain.errors import Malformed, Rejected, Unavailable
from domain.place import WB_TOTAL, Source
from domain.snapshot import Gap, flaws, period
from domain.stock import unread
from domain.taking import take
from infrastructure.wildberries.gateway import Request
from infrastructure.wildberries.planner import plan
from sandbox.sellers import AddPlace, AddPseudo, SetStock, SetTransit, Spec, Switch, truth
from sandbox.wildberries import tokens
from tests.infrastructure.wildberries_shop import NOON, counted, open_shop

SECRET = tokens.SERVICE_SECRET
CATEGORIES = ("content", "analytics", "marketplace", "statistics")


@pytest.fixture
async def shop():
    async with open_shop(Spec(products=60, places=4)) as opened:
        yield opened


def pieces(stock, key):
    return next(dict(found) for place, found in stock.places.items() if place.key == key)


def filled(column):
    return {nm: n for nm, n in column.items() if n}


def nonzero(snapshot, column):
    return [nm for nm, n in zip(snapshot.nm_ids, column, strict=True) if n]


# One seller, three tokens


@pytest.mark.parametrize("spec", [{}, {"named_in_analytics": False}, {"unnamed_share": 0.5}])
async def test_any_token_gives_the_same_columns(spec):
    async with open_shop(Spec(products=80, places=5, **spec)) as shop:
        personal = await shop.snapshot(shop.access("personal"))
        with_secret = await shop.snapshot(shop.access("base", SECRET))
        plain = await shop.snapshot(shop.access("base"))

    def shared(taken):
        own = [each for each in taken.places if each.place.kind != "wb_named"]
        columns = [(each.place.key, each.place.name, each.stock, each.orders) for each in own]
        return taken.nm_ids, taken.stock, taken.orders, taken.to_client, taken.returns, columns

    assert shared(personal) == shared(with_secret) == shared(plain)
    assert sum(plain.stock) > 1_000


async def test_the_snapshot_is_the_truth(shop):
    expected = truth(shop.seller, NOON)

    taken = await shop.snapshot(shop.access("service"))

    assert list(taken.nm_ids) == sorted(expected)
    assert list(taken.stock) == [expected[nm].stock.total for nm in taken.nm_ids]
    assert list(taken.orders) == [expected[nm].orders.total for nm in taken.nm_ids]
    assert list(taken.to_client) == [expected[nm].to_client for nm in taken.nm_ids]
    assert list(taken.skus) == [expected[nm].vendor_code for nm in taken.nm_ids]
    assert flaws(taken) == ()


async def test_each_token_uses_the_best_source_it_may(shop):
    await shop.stock(shop.access("personal"))
    assert (shop.calls("wb_warehouses"), shop.calls("seller_warehouses")) == (1, 1)
    assert (shop.calls("stocks"), shop.calls("remains_create")) == (0, 0)

    shop.memory.steps.clear()
    await shop.stock(shop.access("base", SECRET))
    assert (shop.calls("wb_warehouses"), shop.calls("seller_warehouses")) == (2, 1)
    assert (shop.calls("stocks"), shop.calls("remains_create")) == (2, 0)

    shop.memory.steps.clear()
    await shop.stock(shop.access("base"))
    assert (shop.calls("wb_warehouses"), shop.calls("remains_download")) == (2, 1)


async def test_a_read_costs_two_calls_once_her_warehouses_are_known(shop):
    cards = await shop.cards(shop.access())
    await shop.stock(shop.access(), cards)
    shop.market.calls.reset()
    shop.memory.steps.clear()

    await shop.stock(shop.access(), cards)

    assert shop.market.calls.total == 2


def test_a_plan_prefers_information_then_cost_then_what_the_token_claims():
    full = plan("personal", with_secret=False, scopes=CATEGORIES, refused=())
    assert full.wb == (Source.WB_WAREHOUSES, Source.REMAINS)
    assert full.seller == (Source.SELLER_WAREHOUSES, Source.FBS)

    narrow = plan("base", with_secret=False, scopes=CATEGORIES, refused=())
    assert (narrow.wb, narrow.seller) == ((Source.REMAINS,), (Source.FBS,))

    claims = plan("service", with_secret=False, scopes=("marketplace",), refused=())
    assert claims.seller == (Source.FBS, Source.SELLER_WAREHOUSES)

    refused = plan("personal", with_secret=False, scopes=CATEGORIES, refused=[Source.WB_WAREHOUSES])
    assert refused.wb == (Source.REMAINS,)


# Lines of the report of remains that are no warehouses


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


# What a token may not read


async def test_a_refused_report_falls_to_the_next_source(shop):
    expected = await shop.stock(shop.access())
    shop.memory.steps.clear()
    shop.fault("wb_warehouses", "disabled", times=None)
    shop.fault("seller_warehouses", "403", times=None)

    stock = await shop.stock(shop.access())

    assert stock.gaps == ()
    assert filled(pieces(stock, "wb")) == filled(pieces(expected, "wb"))
    assert shop.calls("remains_download") == 1
    assert shop.calls("stocks") == 2


async def test_what_refused_is_not_asked_again_for_an_hour(shop):
    shop.fault("wb_warehouses", "403", times=None)
    for _ in range(2):
        shop.memory.steps.clear()
        await shop.stock(shop.access())
    assert shop.calls("wb_warehouses") == 1

    shop.moment.seconds += 3_600
    shop.memory.steps.clear()
    await shop.stock(shop.access())

    assert shop.calls("wb_warehouses") == 2


async def test_a_part_without_any_source_is_a_gap_with_its_cause(shop):
    for endpoint in ("seller_warehouses", "warehouses", "stocks"):
        shop.fault(endpoint, "403", times=None)

    stock = await shop.stock(shop.access())

    assert stock.gaps == (unread("seller_stock", "no_scope"),)
    assert {place.key for place in stock.places} == {"wb", "wb:Минск"}


async def test_her_unread_stock_is_blank_in_the_snapshot_and_never_zero(shop):
    before = await shop.snapshot(shop.access())
    for endpoint in ("seller_warehouses", "warehouses", "stocks"):
        shop.fault(endpoint, "403", times=None)
    shop.moment.seconds += 60
    shop.memory.steps.clear()
    cards = await shop.cards(shop.access())
    stock = await shop.stock(shop.access(), cards)
    counts = counted(await shop.orders(shop.access()), shop.moment())
    known = [each.place for each in before.places]

    taken = take(stock, cards, counts, period(shop.moment()), known, previous=before)

    own = [each for each in taken.places if each.place.kind == "seller"]
    assert len(own) == 2
    assert all(set(each.stock) == {None} for each in own)
    held = {nm for each in before.places[2:] for nm in nonzero(before, each.stock)}
    blank = {nm for nm, n in zip(taken.nm_ids, taken.stock, strict=True) if n is None}
    assert held <= blank < set(taken.nm_ids)
    tags = tuple(f"p{each.place.number}.{letter}" for each in own for letter in "sc")
    assert taken.gaps == (
        Gap(source="seller_stock", columns=("stock", "cover", *tags), cause="no_scope"),
    )


async def test_a_token_without_the_category_marketplace_leaves_hers_blank(shop):
    narrow = shop.access("base", SECRET, scopes=(1, 2, 5))

    stock = await shop.stock(narrow)

    assert stock.gaps == (unread("seller_stock", "no_scope"),)


async def test_nothing_readable_at_all_is_no_snapshot(shop):
    cards = await shop.cards(shop.access())
    shop.fault("*", "403", times=None)

    with pytest.raises(Rejected) as no:
        await shop.stock(shop.access(), cards)

    assert no.value.cause == "no_scope"
    assert "«Аналитика»" in str(no.value)


async def test_a_withdrawn_token_is_never_a_gap(shop):
    cards = await shop.cards(shop.access())
    shop.fault("seller_warehouses", "401")

    with pytest.raises(Rejected) as dead:
        await shop.stock(shop.access(), cards)

    assert dead.value.cause == "token_dead"


async def test_an_outage_is_never_a_gap(shop):
    cards = await shop.cards(shop.access())
    shop.fault("seller_warehouses", "503", times=None)

    with pytest.raises(Unavailable) as away:
        await shop.stock(shop.access(), cards)

    assert away.value.cause == "outage"


# A run that is killed


async def test_a_resumed_run_repeats_no_call_that_was_answered(shop):
    cards = await shop.cards(shop.access())
    shop.fault("seller_warehouses", "other_shape")
    with pytest.raises(Malformed):
        await shop.stock(shop.access(), cards)
    first = shop.calls("wb_warehouses")

    stock = await shop.stock(shop.access(), cards)

    assert shop.calls("wb_warehouses") == first
    assert sum(pieces(stock, "wb").values()) > 0
    assert stock.at.timestamp() == NOON


async def test_a_run_that_waits_for_a_report_orders_it_once():
    async with open_shop(Spec(products=20), report_seconds=4_000.0) as shop:
        cards = await shop.cards(shop.access())
        shop.fault("wb_warehouses", "403", times=None)
        with pytest.raises(Unavailable) as wait:
            await shop.stock(shop.access(), cards)
        assert wait.value.cause == "outage"
        assert wait.value.until > shop.moment()
        shop.moment.seconds += 4_000

        await shop.stock(shop.access(), cards)

        assert shop.calls("remains_create") == 1


async def test_a_report_that_was_thrown_away_is_ordered_anew():
    async with open_shop(Spec(products=20), report_seconds=100_000.0) as shop:
        cards = await shop.cards(shop.access())
        shop.fault("wb_warehouses", "403", times=None)
        for _ in range(2):
            with pytest.raises(Unavailable):
                await shop.stock(shop.access(), cards)
            shop.moment.seconds += 8_000
        assert shop.calls("remains_create") == 1

        with pytest.raises(Unavailable):
            await shop.stock(shop.access(), cards)

        assert shop.calls("remains_create") == 2


async def test_every_place_of_hers_is_listed_also_an_empty_one(shop):
    for nm in list(shop.seller.cards):
        shop.change(SetStock(nm=nm, place="Склад Ёлкино", quantity=0))

    report = await shop.stock(shop.access())
    shop.memory.steps.clear()
    live = await shop.stock(shop.access("base", SECRET))

    assert {p.key for p in report.places if p.kind == "seller"} == {
        p.key for p in live.places if p.kind == "seller"
    }
    assert WB_TOTAL in report.places


async def test_names_that_one_source_hides_are_unknown_not_empty(shop):
    before = await shop.snapshot(shop.access())
    shop.change(Switch(named_in_analytics=False))
    shop.moment.seconds += 60
    cards = await shop.cards(shop.access())
    shop.memory.steps.clear()

    stock = await shop.stock(shop.access(), cards)

    known = [each.place for each in before.places]
    taken = take(stock, cards, [], period(shop.moment()), known)
    minsk = next(each for each in taken.places if each.place.key == "wb:Минск")
    assert set(minsk.stock) == {None}
    assert sum(taken.stock) == sum(before.stock)


# Pages of a large report


async def test_a_report_of_several_pages_is_read_to_its_end(shop, monkeypatch):
    whole = await shop.stock(shop.access())
    monkeypatch.setattr("infrastructure.wildberries.reports.PAGE", 50)
    shop.memory.steps.clear()

    paged = await shop.stock(shop.access())

    assert paged.places == whole.places
    assert shop.calls("wb_warehouses") >= 3


async def test_pages_that_overlap_are_no_report(shop, monkeypatch):
    """The stand-in gives the whole report whatever is asked, as if rows had moved in between."""
    cards = await shop.cards(shop.access())
    monkeypatch.setattr("infrastructure.wildberries.reports.PAGE", 50)
    monkeypatch.setattr("infrastructure.wildberries.reports._from", lambda _: Request(body={}))

    with pytest.raises(Malformed, match="перекрываются"):
        await shop.stock(shop.access(), cards)

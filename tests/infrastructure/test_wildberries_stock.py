"""Stock of a seller: any token that may read it gives the same sheet."""

from datetime import UTC, datetime

import pytest

from domain.capability import Known, Reading
from domain.errors import Malformed, Unavailable
from domain.place import WB_TOTAL
from domain.planner import Extent, Holder, ranked
from domain.snapshot import flaws, period
from domain.taking import take
from infrastructure.wildberries import fbs
from infrastructure.wildberries.gateway import Request
from infrastructure.wildberries.pace import Pace
from infrastructure.wildberries.planner import PARTS, Doors
from sandbox.sellers import AddPlace, SetStock, Spec, Switch, truth
from sandbox.wildberries import tokens
from tests.infrastructure.wildberries_shop import NOON, filled, open_shop, pieces

SECRET = tokens.SERVICE_SECRET
CATEGORIES = ("content", "analytics", "marketplace", "statistics")


@pytest.fixture
async def shop():
    async with open_shop(Spec(products=60, places=4)) as opened:
        yield opened


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
    wb, seller = sources("personal")
    assert wb == [Reading.WB_WAREHOUSES, Reading.REMAINS]
    assert seller == [Reading.SELLER_WAREHOUSES, Reading.FBS]

    assert sources("base") == ([Reading.REMAINS], [Reading.FBS])
    assert sources("base", with_secret=True) == (wb, [Reading.FBS])

    _, seller = sources("service", scopes=("marketplace",))
    assert seller == [Reading.FBS, Reading.SELLER_WAREHOUSES]

    wb, _ = sources("personal", refused=(Reading.WB_WAREHOUSES,))
    assert wb == [Reading.REMAINS]


def sources(kind, *, with_secret=False, scopes=CATEGORIES, refused=()):
    """What such a token is read by, the first choice first."""
    now, known = datetime.fromtimestamp(NOON, UTC), Known()
    for reading in refused:
        known.saw(reading, now, "no_scope")
    holder = Holder(seller_id="s", kind=kind, scopes=frozenset(scopes))
    doors = Doors(holder=holder, with_secret=with_secret, pace=Pace())
    ways = (
        doors.options(PARTS[part], known, Extent(), now) for part in ("wb_stock", "seller_stock")
    )
    return tuple([option.reading for option in ranked(way)] for way in ways)


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


@pytest.mark.parametrize(("kind", "secret"), [("base", SECRET), ("base", None), ("personal", None)])
async def test_what_lies_in_a_warehouse_that_was_opened_today_is_seen(shop, kind, secret):
    access = shop.access(kind, secret)
    await shop.stock(access)
    nm = next(iter(shop.seller.cards))
    shop.change(AddPlace(name="Гараж"), SetStock(nm=nm, place="Гараж", quantity=31))
    shop.moment.seconds += 1_800

    shop.memory.steps.clear()
    places = (await shop.stock(access)).places

    (garage,) = [pieces for place, pieces in places.items() if place.name == "Гараж"]
    assert garage[nm] == 31


async def test_a_warehouse_that_was_closed_since_it_was_listed_holds_up_nothing(shop, monkeypatch):
    listed = fbs.warehouses

    async def before(visit):
        return {**await listed(visit), 1: "Закрытый"}

    monkeypatch.setattr(fbs, "warehouses", before)
    access = shop.access("base")
    places = {place.name: pieces for place, pieces in (await shop.stock(access)).places.items()}

    assert places.pop("Закрытый") == {}
    assert any(filled(places[each.name]) for each in shop.seller.warehouses().values())

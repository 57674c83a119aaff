"""The cabinet's own report, read by the adapter: pages, where to go on, refusals."""

from dataclasses import replace

import pytest

from domain.cabinet import Asked, Where
from domain.errors import Malformed, Rejected, Unavailable
from domain.reconciliation import compare
from domain.snapshot import period
from infrastructure.wildberries import cabinet
from sandbox.sellers import CabinetShows, RemoveProduct, Spec
from sandbox.wildberries.endpoints import CONTENT
from tests.infrastructure.wildberries_shop import LONG, open_shop


@pytest.fixture
async def shop():
    async with open_shop(Spec(products=60, places=4)) as opened:
        yield opened


async def pages(shop, asked=None, **access):
    whole = Asked(days=period(shop.moment()))
    reading = shop.wildberries.cabinet(shop.access(**access), asked or whole)
    return [page async for page in reading]


def by_article(read):
    return {each.nm_id: each for page in read for each in page.shown}


async def test_one_short_page_is_the_whole_report_and_costs_one_call(shop):
    [page] = await pages(shop)

    assert page.last
    assert by_article([page]).keys() == shop.seller.cards.keys()
    assert shop.calls("cabinet") == 1


async def test_it_shows_what_a_snapshot_of_the_same_moment_says(shop):
    snapshot = await shop.snapshot(shop.access())

    found = compare(snapshot, by_article(await pages(shop)))

    assert found.differing == {}
    assert found.equal > 5 * 60


async def test_a_read_goes_on_where_it_was_left(shop, monkeypatch):
    monkeypatch.setattr(cabinet, "PAGE", 25)
    whole = await pages(shop)

    rest = await pages(shop, Asked(days=period(shop.moment()), after=25))

    assert [len(page.shown) for page in whole] == [25, 25, 10]
    assert rest == whole[1:]


async def test_some_articles_and_wbs_warehouses_alone_may_be_asked_for(shop):
    first, second = sorted(shop.seller.cards)[:2]
    shop.change(CabinetShows(nm=first, stock=10, at_wb=4))

    some = Asked(days=period(shop.moment()), only=(first, second), where=Where.WB)
    found = by_article(await pages(shop, some))

    assert found.keys() == {first, second}
    assert found[first].stock == 4


async def test_durations_are_hours_or_their_word(shop):
    first, second = sorted(shop.seller.cards)[:2]
    shop.change(CabinetShows(nm=first, hours=1_466))
    shop.change(CabinetShows(nm=second, hours=-3, computed=False))

    found = by_article(await pages(shop))

    assert (found[first].hours, found[first].computed) == (1_466, True)
    assert (found[second].hours, found[second].computed) == (-3, False)


async def test_a_deleted_card_is_told_as_such(shop):
    nm = min(shop.seller.cards)
    shop.change(RemoveProduct(nm=nm))
    shop.change(CabinetShows(nm=nm, stock=3))

    gone = by_article(await pages(shop))[nm]

    assert (gone.deleted, gone.stock) == (True, 3)


async def test_a_token_without_the_category_is_told_which_one(shop):
    with pytest.raises(Rejected, match="«Аналитика»") as no:
        await pages(shop, scopes=(CONTENT,))

    assert no.value.cause == "no_scope"


async def test_a_plain_base_token_is_told_when_the_next_page_is(monkeypatch):
    monkeypatch.setattr(cabinet, "PAGE", 25)
    async with open_shop(Spec(products=60), pace=replace(LONG, patience=1.0)) as shop:
        with pytest.raises(Unavailable) as away:
            await pages(shop, kind="base")

    assert away.value.cause == "no_quota"
    assert shop.calls("cabinet") == 1


async def test_an_answer_of_another_shape_is_refused(shop):
    shop.fault("cabinet", "other_shape")

    with pytest.raises(Malformed):
        await pages(shop)

"""The catalogue: read to its end once, and afterwards only what is new."""

import msgspec
import pytest

from domain.errors import Malformed
from sandbox.sellers import AddProduct, EditProduct, Spec
from tests.infrastructure.wildberries_shop import open_shop


@pytest.fixture
async def shop():
    async with open_shop(Spec(products=250)) as opened:
        yield opened


async def pages(shop, cursor=None):
    return [page async for page in shop.wildberries.cards(shop.access(), cursor)]


async def test_all_pages_are_read_and_only_the_last_says_so(shop):
    read = await pages(shop)

    assert [len(page.cards) for page in read] == [100, 100, 50]
    assert [page.last for page in read] == [False, False, True]
    assert {card.nm_id for page in read for card in page.cards} == set(shop.seller.cards)


async def test_a_card_says_who_a_product_is_and_which_sizes_it_has(shop):
    cards = await shop.cards(shop.access())

    for nm, card in shop.seller.cards.items():
        assert (cards[nm].brand, cards[nm].subject, cards[nm].sku) == (
            card.brand,
            card.subject,
            card.vendor_code,
        )
        assert [size.chrt_id for size in cards[nm].sizes] == [size.chrt for size in card.sizes]


async def test_the_cursor_is_a_bookmark_for_what_changes_later(shop):
    bookmark = (await pages(shop))[-1].cursor
    nm = min(shop.seller.cards)
    shop.moment.seconds += 60
    shop.change(EditProduct(nm=nm, brand="Новый бренд"), AddProduct(vendor_code="NEW/1"))

    [page] = await pages(shop, bookmark)

    assert sorted(card.brand for card in page.cards) == ["Новинка", "Новый бренд"]
    assert page.last


async def test_nothing_new_leaves_the_bookmark_where_it_is(shop):
    bookmark = (await pages(shop))[-1].cursor

    [page] = await pages(shop, bookmark)

    assert (page.cards, page.cursor, page.last) == ((), bookmark, True)


async def test_a_killed_read_goes_on_behind_the_last_page_it_kept(shop):
    first = await anext(aiter(shop.wildberries.cards(shop.access(), None)))

    rest = await pages(shop, first.cursor)

    assert len(first.cards) + sum(len(page.cards) for page in rest) == 250


async def test_an_empty_catalogue_is_one_empty_page():
    async with open_shop(Spec(products=0)) as shop:
        [page] = await pages(shop)

    assert (page.cards, page.last) == ((), True)


@pytest.mark.parametrize(
    ("cards", "cursor"),
    [
        (1, {"updatedAt": "2026-01-01T00:00:00Z", "nmID": 1, "total": 2}),
        (1, {"total": 1}),
        (100, {"updatedAt": "2026-01-01T00:00:00Z", "nmID": 7, "total": 100}),
    ],
)
async def test_a_page_that_is_short_or_stands_still_is_no_page(shop, monkeypatch, cards, cursor):
    answer = {"cards": [{"nmID": 7}] * cards, "cursor": cursor}
    monkeypatch.setattr(
        "sandbox.wildberries.faults.SPOILT", {"other_shape": msgspec.json.encode(answer)}
    )
    shop.fault("cards", "other_shape", times=None)

    with pytest.raises(Malformed, match="Список карточек товаров"):
        await pages(shop)

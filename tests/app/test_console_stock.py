"""The page of stock: the numbers of a shop, what they mean, and why some of them are blank."""

import re
from datetime import timedelta
from html import unescape

import pytest

from tests.app.console_stock import ROWS, Shop
from tests.app.graphql_audit_world import statements

ARTICLE = re.compile(r'<th scope="row"><a href="/stock/[^"]+">([^<]+)</a>')
CHIP = re.compile(r'<a class="chip"[^>]*>(?:<span.*?</span>)?([^<]+) <b>([^<]+)</b>')
NEXT = re.compile(r'href="([^"]+)" rel="next"')
XSS = "<script>alert(1)</script>"


def articles(page):
    return ARTICLE.findall(page.text)


def words(page):
    return " ".join(page.text.split())


def row_of(page, article):
    """The cells of a product, as they are written."""
    return next(row for row in page.text.split("<tr>") if f">{article}</a>" in row)


@pytest.fixture
async def anna(console):
    return await console.anna()


@pytest.fixture
async def shop(console, anna):
    return await Shop.connected(console, anna)


@pytest.fixture
async def filled(shop):
    await shop.stocked()
    return shop


async def test_without_a_shop_the_page_leads_to_start(anna):
    page = await anna.open("/stock")

    assert page.status_code == 200
    assert "No shop yet" in page.text
    assert 'class="btn primary" href="/start"' in page.text


async def test_before_the_first_sync_nothing_is_made_up(anna, shop):
    page = await anna.open("/stock")

    assert "Nothing has been read yet" in page.text
    assert f'href="/start?shop={shop.id}"' in page.text
    assert "<table" not in page.text


async def test_every_product_stands_with_its_numbers_and_their_moment(anna, filled):
    page = await anna.open("/stock")

    assert articles(page) == ["LN-2", "LN-1", "VT-1", "VT-4", "VT-2", "VT-3"]
    assert '<span class="state t-ok">' in page.text
    assert '<time datetime="2026-11-23T06:40+03:00">06:40</time>' in page.text
    assert "Orders of 2026-11-16–2026-11-22, full Moscow days." in words(page)
    assert 'class="edge">WB warehouses</th>' in page.text
    assert 'class="edge">Мой склад</th>' in page.text
    assert "Платья · Лён · 11" in page.text
    assert "6 of 6" in words(page)


async def test_how_long_the_stock_lasts_is_marked_in_words_and_not_by_colour_alone(anna, filled):
    page = await anna.open("/stock")

    marked = {each: unescape(row_of(page, each)) for each in ("LN-1", "LN-2", "VT-1", "VT-2")}
    assert '<span class="vh">runs out: </span>2.0' in marked["LN-2"]
    assert '<span class="vh">sold out: </span>0.0' in marked["VT-1"]
    assert '<span class="vh">lies too long: </span>3,850.0' in marked["VT-2"]
    assert '<span class="cover">10.0' in marked["LN-1"]
    assert '<span class="vh">no orders</span>' in row_of(page, "VT-3")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "no data: the token cannot read seller warehouses"),
        ("ru", "нет данных: у токена нет доступа к складам продавца"),
    ],
)
async def test_a_number_that_was_not_read_is_blank_with_its_reason_and_never_zero(
    console, language, said
):
    anna = await console.anna(language=language)
    shop = await Shop.connected(console, anna)
    await shop.stocked(gaps=[("seller_stock", "no_scope")])

    page = await anna.open("/stock")

    row = row_of(page, "VT-4")
    assert f'<td class="blank"><span class="vh">{said}</span></td>' in row
    assert row.count('class="blank') == 3
    assert page.text.count('class="blank swatch"') == 1


async def test_views_show_what_needs_a_decision_with_how_many_there_are(anna, filled):
    page = await anna.open("/stock")
    pages = {view: await anna.open(f"/stock?view={view}") for view in ("out", "low", "over")}
    unsold = await anna.open("/stock?view=unsold")

    assert dict(CHIP.findall(page.text)) == {
        "All": "6",
        "Sold out": "1",
        "Less than 7 days": "1",
        "More than 90 days": "1",
        "No orders": "1",
    }
    assert {view: articles(each) for view, each in pages.items()} == {
        "out": ["VT-1"],
        "low": ["LN-2"],
        "over": ["VT-2"],
    }
    assert articles(unsold) == ["VT-3"]


SORTED = [
    ("sku", ["LN-1", "LN-2", "VT-1", "VT-2", "VT-3", "VT-4"]),
    ("-stock", ["VT-2", "LN-2", "LN-1", "VT-3", "VT-1", "VT-4"]),
    ("-turnover", ["VT-2", "LN-1", "LN-2", "VT-1", "VT-4", "VT-3"]),
    ("nonsense", ["LN-2", "LN-1", "VT-1", "VT-4", "VT-2", "VT-3"]),
]


async def test_products_are_sorted_as_she_asks_or_by_orders(anna, filled):
    for sort, expected in SORTED:
        assert articles(await anna.open(f"/stock?sort={sort}")) == expected


async def test_products_are_found_by_article_and_by_words(anna, filled):
    for q, found in {"шарф": 2, "vt-1": 1, "16": 1, "лён": 2}.items():
        page = await anna.open(f"/stock?q={q}")

        assert len(articles(page)) == found
        assert f'value="{q}"' in page.text


async def test_a_search_without_a_find_says_what_to_do(anna, filled):
    alone = await anna.open("/stock?q=zzz")
    in_view = await anna.open("/stock?q=LN&view=out")

    assert "Nothing matches" in alone.text
    assert "Show all products: 6" in words(alone)
    assert "Search in all products" in in_view.text


async def test_a_search_that_cannot_be_is_told_beside_its_field(anna, filled):
    page = await anna.open(f"/stock?q={'x' * 300}")

    assert page.status_code == 422
    assert "Search for at most 200 letters and figures." in page.text
    assert 'aria-describedby="q-error"' in page.text
    assert len(articles(page)) == 6


async def test_pages_go_on_where_the_last_one_ended(anna, shop):
    many = [(n, "Б", "П", f"A{n:03}", 0, 0, n % 7, 5, 10, {"1": [5, 1]}) for n in range(1, 96)]
    await shop.stocked(many)
    found, path = [], "/stock"
    while path:
        page = await anna.open(path)
        found += articles(page)
        path = (NEXT.findall(unescape(page.text)) or [""])[0]

    assert len(found) == len(set(found)) == 95
    assert "First page" in page.text
    assert len(page.content) < 150_000


async def test_a_page_that_there_is_not_is_refused_in_words(anna, filled):
    for after in ("x", "рус", "WyJhIl0=", "WyItc3RvY2siLDEsMV0="):
        page = await anna.open(f"/stock?after={after}")

        assert page.status_code == 422
        assert "There is no such page of this list. Begin at its first one." in page.text


async def test_several_shops_are_tabs_and_each_has_its_own_products(console, anna, filled):
    console.clock.now += timedelta(minutes=1)
    other = await Shop.connected(console, anna, seller="200", name="Серый кот")
    await other.stocked(ROWS[:2])

    first, second = await anna.open("/stock"), await anna.open(f"/stock?shop={other.id}")

    assert f'href="/stock?shop={filled.id}"' in second.text
    assert len(articles(first)) == 6
    assert articles(second) == ["LN-2", "LN-1"]
    assert f'name="shop" value="{other.id}"' in second.text


async def test_what_is_another_companys_is_not_there(console, filled):
    stranger = await console.anna()

    for path in ("/stock?shop={}", "/stock/{}/11", "/shops/{}"):
        page = await stranger.open(path.format(filled.id))

        assert page.status_code == 404
        assert "<h1>Nothing here</h1>" in page.text


async def test_a_product_that_there_is_not_is_a_page_in_words(anna, filled):
    for nm_id in (999, 2**70, -(2**70)):
        assert (await anna.open(f"/stock/{filled.id}/{nm_id}")).status_code == 404


async def test_a_product_shows_all_its_places_and_how_its_stock_moved(anna, filled):
    page = await anna.open(f"/stock/{filled.id}/11")

    assert "<h1>LN-1</h1>" in page.text
    assert page.text.count('<th scope="row">') == 5
    assert "from 19 to 10" in words(page)
    assert "2026-11-14" in page.text
    assert f'href="/stock?shop={filled.id}"' in page.text


@pytest.mark.parametrize(("ago", "state"), [(-1, "t-ok"), (1, "t-wait")], ids=["fresh", "late"])
async def test_numbers_are_late_once_the_hour_that_is_owed_has_passed(
    console, anna, shop, ago, state
):
    await shop.stocked()
    await shop.owed(console.clock() - timedelta(minutes=ago))

    page = await anna.open("/stock")

    assert f'<span class="state {state}">' in page.text


async def test_a_shop_that_broke_says_why_and_where_to_mend_it(console, anna, filled):
    await console.break_shop(str(filled.id), "token_dead")

    page = await anna.open("/stock")

    assert "The numbers stand still." in page.text
    assert "This token does not work" in page.text
    assert f'href="/start?shop={filled.id}"' in page.text
    assert len(articles(page)) == 6


async def test_whoever_may_only_look_is_offered_nothing_to_press(console, anna, filled):
    sync = f'action="/schedules/{filled.id}/run"'
    offered = await anna.open("/stock")
    await console.change_role(anna, "viewer")

    page = await anna.open("/stock")

    assert sync in offered.text
    assert sync not in page.text
    assert len(articles(page)) == 6


async def test_names_stay_text(console, anna):
    shop = await Shop.connected(console, anna, name=XSS)
    await shop.stocked([(11, XSS, XSS, XSS, 1, 1, 1, 1, 70, {"1": [1, 1]})])

    for path in ("/stock", f"/stock/{shop.id}/11", f"/shops/{shop.id}"):
        page = await anna.open(path)
        assert page.status_code == 200
        assert XSS not in page.text
        assert "&lt;script&gt;" in page.text


async def test_a_page_takes_as_many_statements_for_many_products_as_for_one(console, anna, filled):
    with statements(console.database) as few:
        await anna.open("/stock?view=out")
    with statements(console.database) as many:
        await anna.open("/stock")

    assert len(many) == len(few)

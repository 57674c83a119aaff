"""Pages and cursors of the Wildberries stand-in, with their edges."""

import pytest

from sandbox.sellers import AddOrder, EditProduct, Spec
from tests.sandbox.wildberries_visit import CARDS, ORDERS, WB, visiting


@pytest.fixture
async def wb():
    async with visiting(Spec(products=300, places=4), speed=1e6) as visit:
        yield visit


async def cards(wb, cursor=None, *, limit=100, ascending=True, **filters):
    asked = {"cursor": {"limit": limit, **(cursor or {})}, "sort": {"ascending": ascending}}
    return (await wb.post(CARDS, {"settings": asked | {"filter": filters}})).json()


async def all_cards(wb, cursor=None, *, limit=100, ascending=True):
    found = []
    while True:
        wb.market.clock.now += 1
        page = await cards(wb, cursor, limit=limit, ascending=ascending)
        found += [card["nmID"] for card in page["cards"]]
        cursor = {name: page["cursor"][name] for name in ("updatedAt", "nmID")}
        if page["cursor"]["total"] < limit:
            return found, cursor


async def orders(wb, since, **query):
    wb.market.clock.now += 1
    return (await wb.get(ORDERS, params={"dateFrom": since, **query})).json()


@pytest.mark.parametrize("limit", [7, 60, 100])
@pytest.mark.parametrize("ascending", [True, False])
async def test_the_cursor_visits_every_card_once(wb, limit, ascending):
    found, _ = await all_cards(wb, limit=limit, ascending=ascending)

    assert len(found) == 300
    assert set(found) == set(wb.seller.cards)


async def test_cards_of_one_moment_do_not_get_lost_at_a_page_edge(wb):
    page = await cards(wb)
    moments = {card["updatedAt"] for card in page["cards"]}
    after = await cards(wb, {key: page["cursor"][key] for key in ("updatedAt", "nmID")})

    assert moments == {after["cards"][0]["updatedAt"]}
    assert after["cards"][0]["nmID"] > page["cards"][-1]["nmID"]


async def test_a_full_last_page_is_followed_by_an_empty_one_that_keeps_the_cursor(wb):
    _, last = await all_cards(wb)
    page = await cards(wb, last)

    assert page == {"cards": [], "cursor": {**last, "total": 0}}


async def test_a_kept_cursor_shows_only_what_changed_since(wb):
    _, last = await all_cards(wb)
    nm = next(iter(wb.seller.cards))
    wb.market.world.change(wb.seller.id, EditProduct(nm=nm, brand="Новый"), at=wb.now)
    page = await cards(wb, last)

    assert [(card["nmID"], card["brand"]) for card in page["cards"]] == [(nm, "Новый")]


async def test_ten_cards_come_when_no_limit_is_asked(wb):
    assert (await wb.post(CARDS)).json()["cursor"]["total"] == 10


async def test_cards_can_be_searched_by_code_nm_and_barcode(wb):
    card = wb.seller.cards[max(wb.seller.cards)]
    for text in (card.vendor_code, str(card.nm), card.sizes[0].barcodes[0]):
        found = await cards(wb, textSearch=text)

        assert card.nm in [row["nmID"] for row in found["cards"]]


@pytest.mark.parametrize(
    "body", [b"{", b'{"settings":{"cursor":{"limit":101}}}', b'{"settings":{"sort":7}}']
)
async def test_a_wrong_card_question_is_answered_in_contents_dialect(wb, body):
    answer = await wb.ask("POST", CARDS, content=body)

    assert answer.status_code == 400
    assert set(answer.json()) == {"data", "error", "errorText", "additionalErrors"}
    assert answer.json()["error"] is True


async def test_stock_rows_are_paged_by_limit_and_offset(wb):
    async def page(**body):
        wb.market.clock.now += 1
        return (await wb.post(WB, body)).json()["data"]["items"]

    whole = await page()
    pages = [await page(limit=100, offset=at) for at in range(0, len(whole) + 100, 100)]

    assert [row for rows in pages for row in rows] == whole
    assert len(pages[-1]) < 100


async def test_stock_rows_are_filtered_by_nm_and_by_size_of_that_nm(wb):
    card = next(c for c in wb.seller.cards.values() if len(c.sizes) > 2 and c.sizes[0].stock)
    other = next(nm for nm in wb.seller.cards if nm != card.nm)
    chrt = card.sizes[0].chrt
    body = {"nmIds": [card.nm, other], "chrtIds": [chrt]}
    rows = (await wb.post(WB, body)).json()["data"]["items"]

    assert {row["chrtId"] for row in rows} <= {chrt}


@pytest.mark.parametrize(
    "body",
    [
        {"limit": 250_001},
        {"limit": 0},
        {"offset": -1},
        {"nmIds": list(range(1001))},
        {"nmIds": ["1"]},
    ],
)
async def test_a_wrong_stock_question_is_a_named_400(wb, body):
    answer = await wb.post(WB, body)

    assert answer.status_code == 400
    assert set(answer.json()) == {"title", "detail", "requestId", "origin"}


async def test_orders_are_states_by_last_change_with_moscow_times(wb):
    rows = await orders(wb, "2026-11-01")
    moments = [row["lastChangeDate"] for row in rows]

    assert moments == sorted(moments)
    assert all(len(moment) == 19 for moment in moments)
    assert len({row["srid"] for row in rows}) < len(rows)


async def test_orders_since_a_moment_include_that_moment(wb):
    rows = await orders(wb, "2026-11-01")
    moment = rows[-1]["lastChangeDate"]

    again = await orders(wb, moment)

    assert again == [row for row in rows if row["lastChangeDate"] == moment]


@pytest.mark.parametrize(
    "since", ["2026-11-20", "2026-11-20T00:00:00.12345", "2026-11-19T21:00:00Z"]
)
async def test_a_day_and_a_time_may_be_asked(wb, since):
    assert len(await orders(wb, since)) > 100


async def test_pages_that_follow_the_last_row_reach_the_end():
    async with visiting(Spec(products=300), speed=1e9, orders_page=200) as wb:
        whole = {(o.srid, o.changed) for o in wb.seller.book.changed_since(0, wb.now)}
        seen, since = set(), "2026-11-01"
        while True:
            rows = await orders(wb, since)
            fresh = {(row["srid"], row["lastChangeDate"]) for row in rows} - seen
            seen |= fresh
            if len(rows) < 200:
                break
            since = rows[-1]["lastChangeDate"]

    assert len(seen) == len(whole)


async def test_more_orders_of_one_moment_than_a_page_holds_never_move_the_cursor():
    async with visiting(Spec(products=9), speed=1e9, orders_page=50) as wb:
        nm = min(wb.seller.cards)
        wb.market.world.change(wb.seller.id, AddOrder(nm=nm, count=80), at=wb.now)
        rows = await orders(wb, "2026-11-23T12:00:00")
        again = await orders(wb, rows[-1]["lastChangeDate"])
        day = await orders(wb, "2026-11-23", flag=1)

    assert again == rows
    assert len(rows) == 50
    assert len([row for row in day if row["lastChangeDate"] == "2026-11-23T12:00:00"]) == 80


async def test_flag_1_gives_each_order_of_that_day_once(wb):
    rows = await orders(wb, "2026-11-20T15:00:00", flag=1)

    assert {row["date"][:10] for row in rows} == {"2026-11-20"}
    assert len({row["srid"] for row in rows}) == len(rows)
    assert any(row["isCancel"] for row in rows)


async def test_nothing_after_the_last_change(wb):
    assert await orders(wb, "2026-11-24") == []


@pytest.mark.parametrize(
    ("query", "errors"),
    [
        ({}, ["dateFrom: field required"]),
        ({"dateFrom": "yesterday"}, "dateFrom: Value not validated"),
        ({"dateFrom": "2026-11-01", "flag": "2"}, "flag: Value not validated"),
    ],
)
async def test_a_wrong_orders_question_is_answered_in_two_shapes(wb, query, errors):
    answer = await wb.get(ORDERS, params=query)

    assert (answer.status_code, answer.json()) == (400, {"errors": errors})


async def test_amounts_are_asked_for_a_thousand_sizes_at_most(wb):
    warehouse = next(iter(wb.seller.warehouses().values())).id
    path = f"/api/v3/stocks/{warehouse}"
    too_many = await wb.post(path, {"chrtIds": list(range(1001))})
    wrong = await wb.post(path, {"skus": ["1"]})

    assert (too_many.status_code, too_many.json()["code"]) == (400, "IncorrectParameter")
    assert (wrong.status_code, wrong.json()["code"]) == (400, "IncorrectRequestBody")

"""Bad answers of Wildberries: none of them ever becomes a number."""

import asyncio
from dataclasses import replace

import aiohttp
import pytest
from aiohttp import web

from domain.breaker import Breakers
from domain.budget import Buckets
from domain.errors import Malformed, Rejected, Unavailable
from domain.ports import Access
from infrastructure.wildberries.hosts import Hosts
from infrastructure.wildberries.marketplace import Wildberries
from infrastructure.wildberries.pace import Pace
from infrastructure.wildberries.shapes import in_words
from sandbox.wildberries import tokens
from tests.infrastructure.loopback import listening
from tests.infrastructure.wildberries_shop import LONG, NOON, Moment, open_shop

TITLES = {
    "cards": "Список карточек товаров",
    "wb_warehouses": "Остатки на складах WB",
    "seller_warehouses": "Остатки на складах продавца",
    "orders": "Заказы",
    "warehouses": "Склады продавца",
    "stocks": "Остатки на складах продавца",
    "remains_create": "Отчёт об остатках на складах",
    "remains_status": "Отчёт об остатках на складах",
    "remains_download": "Отчёт об остатках на складах",
}
PLAIN = ("remains_create", "remains_status", "remains_download", "warehouses", "stocks")


@pytest.fixture
async def shop():
    async with open_shop() as opened:
        yield opened


async def read_all(shop, endpoint):
    access = shop.access("base" if endpoint in PLAIN else "personal")
    if endpoint == "orders":
        return await shop.orders(access)
    return await shop.stock(access)


@pytest.mark.parametrize("endpoint", TITLES)
@pytest.mark.parametrize(
    ("kind", "what"),
    [
        ("truncated", "оборван"),
        ("empty", "пустой ответ"),
        ("html", "HTML"),
        ("other_shape", "другая форма: .*(нет поля «|нужно: )"),
    ],
)
async def test_a_damaged_answer_names_its_call_and_what_is_wrong(shop, endpoint, kind, what):
    shop.fault(endpoint, kind, times=None)

    with pytest.raises(Malformed, match=what) as broken:
        await read_all(shop, endpoint)

    assert f"«{TITLES[endpoint]}»" in str(broken.value)
    assert broken.value.cause == "malformed"


@pytest.mark.parametrize(
    ("said", "ru", "en"),
    [
        (
            "Object missing required field `nmID` - at `$.cards[...]`",
            "cards[...]: нет поля «nmID»",
            "cards[...]: the field “nmID” is missing",
        ),
        (
            "Expected `str | null`, got `array` - at `$[0].name`",
            "[0].name: нужно: текст или пусто, пришло: список",
            "[0].name: a text or nothing is expected, a list came",
        ),
        ("Expected `array`, got `object`", "нужно: список, пришло: объект", ""),
        ("Invalid RFC3339 date", "Invalid RFC3339 date", "Invalid RFC3339 date"),
    ],
)
def test_where_an_answer_has_another_shape_is_told_in_both_languages(said, ru, en):
    told = in_words(said)

    assert told.ru == ru
    assert en in told.en


@pytest.mark.parametrize("kind", ["500", "503"])
async def test_a_short_outage_is_waited_out(shop, kind):
    shop.fault("cards", kind, times=2)

    assert await shop.cards(shop.access())
    assert shop.calls("cards") == 3


async def test_a_long_outage_ends_after_a_few_tries_with_a_moment_to_come_back(shop):
    shop.fault("cards", "503", times=None)

    with pytest.raises(Unavailable, match="код 503") as away:
        await shop.cards(shop.access())

    assert shop.calls("cards") == 3
    assert away.value.cause == "outage"
    assert away.value.until > shop.moment()


async def test_a_method_switched_off_is_checked_again_in_an_hour(shop):
    shop.fault("orders", "disabled")

    with pytest.raises(Unavailable, match="отключил «Заказы»") as off:
        await shop.orders(shop.access())

    assert off.value.cause == "method_off"
    assert (off.value.until - shop.moment()).total_seconds() == 3_600


@pytest.mark.parametrize(
    ("kind", "cause"), [("401", "token_dead"), ("402", "no_funds"), ("403", "no_scope")]
)
async def test_a_refusal_is_told_once_and_not_repeated(shop, kind, cause):
    shop.fault("orders", kind, times=None)

    with pytest.raises(Rejected) as no:
        await shop.orders(shop.access())

    assert no.value.cause == cause
    assert shop.calls("orders") == 1


# What only a broken network does

ROUTE = "/content-api/content/v2/get/cards/list"
QUICK = replace(LONG, attempts=2, silence=0.1, whole=0.2, largest=1_000)


async def cards_of(handler, pace: Pace = QUICK):
    server = web.Application()
    server.router.add_post(ROUTE, handler)
    moment = Moment()
    async with listening(server) as address, aiohttp.ClientSession() as session:
        adapter = Wildberries(
            session,
            Hosts.under(address),
            Buckets(moment.epoch),
            Breakers(moment),
            moment,
            pace=pace,
            sleep=moment.sleep,
        )
        access = Access(token=tokens.issue("s", "personal", expires=NOON + 60))
        return [page async for page in adapter.cards(access, None)]


async def test_silence_is_an_outage():
    async def silent(_):
        await asyncio.sleep(1)

    with pytest.raises(Unavailable, match="Timeout"):
        await cards_of(silent)


async def test_an_answer_that_drips_for_ever_is_an_outage():
    async def dripping(request):
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(40):
            await response.write(b" ")
            await asyncio.sleep(0.05)
        return response

    with pytest.raises(Unavailable, match="Timeout"):
        await cards_of(dripping)


async def test_a_connection_cut_in_the_middle_is_a_truncated_answer():
    async def cut(request):
        response = web.StreamResponse(headers={"Content-Length": "500"})
        await response.prepare(request)
        await response.write(b'{"cards":[')
        request.transport.close()
        return response

    with pytest.raises(Malformed, match="оборван на полпути"):
        await cards_of(cut)


async def test_an_answer_without_end_is_not_read_to_its_end():
    async def endless(_):
        return web.Response(body=b'{"cards":' + b" " * 5_000)

    with pytest.raises(Malformed, match="больше"):
        await cards_of(endless)


async def test_a_redirect_is_not_followed_with_a_token():
    async def elsewhere(_):
        raise web.HTTPFound("http://127.0.0.1:1/")

    with pytest.raises(Malformed, match="код 302"):
        await cards_of(elsewhere)


async def test_an_answer_that_repeats_the_token_is_not_quoted():
    async def parrot(request):
        return web.json_response({"detail": request.headers["Authorization"]}, status=400)

    with pytest.raises(Malformed, match="код 400 …"):
        await cards_of(parrot)


async def test_nobody_at_the_address_is_an_outage():
    moment = Moment()
    async with aiohttp.ClientSession() as session:
        adapter = Wildberries(
            session,
            Hosts.under("http://127.0.0.1:1"),
            Buckets(moment.epoch),
            Breakers(moment),
            moment,
            pace=QUICK,
            sleep=moment.sleep,
        )
        access = Access(token=tokens.issue("s", "personal", expires=NOON + 60))
        with pytest.raises(Unavailable) as away:
            await adapter.inspect(access)

    assert away.value.cause == "outage"

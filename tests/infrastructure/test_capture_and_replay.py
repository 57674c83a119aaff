"""A reading is written down without a word of whom it is about, and serves again for the same
sheet."""

import json
import re
from zipfile import ZipFile

import aiohttp
import pytest

from domain.breaker import Breakers
from domain.budget import Buckets
from domain.errors import Unavailable
from domain.ports import Access
from infrastructure.wildberries.capture import recording
from infrastructure.wildberries.claims import read_claims
from infrastructure.wildberries.hosts import Hosts
from infrastructure.wildberries.marketplace import Wildberries
from infrastructure.wildberries.scrubbing import BUYERS, PRICES, Scrub
from sandbox.replay import Unreadable, load, replaying, token_of
from sandbox.sellers import Spec
from sandbox.stage import stage
from tests.infrastructure.loopback import served
from tests.infrastructure.wildberries_shop import LONG, Shop, open_shop

SECRETS = re.compile(r"[\w-]{20,}\.[\w-]{20,}\.[\w-]{20,}")
KINDS = {"personal": None, "base": None, "base with secret": "sandbox-service-secret"}


def blind(text):
    return text[::-1].encode() * 4


class Deck:
    """A tape that is put in later."""

    tape = None

    def record(self, *told):
        self.tape.record(*told)


async def captured(path, kind="personal", *, articles=False, spoil=None, **spec):
    """The snapshot of a reading, which then is in the file."""
    deck = Deck()
    async with open_shop(Spec(**{"products": 40, "places": 4, **spec}), tape=deck) as shop:
        if spoil:
            shop.fault(*spoil)
        access = shop.access(kind.split()[0], secret=KINDS[kind])
        claims = read_claims(access.token)
        scrub = Scrub(blind=blind, seller_id=claims.seller_id, hide_articles=articles)
        with path.open("wb") as file:
            secret = KINDS[kind] is not None
            with recording(file, scrub, claims, shop.moment, with_secret=secret) as made:
                deck.tape = made.tape
                try:
                    return await shop.snapshot(access), shop
                except Unavailable as early:
                    made.ended = early.cause
                    return None, shop


async def replayed(path, shop, kind="personal", times=1, days=0):
    found, moment = load(path), shop.moment
    moment.seconds += 60 + days * 86_400
    async with (
        served(replaying(found, moment.epoch)) as address,
        aiohttp.ClientSession() as session,
    ):
        budget = Buckets(moment.epoch)
        adapter = Wildberries(
            session,
            Hosts.under(address),
            budget,
            Breakers(moment),
            moment,
            pace=LONG,
            sleep=moment.sleep,
        )
        again = Shop(shop.market, adapter, moment)
        access = Access(token=token_of(found), secret=KINDS[kind])
        found = [await again.snapshot(access)]
        for _ in range(times - 1):
            moment.seconds += 3 * 3600  # of orders, a plain Base token may ask no sooner
            found.append(await again.snapshot(access))
        return found


def figures(snapshot):
    return {name: getattr(snapshot, name) for name in snapshot.__slots__ if name != "taken_at"}


def texts(path):
    with ZipFile(path) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


@pytest.fixture
def file(tmp_path):
    return tmp_path / "shop.zip"


@pytest.mark.parametrize("kind", KINDS)
async def test_what_was_captured_makes_the_same_snapshot_again_and_again(file, kind):
    first, shop = await captured(file, kind)

    second, third = await replayed(file, shop, kind, times=2)

    assert first.stock
    assert sum(first.orders)
    assert figures(second) == figures(third) == figures(first)


async def test_on_another_day_its_orders_are_those_of_the_last_days_again(file):
    first, shop = await captured(file)

    [later] = await replayed(file, shop, days=20)

    assert (later.period.last - first.period.last).days == 20
    assert (later.orders, later.stock) == (first.orders, first.stock)


async def test_no_token_no_buyer_and_no_price_is_in_the_file(file):
    _, shop = await captured(file, "base with secret")

    told = texts(file)
    whole = "".join(told.values())
    orders = next(
        json.loads(line)["body"]
        for line in told["calls.jsonl"].splitlines()
        if '"name":"orders"' in line
    )
    now = shop.moment.epoch()
    truth = {order.srid for order in shop.seller.book.changed_since(0, now)}
    assert not SECRETS.search(whole)
    assert "sandbox-service-secret" not in whole
    assert shop.seller.id not in whole
    assert truth
    assert not any(srid in whole for srid in truth)
    assert all(str(row[name]).startswith("x") for row in orders for name in BUYERS if row[name])
    assert {row[name] for row in orders for name in PRICES} == {0}
    assert any(card.vendor_code in whole for card in shop.seller.cards.values())


async def test_her_own_articles_go_too_if_she_minds_and_stay_one_article_each(file):
    _, shop = await captured(file, articles=True)

    lines = [json.loads(line) for line in texts(file)["calls.jsonl"].splitlines()]
    cards = next(each["body"]["cards"] for each in lines if each["name"] == "cards")
    orders = next(each["body"] for each in lines if each["name"] == "orders")
    codes = {card["nmID"]: card["vendorCode"] for card in cards}
    assert not any(card.vendor_code in codes.values() for card in shop.seller.cards.values())
    assert {codes[row["nmId"]] for row in orders if row["nmId"] in codes} == {
        row["supplierArticle"] for row in orders if row["nmId"] in codes
    }
    assert {card["title"] for card in cards} == {""}


async def test_of_what_no_description_knows_the_shape_alone_is_kept(file):
    await captured(file, spoil=("*", "novel"))

    whole = "".join(texts(file).values())
    assert "Иванова" not in whole
    assert '"futureField":{"buyer":"xxxxxxx xxxx","phone":"+0 000 0000000"}' in whole


async def test_a_reading_that_ends_early_is_kept_with_what_ended_it(file):
    none, shop = await captured(file, spoil=("orders", "disabled"))

    about = json.loads(texts(file)["capture.json"])
    assert (none, about["ended"]) == (None, "method_off")
    with pytest.raises(Unavailable) as again:
        await replayed(file, shop)
    assert again.value.cause == "method_off"


async def test_what_nobody_captured_is_a_method_that_is_off_and_says_so(file):
    _, shop = await captured(file, "personal")
    found = load(file)
    async with (
        served(replaying(found, shop.moment.epoch)) as address,
        aiohttp.ClientSession() as http,
    ):
        url = f"{address}/seller-analytics-api/api/v1/warehouse_remains"
        headers = {"Authorization": token_of(found)}
        async with http.get(url, headers=headers) as missing, http.get(url) as stranger:
            assert (missing.status, stranger.status) == (404, 401)
            assert "not in this capture: GET" in (await missing.json())["detail"]


async def test_the_stage_hands_out_the_token_of_the_recording_and_serves_it(file, tmp_path):
    await captured(file, "base with secret")
    found = load(file)
    application = stage(tmp_path / "data", "http://t", found)
    async with served(application) as address, aiohttp.ClientSession() as http:
        told = await (await http.get(f"{address}/sandbox/stage")).json()
        url = f"{address}/wildberries/common-api/api/v1/seller-info"
        info = await http.get(url, headers={"Authorization": told["token"]})
        seller = await info.json()

    assert told["serviceSecret"] == "sandbox-service-secret"
    assert (seller["sid"], seller["name"]) == (told["seller"], "Replay")


def spoilt(tmp_path, **files):
    folder = tmp_path / "spoilt"
    folder.mkdir()
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text)
    return folder


async def test_a_capture_that_is_not_whole_names_its_file_and_its_line(file, tmp_path):
    await captured(file)
    told = texts(file)
    about, lines = told["capture.json"], told["calls.jsonl"].splitlines(keepends=True)
    cut = spoilt(tmp_path, capture_json=about, calls_jsonl="".join(lines)[:-20])
    short = file.with_name("short.zip")
    short.write_bytes(file.read_bytes()[:-200])

    for path, where in [
        (cut, rf"calls\.jsonl, line {len(lines)}: not as a capture writes it"),
        (short, "it is no whole zip file"),
        (tmp_path / "nowhere", "so it is no capture"),
        (tmp_path, "so it is no capture"),
    ]:
        with pytest.raises(Unreadable, match=where) as wrong:
            load(path)
        assert str(path) in str(wrong.value)


async def test_lines_that_are_missing_or_of_another_format_are_told(file, tmp_path):
    await captured(file)
    told = texts(file)
    about, lines = told["capture.json"], told["calls.jsonl"].splitlines(keepends=True)
    folder = spoilt(tmp_path, capture_json=about, calls_jsonl="".join(lines[:-1]))

    with pytest.raises(Unreadable, match=rf"line {len(lines)}: .*it was cut off"):
        load(folder)
    (folder / "capture.json").write_text(about.replace('"format": 1', '"format": 2'))
    with pytest.raises(Unreadable, match=r"capture\.json: format 2"):
        load(folder)

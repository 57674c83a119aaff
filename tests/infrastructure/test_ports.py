"""What the ports promise, kept by the fakes of the tests and by the real adapters alike."""

import json
from contextlib import asynccontextmanager
from dataclasses import replace
from types import SimpleNamespace
from uuid import uuid4

import pytest

from domain.errors import Rejected
from domain.ports import Access
from domain.secrecy import Secret
from domain.stock import CardPage
from tests.fakes import FakeMarketplace, FakeSheet, account
from tests.infrastructure.google_accounts import open_google
from tests.infrastructure.google_drive import open_desk, snapshot
from tests.infrastructure.wildberries_shop import open_shop

# Marketplace


@asynccontextmanager
async def fake_shop():
    market = FakeMarketplace()
    market.accounts["good"] = account("seller-1")
    market.cards_of["good"] = (
        CardPage(cards=(), cursor="1", last=False),
        CardPage(cards=(), cursor="2", last=True),
    )
    yield SimpleNamespace(
        market=market, good=Access(token="good"), dead=Access(token="dead"), seller_id="seller-1"
    )


@asynccontextmanager
async def real_shop():
    async with open_shop() as shop:
        good = shop.access()
        yield SimpleNamespace(
            market=shop.wildberries,
            good=good,
            dead=Access(token=good.token[:-4] + "AAAA"),
            seller_id=str(shop.seller.id),
        )


@pytest.fixture(params=[fake_shop, real_shop], ids=["fake", "wildberries"])
async def shop(request):
    async with request.param() as shop:
        yield shop


async def test_a_good_token_says_whose_it_is_before_and_after_a_call(shop):
    inspected = await shop.market.inspect(shop.good)

    assert inspected.seller_id == shop.seller_id
    assert shop.market.seller_id(shop.good) == shop.seller_id
    assert "cards" in inspected.works


async def test_a_dead_token_is_rejected_with_a_cure_and_without_itself(shop):
    with pytest.raises(Rejected) as no:
        await shop.market.inspect(shop.dead)

    assert no.value.cause == "token_dead"
    assert shop.dead.token not in str(no.value)


async def test_the_last_page_of_the_catalogue_is_a_bookmark_with_nothing_after_it(shop):
    pages = [page async for page in shop.market.cards(shop.good, None)]
    after = [page async for page in shop.market.cards(shop.good, pages[-1].cursor)]

    assert [page.last for page in pages] == [False] * (len(pages) - 1) + [True]
    assert [card for page in after for card in page.cards] == []


# Sheet


@asynccontextmanager
async def fake_desk():
    sheet, file_id = FakeSheet(), "1" * 44
    sheet.share(file_id)
    yield SimpleNamespace(
        sheet=sheet, file_id=file_id, close=sheet.files.clear, closed="sheet_unshared"
    )


@asynccontextmanager
async def real_desk():
    async with open_desk() as desk:
        robot = desk.sheets.address
        yield SimpleNamespace(
            sheet=desk.sheets,
            file_id=desk.file.id,
            close=lambda: desk.file.unshare(robot),
            closed="sheet_unshared",
        )


@asynccontextmanager
async def own_key_desk():
    async with open_google() as google:
        address, key = google.principals.read(Secret(json.dumps(google.key())))
        file = google.file(address)
        yield SimpleNamespace(
            sheet=google.principals.by_key(uuid4(), key),
            file_id=file.id,
            close=lambda: file.unshare(address),
            closed="sheet_unshared",
        )


@asynccontextmanager
async def own_account_desk():
    async with open_google() as google:
        sheet = await google.herself()
        file = await sheet.make("Остатки")
        yield SimpleNamespace(
            sheet=sheet,
            file_id=file.spreadsheet_id,
            close=google.drive.files.clear,
            closed="own_sheet_gone",
        )


@pytest.fixture(
    params=[fake_desk, real_desk, own_key_desk, own_account_desk],
    ids=["fake", "google", "own key", "own account"],
)
async def desk(request):
    async with request.param() as desk:
        yield desk


@pytest.fixture
async def target():
    async with open_desk() as desk:
        return desk.target


async def nothing_kept(state, effect):
    """A state that nobody needs again."""


async def test_a_shared_file_can_be_checked_and_a_closed_one_says_why_not(desk):
    assert (await desk.sheet.check(desk.file_id)).spreadsheet_id == desk.file_id

    desk.close()
    with pytest.raises(Rejected) as no:
        await desk.sheet.check(desk.file_id)
    assert no.value.cause == desk.closed


async def test_the_same_snapshot_is_written_once(desk, target):
    there = replace(target, spreadsheet_id=desk.file_id)
    new = uuid4(), snapshot()

    first = await desk.sheet.write(there, new, None, None, nothing_kept)
    again = await desk.sheet.write(there, new, new, first.state, nothing_kept)

    assert (first.effect.changed, again.effect.changed) == (True, False)
    assert first.state.snapshot_id == again.state.snapshot_id == new[0]

"""When the daily read is asked for: by the first good sync of a day, and once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from app.stock.flows import AskForFlows, due
from domain.run import Run
from domain.stock import Bookmark
from infrastructure.postgres.ledger import PostgresLedger
from tests.app.flows_world import reading

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture
async def shop(database):
    async with reading(database) as opened:
        yield opened


@pytest.mark.parametrize(
    ("read_at", "token", "expected"),
    [
        (NOW, "same", False),
        (NOW.replace(hour=23), "same", False),
        (NOW - timedelta(hours=11, minutes=59), "same", False),
        (NOW - timedelta(hours=12, minutes=1), "same", True),
        (NOW, "another", True),
        (None, "same", True),
    ],
)
def test_it_is_due_on_a_new_day_in_moscow_or_with_another_token(read_at, token, expected):
    mine = uuid4()
    mark = read_at and Bookmark(cursor=str(mine) if token == "same" else token, read_at=read_at)

    assert due(mark, mine, NOW) is expected


async def test_the_first_good_sync_of_a_day_asks_once(shop, database):
    ledger = PostgresLedger(database, shop.market.moment)
    ask = AskForFlows(book=shop.book, ask=ledger.follow, clock=shop.market.moment)
    token, live = (
        uuid4(),
        "SELECT key, source, priority FROM job_runs WHERE tenant_id = $1 AND shop_id = $2",
    )

    for _ in range(3):
        await ask(shop.key, token, replace(shop.task, run_id=uuid4()))

    assert await shop.rows(live) == [(f"flows:{shop.key.shop}", "run", 9)]


async def test_one_run_asks_once_however_often_it_is_repeated(shop, database):
    ledger = PostgresLedger(database, shop.market.moment)
    run = Run(kind="flows", key="flows:x", shop_id=shop.key.shop)
    for _ in range(2):
        await ledger.follow(shop.task, run)

    [(live,)] = await shop.rows(
        "SELECT count(*) FROM job_runs WHERE tenant_id = $1 AND shop_id = $2"
    )
    assert live == 1

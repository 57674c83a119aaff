"""Failures are added up by their cause as runs end: how often, for which shops, and when last."""

from datetime import timedelta
from uuid import uuid4

from domain.run import Fail

BROKE = Fail(why="Something is missing.", error_type="KeyError", final=True)
AGAIN = Fail(why="Another thing is missing.", error_type="KeyError", final=True)
AWAY = Fail(why="Away.", error_type="Unavailable", final=True)


async def fail(night, outcome):
    """All that is due, in one go or one by one."""
    for handed in await night.ledger.admit(20):
        await night.ledger.finish(await night.ledger.start(handed, "w"), outcome)


async def test_a_cause_knows_its_runs_and_the_shops_it_touched(night, database):
    company, one, two = uuid4(), uuid4(), uuid4()
    for shop in (one, two, one):
        await night.queue(company, 2, shop=shop)
        await fail(night, BROKE)
    night.now += timedelta(minutes=5)
    await night.queue(company, 1)
    await fail(night, AGAIN)
    await night.queue(company, 1, shop=two)
    await fail(night, AWAY)

    async with database.driver() as driver:
        kept = await driver.fetch(
            "SELECT * FROM run_failures WHERE tenant_id = $1 ORDER BY count DESC", company
        )

    often, once = kept
    assert (often["error_type"], often["count"], often["why"]) == ("KeyError", 7, AGAIN.why)
    assert set(often["shops"]) == {one, two}
    assert often["last_at"] - often["first_at"] == timedelta(minutes=5)
    assert (once["error_type"], once["count"], once["shops"]) == ("Unavailable", 1, [two])

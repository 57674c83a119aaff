"""A token dies: its owner is told once, gives a new one, and is told that all is well again."""

import asyncio
import time

from sandbox.wildberries import tokens
from tests.stories.town import Shop

DEAD, WELL = "токен Wildberries не работает", "таблица снова обновляется"


async def mails(shop, count, within=30.0):
    """What her owner got, the oldest first, once there are so many."""
    address = f"{shop.person.product.environ['GOOGLE_SHEETS_URL']}/sandbox/mail/letters"
    limit = time.monotonic() + within
    while True:
        answer = await shop.person.town.http.get(address, params={"to": shop.person.email})
        found = answer.json()[::-1]
        if len(found) >= count or time.monotonic() > limit:
            return found
        await asyncio.sleep(0.2)


async def test_a_token_that_dies_is_told_once_and_so_is_that_a_new_one_works(town):
    shop = await town.shop()
    chosen = await shop.person.change(
        "chooseNotices", "notices { on }", kinds=["TOKEN_DEAD", "RECOVERED"], atNight=True
    )
    await shop.seller.fault("cards", "401", times=2)
    for _ in range(2):
        await shop.ended(await shop.request())
    first = await mails(shop, 1)
    schedule = (await shop.person.ask(SCHEDULE, id=shop.id))["shop"]["schedule"]
    await shop.person.connect_shop(shop.seller.tokens["service"])
    assert (await shop.ended())["state"] == "SUCCEEDED"
    both = await mails(shop, 2)
    runs = await notices(shop)

    assert chosen["notices"]["on"]
    assert len(first) == 1
    assert first[0]["headers"]["Subject"].endswith(DEAD)
    assert schedule["paused"]
    assert [each["headers"]["Subject"].rpartition(": ")[2] for each in both] == [DEAD, WELL]
    assert [run["state"] for run in runs] == ["SUCCEEDED", "SUCCEEDED"]
    assert shop.person.email not in str(runs)


async def test_of_a_token_that_ends_in_five_days_its_owner_is_told_at_once(town):
    person, seller = await town.person(), await town.seller()
    await person.change("chooseNotices", "notices { on }", kinds=["TOKEN_EXPIRING"], atNight=True)
    ends = time.time() + 5 * 86_400
    token = tokens.issue(seller.id, "personal", expires=ends)
    made = await person.connect_shop(token)
    shop = Shop(person, seller, None)
    shop.id = made["shop"]["id"]
    (letter,) = await mails(shop, 1)

    assert "токен Wildberries действует до" in letter["headers"]["Subject"]
    assert (await shop.facts())[0] == "tenant.token_expiring"
    assert token not in str(letter)


SCHEDULE = "query ($id: UUID!) { shop(id: $id) { schedule { paused } } }"
RUNS = """
query ($id: UUID!) { runs(first: 50, shopId: $id) { edges { node {
  kind state why result args } } } }
"""


async def notices(shop):
    """Its runs of this kind, once they are over."""
    limit = time.monotonic() + 30
    while True:
        found = (await shop.person.ask(RUNS, id=shop.id))["runs"]["edges"]
        runs = [each["node"] for each in found if each["node"]["kind"] == "notice"]
        over = all(run["state"] not in ("WAITING", "RUNNING") for run in runs)
        if (len(runs) == 2 and over) or time.monotonic() > limit:
            return runs
        await asyncio.sleep(0.2)

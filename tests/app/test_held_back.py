"""Numbers that look like a fault of the marketplace do not reach her sheet before something speaks
for them (acceptance example 22)."""

from datetime import timedelta

import pytest

from domain.access import Role
from domain.doubt import AGAIN
from domain.errors import Malformed, Unavailable
from tests.app.syncing import syncs
from tests.fakes import FakeMarketplace

HALF_AN_HOUR = AGAIN.total_seconds()
ACCEPTED = "shop { doubt { standing } } acceptedAt"


@pytest.fixture
async def shop(database):
    async with syncs(database) as shop:
        await shop.run()
        yield shop


async def held(shop, share=0.2):
    """More than half is gone: what the run ends in."""
    shop.market.moment.seconds += 3600
    shop.sell_off(share)
    with pytest.raises(Unavailable) as wrong:
        await shop.run()
    return wrong.value


async def test_example_22_half_gone_is_held_back_with_a_banner_over_the_old_numbers(shop):
    good = await shop.latest()

    wrong = await held(shop)
    target, *shown = shop.world.sheet.written[-1]

    assert (wrong.cause, wrong.until - shop.market.moment()) == ("held_back", AGAIN)
    assert "похож на ошибку (остатки: было" in str(wrong)
    assert target.banner.text.startswith("⚠ Данные на 23.11.2026 12:00. Новый ответ Wildberries")
    assert "«Принять новые данные»" in target.banner.note
    assert tuple(shown) == good
    assert await shop.latest() == good


async def test_it_waits_for_another_report_and_asks_nobody_before(shop):
    await held(shop)
    asked = shop.asked()

    shop.market.moment.seconds += HALF_AN_HOUR - 1
    with pytest.raises(Unavailable) as early:
        await shop.goes_on()

    assert early.value.until - shop.market.moment() == timedelta(seconds=1)
    assert shop.asked() == asked


async def test_a_second_reading_that_says_the_same_is_written_and_says_so_for_a_day(shop):
    await held(shop)
    asked = shop.asked()

    shop.market.moment.seconds += HALF_AN_HOUR
    done = await shop.goes_on()
    target, _, shown = shop.world.sheet.written[-1]
    shop.market.moment.seconds += 86_400
    await shop.run()
    later = shop.world.sheet.written[-1][0]

    assert shop.asked() > asked
    assert (target.banner, sum(shown.stock)) == (None, sum(shop.stock().values()))
    assert "Это подтвердило второе чтение Wildberries 23.11.2026 13:30" in target.remarks[0]
    assert any("второе чтение" in each for each in done.result["notices"])
    assert later.remarks == ()
    assert await shop.facts() == ["held_back", "confirmed"]


async def test_another_run_is_a_witness_as_well(shop):
    await held(shop)

    shop.market.moment.seconds += HALF_AN_HOUR
    await shop.run()

    assert await shop.facts() == ["held_back", "confirmed"]


async def test_a_second_reading_as_usual_is_plain_success(shop):
    before = shop.stock()
    await held(shop)

    shop.market.moment.seconds += HALF_AN_HOUR
    shop.restore(before)
    done = await shop.goes_on()
    target = shop.world.sheet.written[-1][0]

    assert (target.banner, target.remarks) == (None, ())
    assert done.why in {"", "unchanged"}
    assert await shop.facts() == ["held_back", "back"]


async def test_a_second_reading_that_says_something_else_is_held_back_itself(shop):
    await held(shop, 0.4)

    shop.market.moment.seconds += HALF_AN_HOUR
    shop.sell_off(0.1)
    with pytest.raises(Unavailable):
        await shop.goes_on()

    assert await shop.facts() == ["held_back", "held_back"]


async def test_a_run_that_reads_again_and_again_remembers_the_last_two_readings(shop):
    before, sizes = shop.stock(), []
    await held(shop, 0.4)
    for share in (0.1, 0.4, 0.1, 0.4, 0.1):
        shop.market.moment.seconds += HALF_AN_HOUR
        shop.restore({at: int(pieces * share) for at, pieces in before.items()})
        with pytest.raises(Unavailable):
            await shop.goes_on()
        sizes.append(len(shop.memory.steps))
    asked = shop.asked()
    await shop.anna.change("acceptNumbers", ACCEPTED, shopId=shop.id, because="CHECKED")
    await shop.goes_on()

    assert sizes[1] == sizes[-1]
    assert shop.asked() == asked
    assert sum(shop.world.sheet.written[-1][2].stock) == sum(shop.stock().values())


async def test_what_is_accepted_is_written_at_once_from_what_was_read(shop):
    await held(shop)
    asked = shop.asked()

    given = {"shopId": shop.id, "because": "TAKEN_AWAY"}
    accepted = await shop.anna.change("acceptNumbers", ACCEPTED, **given)
    await shop.goes_on()
    target, _, shown = shop.world.sheet.written[-1]
    log = await shop.anna.ask("{ auditLog(first: 2) { edges { node { sentence } } } }")

    assert accepted["shop"]["doubt"] == {"standing": "ACCEPTED"}
    assert shop.asked() == asked
    assert sum(shown.stock) == sum(shop.stock().values())
    assert "Новые данные приняты в Stock Tracker" in target.remarks[0]
    said = [edge["node"]["sentence"] for edge in log["auditLog"]["edges"]]
    assert any("товар вывезен" in each for each in said)


async def test_accepting_asks_for_a_sync_and_wakes_the_one_that_waits(shop):
    await held(shop)

    await shop.anna.change("acceptNumbers", ACCEPTED, shopId=shop.id, because="SOLD")
    async with shop.world.database.driver() as driver:
        due = await driver.fetchval("SELECT due_at FROM job_runs WHERE key = $1", f"sync:{shop.id}")

    assert due <= shop.market.moment()


async def test_there_is_nothing_to_accept_where_nothing_is_held_back(shop):
    given = {"shopId": shop.id, "because": "CHECKED"}
    refused = await shop.anna.change("acceptNumbers", ACCEPTED, **given)
    member = await shop.anna.acting_as(Role.MEMBER).change("acceptNumbers", ACCEPTED, **given)

    assert [each["code"] for each in refused["userErrors"]] == ["NOTHING_HELD_BACK"]
    assert [each["code"] for each in member["userErrors"]] == ["FORBIDDEN"]


async def test_what_was_accepted_once_is_no_witness_of_a_later_contradiction(shop):
    await held(shop)
    await shop.anna.change("acceptNumbers", ACCEPTED, shopId=shop.id, because="SOLD")
    await shop.goes_on()

    shop.market.moment.seconds += 3600
    reader = shop.market.wildberries
    shop.market.wildberries = FakeMarketplace(down=Malformed("Не сходится", cause="held_back"))
    with pytest.raises(Unavailable):
        await shop.run()
    shop.market.wildberries, asked = reader, shop.market.calls("cards")
    shop.market.moment.seconds += HALF_AN_HOUR
    await shop.goes_on()

    assert shop.market.calls("cards") > asked


async def test_with_google_away_the_doubt_is_told_all_the_same(shop):
    shop.world.sheet.down = Unavailable("Google не отвечает", cause="google_unavailable")

    wrong = await held(shop)

    assert (wrong.cause, wrong.until - shop.market.moment()) == ("held_back", AGAIN)


async def test_an_answer_that_contradicts_itself_has_its_banner_and_is_read_anew(shop):
    shop.market.moment.seconds += 3600
    good, reader = await shop.latest(), shop.market.wildberries
    shop.market.wildberries = FakeMarketplace(down=Malformed("Не сходится", cause="held_back"))
    with pytest.raises(Unavailable) as wrong:
        await shop.run()
    (target, *shown) = shop.world.sheet.written[-1]

    shop.market.wildberries = reader
    await shop.goes_on()

    assert (str(wrong.value), wrong.value.cause) == ("Не сходится", "held_back")
    assert "числа противоречат друг другу" in target.banner.text
    assert "«Принять" not in target.banner.note
    assert tuple(shown) == good
    assert shop.world.sheet.written[-1][0].banner is None

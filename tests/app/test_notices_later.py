"""When a notice waits, when it is dropped, and what may go wrong on the way."""

from datetime import UTC, datetime, timedelta

import pytest

from app.notices.jobs import BROKEN_AGAIN, MENDED, OFF, QUIET
from domain.errors import Rejected, Unavailable
from domain.notices import MOST
from domain.run import Cancel, Wait
from tests.app.notices_world import DEAD, done, opened

A_DAY = timedelta(days=1)
EVENING = datetime(2026, 11, 23, 19, tzinfo=UTC)
MORNING = datetime(2026, 11, 24, 5, tzinfo=UTC)


@pytest.fixture
async def company(database, ring):
    async with opened(database, ring) as company:
        yield company


# Quiet hours


async def test_at_night_a_notice_waits_until_the_morning(company):
    company.world.now = EVENING
    await company.breaks()

    assert await company.work() == [Wait(until=MORNING, why=QUIET)]
    company.world.now = MORNING
    assert await company.work() == [done(mails=1)]


async def test_what_was_mended_before_the_morning_is_not_told(company):
    company.world.now = EVENING
    await company.breaks()
    await company.work()
    await company.recovers()
    company.world.now = MORNING

    assert await company.work() == [Cancel(why=MENDED), done()]
    assert company.subjects() == []


async def test_a_new_token_is_enough_for_the_old_ones_notice_to_be_dropped(company):
    company.world.now = EVENING
    await company.breaks()
    await company.work()
    await company.renew()
    company.world.now = MORNING

    assert await company.work() == [Cancel(why=MENDED)]


async def test_what_broke_again_in_the_night_is_not_called_well(company):
    await company.breaks()
    await company.work()
    company.world.now = EVENING
    await company.recovers()
    await company.breaks()
    company.world.now = MORNING

    assert await company.work() == [Cancel(why=BROKEN_AGAIN), done()]
    assert company.subjects() == [DEAD]


async def test_who_wants_to_be_woken_is_and_the_others_sleep(company):
    boris = await company.join()
    await company.chooses(boris, "token_dead", at_night=True)
    company.world.now = EVENING
    await company.breaks()

    assert await company.work() == [Wait(until=MORNING, why=QUIET)]
    assert [len(company.letters(each)) for each in (None, boris)] == [0, 1]
    company.world.now = MORNING
    assert await company.work() == [done(mails=2)]
    assert [len(company.letters(each)) for each in (None, boris)] == [1, 1]


# What goes wrong


async def test_a_server_that_asks_to_wait_gets_each_mail_once(company):
    boris = await company.join()
    await company.breaks()
    company.fault(match=str(boris), code=451)
    (first,) = await company.work()

    assert isinstance(first, Unavailable)
    assert await company.work() == [done(mails=2)]
    assert [len(company.letters(each)) for each in (None, boris)] == [1, 1]


async def test_an_address_without_anybody_is_remembered_and_the_others_are_told(company):
    boris = await company.join()
    await company.breaks()
    company.fault(match=str(company.anna.scope.person), code=550, said="5.1.1 unknown")

    assert await company.work() == [done(mails=1, unreachable=1)]
    await company.breaks("sheet_full")
    assert await company.work() == [done(mails=1, unreachable=1)]
    assert [len(company.letters(each)) for each in (None, boris)] == [0, 2]


async def test_a_server_that_will_not_take_it_fails_the_run_and_no_address(company):
    boris = await company.join()
    await company.breaks()
    company.fault(match=str(boris), code=550, said="5.7.1 Relaying denied")
    (came,) = await company.work()

    assert isinstance(came, Rejected)
    assert came.cause == "mail_refused"
    assert len(company.letters()) == 1
    assert await company.work() == [done(mails=2)]


async def test_nobody_gets_more_than_twenty_a_day_and_the_next_day_says_how_many_were_left_out(
    company,
):
    await company.chooses(company.anna.scope.person, "token_dead")
    for _ in range(MOST + 3):
        await company.breaks()
        await company.work()
        await company.recovers()
        await company.work()
    assert len(company.letters()) == MOST
    assert "последнее" in company.letters()[-1].body("plain")

    company.world.now += A_DAY
    await company.breaks()
    await company.work()
    assert "3 письма до этого не отправлены" in company.letters()[-1].body("plain")


async def test_without_a_mail_server_the_run_says_so(company):
    company.without_a_server()
    await company.breaks()

    assert await company.work() == [Cancel(why=OFF)]

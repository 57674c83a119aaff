"""A notice: what it says, who is told, and how often."""

from datetime import timedelta

import pytest

from app.notices.jobs import MENDED, OTHERWISE, OWN_DOING
from domain import run_acts, shop, tenant
from domain.access import Role
from domain.errors import Rejected, Unavailable
from domain.run import Cancel
from tests.app.notices_world import BASE, DEAD, NOON, WELL, done, opened

AN_HOUR, A_DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
async def company(database, ring):
    async with opened(database, ring) as company:
        yield company


# What it says


async def test_a_mail_says_which_shop_what_since_when_what_to_do_and_where(company):
    await company.breaks()
    assert await company.work() == [done(mails=1)]
    (letter,) = company.letters()
    text = letter.body("plain")

    assert str(letter.message["subject"]) == DEAD
    assert "С 23.11.2026 12:00 (Москва)" in text
    assert "создайте новый токен" in text
    assert f"{BASE}/start?shop={company.shop}" in text
    assert f"{BASE}/notices" in text


async def test_html_says_the_same_and_nobody_can_write_into_it(company):
    await company.run("UPDATE labels SET name = '<b>Кот</b>' WHERE id = $1", company.shop)
    await company.breaks()
    await company.work()
    html = company.letters()[0].body("html")

    assert "&lt;b&gt;Кот&lt;/b&gt;" in html
    assert f'href="{BASE}/start?shop={company.shop}"' in html


async def test_a_name_with_quotes_of_its_own_is_quoted_as_russians_do(company):
    await company.run("UPDATE labels SET name = 'ООО «Кот»' WHERE id = $1", company.shop)
    await company.breaks()
    await company.work()

    assert "магазина «ООО „Кот“»" in company.letters()[0].body("plain")


async def test_a_name_of_several_lines_forges_no_header(company):
    await company.run(
        "UPDATE labels SET name = $2 WHERE id = $1", company.shop, "Кот\r\nBcc: x@y.z"
    )
    await company.breaks()
    await company.work()

    assert company.letters()[0].message["bcc"] is None
    assert company.subjects() == ["Кот Bcc: x@y.z: токен Wildberries не работает"]


async def test_each_reads_it_in_her_language(company):
    boris = await company.join()
    await company.notify.books.speak(boris, "en")
    await company.breaks("sheet_unshared")
    await company.work()

    assert company.subjects() == ["Рыжий кот: нет доступа к Google Таблице"]
    assert company.subjects(boris) == ["Рыжий кот: no access to the Google Sheet"]
    assert "share it with robot@sheets.example (Editor)" in company.letters(boris)[0].body("plain")
    assert company.letters(boris)[0].message["content-language"] == "en"


@pytest.mark.parametrize(
    ("days_left", "ends"), [(29, "22.12.2026"), (5, "28.11.2026"), (0.5, "24.11.2026")]
)
async def test_a_token_that_ends_soon_is_told_with_its_day(company, days_left, ends):
    await company.renew(NOON + days_left * A_DAY)
    await company.looks()
    await company.work()

    assert company.subjects() == [f"Рыжий кот: токен Wildberries действует до {ends}"]


# Who is told


async def test_owners_and_admins_are_told_and_others_if_they_want_to(company):
    boris, vera, igor = [
        await company.join(role) for role in (Role.ADMIN, Role.MEMBER, Role.VIEWER)
    ]
    await company.chooses(vera, "token_dead")
    await company.chooses(boris, "late")
    await company.breaks()

    assert await company.work() == [done(mails=2)]
    assert [len(company.letters(each)) for each in (None, boris, vera, igor)] == [1, 0, 1, 0]


async def test_no_address_stands_in_any_fact_or_run(company, caplog):
    await company.breaks()
    company.fault(code=550, said=f"5.1.1 {company.address()} unknown")
    runs = await company.rows("SELECT * FROM job_runs WHERE tenant_id = $1", company.tenant)
    came = await company.work()
    said = [each.getMessage() for each in caplog.records if each.name != "mail.log"]
    facts = await company.rows("SELECT * FROM events WHERE tenant_id = $1", company.tenant)

    assert came
    assert company.address() not in f"{runs} {came} {company.memories} {facts} {said}"
    assert company.address().encode() not in b" ".join(each["payload"] for each in facts)


# Once, until it is over


async def test_one_mail_per_cause_until_it_recovered(company):
    came = []
    for cause in ("token_dead", "sheet_deleted", "token_dead"):
        await company.breaks(cause)
        came += await company.work()

    assert came == [done(mails=1), done(mails=1), done()]
    assert company.subjects() == [DEAD, "Рыжий кот: Google Таблица удалена"]


async def test_that_all_is_well_again_is_told_to_who_was_told_of_trouble(company):
    boris = await company.join()
    await company.chooses(boris, "recovered")
    await company.breaks()
    await company.work()
    await company.recovers()
    came = await company.work()

    assert came == [done(mails=1)]
    assert company.subjects() == [DEAD, WELL]
    assert company.subjects(boris) == []


async def test_what_recovered_and_broke_again_is_told_again(company):
    for _ in range(2):
        await company.breaks()
        await company.work()
        await company.recovers()
        await company.work()

    assert company.subjects() == [DEAD, WELL, DEAD, WELL]


async def test_who_does_not_want_to_hear_that_it_recovered_is_told_of_the_next_trouble(company):
    await company.chooses(company.anna.scope.person, "token_dead")
    await company.breaks()
    await company.work()
    await company.recovers()
    await company.work()
    await company.breaks()
    await company.work()

    assert company.subjects() == [DEAD, DEAD]


async def test_the_next_trouble_is_told_though_the_mail_of_the_last_ones_end_was_not_taken(company):
    await company.breaks()
    await company.work()
    await company.recovers()
    company.fault(code=550, said="5.7.1 Not from you")
    assert [type(each) for each in await company.work()] == [Rejected]
    company.world.now += 2 * A_DAY
    await company.breaks()
    await company.work()

    assert company.subjects() == [DEAD, DEAD]


async def test_nobody_waits_for_an_address_that_has_to_wait(company):
    boris = await company.join()
    await company.breaks()
    company.fault(code=451)

    assert [type(each) for each in await company.work()] == [Unavailable]
    assert len(company.subjects()) + len(company.subjects(boris)) == 1


async def test_nothing_is_kept_of_what_was_told_once_the_shop_or_the_person_is_gone(company):
    boris = await company.join()
    await company.breaks()
    await company.work()
    told = "SELECT user_id FROM notices_told WHERE tenant_id = $1"
    await company.tell(tenant.Leave(user_id=boris))
    after = await company.rows(told, company.tenant)
    await company.tell(shop.DisconnectShop(shop_id=company.shop))

    assert [each["user_id"] for each in after] == [company.anna.scope.person]
    assert await company.rows(told, company.tenant) == []


async def test_a_protected_sheet_is_told_with_its_cure(company):
    await company.breaks("sheet_protected")
    await company.work()

    cure = "добавьте robot@sheets.example в редакторы защищённого диапазона"
    assert cure in " ".join(company.letters()[0].body("plain").split())


async def test_trouble_that_nobody_was_told_of_ends_in_silence(company):
    await company.chooses(company.anna.scope.person, "recovered")
    await company.breaks()
    await company.recovers()
    await company.work()

    assert company.subjects() == []


# An hour that was missed


async def test_a_missed_hour_says_that_the_fault_is_ours_where_it_is(company):
    await company.misses(NOON - AN_HOUR)
    await company.work()
    text = company.letters()[0].body("plain")

    assert company.subjects() == ["Рыжий кот: таблица не обновилась к своему часу"]
    assert "к 23.11.2026 11:00 (Москва)" in text
    assert "Сбой на нашей стороне" in text
    assert "Делать ничего не нужно" in text


async def test_a_sheet_that_is_fresh_meanwhile_was_never_late(company):
    await company.misses(NOON - AN_HOUR)
    await company.catches_up()

    assert await company.work() == [Cancel(why=MENDED)]


async def test_what_broke_the_shop_is_told_once_not_also_as_lateness(company):
    await company.breaks()
    await company.misses(NOON - AN_HOUR)

    assert await company.work() == [Cancel(why=OTHERWISE), done(mails=1)]
    assert company.subjects() == [DEAD]


async def test_who_holds_her_syncs_up_herself_knows_why_she_is_late(company):
    await company.tell(run_acts.HoldRuns(kind=None, shop_id=company.shop))
    await company.misses(NOON - AN_HOUR)

    assert await company.work() == [Cancel(why=OWN_DOING)]


async def test_a_success_that_is_not_counted_yet_is_told_all_the_same(company):
    await company.misses(NOON - AN_HOUR)
    await company.work()
    await company.recovers()
    await company.work()

    assert company.subjects()[1:] == [WELL]

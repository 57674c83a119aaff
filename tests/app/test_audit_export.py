"""Exports of the audit log: whose they are, what is in them, and that they can be checked."""

import base64
from datetime import timedelta
from uuid import UUID

import pytest

from domain import shop
from domain.access import Role
from domain.schedule import by_cron
from domain.secrecy import Verdict
from tests.app.audit_world import SHOP, Archive, lines, verified

AGENT = "Firefox/140"


@pytest.fixture
def archive(database):
    return Archive(database)


@pytest.fixture
async def company(archive):
    return await (await archive.found()).lives()


def facts(content):
    return [each for each in lines(content) if each["line"] == "fact"]


async def test_an_export_holds_every_seal_and_every_fact_and_is_intact(company):
    content = await company.export()
    kinds = [each["line"] for each in lines(content)]
    report = verified(content, company.archive.ring.public)

    assert kinds == ["header"] + 5 * ["seal"] + 16 * ["fact"] + ["trailer"]
    assert report.findings == []
    assert report.count == {"facts": 16, "seals": 5, "streams": 2}


async def test_a_fact_carries_every_stored_column_and_a_sentence(company):
    fact = facts(await company.export(language="en"))[-2]

    assert base64.b64decode(fact["payload"]).startswith(b'{"shop_id":')
    assert fact["event"]["shop_id"] == str(SHOP)
    assert fact["event"]["schedule"]["cron"] == {"fields": "9 0 * * *", "zone": "Europe/Moscow"}
    assert fact["sentence"] == (
        "Анна Котова gave the shop “Рыжий кот” a new schedule: Starts at 00:09 every day, Moscow"
    )
    assert fact["actor"] == "Анна Котова"
    assert fact["target"] == "Рыжий кот"


async def test_an_export_tells_of_itself_where_it_came_from(company):
    answer = await company.get(
        "/audit/export?language=en", **{"x-forwarded-for": "192.0.2.7", "user-agent": AGENT}
    )
    last = facts(answer.content)[-1]

    assert last["name"] == "tenant.audit_exported"
    assert last["event"] == {"format": "jsonl", "since": None, "until": None, "filter": None}
    assert (last["ip"], last["agent"]) == ("192.0.2.7", AGENT)
    assert last["correlation_id"] == answer.headers["x-request-id"]


async def test_the_file_is_named_after_company_and_day(company):
    answer = await company.get("/audit/export?format=csv")

    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == (
        f'attachment; filename="audit-{company.scope.tenant}-2026-11-23.csv"'
    )
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("role", [Role.MEMBER, Role.VIEWER])
async def test_only_admins_and_owners_take_the_log_along(company, role):
    refused = await company.get("/audit/export", role)
    allowed = await company.get("/audit/export", Role.ADMIN)

    assert (refused.status_code, refused.json()["code"]) == (403, "FORBIDDEN")
    assert allowed.status_code == 200
    assert [each["name"] for each in facts(allowed.content)].count("tenant.audit_exported") == 1


async def test_a_stranger_gets_the_key_and_nothing_else(company):
    company.archive.scopes.clear()
    key = (await company.stranger("/audit/key")).json()

    assert key["public"] == company.archive.key
    assert (await company.stranger("/audit/seals")).status_code == 401
    assert (await company.stranger("/audit/export")).status_code == 401


@pytest.mark.parametrize(
    ("query", "field", "cure"),
    [
        ("format=xml", "format", "jsonl or csv"),
        ("language=de", "language", "ru or en"),
        ("since=yesterday", "since", "2026-11-23"),
        ("since=2026-11-23T07:40:00", "since", "zone"),
        ("since=0001-01-01T00:00:00%2B03:00", "since", "RFC 3339"),
        ("since=2026-11-23T07:40:00+03:00", "since", "%2B"),
        ("since=2026-11-24&until=2026-11-24", "until", "later"),
        ("form=csv", "form", "Known are: format, since, until, language, actor, action"),
        ("since=2026-11-23&since=2026-11-24", "since", "once"),
        ("until=%00", "until", "RFC 3339"),
        ("actor=anna", "actor", "an id"),
        ("correlation=", "correlation", "an id"),
        ("action=tenant.shop_conected", "action", "`action` has a name that no fact has. There"),
        ("action=tenant.*,", "action", "There are: tenant.*"),
        ("action=" + ",".join(["tenant.*"] * 51), "action", "`action` takes 1 to 50 names"),
        ("source=moon", "source", "`source` is one of: user, api_token"),
        ("target=" + "a" * 201, "target", "`target` must be at most 200"),
        ("order=up", "order", "oldest or newest"),
        ("source=run&source=cli", "source", "once"),
    ],
)
async def test_a_wrong_wish_is_refused_with_the_field_and_the_cure(company, query, field, cure):
    answer = await company.get(f"/audit/export?{query}")
    problem = answer.json()
    recorded = [each["name"] for each in facts(await company.export())]

    assert (answer.status_code, problem["field"]) == (400, field)
    assert answer.headers["content-type"] == "application/problem+json"
    assert cure in problem["detail"]
    assert recorded.count("tenant.audit_exported") == 1


async def test_too_many_exports_in_a_row_are_refused(database):
    class Spent:
        async def hit(self, *quota, **more):
            return Verdict(allowed=False, remaining=0, retry_after=60)

    company = await Archive(database, limiter=Spent()).found()
    answer = await company.get("/audit/export")

    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "60"
    assert answer.json()["detail"] == "Too many exports. Try again in 60 seconds."


async def test_nothing_of_another_company_is_in_it(archive, company):
    other = await (await archive.found("Игорь Соколов", "Сокол")).lives()
    content = await company.export() + await company.export(format="csv")
    listed = (await company.get("/audit/seals")).text

    for secret in ("Сокол", "Игорь", str(other.scope.tenant), str(other.scope.person)):
        assert secret not in content.decode()
        assert secret not in listed


async def test_who_was_erased_is_an_erased_person(company):
    async with company.archive.database.driver() as driver:
        await driver.execute("DELETE FROM people WHERE user_id = $1", company.scope.person)
    content = await company.export(language="en")

    assert facts(content)[0]["sentence"] == "erased person registered the company"
    assert "Анна" not in content.decode()
    assert verified(content).findings == []


async def test_a_company_that_was_never_sealed_gets_its_first_seal(archive):
    content = await (await archive.found()).export()

    assert verified(content, archive.ring.public).count == {"facts": 4, "seals": 1, "streams": 2}
    assert verified(content).findings == []


HOURS = {"since": "2026-11-23T10:40:00+03:00", "until": "2026-11-23T13:10:00+03:00"}


async def test_a_range_goes_on_to_a_seal_at_both_ends_so_that_it_can_be_proven(company):
    content = await company.export(**HOURS)
    says, inside = lines(content)[0]["says"], facts(content)
    seals = [each["says"]["heads"] for each in lines(content) if each["line"] == "seal"]
    report = verified(content, company.archive.ring.public)
    ends = [seals[n - 1][1] for n in says["between"]]

    assert [each["at"][11:13] for each in inside] == ["06", "07", "08", "09", "10", "11"]
    assert says["between"] == [1, 3]
    assert says["streams"] == [[*ends[0][:2], *ends[0][2:], *ends[1][2:]]]
    assert report.findings == []


async def test_a_csv_keeps_to_the_times_that_were_asked_for(company):
    content = await company.export(format="csv", **HOURS)
    times = [row[1:17] for row in content.decode("utf-8-sig").splitlines()[1:-1]]

    assert times == [f"2026-11-23 {hour}:40" for hour in ("07", "08", "09")]


@pytest.mark.parametrize(
    ("since", "until", "count"),
    [
        ("2026-11-24", None, 0),
        (None, "2026-11-23", 6),
        ("2026-11-22", None, 16),
        (None, "2027-01-01", 16),
    ],
)
async def test_a_range_may_be_empty_or_everything(company, since, until, count):
    content = await company.export(since=since, until=until)

    assert len(facts(content)) == count
    assert verified(content, company.archive.ring.public).findings == []


async def test_no_secret_is_in_any_export(company):
    content = await company.export() + await company.export(format="csv")

    for secret in (company.archive.ring.pepper, company.archive.ring.signing):
        assert secret not in content
        assert base64.b64encode(secret) not in content
        assert secret.hex().encode() not in content


async def test_an_address_is_told_only_while_it_is_kept(company):
    await company.get("/audit/export", **{"x-forwarded-for": "192.0.2.7"})
    async with company.archive.database.driver() as driver:
        await driver.execute("DELETE FROM origins WHERE tenant_id = $1", company.scope.tenant)

    assert b"192.0.2.7" not in await company.export()


async def test_a_clock_that_was_set_back_makes_no_hole(company):
    company.archive.now -= timedelta(hours=5)
    await company.tell(shop.SetSchedule(shop_id=SHOP, schedule=by_cron("1 1 * * *", "Asia/Omsk")))
    content = await company.export(since="2026-11-23T12:00:00Z")

    assert facts(content)[0]["at"] == "2026-11-23T12:40:00.000000+00:00"
    assert verified(content, company.archive.ring.public).findings == []
    assert UUID(facts(content)[0]["event_id"])

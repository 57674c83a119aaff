"""Registering, signing in, staying signed in and signing out."""

import asyncio
from datetime import timedelta
from uuid import UUID

import jwt


async def test_registering_answers_with_a_pair_of_tokens(anna):
    answer = await anna.register()

    assert answer.status_code == 201
    assert answer.json() == {
        "access_token": answer.json()["access_token"],
        "refresh_token": answer.json()["refresh_token"],
        "token_type": "bearer",
        "expires_in": 600,
    }


async def test_registering_makes_a_person_a_company_with_its_owner_and_a_free_plan(anna, database):
    tokens = (await anna.register()).json()

    person, company = who(tokens)
    async with database.driver() as driver:
        names = await driver.fetch(
            "SELECT name FROM events WHERE tenant_id = ANY($1) ORDER BY position", [person, company]
        )
        role = await driver.fetchval("SELECT role FROM members WHERE tenant_id = $1", company)
        label = await driver.fetchval("SELECT name FROM labels WHERE id = $1", company)
    assert [row["name"] for row in names] == [
        "user.registered",
        "tenant.registered",
        "tenant.member_joined",
        "subscription.started",
    ]
    assert (role, label) == ("owner", "Анна Иванова")


async def test_a_company_may_have_a_name_of_its_own(anna, database):
    tokens = (await anna.register(company_name="ООО «Ромашка»")).json()

    async with database.driver() as driver:
        label = await driver.fetchval("SELECT name FROM labels WHERE id = $1", who(tokens)[1])
    assert label == "ООО «Ромашка»"


async def test_who_is_registered_signs_in_with_her_address_in_any_letter_case(anna):
    await anna.register()

    answer = await anna.sign_in(email=f"  {anna.email.swapcase()} ")

    assert answer.status_code == 200
    assert set(answer.json()) == {"access_token", "refresh_token", "token_type", "expires_in"}


async def test_one_address_registers_once_in_whatever_letter_case(anna):
    await anna.register()

    answer = await anna.register(email=anna.email.upper())

    assert answer.status_code == 409
    assert answer.json()["code"] == "ALREADY_REGISTERED"
    assert answer.json()["field"] == "email"


async def test_a_refused_registration_leaves_nothing_behind(anna, database):
    await anna.register()
    count = "SELECT (SELECT count(*) FROM events), (SELECT count(*) FROM people)"
    async with database.driver() as driver:
        before = await driver.fetchrow(count)

        await anna.register()

        assert await driver.fetchrow(count) == before


async def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(anna):
    await anna.register()

    wrong = await anna.sign_in(password="secure124")
    unknown = await anna.sign_in(email="nobody@example.com")

    assert wrong.status_code == unknown.status_code == 401
    assert without_id(wrong) == without_id(unknown)
    assert without_id(wrong)["code"] == "WRONG_CREDENTIALS"
    assert set(wrong.headers) == set(unknown.headers)


async def test_refreshing_gives_the_next_pair(anna):
    first = (await anna.register()).json()

    second = await anna.refresh(first["refresh_token"])
    third = await anna.refresh(second.json()["refresh_token"])

    assert second.status_code == third.status_code == 200
    tokens = {each["refresh_token"] for each in (first, second.json(), third.json())}
    assert len(tokens) == 3


async def test_of_many_requests_with_one_token_at_once_one_is_answered_and_the_session_ends(
    anna, database
):
    first = (await anna.register()).json()

    answers = await asyncio.gather(*(anna.refresh(first["refresh_token"]) for _ in range(8)))

    assert sorted({each.status_code for each in answers}) == [200, 401]
    assert (await facts(database, who(first)[0])).count("user.session_stolen") == 1


async def test_of_many_who_register_one_address_at_once_one_does(anna):
    spelled = [anna.email.lower(), anna.email.upper(), anna.email.title(), anna.email]

    answers = await asyncio.gather(*(anna.register(email=each) for each in spelled))

    assert sorted(each.status_code for each in answers) == [201, 409, 409, 409]


async def test_a_refresh_token_that_comes_back_ends_the_session_for_both(anna, database):
    first = (await anna.register()).json()
    second = (await anna.refresh(first["refresh_token"])).json()

    thief = await anna.refresh(first["refresh_token"])
    owner = await anna.refresh(second["refresh_token"])

    assert thief.status_code == owner.status_code == 401
    assert thief.json()["code"] == owner.json()["code"] == "SESSION_ENDED"
    assert (await anna.sign_out(second["access_token"])).status_code == 401
    assert "user.session_stolen" in await facts(database, who(first)[0])


async def test_a_theft_is_recorded_once_however_often_the_thief_comes_back(anna, clock, database):
    first = (await anna.register()).json()
    await anna.refresh(first["refresh_token"])
    clock.now += timedelta(minutes=1)

    for _ in range(3):
        await anna.refresh(first["refresh_token"])

    assert (await facts(database, who(first)[0])).count("user.session_stolen") == 1


async def test_a_session_ends_after_thirty_days_however_busy_it_was(anna, clock):
    tokens = (await anna.register()).json()
    clock.now += timedelta(days=29)
    tokens = (await anna.refresh(tokens["refresh_token"])).json()
    clock.now += timedelta(days=1)

    answer = await anna.refresh(tokens["refresh_token"])

    assert answer.json()["code"] == "SESSION_ENDED"


async def test_signing_out_ends_both_tokens_at_once(anna, database):
    tokens = (await anna.register()).json()

    answer = await anna.sign_out(tokens["access_token"])

    assert (answer.status_code, answer.content) == (204, b"")
    assert (await anna.sign_out(tokens["access_token"])).json()["code"] == "SESSION_ENDED"
    assert (await anna.refresh(tokens["refresh_token"])).json()["code"] == "SESSION_ENDED"
    assert (await facts(database, who(tokens)[0]))[-1] == "user.signed_out"


async def test_who_left_the_company_is_out_at_once(anna, database):
    tokens = (await anna.register()).json()
    async with database.driver() as driver:
        await driver.execute("DELETE FROM members WHERE tenant_id = $1", who(tokens)[1])

    assert (await anna.sign_out(tokens["access_token"])).status_code == 401
    assert (await anna.sign_in()).status_code == 403


async def test_where_a_request_came_from_is_kept_beside_the_facts(anna, database):
    answer = await anna.post(
        "/auth/register",
        {"email": anna.email, "password": "secure123", "full_name": "Анна"},
        **{"User-Agent": "Curl/8\x01"},
    )

    person, company = who(answer.json())
    async with database.driver() as driver:
        rows = await driver.fetch(
            "SELECT DISTINCT o.tenant_id, host(o.ip) AS ip, o.agent FROM events e JOIN origins o "
            "USING (tenant_id, correlation_id) WHERE e.correlation_id = $1",
            UUID(answer.headers["X-Request-Id"]),
        )
    assert {row["tenant_id"] for row in rows} == {person, company}
    assert {(row["ip"], row["agent"]) for row in rows} == {("192.0.2.7", "Curl/8")}


def who(tokens):
    claims = jwt.decode(tokens["access_token"], options={"verify_signature": False})
    return UUID(claims["sub"]), UUID(claims["tenant"])


def without_id(answer):
    return {key: value for key, value in answer.json().items() if key != "request_id"}


async def facts(database, stream):
    async with database.driver() as driver:
        rows = await driver.fetch(
            "SELECT name FROM events WHERE stream_id = $1 ORDER BY version", stream
        )
    return [row["name"] for row in rows]

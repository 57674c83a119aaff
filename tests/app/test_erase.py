"""Erasing a person: who may, what goes with her, and what stays."""

import asyncio
import json
from types import SimpleNamespace
from uuid import uuid4

import pytest

from app import staff
from app.accounts.erase import _erase
from app.accounts.read import companies_of
from app.audit.origins import KEEP
from domain import fleet, tenant
from domain.access import Role, TenantScope
from domain.errors import Conflict
from domain.events import Change, Origin, Stream
from tests.app.graphql_world import PASSWORD, Client, World, told
from tests.databases import connected, of_its_own
from tests.stories.traces import found

FORGOTTEN = ("people", "logins", "sessions", "refresh_tokens")
WRONG = {"code": "WRONG_PASSWORD", "message": "Это не ваш пароль."}
NOBODY = {"code": "UNKNOWN_PERSON", "message": "Такого человека нет."}
LAST = "У остальных не будет владельца. Сделайте владельцем кого-то из них, или пусть сначала уйдут они."
LOG = """{ auditLog(first: 100, language: EN) { edges { node {
  action sentence source actor { id name } } } } }"""
MEMBERS = "{ tenant { name members { person { id fullName email } } } }"
LABEL = "SELECT name FROM labels WHERE tenant_id = $1 AND id = $1"
ORIGIN = "INSERT INTO origins (tenant_id, correlation_id, ip, at) VALUES ($1, $2, $3, now())"


@pytest.fixture
def world(database):
    return World(database)


@pytest.fixture
async def anna(world):
    return await world.register("Анна Котова", "Рыжий кот")


@pytest.fixture
async def olga(world, anna):
    """A member of Anna's company, and of no other."""
    client = await world.register("Ольга Белкина", "Белка")
    await leave(world, client.scope)
    return await join(world, anna, client, Role.MEMBER)


async def join(world, owner, client, role):
    """The person, in the owner's company from now on."""
    company, person = owner.scope.tenant, client.scope.person
    await recorded(world, company, tenant.MemberJoined(user_id=person, role=role))
    return Client(world, TenantScope(tenant=company, person=person, role=role))


async def leave(world, scope):
    ask = told(tenant.decider, scope.tenant, scope.tenant, tenant.Leave(user_id=scope.person))
    await world.handle(ask, origin=origin_of(scope.person))


async def recorded(world, company, event):
    stream = Stream(kind="tenant", tenant=company, id=company)
    _, head = await world.history.state(tenant.decider, stream)
    store = world.handle._store
    change = Change(stream=stream, head=head, events=[event])
    await store.append([change], origin_of(None))


def origin_of(person):
    return Origin(source="user", actor=person, correlation=uuid4(), causation="request:1")


async def erase(client, person=None, password=PASSWORD):
    """What was refused; nothing when it worked."""
    given = {"personId": person or client.scope.person, "password": password}
    return (await client.change("erasePerson", "personId", **given))["userErrors"]


async def kept(world, table, column, key):
    async with world.database.driver() as driver:
        return await driver.fetchval(f"SELECT count(*) FROM {table} WHERE {column} = $1", key)


async def test_a_person_erases_herself_and_is_an_erased_person_from_then_on(world, anna, olga):
    assert await erase(olga) == []

    seen = [each["node"] for each in (await anna.ask(LOG))["auditLog"]["edges"]]
    left = next(each for each in seen if each["action"] == "tenant.member_left")
    assert left["sentence"].startswith("erased person ")
    assert left["actor"] == {"id": str(olga.scope.person), "name": None}
    for table in FORGOTTEN:
        column = "user_id" if table in ("people", "logins") else "tenant_id"
        assert await kept(world, table, column, olga.scope.person) == 0
    assert [each["person"]["id"] for each in (await anna.ask(MEMBERS))["tenant"]["members"]] == [
        str(anna.scope.person)
    ]


async def test_erasing_twice_says_that_there_is_no_such_person(anna, olga):
    first, second = [await erase(anna, olga.scope.person) for _ in range(2)]

    assert first == []
    assert second == [NOBODY | {"path": ["input", "personId"]}]


@pytest.mark.parametrize("password", ["wrong", "", None])
async def test_without_her_own_password_nothing_happens(world, anna, password):
    refused = await erase(anna, password=password)

    assert refused == [WRONG | {"path": ["input", "password"]}]
    assert await kept(world, "people", "user_id", anna.scope.person) == 1


async def test_a_password_that_nobody_could_have_is_wrong(database, passwords):
    anna = await World(database).register()
    anna.world.accounts.passwords.verify = passwords.verify

    assert (await erase(anna, password="x" * 50_000))[0]["code"] == "WRONG_PASSWORD"


async def test_a_guesser_of_the_password_is_stopped(database, limiter):
    anna = await World(database, limiter=limiter).register()

    refused = [(await erase(anna, password="wrong"))[0]["code"] for _ in range(11)]

    assert refused == ["WRONG_PASSWORD"] * 10 + ["TOO_MANY"]
    assert (await erase(anna))[0]["code"] == "TOO_MANY"


async def test_an_owner_erases_a_member_who_belongs_to_no_other_company(world, anna, olga):
    assert await erase(anna, olga.scope.person) == []

    assert await kept(world, "people", "user_id", olga.scope.person) == 0
    assert await kept(world, "people", "user_id", anna.scope.person) == 1


@pytest.mark.parametrize("role", [Role.ADMIN, Role.MEMBER, Role.VIEWER])
async def test_only_an_owner_erases_somebody_else(anna, olga, role):
    refused = await erase(anna.acting_as(role), olga.scope.person)

    assert refused[0]["code"] == "FORBIDDEN"


async def test_an_owner_cannot_erase_who_belongs_to_another_company_too(world, anna):
    vera = await world.register("Вера Рысь", "Рысь")
    await join(world, anna, vera, Role.MEMBER)

    (refused,) = await erase(anna, vera.scope.person)

    assert refused["code"] == "BELONGS_ELSEWHERE"
    assert "уберите его из своей компании" in refused["message"]
    assert await kept(world, "people", "user_id", vera.scope.person) == 1


async def test_a_stranger_is_as_unknown_as_nobody(world, anna):
    stranger = await world.register()

    for person in (stranger.scope.person, uuid4()):
        assert await erase(anna, person) == [NOBODY | {"path": ["input", "personId"]}]


async def test_the_only_owner_cannot_leave_the_others_alone(world, anna, olga):
    (refused,) = await erase(anna)

    assert (refused["code"], refused["message"]) == ("LAST_OWNER", LAST)
    assert await kept(world, "people", "user_id", anna.scope.person) == 1


async def test_she_leaves_all_her_companies_at_once_or_none(world, anna, olga):
    vera = await world.register("Вера Рысь", "Рысь")
    await join(world, anna, vera, Role.OWNER)
    lonely = await world.register("Никто", "Никого")
    await join(world, vera, lonely, Role.MEMBER)

    assert (await erase(vera))[0]["code"] == "LAST_OWNER"
    assert await kept(world, "members", "user_id", vera.scope.person) == 2
    assert await erase(lonely) == []
    assert await erase(vera) == []
    assert await kept(world, "members", "user_id", vera.scope.person) == 0


async def test_a_company_called_like_her_has_no_name_afterwards(world, anna):
    vera = await world.register("Вера Рысь", "Вера Рысь")
    left = await join(world, vera, anna, Role.OWNER)

    assert await erase(vera) == []
    assert (await left.ask(MEMBERS))["tenant"]["name"] == ""


async def test_a_company_with_a_name_of_its_own_keeps_it(world, anna, olga):
    await erase(olga)

    assert (await anna.ask(MEMBERS))["tenant"]["name"] == "Рыжий кот"


async def test_the_last_one_of_a_company_takes_its_shops_and_secrets_along(world, anna):
    shop_id = await anna.connected_shop()
    await erase(anna)

    company = anna.scope.tenant
    for table in ("labels", "secrets", "data_keys", "schedules", "job_runs", "shops"):
        assert await kept(world, table, "tenant_id", company) == 0, table
    async with world.database.driver() as driver:
        names = await driver.fetch(
            "SELECT name FROM events WHERE tenant_id = $1 ORDER BY position DESC LIMIT 2", company
        )
    assert [each["name"] for each in names] == ["tenant.member_left", "tenant.shop_disconnected"]
    assert shop_id is not None


async def test_her_requests_origins_go_from_every_company_and_no_others(world, anna, olga):
    company, hers, others = anna.scope.tenant, uuid4(), uuid4()
    for person, request in ((olga.scope.person, hers), (anna.scope.person, others)):
        origin = origin_of(person)._replace(correlation=request)
        export = tenant.ExportAudit(format="csv", since=None, until=None)
        await world.handle(told(tenant.decider, company, company, export), origin=origin)
    async with world.database.driver() as driver:
        await driver.execute(ORIGIN, company, hers, "203.0.113.77")
        await driver.execute(ORIGIN, company, others, "203.0.113.78")

    await leave(world, olga.scope)
    await erase(olga)

    assert await kept(world, "origins", "correlation_id", hers) == 0
    assert await kept(world, "origins", "correlation_id", others) == 1


@pytest.fixture
async def alone(postgres_url):
    """A world whose database holds nothing else to look through."""
    async with of_its_own(postgres_url) as url, connected(url, 5) as database:
        yield World(database), url


async def test_no_byte_of_who_left_others_behind_is_found(alone, redis_url, tmp_path):
    world, url = alone
    everything = SimpleNamespace(
        environ={"DATABASE_URL": url, "REDIS_URL": redis_url}, folder=tmp_path, name="log"
    )
    anna = await world.register("Анна Котова", "Рыжий кот")
    names = {f"Евпраксия{uuid4().hex}", f"Звездоглядова{uuid4().hex}"}
    gone = await world.register(" ".join(names), " ".join(names))
    staying = await join(world, gone, anna, Role.OWNER)

    before = await found(everything, names)
    await erase(gone)
    english, russian = [
        json.dumps(await staying.ask(LOG.replace("EN", language)), ensure_ascii=False)
        for language in ("EN", "RU")
    ]

    assert {text for _, text in before} == names
    assert await found(everything, names) == set()
    assert "erased person registered the company" in english
    assert "удалённый пользователь: компания зарегистрирована" in russian
    assert not [name for name in names if name in english + russian]


async def test_an_origin_that_is_kept_at_that_moment_goes_too(world, anna, olga):
    company, person, request = anna.scope.tenant, olga.scope.person, uuid4()
    origin = origin_of(person)._replace(correlation=request)
    export = tenant.ExportAudit(format="csv", since=None, until=None)
    await world.handle(told(tenant.decider, company, company, export), origin=origin)
    async with world.database.writing() as driver:
        await driver.execute(KEEP, company, request, person, "203.0.113.77", "Curl/8", world.now)
        erasing = asyncio.create_task(erase(olga))
        await asyncio.sleep(0.3)
        assert not erasing.done()

    assert await erasing == []
    assert await kept(world, "origins", "correlation_id", request) == 0


async def test_who_joins_another_company_at_that_moment_is_not_erased(world, anna, olga):
    vera = await world.register("Вера Рысь", "Рысь")
    looked_up = await companies_of(world.database, olga.scope.person)
    await join(world, vera, olga, Role.MEMBER)

    with pytest.raises(Conflict):
        await _erase(world.accounts, olga.scope.person, looked_up, origin_of(None))
    assert await kept(world, "people", "user_id", olga.scope.person) == 1


async def test_who_is_erased_belongs_to_the_staff_no_more(world, olga):
    person = olga.scope.person
    await staff.appoint(world.handle, person, origin_of(None))
    assert await erase(olga) == []
    state, _ = await world.history.state(fleet.decider, fleet.STREAM)

    assert person not in state.staff

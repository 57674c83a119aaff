"""Who asks, what company she asks for, and what it may use."""

from uuid import uuid4

import pytest

from domain import subscription
from domain.events import Origin
from domain.plan import Kept
from tests.app.graphql_world import World, told

VIEWER = "{ viewer { role tenantId person { fullName email } companies { tenantId name role } } }"


@pytest.fixture
def world(database):
    return World(database)


@pytest.fixture
async def anna(world):
    return await world.register()


async def test_a_person_sees_herself_and_her_companies(anna):
    seen = (await anna.ask(VIEWER))["viewer"]

    assert seen["person"]["fullName"] == "Анна Котова"
    assert seen["person"]["email"].endswith("@example.com")
    assert seen["role"] == "OWNER"
    assert seen["companies"] == [
        {"tenantId": str(anna.scope.tenant), "name": "Рыжий кот", "role": "OWNER"}
    ]


async def test_a_company_shows_its_people(world, anna):
    tenant_seen = (
        await anna.ask("{ tenant { id name registeredAt members { role person { fullName } } } }")
    )["tenant"]

    assert tenant_seen["id"] == str(anna.scope.tenant)
    assert tenant_seen["registeredAt"] == "2026-11-23T04:40:00+00:00"
    assert tenant_seen["members"] == [{"role": "OWNER", "person": {"fullName": "Анна Котова"}}]


async def test_a_company_keeps_what_it_came_with_whatever_its_plan(world, anna):
    company = anna.scope.tenant
    keep = subscription.KeepLimits(kept=Kept(products=1_200, interval=15))
    origin = Origin(source="cli", actor=None, correlation=uuid4(), causation="cli:migrate-legacy")
    answer = await world.handle(told(subscription.decider, company, company, keep), origin=origin)
    query = """query($asOf: AsOf) { subscription(asOf: $asOf) {
      plan limits { products intervalMinutes shops } } }"""
    now = await anna.ask(query)
    then = await anna.ask(query, asOf={"position": answer.positions[-1]})

    limits = {"products": 1_200, "intervalMinutes": 15, "shops": 1}
    assert now == then == {"subscription": {"plan": "FREE", "limits": limits}}


async def test_a_company_starts_with_the_free_plan_and_its_limits(anna):
    fields = "plan since limits { products intervalMinutes shops seats historyDays webhooks }"
    seen = (await anna.ask(f"{{ subscription {{ {fields} }} }}"))["subscription"]

    assert seen["plan"] == "FREE"
    assert seen["limits"] == {
        "products": 500,
        "intervalMinutes": 360,
        "shops": 1,
        "seats": 2,
        "historyDays": 30,
        "webhooks": 0,
    }

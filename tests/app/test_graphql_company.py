"""Who asks, what company she asks for, and what it may use."""

import pytest

from tests.app.graphql_world import World

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

"""Those who run the servers see all companies, and every look is on record where it belongs."""

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app import staff
from app.asker import Asker
from domain import fleet, tenant
from domain.access import Role, TenantScope
from domain.events import Origin
from tests.app.graphql_world import World

TODAY, TOMORROW = date(2026, 11, 23), date(2026, 11, 24)
COMPANIES = text("SELECT DISTINCT tenant_id FROM members")


@pytest.fixture
def world(database):
    return World(database)


def asker(client):
    origin = Origin(
        source="user", actor=client.scope.person, correlation=uuid4(), causation="request:1"
    )
    return Asker(scope=client.scope, origin=origin)


async def facts(world, tenant_id, name):
    statement = "SELECT actor_id, source FROM events WHERE tenant_id = $1 AND name = $2"
    async with world.database.driver() as driver:
        return [tuple(row) for row in await driver.fetch(statement, tenant_id, name)]


async def test_staff_sees_all_companies_and_anybody_else_her_own(world):
    anna, boris = await world.register(), await world.register()
    everyone = TenantScope.everyone(anna.scope.person, "runs")

    async with world.database.reading(everyone) as connection:
        seen = {company for (company,) in await connection.execute(COMPANIES)}
    async with world.database.reading(anna.scope) as connection:
        own = {company for (company,) in await connection.execute(COMPANIES)}

    assert {anna.scope.tenant, boris.scope.tenant} <= seen
    assert own == {anna.scope.tenant}


async def test_a_read_of_everybody_can_change_nothing(world):
    everyone = TenantScope.everyone(uuid4(), "runs")

    with pytest.raises(DBAPIError, match="read-only"):
        async with world.database.reading(everyone) as connection:
            await connection.execute(text("DELETE FROM members"))


async def test_a_look_at_everybody_is_recorded_once_a_day_for_each_reason(world):
    vera = asker(await world.register())
    for today, reason in ((TODAY, "runs"), (TODAY, "runs"), (TODAY, "lanes"), (TOMORROW, "runs")):
        await staff.everyone(world.handle, vera, today, reason)

    seen = await facts(world, fleet.FLEET, "fleet.read_by_staff")
    assert seen.count((vera.scope.person, "staff")) == 3


async def test_a_look_into_a_company_is_recorded_where_its_people_see_it(world):
    vera, anna = asker(await world.register()), await world.register()

    inside = await staff.inside(world.handle, vera, TODAY, anna.scope.tenant, "runs")
    await staff.inside(world.handle, vera, TODAY, anna.scope.tenant, "runs")

    assert inside.scope == TenantScope(
        tenant=anna.scope.tenant, person=vera.scope.person, role=Role.OWNER
    )
    assert inside.origin.source == "staff"
    assert await facts(world, anna.scope.tenant, "tenant.read_by_staff") == [
        (vera.scope.person, "staff")
    ]


async def test_there_is_no_looking_into_a_company_that_is_not_there(world):
    vera = asker(await world.register())

    with pytest.raises(tenant.UnknownTenant):
        await staff.inside(world.handle, vera, TODAY, uuid4(), "runs")


async def test_whoever_is_appointed_is_staff_from_her_next_request_on_until_dismissed(console):
    browser = await console.anna()
    origin = Origin(source="cli", actor=None, correlation=uuid4(), causation="cli:staff add")

    assert not (await console.identified(browser)).staff
    await staff.appoint(console.accounts.handle, browser.person, origin)
    assert (await console.identified(browser)).staff
    await staff.dismiss(console.accounts.handle, browser.person, origin)
    assert not (await console.identified(browser)).staff

"""While tables are rebuilt and swapped, everybody goes on: nobody gets an error, all rows are right."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest

from app.accounts import read
from app.wiring.facts import CODEC
from app.wiring.projections import TABLES
from domain.secrecy import Grant
from infrastructure.postgres.rebuild_verify import verify
from tests.app.graphql_world import NOW, World
from tests.app.projecting import product

WRITERS, READERS = 2, 2
LOOK = "{ tenant { id members { role person { fullName } } } shops { id name schedule { cron } } viewer { role } }"
BEGIN = "INSERT INTO sessions VALUES ($1, $2, $3, $4, $5)"


@pytest.fixture
async def living(postgres_url):
    async with product(postgres_url, pool_size=10) as living:
        yield living


class Crowd:
    """People who register, write and look, until it is over."""

    def __init__(self, living):
        self.database, self.world = living.database, World(living.database)
        self.over, self.wrote, self.looked = False, 0, 0

    async def write(self, n):
        while not self.over:
            client = await self.world.register()
            shop_id = await client.connected_shop(token=f"token {uuid4()}", seller=str(uuid4()))
            for cron in ("1 * * * *", "2 * * * *"):
                given = {"shopId": shop_id, "cron": cron, "zone": "UTC"}
                await client.change("setSchedule", "schedule { cron }", **given)
                self.wrote += 1

    async def look(self):
        client = await self.world.register()
        scope = client.scope
        grant = Grant(person=scope.person, tenant=scope.tenant, session=uuid4())
        await self.begin(grant)
        await client.connected_shop(token=f"token {uuid4()}", seller=str(uuid4()))
        while not self.over:
            seen = await client.ask(LOOK)
            assert [each["person"]["fullName"] for each in seen["tenant"]["members"]] == [
                "Анна Котова"
            ]
            assert len(seen["shops"]) == 1
            assert await read.companies_of(self.database, scope.person) == [scope.tenant]
            assert await read.session_of(self.database, grant) is not None
            self.looked += 1

    async def begin(self, grant):
        row = (grant.person, grant.session, grant.tenant, NOW, NOW + timedelta(days=1))
        async with self.database.driver() as driver:
            await driver.execute(BEGIN, *row)


async def test_nobody_notices_that_every_table_is_rebuilt_and_rebuilt_again(living):
    crowd = Crowd(living)
    async with asyncio.TaskGroup() as everybody:
        for n in range(WRITERS):
            everybody.create_task(crowd.write(n))
        for _ in range(READERS):
            everybody.create_task(crowd.look())
        for _ in range(2):
            before = crowd.wrote, crowd.looked
            await living.rebuild()
            while crowd.wrote <= before[0] or crowd.looked <= before[1]:
                await asyncio.sleep(0.01)
        crowd.over = True

    tables = list(TABLES.values())
    found = [each async for each in verify(living.database, CODEC, tables, lambda *_: None)]
    assert {each.table: each.differing for each in found} == dict.fromkeys(TABLES, 0)
    assert crowd.looked > READERS

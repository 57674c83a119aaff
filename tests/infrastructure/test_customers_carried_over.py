"""Customers at Stripe that were linked by the version before go on as they were, and back."""

from datetime import UTC, datetime
from uuid import uuid4

from alembic import command

from app.wiring.facts import CODEC, follow
from app.wiring.projections import TABLES
from domain import subscription
from domain.events import START, Change, Origin, Stream
from domain.plan import Plan
from infrastructure.postgres.database import Database
from infrastructure.postgres.event_store import EventStore
from infrastructure.postgres.migrations import _config, migrate
from infrastructure.postgres.rebuild_verify import verify
from tests.databases import of_its_own

AT = datetime(2026, 11, 23, 4, 40, tzinfo=UTC)
ORIGIN = Origin(source="stripe", actor=None, correlation=uuid4(), causation="evt_1")
ROWS = "SELECT * FROM billing_customers ORDER BY customer"
BEFORE = "INSERT INTO billing_customers (tenant_id, customer) VALUES ($1, $2)"


async def test_the_version_before_has_the_newest_and_this_one_all_of_them(postgres_url):
    async with of_its_own(postgres_url) as url:
        database, one, other = Database(url), uuid4(), uuid4()
        await migrate(database)
        await happened(database, one, "cus_1", "cus_2", "cus_3")
        await happened(database, other, "cus_4")
        here = await rows(database)

        async with database.engine.begin() as connection:
            await connection.run_sync(back)
        before = await rows(database)
        await migrate(database)
        again = await rows(database)
        found = verify(database, CODEC, [TABLES["billing_customers"]], lambda *_: None)
        (compared,) = [each async for each in found]
        await database.close()

    assert here == [(one, "cus_1", 2), (one, "cus_2", 3), (one, "cus_3", 4), (other, "cus_4", 2)]
    assert before == [(one, "cus_3"), (other, "cus_4")]
    assert again == here
    assert (compared.rows, compared.differing) == (4, 0), "a rebuild makes the same"


async def test_what_the_version_before_still_links_is_kept(postgres_url):
    async with of_its_own(postgres_url) as url:
        database, company = Database(url), uuid4()
        await migrate(database)

        async with database.driver() as driver:
            await driver.execute(BEFORE, company, "cus_1")
        kept = await rows(database)
        await database.close()

    assert kept == [(company, "cus_1", None)]


async def happened(database, company, *customers):
    """It began, and was these customers one after the other."""
    store = EventStore(database, CODEC, lambda: AT, follow)
    linked = [subscription.CustomerLinked(customer=each) for each in customers]
    events = [subscription.Started(plan=Plan.FREE), *linked]
    stream = Stream(kind="subscription", tenant=company, id=company)
    await store.append([Change(stream=stream, head=START, events=events)], ORIGIN)


async def rows(database):
    async with database.driver() as driver:
        return [tuple(row) for row in await driver.fetch(ROWS)]


def back(connection):
    config = _config()
    config.attributes["connection"] = connection
    command.downgrade(config, "0032")

"""In whose name a sync writes, and what it puts on record of that."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from app.stock.doubting import Doubting
from app.stock.jobs import Sync
from app.stock.writers import Writers
from app.stock.writing import Writing
from domain.access import Role
from domain.errors import Rejected
from domain.place import WB_TOTAL
from domain.ports import Access
from domain.run import Task
from domain.stock import Card, CardPage, StockRead
from infrastructure.postgres.checks import PostgresChecks
from infrastructure.postgres.stock import PostgresStock
from tests.app.graphql_world import TOKEN
from tests.app.test_erase import erase, join, leave
from tests.app.test_graphql_writer import (
    FORGET_ROBOT,
    HERS,
    SECOND,
    address,
    anna,
    change,
    consented,
    facts,
    shop,
    world,
    written_by,
)
from tests.fakes import ADDRESS, KEY
from tests.infrastructure.wildberries_shop import Kept, silent
from tests.plans import limiting

__all__ = ("anna", "shop", "world")

CONSENTS = "SELECT count(*) FROM secrets WHERE tenant_id = $1 AND field = 'google_consent'"
NOTICES = "SELECT count(*) FROM job_runs WHERE kind = 'notice' AND shop_id = $1"


async def synced(world, anna, shop):
    """As a worker does it."""
    card = Card(nm_id=1, brand="b", subject="s", sku="k")
    world.marketplace.cards_of[TOKEN] = (CardPage(cards=(card,), cursor="1", last=True),)
    world.marketplace.stock_of[TOKEN] = StockRead(
        at=world.now, places={WB_TOTAL: {1: 5}}, to_client={}, returns={}
    )
    database, clock = world.database, lambda: world.now
    book = PostgresStock(database, clock)
    writers = Writers(principals=world.principals, vault=world.vault)

    async def open_token(*_):
        return Access(token=TOKEN)

    async def nothing(*_):
        """Nobody is told of it."""

    writing = Writing(
        book=book,
        checks=PostgresChecks(database),
        database=database,
        writers=writers,
        plans=world.plans,
        clock=clock,
    )
    sync = Sync(
        book=book,
        database=database,
        marketplace=world.marketplace,
        writing=writing,
        doubting=Doubting(database=database, writing=writing, handle=world.handle, clock=clock),
        handle=world.handle,
        clock=clock,
        open_token=open_token,
        limiting=limiting(world.plans, clock),
        afterwards=nothing,
    )
    task = Task(
        tenant=anna.scope.tenant,
        run_id=uuid4(),
        fence=1,
        kind="sync",
        shop_id=UUID(shop),
        attempt=1,
        source="schedule",
        correlation=uuid4(),
    )
    return await sync(task, Kept(), silent)


async def test_a_sync_puts_on_record_who_wrote_for_an_old_shop_once(world, anna, shop):
    await change(world, FORGET_ROBOT, shop)
    world.principals.robots = (SECOND, ADDRESS)

    await synced(world, anna, shop)
    world.principals.robots = (ADDRESS, SECOND)
    await synced(world, anna, shop)

    assert world.principals.used[-2:] == [SECOND, SECOND]
    assert (await facts(anna)).count("tenant.robot_assigned") == 1


async def test_once_the_new_address_could_write_it_is_on_record(world, anna, shop):
    world.principals.robots = (SECOND,)

    await synced(world, anna, shop)
    world.principals.robots = (ADDRESS, SECOND)
    await synced(world, anna, shop)

    assert world.principals.stood_in == [SECOND]
    assert await address(anna, shop) == SECOND


async def test_a_sync_writes_as_she_wants_it(world, anna, shop):
    await synced(world, anna, shop)
    await anna.change("setSheetWriter", "shop { id }", shopId=shop, key=KEY)
    await synced(world, anna, shop)
    await consented(world, anna, shop)
    await anna.change("makeSheet", "title", shopId=shop)
    await synced(world, anna, shop)

    used = world.principals.used
    assert used[0] == ADDRESS
    assert HERS in used
    assert used[-1] == "hers"
    assert (await written_by(anna, shop))["kind"] == "OWN_ACCOUNT"


async def test_a_consent_that_is_over_breaks_the_shop_once_with_its_own_cause(world, anna, shop):
    await consented(world, anna, shop)
    await anna.change("makeSheet", "title", shopId=shop)
    world.sheet.down = Rejected("заново / again", cause="consent_revoked")

    for _ in range(2):
        with pytest.raises(Rejected):
            await synced(world, anna, shop)
        world.now += timedelta(hours=1)

    assert (await facts(anna)).count("tenant.shop_broke") == 1
    found = await anna.ask("query($id: UUID!) { shop(id: $id) { broken { cause } } }", id=shop)
    assert found["shop"]["broken"] == {"cause": "consent_revoked"}
    async with world.database.driver() as driver:
        assert await driver.fetchval(NOTICES, UUID(shop)) == 1


async def test_a_consent_that_left_with_who_gave_it_is_asked_of_somebody_again(world, anna, shop):
    await consented(world, anna, shop)
    await anna.change("makeSheet", "title", shopId=shop)
    await change(world, "UPDATE shops SET consent_id = NULL WHERE shop_id = $1", shop)

    with pytest.raises(Rejected) as no:
        await synced(world, anna, shop)

    assert no.value.cause == "consent_revoked"


async def test_what_is_no_longer_kept_of_her_is_for_her_to_give_again(world, anna, shop):
    await anna.change("setSheetWriter", "shop { id }", shopId=shop, key=KEY)
    await change(
        world, "DELETE FROM secrets WHERE field = 'google_key' AND $1::uuid IS NOT NULL", shop
    )

    with pytest.raises(Rejected) as no:
        await synced(world, anna, shop)

    assert no.value.cause == "own_key_refused"


async def test_who_is_erased_takes_her_consent_along_and_the_shop_asks_another_one(
    world, anna, shop
):
    olga = await world.register("Ольга Белкина", "Белка")
    await leave(world, olga.scope)
    olga = await join(world, anna, olga, Role.ADMIN)
    await consented(world, olga, shop)
    await olga.change("makeSheet", "title", shopId=shop)

    assert await erase(olga) == []

    async with world.database.driver() as driver:
        assert await driver.fetchval(CONSENTS, anna.scope.tenant) == 0
    assert "tenant.google_signed_out" in await facts(anna)
    with pytest.raises(Rejected) as no:
        await synced(world, anna, shop)
    assert no.value.cause == "consent_revoked"

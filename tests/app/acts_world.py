"""A company with a shop and its runs, and who runs the servers: for the stories about acts."""

from uuid import UUID, uuid4

from app import staff
from domain.events import Origin
from domain.run import Done, Fail, Handed
from infrastructure.postgres.ledger import PostgresLedger
from tests.app.graphql_world import NOW

FAILED = Fail(why="Токен.", error_type="token_dead", final=True)
DONE = Done(why="", result={"products": 5})


async def with_a_shop(world):
    """Its owner; the first sync is done."""
    client = await world.register()
    client.shop = await client.connected_shop()
    await end(client, DONE)
    return client


async def live(client):
    """The ids of her runs that have not ended, the newest first."""
    edges = (await client.ask("{ runs { edges { node { id state } } } }"))["runs"]["edges"]
    return [each["node"]["id"] for each in edges if each["node"]["state"] in ("WAITING", "RUNNING")]


async def asked(client):
    """Ask for a sync: its run."""
    return (await client.change("requestSync", "run { id }", shopId=client.shop))["run"]["id"]


async def begun(client, run_id):
    """A worker takes the run."""
    ledger, tenant = PostgresLedger(client.world.database, lambda: NOW), client.scope.tenant
    async with client.world.database.driver() as driver:
        fence = await driver.fetchval(
            "UPDATE job_runs SET fence = fence + 1, handed_at = now() WHERE run_id = $1 "
            "RETURNING fence",
            run_id,
        )
    handed = Handed(tenant=tenant, run_id=UUID(str(run_id)), fence=fence)
    return ledger, await ledger.start(handed, "worker 1")


async def end(client, outcome, run_id=None):
    """The run ends so: the only live one, if none is named. Its id."""
    run_id = run_id or (await live(client))[0]
    ledger, task = await begun(client, run_id)
    await ledger.finish(task, outcome)
    return run_id


async def facts(client, name, tenant=None):
    async with client.world.database.driver() as driver:
        return await driver.fetchval(
            "SELECT count(*) FROM events WHERE tenant_id = $1 AND name = $2",
            tenant or client.scope.tenant,
            f"tenant.{name}",
        )


async def row(client, run_id):
    async with client.world.database.driver() as driver:
        return await driver.fetchrow("SELECT * FROM job_runs WHERE run_id = $1", run_id)


async def sentence(client):
    query = "{ auditLog(first: 1) { edges { node { sentence } } } }"
    log = (await client.ask(query, {"accept_language": "en"}))["auditLog"]
    return log["edges"][0]["node"]["sentence"]


async def appointed(world):
    """One of those who run the servers."""
    vera = await world.register(name="Вера", company="Stock Tracker")
    origin = Origin(source="cli", actor=None, correlation=uuid4(), causation="cli:staff")
    await staff.appoint(world.handle, vera.scope.person, origin)
    return vera

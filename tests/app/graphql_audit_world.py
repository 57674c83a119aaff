"""Facts as a story needs them: of any door, person and time, appended as every other fact is."""

from contextlib import contextmanager
from uuid import uuid4

from sqlalchemy import event

from domain import tenant
from domain.events import Change, Origin, Stream

LOG = """query($first: Int! = 100, $after: String, $filter: AuditFilter, $order: AuditOrder! = NEWEST) {
  auditLog(first: $first, after: $after, filter: $filter, order: $order, language: EN) {
    totalCount pageInfo { hasNextPage endCursor }
    edges { node { id position action sentence source ip agent causation correlationId
                   target { kind id name } actor { id name }
                   changes { field before after } causes { kind id at sentence } } } } }"""
NEWER = """
WITH told AS (
  INSERT INTO events SELECT tenant_id, kind, stream_id, version + 1, nextval('event_position'), $2,
    'tenant.moved', 1, at, source, actor_id, correlation_id, causation, NULL, '{}', hash
  FROM events WHERE tenant_id = $1 AND kind = 'tenant' ORDER BY version DESC LIMIT 1 RETURNING *
), moved AS (
  UPDATE heads h SET version = t.version FROM told t
  WHERE (h.tenant_id, h.kind, h.stream_id) = (t.tenant_id, t.kind, t.stream_id)
)
INSERT INTO audit_entries
SELECT tenant_id, position, at, name, actor_id, source, correlation_id, stream_id FROM told
"""


async def record(client, *events, **signed):
    """Append to the stream of the client's company; `signed`: parts of the origin."""
    world, company = client.world, client.scope.tenant
    stream = Stream(kind="tenant", tenant=company, id=company)
    _, head = await world.history.state(tenant.decider, stream)
    origin = {
        "source": "user",
        "actor": client.scope.person,
        "correlation": uuid4(),
        "causation": f"request:{uuid4()}",
    }
    change = Change(stream=stream, head=head, events=list(events))
    return await world.handle._store.append([change], Origin(**origin | signed))


async def record_newer(database, client):
    """A fact that only a newer version knows, as that version writes it."""
    async with database.driver() as driver:
        await driver.execute(NEWER, client.scope.tenant, uuid4())


async def entries(client, **asked):
    """One page, without the edges around it."""
    page = (await client.ask(LOG, **asked))["auditLog"]
    return [edge["node"] for edge in page["edges"]]


async def actions(client, **filter_):
    """What happened, the newest first."""
    return [each["action"].partition(".")[2] for each in await entries(client, filter=filter_)]


@contextmanager
def statements(database):
    """What is sent to the database meanwhile: scoped reads go by SQLAlchemy, the owner's by the
    driver alone, whose logger does not see prepared statements."""
    sent = []

    def executed(_connection, _cursor, statement, *_):
        sent.append(statement)

    def note(record):
        sent.append(record.query)

    def listen(connection, *_):
        connection.driver_connection.add_query_logger(note)

    def leave(connection, *_):
        connection.driver_connection.remove_query_logger(note)

    engine = database.engine.sync_engine
    listeners = (
        (engine, "before_cursor_execute", executed),
        (engine.pool, "checkout", listen),
        (engine.pool, "checkin", leave),
    )
    for listener in listeners:
        event.listen(*listener)
    try:
        yield sent
    finally:
        for listener in listeners:
            event.remove(*listener)

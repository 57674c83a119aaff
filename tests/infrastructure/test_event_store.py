"""What happened is appended once, in order, with all that follows from it, or not at all."""

import asyncio
import hashlib
from datetime import UTC, datetime
from uuid import UUID, uuid4

import asyncpg
import pytest

from app.handle import Ask, Handle
from domain import shop, tenant
from domain.access import Role
from domain.errors import Conflict, Taken
from domain.events import START, Change, Head, Origin, Stream
from infrastructure.postgres.append import digest_of
from infrastructure.postgres.codec import Codec
from infrastructure.postgres.event_store import EventStore

NOW = datetime(2026, 11, 23, 4, 40, tzinfo=UTC)
NOTE = "INSERT INTO labels (tenant_id, id, name) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"


def noted(recorded):
    """A projection for the tests: one row per fact."""
    yield NOTE, (recorded.tenant, recorded.event_id, type(recorded.event).__name__)


@pytest.fixture
def codec():
    return Codec([("tenant", tenant.Event)])


@pytest.fixture
def store(database, codec):
    return EventStore(database, codec, lambda: NOW, noted)


@pytest.fixture
def stream():
    company = uuid4()
    return Stream(kind="tenant", tenant=company, id=company)


@pytest.fixture
def origin():
    return Origin(source="user", actor=uuid4(), correlation=uuid4(), causation="request:1")


def joined(n):
    return tenant.MemberJoined(user_id=UUID(int=n), role=Role.MEMBER)


async def labels(database, stream):
    async with database.driver() as driver:
        rows = await driver.fetch("SELECT name FROM labels WHERE tenant_id = $1", stream.tenant)
    return [row["name"] for row in rows]


async def test_what_is_appended_is_read_back_in_its_envelope(store, stream, origin):
    events = [tenant.Registered(owner_id=UUID(int=1)), joined(1)]

    recorded = await store.append([Change(stream=stream, head=START, events=events)], origin)

    assert await store.read(stream) == recorded
    assert [each.event for each in recorded] == events
    assert [each.version for each in recorded] == [1, 2]
    assert [each.position for each in recorded] == sorted(each.position for each in recorded)
    assert {(each.at, each.origin) for each in recorded} == {(NOW, origin)}


async def test_what_follows_commits_with_the_fact(store, database, stream, origin):
    await store.append([Change(stream=stream, head=START, events=[joined(1)])], origin)

    assert await labels(database, stream) == ["MemberJoined"]


async def test_a_stream_that_has_moved_takes_nothing(store, database, stream, origin):
    first = Change(stream=stream, head=START, events=[joined(1)])
    await store.append([first], origin)

    with pytest.raises(Conflict):
        await store.append([first], origin)

    assert len(await store.read(stream)) == 1
    assert await labels(database, stream) == ["MemberJoined"]


async def test_several_streams_change_together_or_not_at_all(store, stream, origin):
    other = Stream(kind="tenant", tenant=stream.tenant, id=uuid4())
    await store.append([Change(stream=stream, head=START, events=[joined(1)])], origin)

    with pytest.raises(Conflict):
        await store.append(
            [
                Change(stream=other, head=START, events=[joined(1)]),
                Change(stream=stream, head=START, events=[joined(2)]),
            ],
            origin,
        )

    assert await store.read(other) == []


async def test_a_lost_race_burns_no_position(store, stream, origin):
    change = Change(stream=stream, head=START, events=[joined(1)])
    (before,) = await store.append([change], origin)
    for _ in range(5):
        with pytest.raises(Conflict):
            await store.append([change], origin)

    head = Head(version=1, hash=before.hash)
    (after,) = await store.append([Change(stream=stream, head=head, events=[joined(2)])], origin)

    assert after.position == before.position + 1


async def test_a_row_that_is_there_already_rolls_everything_back(store, stream, origin):
    row = (NOTE, (stream.tenant, UUID(int=9), "taken"))
    change = Change(stream=stream, head=START, events=[joined(1)])

    with pytest.raises(Taken):
        await store.append([change], origin, rows=[row, row])

    assert await store.read(stream) == []


async def test_the_same_command_gets_the_same_answer(store, stream, origin):
    handle, command_id = Handle(store), uuid4()
    ask = Ask(decider=tenant.decider, stream=stream, command=tenant.Register(owner_id=UUID(int=1)))

    first = await handle(ask, origin=origin, command_id=command_id)
    again = await handle(ask, origin=origin, command_id=command_id)

    assert again.positions == first.positions
    assert len(await store.read(stream)) == 2


async def test_racing_commands_are_all_carried_out_one_after_the_other(store, stream, origin):
    register = tenant.Register(owner_id=UUID(int=1))
    await Handle(store)(Ask(decider=tenant.decider, stream=stream, command=register), origin=origin)
    commands = [
        shop.ConnectShop(
            shop_id=uuid4(),
            marketplace="wildberries",
            seller_id=str(n),
            token_id=uuid4(),
            token_kind="base",
            expires_at=None,
        )
        for n in range(3)
    ]

    await asyncio.gather(
        *(
            Handle(store)(Ask(decider=tenant.decider, stream=stream, command=each), origin=origin)
            for each in commands
        )
    )

    state = tenant.decider.replay(each.event for each in await store.read(stream))
    assert {each.seller_id for each in state.shops.values()} == {"0", "1", "2"}


async def test_rows_that_follow_from_a_decision_are_those_of_the_decision_that_held(
    store, database, stream, origin
):
    slow, quick = Handle(store), Handle(store)
    register = tenant.Register(owner_id=UUID(int=1))
    await slow(Ask(decider=tenant.decider, stream=stream, command=register), origin=origin)
    given = {"marketplace": "wildberries", "seller_id": "s", "token_kind": "base"}

    def connect(name):
        command = shop.ConnectShop(**given, shop_id=uuid4(), token_id=uuid4(), expires_at=None)

        def rows(before, events):
            told = f"{name}: {len(before.shops)} shops, {type(events[0]).__name__}"
            return [(NOTE, (stream.tenant, uuid4(), told))]

        return Ask(decider=tenant.decider, stream=stream, command=command, rows=rows)

    await quick(connect("quick"), origin=origin)
    await slow(connect("slow"), origin=origin)

    assert {each for each in await labels(database, stream) if ":" in each} == {
        "quick: 0 shops, ShopConnected",
        "slow: 1 shops, TokenReplaced",
    }


async def test_a_no_from_a_kept_state_is_never_trusted(store, stream, origin):
    here, elsewhere = Handle(store), Handle(store)
    shop_id = uuid4()
    connect = shop.ConnectShop(
        shop_id=shop_id,
        marketplace="wildberries",
        seller_id="s",
        token_id=uuid4(),
        token_kind="base",
        expires_at=None,
    )
    connect_sheet = shop.ConnectSheet(shop_id=shop_id, spreadsheet_id="1AbC")

    def ask(command):
        return Ask(decider=tenant.decider, stream=stream, command=command)

    await here(ask(tenant.Register(owner_id=UUID(int=1))), origin=origin)
    await elsewhere(ask(connect), origin=origin)
    answer = await here(ask(connect_sheet), origin=origin)

    assert len(answer.recorded) == 1


async def test_every_link_of_the_chain_follows_from_the_one_before(store, codec, stream, origin):
    await store.append([Change(stream=stream, head=START, events=[joined(1), joined(2)])], origin)
    two = await store.read(stream)
    head = Head(version=2, hash=two[-1].hash)
    await store.append([Change(stream=stream, head=head, events=[joined(3)])], origin)

    before = START.hash
    for each in await store.read(stream):
        name, version, payload = codec.encode("tenant", each.event)
        origin = each.origin
        signed = (origin.source, origin.actor, origin.correlation, origin.causation)
        identity = (stream.tenant, stream.kind, stream.id, each.version, each.event_id)
        envelope = (*identity, name, version, each.at, *signed, each.command_id)
        digest = digest_of(envelope, payload)
        link = hashlib.sha256(before + each.position.to_bytes(8, "big") + digest).digest()
        assert each.hash == link
        before = link


@pytest.mark.parametrize("table", ["events", "seals"])
@pytest.mark.parametrize("change", ["UPDATE {} SET at = now()", "DELETE FROM {}", "TRUNCATE {}"])
async def test_facts_and_seals_cannot_be_changed_by_the_role_that_writes_them(
    database, table, change
):
    async with database.driver() as driver:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await driver.execute(change.format(table))


@pytest.mark.parametrize("table", ["events", "seals"])
@pytest.mark.parametrize("change", ["UPDATE {} SET at = now()", "DELETE FROM {}", "TRUNCATE {}"])
async def test_whoever_takes_the_right_back_meets_a_trigger(database, table, change):
    async with database.driver() as driver:
        undone = driver.transaction()
        await undone.start()
        try:
            await driver.execute(f"GRANT UPDATE, DELETE, TRUNCATE ON {table} TO CURRENT_USER")
            with pytest.raises(asyncpg.RaiseError, match="append-only"):
                await driver.execute(change.format(table))
        finally:
            await undone.rollback()

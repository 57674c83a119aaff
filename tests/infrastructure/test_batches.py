"""Commands that share a transaction: each has its own answer, and a bad one fails alone."""

from uuid import UUID, uuid4

import pytest
from asyncpg.exceptions import CharacterNotInRepertoireError, DivisionByZeroError

from app.handle import Ask, Handle
from domain import tenant
from domain.events import Stream
from infrastructure.postgres.batches import LANES
from infrastructure.postgres.event_store import EventStore
from tests.chaos.batching import changing, conflicts, drawn, gathered, new_stream, watched
from tests.chaos.feed_storm import CODEC, NOW, ORIGIN, RUIN, joined

NOTE = "INSERT INTO labels (tenant_id, id, name) VALUES ($1, $2, $3)"
UNNOTE = "DELETE FROM labels WHERE tenant_id = $1 AND id = $2"
LABELS = "SELECT tenant_id, name FROM labels WHERE tenant_id = ANY($1)"

BAD, HER_LABEL = UUID(int=13), UUID(int=7)


def ruined_by_the_bad_one(recorded):
    if getattr(recorded.event, "user_id", None) == BAD:
        yield RUIN, (recorded.tenant, 0)


@pytest.fixture
def store(database):
    return EventStore(database, CODEC, lambda: NOW, ruined_by_the_bad_one)


@pytest.fixture
def batches(store, monkeypatch):
    return watched(store, monkeypatch)


# Answers


async def test_of_many_commands_exactly_the_stale_ones_conflict(store, database, batches):
    streams = [new_stream() for _ in range(60)]
    stale = streams[::3]
    for stream in stale:
        await store.append(changing(stream), ORIGIN)
    before = await drawn(database)

    answers = await gathered(
        store, database, *(store.append(changing(each), ORIGIN) for each in streams)
    )

    assert max(len(set(streams) & set(batch)) for batch in batches) >= 30
    lost = {each for each, answer in zip(streams, answers, strict=True) if conflicts(answer)}
    assert lost == set(stale)
    won = [answer[0].position for answer in answers if not conflicts(answer)]
    assert won == sorted(set(won))
    assert await drawn(database) == before + len(won) + 2 * LANES


async def test_what_is_answered_is_what_is_read(store, database):
    streams = [new_stream() for _ in range(20)]
    changes = [changing(each, events=[joined() for _ in range(3)]) for each in streams]

    answers = await gathered(store, database, *(store.append(each, ORIGIN) for each in changes))

    assert [await store.read(each) for each in streams] == answers


async def test_of_two_commands_to_one_stream_one_wins(store, database, batches):
    stream = new_stream()

    answers = await gathered(
        store, database, *(store.append(changing(stream), ORIGIN) for _ in range(3))
    )

    assert sorted(map(conflicts, answers)) == [False, True, True]
    assert len(await store.read(stream)) == 1
    assert all(len(set(batch)) == len(batch) for batch in batches)


async def test_the_same_command_twice_at_once_is_carried_out_once(store, database):
    stream, command_id = new_stream(), uuid4()
    ask = Ask(decider=tenant.decider, stream=stream, command=tenant.Register(owner_id=uuid4()))
    handles = [Handle(store), Handle(store), Handle(store)]

    answers = await gathered(
        store, database, *(each(ask, origin=ORIGIN, command_id=command_id) for each in handles)
    )

    recorded = [each.position for each in await store.read(stream)]
    assert len(recorded) == 2
    assert [list(answer.positions) for answer in answers] == [recorded] * 3


async def test_one_command_id_for_two_streams_is_recorded_once(store, database):
    company, command_id = uuid4(), uuid4()
    streams = [Stream(kind="tenant", tenant=company, id=uuid4()) for _ in range(2)]
    calls = [store.append(changing(each), ORIGIN, command_id=command_id) for each in streams]

    answers = await gathered(store, database, *calls)

    assert sorted(map(conflicts, answers)) == [False, True]
    assert sum([len(await store.read(each)) for each in streams]) == 1


# Poison


async def test_a_command_whose_rows_are_refused_fails_alone(store, database):
    streams = [new_stream() for _ in range(9)]
    changes = [changing(each) for each in streams]
    changes[4] = changing(streams[4], events=[tenant.MemberLeft(user_id=BAD)])

    answers = await gathered(store, database, *(store.append(each, ORIGIN) for each in changes))

    assert isinstance(answers.pop(4), DivisionByZeroError)
    assert all(len(each) == 1 for each in answers)
    assert await store.read(streams[4]) == []


async def test_a_command_that_cannot_be_stored_fails_alone(store, database):
    streams = [new_stream() for _ in range(9)]
    unstorable = ORIGIN._replace(causation="request:\0")
    origins = [ORIGIN if n != 4 else unstorable for n in range(9)]

    answers = await gathered(
        store,
        database,
        *(store.append(changing(s), o) for s, o in zip(streams, origins, strict=True)),
    )

    assert isinstance(answers.pop(4), CharacterNotInRepertoireError)
    assert all(len(each) == 1 for each in answers)


async def test_a_command_that_nobody_can_project_fails_alone(database):
    def follow(recorded):
        if getattr(recorded.event, "user_id", None) == BAD:
            raise KeyError(recorded.version)
        return ()

    store = EventStore(database, CODEC, lambda: NOW, follow)
    events = [joined(), tenant.MemberLeft(user_id=BAD), joined()]
    calls = [store.append(changing(new_stream(), events=[each]), ORIGIN) for each in events]

    answers = await gathered(store, database, *calls)

    assert [type(each) for each in answers] == [list, KeyError, list]


# Rows that follow


async def test_rows_of_each_command_stay_in_its_own_order(database):
    """One begins with the statement that the other ends with."""

    def follow(recorded):
        mine = (recorded.tenant, HER_LABEL)
        match recorded.event:
            case tenant.MemberJoined():
                yield UNNOTE, mine
                yield NOTE, (*mine, "kept")
            case tenant.MemberLeft():
                yield NOTE, (*mine, "passing")
                yield UNNOTE, mine

    store = EventStore(database, CODEC, lambda: NOW, follow)
    streams = [new_stream() for _ in range(4)]
    events = [joined(), tenant.MemberLeft(user_id=BAD)] * 2
    calls = [
        store.append(changing(stream, events=[event]), ORIGIN)
        for stream, event in zip(streams, events, strict=True)
    ]

    await gathered(store, database, *calls)

    async with database.driver() as driver:
        rows = await driver.fetch(LABELS, [each.tenant for each in streams])
    assert {tuple(row) for row in rows} == {(streams[n].tenant, "kept") for n in (0, 2)}

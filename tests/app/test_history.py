"""A stream at any moment is its facts up to then, folded, however long it is and whoever kept what."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from app.handle import Handle
from app.history import PAGE, History
from app.wiring.facts import CODEC
from domain import health, shop, subscription, tenant
from domain.decider import Decider
from domain.events import START, Head, Moment, Stream
from domain.fact import fact
from infrastructure.postgres.event_store import EventStore
from tests.app.long_streams import (
    ORIGIN,
    SHOP,
    Counting,
    Ticking,
    ask,
    facts,
    forget,
    head_of,
    kept,
    nothing,
    told,
)

NOW = datetime(2026, 11, 23, 4, 40, tzinfo=UTC)
LONG = 5 * PAGE + 7


@fact
class Larger:
    """A company's state as another version of ours has it."""

    exists: bool = False
    shops: int = 0


larger = Decider(
    "tenant",
    Larger(),
    tenant.decide,
    lambda state, event: replace(
        state, exists=True, shops=state.shops + isinstance(event, shop.ShopConnected)
    ),
)


@pytest.fixture
def stream():
    company = uuid4()
    return Stream(kind="tenant", tenant=company, id=company)


@pytest.fixture
def store(database):
    return Counting(EventStore(database, CODEC, lambda: NOW, nothing))


async def test_a_short_stream_keeps_nothing(store, database, stream):
    events = facts(PAGE - 1)
    recorded = await told(store, stream, events)

    state, head = await History(store).state(tenant.decider, stream)

    assert state == tenant.decider.replay(events)
    assert head == Head(version=PAGE - 1, hash=recorded[-1].hash)
    assert await kept(database, stream) == []


@pytest.mark.parametrize("known", [False, True], ids=["folded from the start", "from kept states"])
async def test_a_long_stream_is_the_same_at_every_position(store, database, stream, known):
    events = facts(LONG)
    recorded = await told(store, stream, events)
    history = History(store)
    await history.state(tenant.decider, stream)
    assert await kept(database, stream) == [PAGE * n for n in range(1, 6)]

    edges = [n + d for n in range(PAGE, LONG, PAGE) for d in (-1, 0, 1)]
    for n in (1, 2, 3, *edges, LONG):
        if not known:
            await forget(database, stream)
        moment = Moment(position=recorded[n - 1].position)
        state, head = await history.state(tenant.decider, stream, moment)

        assert state == tenant.decider.replay(events[:n])
        assert head == Head(version=n, hash=recorded[n - 1].hash)


async def test_what_was_kept_is_not_read_again(store, stream):
    await told(store, stream, facts(LONG))
    await History(store).state(tenant.decider, stream)
    store.facts = 0

    await History(store).state(tenant.decider, stream)

    assert store.facts == PAGE + LONG % PAGE


async def test_each_kept_state_serves_its_own_stretch(store, database, stream):
    recorded = await told(store, stream, facts(LONG))
    history = History(store)
    await history.state(tenant.decider, stream)

    for n in range(PAGE, LONG, PAGE):
        store.facts = 0
        await history.state(tenant.decider, stream, Moment(position=recorded[n].position))
        assert store.facts == PAGE + 1


async def test_a_state_of_another_shape_is_not_read(store, database, stream):
    events = facts(LONG)
    await told(store, stream, events)
    history = History(store)
    await history.state(tenant.decider, stream)

    state, _ = await history.state(larger, stream)

    assert state == larger.replay(events) == Larger(exists=True, shops=1)
    assert await kept(database, stream) == [PAGE * n for n in range(1, 6) for _ in "ab"]
    assert (await history.state(tenant.decider, stream))[0] == tenant.decider.replay(events)


async def test_a_time_is_the_beginning_before_the_first_later_fact(database, stream):
    minutes = [0, 1, 1, 3, 2, 2, 5]
    times = [NOW + timedelta(minutes=n) for n in minutes]
    store = EventStore(database, CODEC, Ticking(*times), nothing)
    events, head = facts(len(times)), START
    for event in events:
        (recorded,) = await told(store, stream, [event], head)
        head = Head(version=recorded.version, hash=recorded.hash)

    for minute, expected in {-1: 0, 0: 1, 1: 3, 2: 3, 3: 6, 4: 6, 5: 7, 6: 7}.items():
        moment = Moment(at=NOW + timedelta(minutes=minute))
        state, head = await History(store).state(tenant.decider, stream, moment)
        assert (state, head.version) == (tenant.decider.replay(events[:expected]), expected)


async def test_a_clock_that_went_back_spoils_no_kept_state(database, stream):
    """The late hour stands in the second kept stretch; everything after it was told earlier."""
    late, early = NOW + timedelta(hours=1), NOW
    store = EventStore(database, CODEC, Ticking(early, late, early), nothing)
    events = facts(LONG)
    first = await told(store, stream, events[:250])
    second = await told(store, stream, events[250:251], head_of(first))
    await told(store, stream, events[251:], head_of(second))
    history = History(store)
    await history.state(tenant.decider, stream)

    then, head = await history.state(tenant.decider, stream, Moment(at=early))
    later, last = await history.state(tenant.decider, stream, Moment(at=late))

    assert (then, head.version) == (tenant.decider.replay(events[:250]), 250)
    assert (later, last.version) == (tenant.decider.replay(events), LONG)


async def test_a_cold_handle_decides_on_a_long_stream_from_what_was_kept(store, stream):
    events = facts(LONG)
    await told(store, stream, events)
    await History(store).state(tenant.decider, stream)
    store.facts = 0

    command = health.ReportBroken(shop_id=SHOP, cause="sheet_full")
    answer = await Handle(store)(ask(stream, command), origin=ORIGIN)

    assert store.facts == PAGE + LONG % PAGE
    assert [each.version for each in answer.recorded] == [LONG + 1]
    state, _ = await History(store).state(tenant.decider, stream)
    assert state == tenant.decider.replay([*events, answer.recorded[0].event])


async def test_another_nouns_stream_on_the_same_id_is_another_history(store, stream):
    await told(store, stream, facts(3))

    other = Stream(kind="subscription", tenant=stream.tenant, id=stream.id)
    state, head = await History(store).state(subscription.decider, other)

    assert (state, head) == (subscription.Subscription(), START)

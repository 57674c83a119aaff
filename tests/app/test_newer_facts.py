"""Old code beside new: what a newer version recorded is passed on, and never decided upon."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from app.handle import Ask, Handle
from app.history import PAGE, History, TooNew
from app.wiring.facts import CODEC, FACTS, UPCASTERS, follow
from domain import fleet, health, shop, tenant
from domain.events import Moment, Stream, Unread
from domain.fact import fact
from infrastructure.postgres.codec import Codec, Upcaster
from infrastructure.postgres.event_store import EventStore
from tests.app.long_streams import ORIGIN, SHOP, ask, facts, head_of, kept, nothing, told

NOW = datetime(2026, 11, 23, 4, 40, tzinfo=UTC)


@fact
class ShopPainted:
    """What a newer version of ours records of a shop."""

    shop_id: UUID


@pytest.fixture
def stream():
    company = uuid4()
    return Stream(kind="tenant", tenant=company, id=company)


@pytest.fixture
def store(database):
    return EventStore(database, CODEC, lambda: NOW, nothing)


def newer(database):
    """The store of a version that knows one fact more, and one in another shape."""
    kinds = [*FACTS, ("tenant", ShopPainted), ("fleet", ShopPainted)]
    upcaster = Upcaster(name="tenant.sheet_connected", version=1, up=dict)
    return EventStore(database, Codec(kinds, (*UPCASTERS, upcaster)), lambda: NOW, nothing)


NEWS = [
    (ShopPainted(shop_id=SHOP), "tenant.shop_painted"),
    (shop.SheetConnected(shop_id=SHOP, spreadsheet_id="2"), "tenant.sheet_connected"),
]


@pytest.mark.parametrize("news", NEWS, ids=lambda news: news[1])
@pytest.mark.parametrize("warm", [False, True])
async def test_nobody_decides_on_a_history_that_a_newer_version_went_on_with(
    store, database, stream, news, warm
):
    event, name = news
    handle = Handle(store)
    command = health.ReportBroken(shop_id=SHOP, cause="sheet_full")
    recorded = await told(store, stream, facts(5))
    if warm:
        recorded = (await handle(ask(stream, command), origin=ORIGIN)).recorded
        command = health.ReportHealthy(shop_id=SHOP)
    await told(newer(database), stream, [event], head_of(recorded))

    with pytest.raises(TooNew, match=f"{name} was recorded by a newer version") as refused:
        await (handle if warm else Handle(store))(ask(stream, command), origin=ORIGIN)

    assert refused.value.cause == "our_outage"
    assert len(await store.read(stream)) == head_of(recorded).version + 1


async def test_what_the_staff_does_without_regard_to_the_past_is_done_beside_newer_facts(
    store, database
):
    fleet_of_its_own = uuid4()
    stream = Stream(kind="fleet", tenant=fleet_of_its_own, id=fleet_of_its_own)
    news = [ShopPainted(shop_id=SHOP)] * 2
    handle = Handle(store)

    async def tell(command):
        await handle(Ask(decider=fleet.decider, stream=stream, command=command), origin=ORIGIN)

    await tell(fleet.HoldRuns(kind="sync"))
    head = head_of(await store.read(stream))
    await told(newer(database), stream, news, head)
    for worker in ("vm:1", "vm:2"):
        await tell(fleet.DrainWorker(worker=worker))

    with pytest.raises(TooNew):
        await tell(fleet.HoldRuns(kind="sync"))
    assert [each.name.split(".")[1] for each in await store.read(stream)] == [
        "runs_held",
        *["shop_painted"] * 2,
        *["worker_drained"] * 2,
    ]


async def test_no_state_is_kept_of_a_stretch_that_cannot_be_read(store, database, stream):
    recorded = await told(store, stream, facts(PAGE + 50))
    await told(newer(database), stream, [NEWS[0][0]] * PAGE, head_of(recorded))

    with pytest.raises(TooNew):
        await History(store).state(tenant.decider, stream)

    assert await kept(database, stream) == [PAGE]


async def test_a_moment_before_a_newer_fact_can_still_be_read(store, database, stream):
    recorded = await told(store, stream, facts(5))
    await told(newer(database), stream, [NEWS[0][0]], head_of(recorded))

    state, _ = await History(store).state(
        tenant.decider, stream, Moment(position=recorded[-1].position)
    )

    assert state == tenant.decider.replay(facts(5))


async def test_projections_and_reactions_pass_a_newer_fact_over(store, database, stream):
    recorded = await told(store, stream, facts(3))
    await told(newer(database), stream, [NEWS[0][0]], head_of(recorded))

    unread = (await store.read(stream))[-1]

    assert isinstance(unread.event, Unread)
    assert {statement.table.name for statement, _ in follow(unread)} == {"audit_entries"}

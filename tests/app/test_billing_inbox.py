"""What waits in the inbox is worked on: what cannot be read holds up nothing else, very much is
taken in parts, and what nobody here is known for costs little."""

from asyncio import gather
from datetime import timedelta

import msgspec
import pytest

from app.billing import sweep
from app.billing.chores import Chores, chores
from domain.errors import Malformed
from domain.inbox_port import AT_ONCE, PAUSES, Backlog, State, Wanted
from domain.run import Done
from domain.secrecy import WrongMasterKey
from infrastructure.postgres.chores import PostgresChores
from infrastructure.stripe import envelope
from sandbox.stripe.form import Form
from sandbox.stripe.http import billing
from sandbox.stripe.webhooks.thin import thin
from tests.app.billing_world import buys, customer_of, facts_of, plan_of
from tests.app.stripe_world import STAFF, name
from tests.infrastructure.inbox_world import tampered

DAY = timedelta(days=1)


@pytest.fixture
async def anna(paying):
    anna = await paying.register()
    await buys(paying, anna)
    return anna


async def came(paying, type_="customer.updated", thing=None):
    """A message about the only customer, unless it is said about what; its id."""
    paying.book.emit(type_, thing or paying.book.find("customer", customer_of(paying)))
    await paying.deliver()
    return [*paying.book.events][-1]


async def seen(paying, event_id):
    """As those who run the servers see it."""
    found = await paying.inbox.messages(STAFF, Wanted(), 10_000)
    return next(each for each in found if each.key.event_id == event_id)


async def changes(paying, anna):
    return (await facts_of(paying, anna)).count("BillingContactChanged")


# What cannot be read


async def test_a_message_that_does_not_open_is_named_and_the_others_are_worked_on(
    paying, anna, database
):
    broken, other = await came(paying), await came(paying)
    await tampered(database, broken)

    with pytest.raises(WrongMasterKey, match=f"{broken}: A stored message was changed or moved"):
        await paying.work()

    told = await seen(paying, broken)
    assert await changes(paying, anna) == 1
    assert (await seen(paying, other)).state is State.DONE
    assert (told.state, told.tries, told.cause) == (State.WAITING, 1, "WrongMasterKey")
    assert "changed or moved" in told.why
    assert told.due_at == paying.world.now + PAUSES[0]


async def test_a_message_of_another_shape_is_tried_again_and_no_other_is(paying, anna):
    strange = {"id": name("in"), "object": "invoice", "customer": customer_of(paying)}
    broken = await came(paying, "invoice.paid", strange)
    await came(paying)

    later = []

    async def meanwhile(*_progress):
        """The first one is looked at, and one more comes."""
        later.append(later[0] if later else await came(paying))

    await paying.sweep()
    with pytest.raises(Malformed) as no:
        await paying.ingest(paying._task(paying.runs.pop()), None, meanwhile)

    told, newest = await seen(paying, broken), await seen(paying, later[0])
    assert await changes(paying, anna) == 1
    assert (told.tries, told.cause, told.why) == (1, "Malformed", str(no.value)[:500])
    assert (newest.state, newest.tries, newest.due_at) == (State.WAITING, 0, paying.world.now)


async def test_what_was_given_up_fails_no_run_any_more(paying, anna, database):
    broken = await came(paying)
    await tampered(database, broken)
    await paying.sweep()
    paying.runs.clear()
    for _ in range(len(PAUSES) + 1):
        await paying.inbox.postpone(customer_of(paying), "WrongMasterKey", "It does not open.")
    await came(paying)

    (outcome,) = await paying.work()

    assert outcome == Done(why="", result={"messages": 2, "facts": 1})
    told = await seen(paying, broken)
    assert (told.state, told.tries) == (State.FAILED, len(PAUSES) + 1)


# Very much of one customer


async def test_very_many_are_worked_on_in_parts_each_by_one_look_and_none_is_lost(paying, anna):
    subscription = next(iter(paying.book.all("subscription")))
    fresh = len(paying.book.events)
    for _ in range(AT_ONCE + 1):
        paying.book.emit("customer.subscription.updated", subscription)
    bodies = [bytes(each.body) for each in [*paying.book.events.values()][fresh:]]
    await gather(*(paying.inbox.receive(envelope.read(body)) for body in bodies))
    paying.told = len(paying.book.events)
    await paying.sweep()  # in a storm the look is half a minute later
    paying.world.now += timedelta(minutes=1)
    before = paying.book.calls.total()

    first, second, third = [await paying.work() for _ in range(3)]

    assert [each.result["messages"] for each in first] == [AT_ONCE]
    assert [each.result["messages"] for each in second] == [1]
    assert third == []
    assert paying.book.calls.total() - before == 2


# What nobody here is known for


@pytest.fixture
async def foreign(paying, anna):
    """A charge of somebody to whom the account sells something else, refunded."""
    stranger = await paying.payments.new_customer(anna.scope.tenant, "elsewhere")
    paying.told = len(paying.book.events)
    (charge,) = paying.book.all("charge")
    other = charge | {"id": name("ch"), "customer": stranger}
    paying.book.kinds["charge"][other["id"]] = other
    dispute = {"id": name("du"), "object": "dispute", "charge": other["id"], "amount": 100}
    return await came(paying, "charge.dispute.created", dispute)


def refund():
    """Of a charge that Stripe never heard of."""
    return {"id": name("re"), "object": "refund", "charge": name("ch"), "amount": 100}


async def test_whose_a_charge_is_that_is_nobodys_here_is_asked_once(paying, foreign):
    before = paying.book.calls.total()
    for _ in range(3):
        await paying.work()
        paying.world.now += DAY

    assert paying.book.calls.total() - before == 1
    assert (await seen(paying, foreign)).state is State.ORPHAN


async def test_while_stripe_is_away_a_look_asks_once_and_says_so(paying, foreign):
    other = await came(paying, "refund.failed", refund())
    await paying.control("faults", status=503, times=50)

    await paying.work()

    told = [await seen(paying, each) for each in (foreign, other)]
    assert sorted(each.tries for each in told) == [0, 1]
    assert {each.cause for each in told} == {"", "stripe_away"}


async def test_a_thin_message_of_a_subscription_finds_its_company_and_is_worked_on(paying, anna):
    (hers,) = paying.book.all("subscription")
    before = len(paying.book.events)
    billing.cancel(paying.book, Form({}), hers["id"])
    told = [*paying.book.events.values()][before:]
    paying.told = len(paying.book.events)
    for each in told:
        await paying.inbox.receive(envelope.read(msgspec.json.encode(thin(each))))

    await paying.work()
    await paying.work()

    assert {each.type for each in told} >= {"customer.subscription.deleted"}
    assert (await plan_of(anna))["paid"]["status"] == "CANCELED"
    assert await paying.inbox.backlog() == Backlog(waiting=0, orphans=0, failed=0, oldest=None)


async def test_a_look_asks_about_a_few_charges_and_the_next_ones_about_the_others(
    paying, foreign, monkeypatch
):
    monkeypatch.setattr(sweep, "ASKED", 1)
    other = await came(paying, "refund.failed", refund())
    before, calls = paying.book.calls.total(), []

    for _ in range(4):
        await paying.work()
        calls.append(paying.book.calls.total() - before)

    assert calls == [1, 2, 2, 2]
    assert {(await seen(paying, each)).state for each in (foreign, other)} == {State.ORPHAN}


async def test_when_a_message_beats_our_own_commit_it_is_her_companys_with_that(paying, anna):
    olga = await paying.register()
    made = await paying.payments.new_customer(olga.scope.tenant, f"customer:{olga.scope.tenant}")
    paying.told = len(paying.book.events)
    nameless = paying.book.find("customer", made) | {"metadata": {}}
    early = await came(paying, "customer.updated", nameless)
    await paying.work()
    orphan = await seen(paying, early)

    await olga.change("startCheckout", "url", plan="PRO")

    hers = await seen(paying, early)
    assert (orphan.state, hers.state) == (State.ORPHAN, State.WAITING)
    assert (hers.tenant, hers.due_at) == (olga.scope.tenant, paying.world.now)
    await paying.work()
    assert await changes(paying, olga) == 1


async def test_a_worker_lets_go_of_what_was_nobodys_for_a_month(paying, foreign, database):
    async with database.driver() as driver:
        await driver.execute("DELETE FROM stripe_chores")
    clock = lambda: paying.world.now  # noqa: E731
    each = chores(paying.reconcile, paying.backfill, paying.inbox)
    worker = Chores(PostgresChores(database, clock), clock, each)
    await paying.work()
    states = []

    for days in (0, 29, 2):
        paying.world.now += days * DAY
        await worker()
        paying.runs.clear()  # of companies that others left here
        await paying.sweep()
        states.append((await seen(paying, foreign)).state)

    assert states == [State.ORPHAN, State.ORPHAN, State.UNCLAIMED]

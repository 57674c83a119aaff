"""What those who run the servers see of messages that are nobody's, and of one that does not open."""

from datetime import timedelta

import pytest

from domain.inbox_port import PAUSES
from tests.app.console_billing import read
from tests.app.stripe_world import name
from tests.app.test_console_billing_staff import INBOX, PATH, rows
from tests.app.test_graphql_billing_staff import BACKLOG, EVENT, WHY, events
from tests.infrastructure.inbox_world import EMPTY, tampered

MONTH = timedelta(days=30)
NOBODY = "Nobody here is this customer, so far."


@pytest.fixture(autouse=True)
async def alone(database):
    """With nothing that others left in the inbox."""
    async with database.driver() as driver:
        await driver.execute(EMPTY)


@pytest.fixture
def nobody():
    return name("cus")


async def sells_something_else(till, nobody):
    """Stripe's account does, to somebody who is nobody here: what it says of that, by its id."""
    till.book.emit("customer.updated", {"id": nobody, "object": "customer"})
    await till.deliver()
    return [*till.book.events][-1]


async def looked_for_in_vain(till, nobody):
    """As often as what a company's is tried."""
    await till.work()
    for _ in PAUSES:
        await till.inbox.postpone(nobody, "orphan", NOBODY)


async def a_month_later(till, watch):
    watch.now += MONTH + timedelta(seconds=1)
    assert await till.inbox.let_go(watch.now - MONTH) == 1


async def test_over_the_api_they_are_a_number_and_states_of_their_own(paying, nobody):
    vera = await paying.staff()
    await sells_something_else(paying, nobody)
    new = (await vera.ask(BACKLOG))["billingBacklog"]
    await looked_for_in_vain(paying, nobody)
    backlog = (await vera.ask(BACKLOG))["billingBacklog"]
    (orphan,) = await events(vera, state="ORPHAN")
    await a_month_later(paying, paying.world)
    (let_go,) = await events(vera, state="UNCLAIMED")
    told = await vera.change("retryBillingEvents", "count", ids=[let_go["id"]], asStaff=WHY)
    await paying.work()

    assert (new["waiting"], new["orphans"], new["oldestAt"] is None) == (1, 0, False)
    assert backlog == {"waiting": 0, "orphans": 1, "failed": 0, "oldestAt": None}
    assert (orphan["id"], orphan["tries"]) == (let_go["id"], len(PAUSES) + 1)
    assert told["count"] == 1
    assert await events(vera, state="UNCLAIMED") == await events(vera, state="FAILED") == []
    assert [each["id"] for each in await events(vera, state="ORPHAN")] == [orphan["id"]]


async def test_on_the_pages_they_frighten_nobody(till, vera, nobody):
    await sells_something_else(till, nobody)
    await looked_for_in_vain(till, nobody)

    page = read((await vera.open(PATH)).text)
    (orphan,) = rows(await vera.open(f"{INBOX}?state=orphan"))
    failed = await vera.open(f"{INBOX}?state=failed")
    await a_month_later(till, till.watch)
    await vera.sign_in(vera.email)
    (let_go,) = rows(await vera.open(f"{INBOX}?state=unclaimed"))

    assert "Of nobody here, so far 1 The oldest waits since none waits" in page
    assert "Given up:" not in page
    assert "Nobody's, so far customer.updated" in orphan
    assert NOBODY in orphan
    assert "No message is like that." in read(failed.text)
    assert "Nobody's, left alone customer.updated" in let_go


async def test_what_was_let_go_still_says_what_it_said_and_is_worked_on_again(till, vera, nobody):
    event_id = await sells_something_else(till, nobody)
    await looked_for_in_vain(till, nobody)
    await a_month_later(till, till.watch)
    await vera.sign_in(vera.email)

    opened = await vera.press(f"{INBOX}/open", message=f"test:{event_id}", reason="ticket 9")
    again = await vera.press(f"{INBOX}/retry", message=f"test:{event_id}")

    assert nobody in opened.text
    assert "Work on it again" in opened.text
    assert again.status_code == 303
    assert (await till.inbox.backlog()).waiting == 1


async def test_a_message_that_does_not_open_says_which_setting_opens_it(
    till, vera, nobody, database
):
    event_id = await sells_something_else(till, nobody)
    await tampered(database, event_id)

    opened = await vera.press(f"{INBOX}/open", message=f"test:{event_id}", reason="ticket 9")

    assert opened.status_code == 409
    assert "ENCRYPTION_MASTER_KEY" in read(opened.text)


async def test_over_the_api_it_has_a_code(paying, nobody, database):
    vera = await paying.staff()
    event_id = await sells_something_else(paying, nobody)
    await tampered(database, event_id)

    (error,) = await vera.errors(EVENT, id=f"test:{event_id}")

    assert error["extensions"]["code"] == "SHUT_MESSAGE"

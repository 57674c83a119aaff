"""Payments on the pages of those who run the servers: who pays, what came, what differs."""

import re
from datetime import timedelta
from urllib.parse import quote

import pytest

from tests.app.billing_world import pays_twice
from tests.app.console_billing import buys, pass_by, read
from tests.infrastructure.inbox_world import EMPTY

PATH, INBOX, DRIFT = "/operate/billing", "/operate/billing/inbox", "/operate/billing/drift"
NAMES = re.compile(r'name="message" value="([^"]+)"')


@pytest.fixture
async def anna(console, till, database):
    """The only customer of them all, who pays."""
    async with database.driver() as driver:
        await driver.execute(EMPTY)
        await driver.execute("DELETE FROM job_runs")
    anna = await console.anna()
    anna.company = (await console.identified(anna)).scope.tenant
    await buys(till, anna)
    (customer,) = till.book.all("customer")
    anna.customer = customer["id"]
    return anna


def rows(page):
    body = page.text.partition("<tbody>")[2].partition("</tbody>")[0]
    return [read(row) for row in body.split("<tr>")[1:]]


async def reasons(database, company):
    """Of the looks that are on record there."""
    sql = "SELECT payload FROM events WHERE tenant_id = $1 AND name LIKE '%.read_by_staff'"
    async with database.driver() as driver:
        return b"".join(
            [bytes(row["payload"]) for row in await driver.fetch(sql, company)]
        ).decode()


async def message(vera, anna, kind="invoice.paid"):
    """The name of one that came about her."""
    page = await vera.open(f"{INBOX}?customer={anna.customer}&type={kind}")
    return NAMES.search(page.text)[1]


async def test_companies_are_shown_with_what_they_pay_those_in_trouble_first(till, anna, vera):
    till.book.card(anna.customer, "decline")
    await pass_by(till, vera, timedelta(days=31))

    first, *_ = rows(await vera.open(PATH))
    (found,) = rows(await vera.open(f"{PATH}?q={anna.customer}"))

    assert first.endswith("ago")
    assert "PRO A payment failed" in found
    assert f"past_due {anna.customer}" in found


async def test_what_is_not_done_is_counted_and_leads_to_it(till, anna, vera):
    till.book.emit("customer.updated", till.book.find("customer", anna.customer))
    await till.deliver()
    await till.sweep()
    for _ in range(18):
        await till.inbox.postpone(anna.customer, "Malformed", "No shape of ours.")

    page, (failed,) = await vera.open(PATH), rows(await vera.open(f"{INBOX}?state=failed"))

    assert "Given up: 1." in read(page.text)
    assert f'href="{INBOX}?state=failed"' in page.text
    assert "customer.updated" in failed
    assert "No shape of ours." in failed


async def test_what_nobody_is_called_is_told(vera, anna):
    nobody = await vera.open(f"{PATH}?q=nobody-at-all")
    wrong = await vera.open(f"{PATH}?q=%00")

    assert "Nothing matches" in read(nobody.text)
    assert (nobody.status_code, wrong.status_code) == (200, 422)


async def test_a_plan_is_granted_for_an_invoice_and_taken_back_on_record(anna, vera, database):
    page = f"{PATH}/companies/{anna.company}"
    given = await vera.press(f"{page}/grant", plan="enterprise", until="2027-01-31", reason="INV-7")
    granted = read((await vera.open(page)).text)
    taken = await vera.press(f"{page}/withdraw", why="INV-7 was void")
    after = read((await vera.open(page)).text)

    assert (given.status_code, given.headers["location"]) == (303, page)
    assert "ENTERPRISE Granted" in granted
    assert "Take the plan back" in granted
    assert taken.status_code == 303
    assert "PRO Paid" in after
    assert "INV-7" in await reasons(database, anna.company)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"plan": "gold"}, "Choose one of the plans."),
        ({"until": "soon"}, "This is no day."),
        ({"until": "2020-01-01"}, "The end must lie ahead, and by ten years at most."),
        ({"until": "2099-01-01"}, "The end must lie ahead, and by ten years at most."),
        ({"until": "9999-12-31"}, "This is no day."),
        ({"reason": "anna@example.com"}, "never a person"),
        ({"reason": ""}, "Give a reason"),
    ],
)
async def test_what_cannot_be_granted_is_said_beside_the_field(anna, vera, changed, said):
    page = f"{PATH}/companies/{anna.company}"
    fields = {"plan": "pro", "until": "2027-01-31", "reason": "INV-7"} | changed

    answer = await vera.press(f"{page}/grant", **fields)

    assert answer.status_code == 422
    assert said in read(answer.text)
    assert f'id="{next(iter(changed))}-error"' in answer.text


async def test_taking_back_needs_something_and_a_reason(anna, vera):
    page = f"{PATH}/companies/{anna.company}"

    nothing = await vera.press(f"{page}/withdraw", why="ticket 7")
    await vera.press(f"{page}/grant", plan="pro", until="2027-01-31", reason="INV-7")
    silent = await vera.press(f"{page}/withdraw", why="")

    assert "Nothing was granted" in read(nothing.text)
    assert silent.status_code == 422


async def test_messages_are_found_by_what_they_are(till, anna, vera):
    hers = f"{INBOX}?customer={anna.customer}"
    some = rows(await vera.open(f"{hers}&type=invoice.paid&since=2026-11-23&until=2026-11-23"))
    later = await vera.open(f"{hers}&since=2026-11-24")
    name = await message(vera, anna)
    named = await vera.open(f"{INBOX}?customer={name.rpartition(':')[2]}")

    assert len(some) == 1
    assert "Worked on" in some[0]
    assert "No message is like that." in read(later.text)
    assert (named.status_code, named.headers["location"]) == (303, f"{INBOX}/{name}")


@pytest.mark.parametrize(
    "query", ["state=lost", "since=tomorrow", "until=2026-13-01", "type=%00", "customer=%07"]
)
async def test_a_filter_that_is_none_is_said_beside_its_field(vera, till, query):
    page = await vera.open(f"{INBOX}?{query}")

    assert page.status_code == 422
    assert f'id="{query.partition("=")[0]}-error"' in page.text


async def test_what_a_message_says_is_opened_with_a_reason_that_stays(till, anna, vera, database):
    name = await message(vera, anna)
    closed = await vera.open(f"{INBOX}/{name}")
    silent = await vera.press(f"{INBOX}/open", message=name, reason=" ")
    opened = await vera.press(f"{INBOX}/open", message=name, reason="ticket 9")

    assert "<pre" not in closed.text
    assert silent.status_code == 422
    assert "<pre" not in silent.text
    assert opened.status_code == 200
    assert '"type": "invoice.paid"' in read(opened.text)
    assert f"ticket 9 ({name.rpartition(':')[2]})" in await reasons(database, anna.company)


async def test_what_a_customer_wrote_is_text_and_never_markup(till, anna, vera):
    customer = till.book.find("customer", anna.customer)
    customer["name"] = "<script>alert(1)</script>"
    till.book.emit("customer.updated", customer)
    await till.deliver()
    name = await message(vera, anna, "customer.updated")

    opened = await vera.press(f"{INBOX}/open", message=name, reason="ticket 9")

    assert "<script>alert" not in opened.text
    assert "&lt;script&gt;alert(1)" in opened.text


async def test_one_message_is_worked_on_again_and_so_are_those_of_a_range(till, anna, vera):
    name = await message(vera, anna)
    one = await vera.press(f"{INBOX}/retry", message=name)
    waiting = (await till.inbox.backlog()).waiting + (await till.inbox.backlog()).orphans
    await till.work()
    chosen = {"customer": anna.customer, "since": "2026-11-23", "type": "invoice.paid"}
    many = await vera.press(f"{INBOX}/replay", **chosen)
    again = (await till.inbox.backlog()).oldest

    assert (one.status_code, one.headers["location"]) == (303, f"{INBOX}/{name}")
    assert waiting == 1
    assert many.headers["location"].startswith(f"{INBOX}?")
    assert again is not None


async def test_a_replay_without_a_beginning_is_refused_in_words(till, anna, vera):
    answer = await vera.press(f"{INBOX}/replay", customer=anna.customer)

    assert answer.status_code == 422
    assert "Say since when" in read(answer.text)
    assert (await till.inbox.backlog()).oldest is None


async def test_what_differs_is_shown_and_given_to_a_worker(till, anna, vera, database):
    agreed = read((await vera.open(DRIFT)).text)
    till.book.card(anna.customer, "decline")
    till.watch.now += timedelta(days=31)
    till.book.settle()
    await vera.sign_in(vera.email)
    (found,) = rows(await vera.open(DRIFT))

    pressed = await vera.press(DRIFT)
    made_up = read((await vera.open(f"{DRIFT}?asked=999")).text)

    assert "Stripe and we agree" in agreed
    assert "status We know: active Stripe has: past_due" in found
    assert rows(pressed) == [found]
    assert "Companies that a worker looks at anew: 1." in read(pressed.text)
    assert "looks at anew" not in made_up.partition("What differs")[2]
    async with database.driver() as driver:
        runs = [tuple(row) for row in await driver.fetch("SELECT kind, source FROM job_runs")]
    assert runs == [("billing", "staff")]


async def test_whoever_pays_twice_is_shown_and_no_worker_can_mend_that(till, anna, vera):
    first, second = await pays_twice(till)

    (found,) = rows(await vera.open(DRIFT))
    pressed = await vera.press(DRIFT)

    assert "Pays for several subscriptions at once: end all but one at Stripe" in found
    assert f"subscription Stripe has: {first} , {second}" in found
    assert "Companies that a worker looks at anew: 0." in read(pressed.text)
    assert "leaves this list" not in read(pressed.text)


async def test_while_stripe_is_away_the_page_says_so(console, till, anna, vera):
    await till.control("faults", status=503, times=50)

    page = await vera.open(DRIFT)

    assert page.status_code == 200
    assert "It is not known at the moment." in read(page.text)


async def test_what_takes_too_long_for_a_page_is_left_to_the_command_line(
    console, anna, vera, monkeypatch
):
    monkeypatch.setattr("app.billing.operate.office.PATIENCE", timedelta())

    page = await vera.open(DRIFT)

    assert "stock-tracker billing reconcile --dry-run" in read(page.text)


@pytest.mark.parametrize("path", [PATH, INBOX, DRIFT])
async def test_the_pages_speak_russian(console, till, anna, path):
    vera = await console.staff(language="ru")

    page = read((await vera.open(path)).text)

    assert {PATH: "Платежи", INBOX: "Сообщения Stripe", DRIFT: "Сверить"}[path] in page


async def test_nobody_else_sees_or_changes_any_of_it(till, anna, vera):
    name = await message(vera, anna)
    company = f"{PATH}/companies/{anna.company}"
    looked = [
        (await anna.open(path)).status_code
        for path in (PATH, INBOX, DRIFT, company, f"{INBOX}/{quote(name)}")
    ]
    pressed = [
        (await anna.press(path, message=name, reason="x", why="x", since="2026-11-23")).status_code
        for path in (
            *(f"{INBOX}/open", f"{INBOX}/retry", f"{INBOX}/replay", DRIFT),
            *(f"{company}/grant", f"{company}/withdraw"),
        )
    ]

    assert {*looked, *pressed} == {403}


async def test_a_message_or_a_company_that_is_not_there_is_told_in_words(till, vera):
    nobody = "00000000-0000-4000-8000-000000000000"
    gone = await vera.open(f"{INBOX}/test:evt_nobody")
    wrong = await vera.open(f"{INBOX}/evt_nobody")
    company = await vera.open(f"{PATH}/companies/{nobody}")

    assert (gone.status_code, wrong.status_code, company.status_code) == (404, 422, 404)
    assert "No such message of Stripe" in gone.text

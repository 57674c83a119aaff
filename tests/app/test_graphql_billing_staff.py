"""Payments over GraphQL for those who run the servers: who pays, what came, what differs."""

import json
from datetime import timedelta
from hashlib import sha256

import pytest

from domain import fleet
from domain.access import Role
from tests.app.billing_world import buys, customer_of, facts_of, plan_of
from tests.infrastructure.inbox_world import EMPTY

DAY = timedelta(days=1)
WHY = "ticket 7"
EVENTS = """query($filter: BillingEventFilter, $first: Int! = 100, $after: String) {
  billingEvents(filter: $filter, first: $first, after: $after, asStaff: "ticket 7") { totalCount
    pageInfo { hasNextPage endCursor }
    edges { node { id type state customer tenantId readable sha256 tries cause why } } } }"""
EVENT = 'query($id: String!) { billingEvent(id: $id, asStaff: "ticket 7") { id type body sha256 } }'
CUSTOMERS = """query($search: String, $first: Int! = 100, $after: String) {
  billingCustomers(search: $search, first: $first, after: $after, asStaff: "ticket 7") { totalCount
    pageInfo { hasNextPage endCursor }
    edges { node { tenantId companyName plan because status paidUntil customer troubleSince } } } }"""
BACKLOG = '{ billingBacklog(asStaff: "ticket 7") { waiting orphans failed oldestAt } }'
DRIFT = """{ billingDrift(asStaff: "ticket 7") { kind customer tenantId fields
  ours { status } theirs { status } } }"""
FIELDS = ("billingEvents", "billingBacklog", "billingDrift", "billingCustomers")


@pytest.fixture
async def anna(paying, database):
    """The only customer of them all, who pays."""
    async with database.driver() as driver:
        await driver.execute(EMPTY)
    anna = await paying.register()
    await buys(paying, anna)
    return anna


@pytest.fixture
async def vera(paying):
    return await paying.staff()


def nodes(page):
    return [edge["node"] for edge in page["edges"]]


async def events(vera, **filter_):
    return nodes((await vera.ask(EVENTS, filter=filter_))["billingEvents"])


async def looks(paying, company):
    """Reasons of the looks that are on record there."""
    async with paying.world.database.driver() as driver:
        rows = await driver.fetch(
            "SELECT payload FROM events WHERE tenant_id = $1 AND name LIKE '%.read_by_staff' "
            "ORDER BY position",
            company,
        )
    return [json.loads(bytes(row["payload"]))["reason"] for row in rows]


# What came


async def test_messages_are_listed_the_newest_first_with_how_they_stand(paying, anna, vera):
    hers = {"customer": customer_of(paying)}
    found = await events(vera, **hers)
    paid = await events(vera, **hers, type="invoice.paid")
    first = (await vera.ask(EVENTS, filter=hers, first=2))["billingEvents"]
    rest = await vera.ask(EVENTS, filter=hers, after=first["pageInfo"]["endCursor"])

    assert {each["state"] for each in found} <= {"DONE", "IGNORED"}
    assert [each["type"] for each in paid] == ["invoice.paid"]
    assert {each["tenantId"] for each in paid} == {str(anna.scope.tenant)}
    assert (first["totalCount"], first["pageInfo"]["hasNextPage"]) == (len(found), True)
    assert nodes(first) + nodes(rest["billingEvents"]) == found


async def test_what_was_given_up_says_why_and_is_tried_again(paying, anna, vera):
    paying.book.emit("customer.updated", paying.book.find("customer", customer_of(paying)))
    await paying.deliver()
    await paying.sweep()
    for _ in range(18):
        await paying.inbox.postpone(customer_of(paying), "Malformed", "No shape of ours.")
    (failed,) = await events(vera, state="FAILED")
    backlog = (await vera.ask(BACKLOG))["billingBacklog"]

    told = await vera.change("retryBillingEvents", "count", ids=[failed["id"]], asStaff=WHY)
    await paying.work()

    assert (failed["cause"], failed["why"]) == ("Malformed", "No shape of ours.")
    assert backlog == {"waiting": 0, "orphans": 0, "failed": 1, "oldestAt": None}
    assert (told["count"], told["userErrors"]) == (1, [])
    assert await events(vera, state="FAILED") == []
    assert "BillingContactChanged" in await facts_of(paying, anna)


async def test_a_range_is_worked_on_again_and_that_changes_nothing(paying, anna, vera):
    facts, since = await facts_of(paying, anna), (paying.world.now - DAY).isoformat()
    chosen = {"since": since, "customer": customer_of(paying), "type": "invoice.paid"}

    told = await vera.change("replayBillingEvents", "count", filter=chosen, asStaff=WHY)
    waiting = (await vera.ask(BACKLOG))["billingBacklog"]["oldestAt"]
    await paying.work()

    assert told["count"] == 1
    assert waiting is not None
    assert await facts_of(paying, anna) == facts


@pytest.mark.parametrize("name", ["since", "until"])
@pytest.mark.parametrize("at", ["2026-11-23T00:00:00", "9999-12-31T23:59:59-14:00"])
async def test_a_range_is_of_times_that_there_are(vera, name, at):
    told = await vera.change("replayBillingEvents", "count", filter={name: at}, asStaff=WHY)

    assert told["userErrors"][0]["path"] == ["input", name]


async def test_a_replay_has_a_beginning_and_a_name_a_form(vera):
    endless = await vera.change("replayBillingEvents", "count", filter={}, asStaff=WHY)
    nameless = await vera.change("retryBillingEvents", "count", ids=["evt_1"], asStaff=WHY)
    many = await vera.change("retryBillingEvents", "count", ids=["test:evt_1"] * 101, asStaff=WHY)

    assert endless["userErrors"][0]["code"] == "ENDLESS_REPLAY"
    assert nameless["userErrors"][0]["path"] == ["input", "ids"]
    assert many["userErrors"][0]["code"] == "INVALID"


async def test_what_a_message_says_is_opened_on_record_with_its_name(paying, anna, vera):
    (paid,) = await events(vera, customer=customer_of(paying), type="invoice.paid")
    before = len(await looks(paying, fleet.FLEET))

    seen = (await vera.ask(EVENT, id=paid["id"]))["billingEvent"]
    await vera.ask(EVENT, id=paid["id"])

    named = f"{WHY} ({paid['id'].rpartition(':')[2]})"
    assert json.loads(seen["body"])["type"] == "invoice.paid"
    assert sha256(seen["body"].encode()).hexdigest() == seen["sha256"] == paid["sha256"]
    assert (await looks(paying, fleet.FLEET))[before:] == [named]
    assert await looks(paying, anna.scope.tenant) == [named]


async def test_whoever_does_not_ask_what_it_says_opens_nothing(paying, anna, vera):
    (paid,) = await events(vera, customer=customer_of(paying), type="invoice.paid")

    await vera.ask(EVENT.replace("body", ""), id=paid["id"])

    assert await looks(paying, anna.scope.tenant) == []


@pytest.mark.parametrize(
    ("name", "code"),
    [("test:evt_nobody", "UNKNOWN_MESSAGE"), ("evt_1", "INVALID"), ("prod:evt_1", "INVALID")],
)
async def test_a_message_that_never_came_is_not_there(vera, name, code):
    (error,) = await vera.errors(EVENT, id=name)

    assert error["extensions"]["code"] == code


# Who pays


async def test_companies_are_listed_with_what_they_pay_those_in_trouble_first(paying, anna, vera):
    olga = await paying.register()
    paying.book.card(customer_of(paying), "decline")
    await paying.pass_by(31 * DAY)

    companies, more, after = [], True, None
    while more:
        page = (await vera.ask(CUSTOMERS, after=after))["billingCustomers"]
        companies, more = companies + nodes(page), page["pageInfo"]["hasNextPage"]
        after = page["pageInfo"]["endCursor"]
    first = companies[0]
    found = {each["tenantId"]: each for each in companies}

    assert first["troubleSince"] is not None
    hers = found[str(anna.scope.tenant)]
    assert (hers["plan"], hers["because"], hers["status"]) == ("PRO", "GRACE", "PAST_DUE")
    assert hers["customer"] == customer_of(paying)
    assert found[str(olga.scope.tenant)] == {
        "tenantId": str(olga.scope.tenant),
        "companyName": "Рыжий кот",
        "plan": "FREE",
        "because": "FREE",
        "status": None,
        "paidUntil": None,
        "customer": None,
        "troubleSince": None,
    }


async def test_a_page_of_companies_goes_on_where_the_one_before_ended(paying, anna, vera):
    paying.book.card(customer_of(paying), "decline")
    await paying.pass_by(31 * DAY)
    await paying.register()
    whole = nodes((await vera.ask(CUSTOMERS, first=3))["billingCustomers"])
    pages, after = [], None
    for _ in whole:
        page = (await vera.ask(CUSTOMERS, first=1, after=after))["billingCustomers"]
        pages, after = pages + nodes(page), page["pageInfo"]["endCursor"]

    assert pages == whole
    assert page["totalCount"] >= 3


async def test_a_company_is_found_by_each_of_its_names(paying, anna, vera):
    (subscription,) = paying.book.all("subscription")
    names = (str(anna.scope.tenant), customer_of(paying), subscription["id"])

    found = [nodes((await vera.ask(CUSTOMERS, search=each))["billingCustomers"]) for each in names]
    called = nodes((await vera.ask(CUSTOMERS, search="рыжий"))["billingCustomers"])
    nobody = (await vera.ask(CUSTOMERS, search="Белка и Стрелка"))["billingCustomers"]

    assert [[each["tenantId"] for each in one] for one in found] == [[str(anna.scope.tenant)]] * 3
    assert called
    assert all(each["companyName"].startswith("Рыжий кот") for each in called)
    assert (nobody["edges"], nobody["totalCount"]) == ([], 0)


# What differs


async def test_what_differs_is_shown_and_mended_when_that_is_asked_for(paying, anna, vera):
    paying.book.card(customer_of(paying), "decline")
    paying.world.now += 31 * DAY
    paying.book.settle()
    (seen,) = (await vera.ask(DRIFT))["billingDrift"]
    before = list(paying.runs)

    told = await vera.change("reconcileBilling", "drift { customer }", asStaff=WHY)
    (wanted,) = paying.runs
    await paying.carry_out()

    assert (seen["kind"], seen["tenantId"]) == ("DIFFERS", str(anna.scope.tenant))
    assert "status" in seen["fields"]
    assert (seen["ours"], seen["theirs"]) == ({"status": "ACTIVE"}, {"status": "PAST_DUE"})
    assert before == []
    assert told["drift"] == [{"customer": customer_of(paying)}]
    assert wanted.source == "staff"
    assert (await plan_of(anna))["because"] == "GRACE"
    assert (await vera.ask(DRIFT))["billingDrift"] == []


async def test_while_stripe_is_away_that_is_what_is_told(paying, anna, vera):
    await paying.control("faults", status=503, times=50)

    told = await vera.change("reconcileBilling", "drift { customer }", asStaff=WHY)

    assert "Stripe" in told["userErrors"][0]["message"]
    assert paying.runs == []


# Who may


@pytest.mark.parametrize("reason", ["", '(asStaff: "ticket 7")'], ids=["no reason", "no right"])
@pytest.mark.parametrize("field", FIELDS)
async def test_nobody_else_sees_any_of_it(anna, field, reason):
    inside = {"billingEvents": "{ totalCount }", "billingCustomers": "{ totalCount }"}
    query = f"{{ {field}{reason} {inside.get(field, '{ __typename }')} }}"

    (error,) = await anna.errors(query)

    assert error["extensions"]["code"] == "FORBIDDEN"


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("retryBillingEvents", {"ids": ["test:evt_1"]}),
        ("replayBillingEvents", {"filter": {"since": "2026-11-23T00:00:00Z"}}),
        ("reconcileBilling", {}),
    ],
)
async def test_nobody_else_changes_any_of_it(paying, anna, name, given):
    fields = "drift { kind }" if name == "reconcileBilling" else "count"

    told = await anna.acting_as(Role.OWNER).change(name, fields, **given, asStaff=WHY)

    assert told["userErrors"][0]["code"] == "FORBIDDEN"
    assert paying.runs == []


async def test_where_nobody_pays_there_is_nothing_to_see(paying, anna, vera):
    paying.close_the_desk()

    (error,) = await vera.errors(BACKLOG)

    assert error["extensions"]["code"] == "BILLING_OFF"

"""Another company's id is an unknown id: for every field that takes one, in every role."""

from uuid import UUID, uuid4

import pytest

from app.graphql.fields import ROLE
from app.schema import schema
from domain.access import Role
from tests.app.acts_world import appointed
from tests.app.graphql_world import PASSWORD, World
from tests.app.moving_world import Moving
from tests.app.test_graphql_products import stock

CANARY = "канарейка"

# One row per root field. `%(shop)s` and `%(run)s` are ids; `%(after)s` a cursor of the same owner.
QUERIES = {
    "viewer": "viewer { tenantId person { id email fullName } companies { tenantId name role } }",
    "tenant": "tenant { id name members { person { id email fullName } } }",
    "shops": "shops { id name sheet { spreadsheetId } }",
    "shop": 'shop(id: "%(shop)s") { id name sheet { spreadsheetId } reconciliation { '
    "products refused lines { edges { node { sku } } } } }",
    "schedule": 'schedule(shopId: "%(shop)s") { cron nextTimes }',
    "schedules": "schedules { totalCount edges { node { shopId shopName words } } }",
    "sheetAddress": "sheetAddress",
    "products": 'products(shopId: "%(shop)s") { totalCount edges { node { sku places { name } } } }',
    "product": 'product(shopId: "%(shop)s", nmId: 11) { sku places { name } '
    "replenishment { stock } demand { district } history { day } }",
    "explain": 'explain(shopId: "%(shop)s", nmId: 11, figure: STOCK) { shown terms { name } }',
    "stockSummary": 'stockSummary(shopId: "%(shop)s") { products soonest { sku } }',
    "report": 'report(shopId: "%(shop)s") { takenAt products address }',
    "runs": 'runs(shopId: "%(shop)s") { totalCount edges { node { id attempts { message } } } }',
    "lanes": "lanes { totalCount edges { node { tenantId companyName waiting } } }",
    "failures": "failures { totalCount edges { node { fingerprint why lastRunId } } }",
    "holds": "holds { tenantId kind shopId }",
    "run": 'run(id: "%(run)s") { id why attempts { message } }',
    "freshness": "freshness { fresh due late { move cause count since } }",
    "auditLog": "auditLog(first: 100) { edges { node { sentence actor { name } } } }",
    "subscription": "subscription { plan since }",
    "notices": "notices { kinds atNight language }",
}
MUTATIONS = {
    "connectShop": {"marketplace": "WILDBERRIES", "token": "mine", "shopId": "shop"},
    "disconnectShop": {"shopId": "shop"},
    "connectSheet": {"shopId": "shop", "url": "https://docs.google.com/spreadsheets/d/canary/edit"},
    "setSheetWriter": {"shopId": "shop", "key": "canary"},
    "makeSheet": {"shopId": "shop"},
    "arrangeSheet": {"shopId": "shop", "dataTab": True},
    "returnColumns": {"shopId": "shop"},
    "acceptNumbers": {"shopId": "shop", "because": "CHECKED"},
    "setReplenishmentTerms": {"shopId": "shop", "leadDays": 30},
    "setSchedule": {"shopId": "shop", "cron": "0 1 * * *"},
    "requestSync": {"shopId": "shop"},
    "erasePerson": {"personId": "person", "password": PASSWORD},
    "cancelRun": {"runId": "run"},
    "retryRun": {"runId": "run"},
    "cancelRuns": {"query": "state:waiting", "tenantId": "company"},
    "retryRuns": {"query": "state:failed", "tenantId": "company"},
    "holdRuns": {"shopId": "shop"},
    "releaseRuns": {"shopId": "shop"},
}
UNKNOWN = {
    "erasePerson": "UNKNOWN_PERSON",
    **dict.fromkeys(("cancelRun", "retryRun"), "UNKNOWN_RUN"),
    **dict.fromkeys(("cancelRuns", "retryRuns"), "UNKNOWN_TENANT"),
}
OF_HERSELF = {"chooseNotices"}
"""Changes of the caller alone: there is no way to name anybody else."""
OF_HER_PLAN = {
    *("plans", "invoices", "planChangePreview", "startTrial", "startCheckout", "changePlan"),
    *("openBillingPortal", "cancelSubscription", "resumeSubscription"),
}
"""The same of her company: see the tests of billing."""
STAFF_BILLING = {
    *("billingEvents", "billingEvent", "billingBacklog", "billingDrift", "billingCustomers"),
    *("retryBillingEvents", "replayBillingEvents", "reconcileBilling"),
    *("grantAccess", "withdrawAccess"),
}
"""Where somebody pays; refused there to everybody else."""
STAFF_ONLY = {
    "workers": "workers { name }",
    "novelties": "novelties { thing }",
    "drainWorker": {"worker": "w", "asStaff": "ticket"},
}


def fields_of(root):
    return schema._schema.type_map[root].fields


@pytest.fixture(scope="module")
def world(pool):
    return World(pool)


@pytest.fixture(scope="module")
async def anna(world):
    """Nothing changes with her: what she asks is refused."""
    world.marketplace.accounts["mine"] = None
    return await world.register()


@pytest.fixture(scope="module")
async def boris(world):
    """Nothing changes with him either."""
    return await somebody_else(world)


async def somebody_else(world):
    """With a shop, products, a run and a name that must not be seen elsewhere."""
    boris = await world.register(name=f"Борис {CANARY}", company=f"Компания {CANARY}")
    boris.shop = await stock(boris, "31337")
    await Moving(world.database, boris.scope.tenant, UUID(boris.shop)).snapshot()
    made = await boris.change("requestSync", "run { id }", shopId=boris.shop)
    boris.run = made["run"]["id"]
    async with world.database.driver() as driver:
        late = "UPDATE promises SET owed = $2 WHERE shop_id = $1"
        await driver.execute(late, UUID(boris.shop), world.now)
    return boris


async def facts(client):
    async with client.world.database.driver() as driver:
        return await driver.fetchval(
            "SELECT count(*) FROM events WHERE tenant_id = $1", client.scope.tenant
        )


def test_every_root_field_says_who_may_use_it_and_stands_in_this_matrix():
    named = {*QUERIES, *MUTATIONS, *OF_HERSELF, *OF_HER_PLAN, *STAFF_ONLY, *STAFF_BILLING}

    assert {*fields_of("Query"), *fields_of("Mutation")} == named
    for root in ("Query", "Mutation"):
        for field in fields_of(root).values():
            assert isinstance(field.extensions["strawberry-definition"].metadata[ROLE], Role)


@pytest.mark.parametrize("field", QUERIES)
async def test_a_query_with_anothers_id_answers_as_to_an_unknown_one(anna, boris, field):
    theirs = {"shop": boris.shop, "run": boris.run}
    nobodys = {"shop": str(uuid4()), "run": str(uuid4())}

    answered = await anna.post({"query": f"{{ {QUERIES[field] % theirs} }}"})
    unknown = await anna.post({"query": f"{{ {QUERIES[field] % nobodys} }}"})
    owner = await boris.post({"query": f"{{ {QUERIES[field] % theirs} }}"})

    assert answered.json() == unknown.json()
    assert "errors" not in answered.json()
    for canary in (CANARY, boris.shop, boris.run, str(boris.scope.tenant), str(boris.scope.person)):
        assert canary not in answered.text
    assert (
        field in {"sheetAddress", "subscription", "failures", "holds", "notices"}
        or owner.json() != answered.json()
    )


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("mutation", MUTATIONS)
async def test_a_mutation_with_anothers_id_is_refused_as_an_unknown_one(
    anna, boris, mutation, role
):
    before = await facts(boris)
    caller = anna.acting_as(role)

    answered, unknown = [
        await caller.change(mutation, "__typename", **_about(mutation, **ids))
        for ids in (_ids_of(boris), dict.fromkeys(_ids_of(boris), str(uuid4())))
    ]

    assert answered == unknown
    (refused,) = answered["userErrors"]
    unknown_code = UNKNOWN.get(mutation, "UNKNOWN_SHOP")
    assert refused["code"] == ("FORBIDDEN" if role in _TOO_LOW[mutation] else unknown_code)
    assert await facts(boris) == before


async def test_what_is_for_those_who_run_the_servers_is_refused_to_every_owner(anna):
    reads = [
        (await anna.errors(f"{{ {STAFF_ONLY[each]} }}"))[0]["extensions"]["code"]
        for each in ("workers", "novelties")
    ]
    changed = await anna.change("drainWorker", "worker", **STAFF_ONLY["drainWorker"])

    assert reads == ["FORBIDDEN", "FORBIDDEN"]
    assert [each["code"] for each in changed["userErrors"]] == ["FORBIDDEN"]
    assert changed["userErrors"][0]["path"] == ["input", "asStaff"]
    assert "Only the staff who run the servers may" in changed["userErrors"][0]["message"]
    for field in ("lanes", "failures", "holds", "schedules"):
        wish = "{ __typename }" if field == "holds" else "{ totalCount }"
        (no,) = await anna.errors(f'{{ {field}(asStaff: "ticket") {wish} }}')
        assert no["extensions"]["code"] == "FORBIDDEN"
        assert no["extensions"]["argument"] == ["asStaff"]
        assert no["message"].startswith("Only the staff who run the servers may use `asStaff`.")


AS_STAFF = [name for name, field in fields_of("Mutation").items() if "asStaff" in field.args]
ABOUT = {
    **dict.fromkeys(("cancelRun", "retryRun"), 'runId: "%(run)s"'),
    **dict.fromkeys(("cancelRuns", "retryRuns"), 'query: "state:failed", tenantId: "%(company)s"'),
    **dict.fromkeys(("holdRuns", "releaseRuns"), 'shopId: "%(shop)s", tenantId: "%(company)s"'),
}


@pytest.mark.parametrize("mutation", AS_STAFF)
async def test_a_reason_is_good_for_the_staff_alone_and_then_her_role_at_home_counts_for_nothing(
    world, anna, mutation
):
    boris = await somebody_else(world)
    vera = (await appointed(world)).acting_as(Role.VIEWER)
    about, reason = ABOUT[mutation] % _ids_of(boris), 'asStaff: "ticket", '

    wanted = "{ userErrors { code path } }"
    asked = [
        (caller, f"mutation {{ {mutation}({why}input: {{ {about} }}) {wanted} }}")
        for caller, why in ((anna, reason), (vera, ""), (vera, reason))
    ]
    no, unasked, yes = [(await caller.ask(text))[mutation] for caller, text in asked]

    assert no["userErrors"] == [{"code": "FORBIDDEN", "path": ["asStaff"]}]
    assert [each["code"] for each in unasked["userErrors"]] == ["FORBIDDEN"]
    assert yes["userErrors"] == []


_LOW = {Role.VIEWER, Role.MEMBER}
_BY_MEMBERS = ("requestSync", "cancelRun", "retryRun", "cancelRuns", "retryRuns")
_TOO_LOW = dict.fromkeys(MUTATIONS, _LOW) | {
    **{mutation: {Role.VIEWER} for mutation in _BY_MEMBERS},
    "erasePerson": {*_LOW, Role.ADMIN},
}


def _ids_of(client):
    company, person = client.scope.tenant, client.scope.person
    return {"shop": client.shop, "run": client.run, "company": company, "person": person}


def _about(mutation, **ids):
    """Its input, about these."""
    return {name: ids.get(value, value) for name, value in MUTATIONS[mutation].items()}


async def test_a_cursor_of_another_company_shows_only_ones_own(anna, boris):
    query = "query($after: String) { %s(after: $after) { edges { node { __typename } } %s } }"
    for field in ("products", "runs", "auditLog"):
        page = await boris.ask(query % (field, "pageInfo { endCursor }"))
        theirs = page[field]["pageInfo"]["endCursor"]
        mine = await anna.ask(query % (field, "totalCount"), after=theirs)

        assert mine[field]["totalCount"] == (3 if field == "auditLog" else 0)


async def test_a_command_id_of_another_company_is_not_answered_with_its_facts(world):
    anna, boris = await world.register(), await somebody_else(world)
    key = {"idempotency_key": str(uuid4())}
    shop_id = await anna.connected_shop()
    await boris.change("requestSync", "run { id }", key, shopId=boris.shop)

    mine = await anna.change("requestSync", "run { shopId }", key, shopId=shop_id)

    assert mine["run"]["shopId"] == shop_id

"""What our staff grants over GraphQL: for a time that there is, and once for each asking."""

from uuid import uuid4

import pytest

from tests.app.billing_world import buys


@pytest.fixture
async def anna(paying):
    anna = await paying.register()
    await buys(paying, anna)
    return anna


@pytest.fixture
async def vera(paying):
    return await paying.staff()


async def test_a_plan_is_granted_for_a_time_that_there_is(anna, vera):
    ask = {"tenantId": str(anna.scope.tenant), "plan": "PRO", "reason": "INV-7"}
    for until in ("2027-01-31T00:00:00", "9999-12-31T23:59:59-14:00", "9999-12-31T00:00:00Z"):
        told = await vera.change("grantAccess", "subscription { plan }", **ask, until=until)

        assert told["userErrors"][0]["path"] == ["input", "until"]


async def test_a_grant_that_is_sent_again_after_it_was_taken_back_is_not_given_again(anna, vera):
    tenant, until = str(anna.scope.tenant), "2027-01-31T00:00:00Z"
    give = {"tenantId": tenant, "plan": "ENTERPRISE", "until": until, "reason": "INV-7"}
    key, fields = {"idempotency_key": str(uuid4())}, "subscription { because }"

    first = await vera.change("grantAccess", fields, key, **give)
    await vera.change("withdrawAccess", fields, tenantId=tenant, reason="not paid")
    again = await vera.change("grantAccess", fields, key, **give)

    assert first["subscription"]["because"] == "GRANT"
    assert again["subscription"]["because"] == "PAID"

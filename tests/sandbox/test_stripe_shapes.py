"""What the sandbox's Stripe answers has the shape of Stripe's fixtures and of the SDK's types."""

import json
from pathlib import Path

import msgspec
import pytest
import stripe as sdk

from tests.sandbox.stripe_contract import TYPES, complaints, contract, reduced
from tests.sandbox.stripe_everything import LISTENED, everything
from tests.sandbox.stripe_visit import visiting

SOURCE = Path(__file__).parents[3] / "shared/contracts/stripe/fixtures3.json"
CLASSES = {
    "billing_portal.session": sdk.billing_portal.Session,
    "charge": sdk.Charge,
    "checkout.session": sdk.checkout.Session,
    "customer": sdk.Customer,
    "dispute": sdk.Dispute,
    "invoice": sdk.Invoice,
    "invoice_payment": sdk.InvoicePayment,
    "payment_intent": sdk.PaymentIntent,
    "payment_method": sdk.PaymentMethod,
    "price": sdk.Price,
    "product": sdk.Product,
    "refund": sdk.Refund,
    "subscription": sdk.Subscription,
    "subscription_schedule": sdk.SubscriptionSchedule,
}


@pytest.fixture(scope="module")
async def stripe():
    """An account in which everything happened once."""
    async with visiting() as visit:
        await everything(visit)
        yield visit


async def test_every_type_that_the_product_listens_to_happened(stripe):
    assert LISTENED - {*stripe.types()} == set()


async def test_every_object_has_the_members_of_stripes_fixture_in_their_types(stripe):
    held = stripe.book.kinds
    summary = msgspec.json.decode(
        next(e.body for e in stripe.book.events.values() if "entitlement" in e.type)
    )
    nested = {
        "line_item": [e for i in held["invoice"].values() for e in i["lines"]["data"]],
        "subscription_item": [e for s in held["subscription"].values() for e in s["items"]["data"]],
        "event": [msgspec.json.decode(each.body) for each in stripe.book.events.values()],
        "deleted_customer": [*stripe.book.gone.values()],
        "entitlements.active_entitlement_summary": [summary["data"]["object"]],
    }
    found = {**{kind: [*objects.values()] for kind, objects in held.items()}, **nested}

    assert {kind for kind, objects in found.items() if objects} == contract().keys()
    assert {
        c for kind, rows in found.items() for row in rows for c in complaints(row, kind)
    } == set()


async def test_nothing_is_null_that_the_sdk_says_is_always_there(stripe):
    null = {
        f"{kind}.{name}"
        for kind, objects in stripe.book.kinds.items()
        for each in objects.values()
        for name, value in each.items()
        if value is None and not _optional(CLASSES[kind], name)
    }

    assert null == set()


def _optional(kind, name):
    wanted = str(kind.__annotations__.get(name, "None"))
    return "Optional" in wanted or "None" in wanted


def test_the_contract_is_what_stripes_fixtures_reduce_to():
    if not SOURCE.exists():
        pytest.skip("Stripe's fixtures are not here")

    assert reduced(json.loads(SOURCE.read_text())["resources"]) == TYPES.read_text()
